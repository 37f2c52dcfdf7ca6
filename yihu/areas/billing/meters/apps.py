"""Registers the app, and what the run asks about meters."""

from django.apps import AppConfig


class MetersApp(AppConfig):
    name = "yihu.areas.billing.meters"
    label = "meters"
    verbose_name = "抄表"

    def ready(self) -> None:
        from yihu.areas.billing.meters.billing import METERS  # its models can be imported only now
        from yihu.areas.billing.reckoned import source

        source(METERS)
