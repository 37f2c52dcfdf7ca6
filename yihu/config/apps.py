"""Registers the roof's own checks and the words of the forms."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from yihu.config.database import check_databases
from yihu.config.wording import speak_plainly


class ConfigApp(AppConfig):
    name = "yihu.config"
    label = "config"
    verbose_name = "系统"

    def ready(self) -> None:
        register(check_databases, Tags.database)
        speak_plainly()
