"""Registers the app."""

from django.apps import AppConfig


class RunningApp(AppConfig):
    name = "yihu.areas.billing.running"
    label = "running"
    verbose_name = "出账"
