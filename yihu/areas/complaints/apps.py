"""Registers the app."""

from django.apps import AppConfig


class ComplaintsApp(AppConfig):
    name = "yihu.areas.complaints"
    label = "complaints"
    verbose_name = "投诉"
