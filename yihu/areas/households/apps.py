"""Registers the app."""

from django.apps import AppConfig


class HouseholdsApp(AppConfig):
    name = "yihu.areas.households"
    label = "households"
    verbose_name = "业户资料"
