"""Registers the app."""

from django.apps import AppConfig


class FeemonthApp(AppConfig):
    name = "yihu.fronts.feemonth"
    label = "feemonth"
    verbose_name = "收费月历"
