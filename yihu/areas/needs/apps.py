"""Registers the app."""

from django.apps import AppConfig


class NeedsApp(AppConfig):
    name = "yihu.areas.needs"
    label = "needs"
    verbose_name = "服务需求"
