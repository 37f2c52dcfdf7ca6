"""Registers the app."""

from django.apps import AppConfig


class SuppliersApp(AppConfig):
    name = "yihu.areas.billing.suppliers"
    label = "suppliers"
    verbose_name = "代收代付"
