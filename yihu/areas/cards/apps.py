"""Registers the app."""

from django.apps import AppConfig


class CardsApp(AppConfig):
    name = "yihu.areas.cards"
    label = "cards"
    verbose_name = "门禁水电卡"
