"""Registers the app."""

from django.apps import AppConfig


class CounterApp(AppConfig):
    name = "yihu.areas.counter"
    label = "counter"
    verbose_name = "前台"
