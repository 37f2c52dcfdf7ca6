"""Registers the app."""

from django.apps import AppConfig


class ServicesApp(AppConfig):
    name = "yihu.areas.services"
    label = "services"
    verbose_name = "特约服务"
