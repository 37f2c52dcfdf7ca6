"""Registers the app."""

from django.apps import AppConfig


class WallApp(AppConfig):
    name = "yihu.fronts.wall"
    label = "wall"
    verbose_name = "大屏"
