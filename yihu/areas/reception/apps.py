"""Registers the app."""

from django.apps import AppConfig


class ReceptionApp(AppConfig):
    name = "yihu.areas.reception"
    label = "reception"
    verbose_name = "前台接待"
