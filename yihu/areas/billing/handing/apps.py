"""Registers the app."""

from django.apps import AppConfig


class HandingApp(AppConfig):
    name = "yihu.areas.billing.handing"
    label = "handing"
    verbose_name = "有偿服务进账"
