"""Registers the app."""

from django.apps import AppConfig


class BringingApp(AppConfig):
    name = "yihu.areas.reception.bringing"
    label = "bringing"
    verbose_name = "接待登记导入"
