"""Registers the app."""

from django.apps import AppConfig


class TariffsApp(AppConfig):
    name = "yihu.areas.billing.tariffs"
    label = "tariffs"
    verbose_name = "收费标准"

    def ready(self) -> None:
        from yihu.areas.billing.reckoned import source
        from yihu.areas.billing.tariffs.correcting import CorrectionSource
        from yihu.areas.billing.tariffs.source import TariffSource

        source(TariffSource())
        source(CorrectionSource())
