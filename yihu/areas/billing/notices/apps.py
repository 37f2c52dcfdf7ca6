"""Registers the app."""

from django.apps import AppConfig


class NoticesApp(AppConfig):
    name = "yihu.areas.billing.notices"
    label = "notices"
    verbose_name = "缴费通知单"
