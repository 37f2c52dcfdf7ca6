"""Registers the app."""

from django.apps import AppConfig


class BookkeepingApp(AppConfig):
    name = "yihu.areas.cashier.bookkeeping"
    label = "bookkeeping"
    verbose_name = "记账"
