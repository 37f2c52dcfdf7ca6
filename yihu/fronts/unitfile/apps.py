"""Registers the app."""

from django.apps import AppConfig


class UnitfileApp(AppConfig):
    name = "yihu.fronts.unitfile"
    label = "unitfile"
    verbose_name = "一户一档"
