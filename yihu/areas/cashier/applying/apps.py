"""Registers the app."""

from django.apps import AppConfig


class ApplyingApp(AppConfig):
    name = "yihu.areas.cashier.applying"
    label = "applying"
    verbose_name = "减免退款与日结"
