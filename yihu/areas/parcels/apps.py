"""Registers the app."""

from django.apps import AppConfig


class ParcelsApp(AppConfig):
    name = "yihu.areas.parcels"
    label = "parcels"
    verbose_name = "邮件代收"
