"""Registers the app."""

from django.apps import AppConfig


class RelationsApp(AppConfig):
    name = "yihu.areas.relations"
    label = "relations"
    verbose_name = "客户关系"
