"""Registers the app."""

from django.apps import AppConfig


class TariffsApp(AppConfig):
    name = "yihu.areas.billing.tariffs"
    label = "tariffs"
    verbose_name = "收费标准"
