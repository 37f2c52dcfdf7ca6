"""Registers the app."""

from django.apps import AppConfig


class CorrectiveApp(AppConfig):
    name = "yihu.areas.corrective"
    label = "corrective"
    verbose_name = "纠正预防"
