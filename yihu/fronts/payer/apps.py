"""Registers the app."""

from django.apps import AppConfig


class PayerApp(AppConfig):
    name = "yihu.fronts.payer"
    label = "payer"
    verbose_name = "缴费页面"
