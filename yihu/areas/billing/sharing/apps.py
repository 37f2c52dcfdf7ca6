"""Registers the app."""

from django.apps import AppConfig


class SharingApp(AppConfig):
    name = "yihu.areas.billing.sharing"
    label = "sharing"
    verbose_name = "公摊"
