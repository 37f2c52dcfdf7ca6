"""Registers the app."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "yihu.config"
    label = "config"
    verbose_name = "系统"
