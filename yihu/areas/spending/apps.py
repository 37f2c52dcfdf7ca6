"""Registers the app."""

from django.apps import AppConfig


class SpendingApp(AppConfig):
    name = "yihu.areas.spending"
    label = "spending"
    verbose_name = "预算与支出"
