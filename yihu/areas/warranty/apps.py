"""Registers the app."""

from django.apps import AppConfig


class WarrantyApp(AppConfig):
    name = "yihu.areas.warranty"
    label = "warranty"
    verbose_name = "返修"
