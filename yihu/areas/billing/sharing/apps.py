"""Registers the app, and lets the billing run ask it."""

from django.apps import AppConfig


class SharingApp(AppConfig):
    name = "yihu.areas.billing.sharing"
    label = "sharing"
    verbose_name = "公摊"

    def ready(self) -> None:
        from yihu.areas.billing.reckoned import source
        from yihu.areas.billing.sharing.lines import SHARING

        source(SHARING)
