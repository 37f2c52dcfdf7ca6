"""Registers the app."""

from django.apps import AppConfig


class DunningApp(AppConfig):
    name = "yihu.areas.billing.dunning"
    label = "dunning"
    verbose_name = "催缴"
