"""Registers the app."""

from django.apps import AppConfig


class WorkbenchApp(AppConfig):
    name = "yihu.fronts.workbench"
    label = "workbench"
    verbose_name = "今日"
