"""Registers the roof's own checks."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from yihu.config.database import check_databases


class ConfigApp(AppConfig):
    name = "yihu.config"
    label = "config"
    verbose_name = "系统"

    def ready(self) -> None:
        register(check_databases, Tags.database)
