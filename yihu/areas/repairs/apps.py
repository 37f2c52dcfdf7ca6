"""Registers the app."""

from django.apps import AppConfig


class RepairsApp(AppConfig):
    name = "yihu.areas.repairs"
    label = "repairs"
    verbose_name = "维修"
