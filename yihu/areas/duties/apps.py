"""Registers the app."""

from django.apps import AppConfig


class DutiesApp(AppConfig):
    name = "yihu.areas.duties"
    label = "duties"
    verbose_name = "值班与日报"
