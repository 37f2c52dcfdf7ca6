"""Registers the app."""

from django.apps import AppConfig


class CashierApp(AppConfig):
    name = "yihu.areas.cashier"
    label = "cashier"
    verbose_name = "收费"
