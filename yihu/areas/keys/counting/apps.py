"""Registers the app."""

from django.apps import AppConfig


class CountingApp(AppConfig):
    name = "yihu.areas.keys.counting"
    label = "counting"
    verbose_name = "钥匙核查"
