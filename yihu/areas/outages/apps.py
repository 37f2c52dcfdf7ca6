"""Registers the app."""

from django.apps import AppConfig


class OutagesApp(AppConfig):
    name = "yihu.areas.outages"
    label = "outages"
    verbose_name = "停水停电"
