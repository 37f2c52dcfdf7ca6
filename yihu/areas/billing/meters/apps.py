"""Registers the app."""

from django.apps import AppConfig


class MetersApp(AppConfig):
    name = "yihu.areas.billing.meters"
    label = "meters"
    verbose_name = "抄表"
