"""Registers the app."""

from django.apps import AppConfig


class InvoicingApp(AppConfig):
    name = "yihu.areas.cashier.invoicing"
    label = "invoicing"
    verbose_name = "发票申请"
