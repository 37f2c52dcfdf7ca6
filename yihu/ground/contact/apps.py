"""Registers the app."""

from django.apps import AppConfig


class ContactApp(AppConfig):
    name = "yihu.ground.contact"
    label = "contact"
    verbose_name = "回访"
