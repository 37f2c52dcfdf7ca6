"""Registers the app."""

from django.apps import AppConfig


class EstateApp(AppConfig):
    name = "yihu.ground.estate"
    label = "estate"
    verbose_name = "房产与业主"
