"""Registers the app."""

from django.apps import AppConfig


class BankingApp(AppConfig):
    name = "yihu.areas.cashier.banking"
    label = "banking"
    verbose_name = "银行与线上收款"
