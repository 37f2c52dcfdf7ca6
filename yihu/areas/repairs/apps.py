"""Registers the app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RepairsApp(AppConfig):
    name = "yihu.areas.repairs"
    label = "repairs"
    verbose_name = "维修"

    def ready(self) -> None:
        from yihu.areas.repairs import seed  # its models can be imported only now

        post_migrate.connect(seed.enter_standard_faults, sender=self, dispatch_uid="repairs.standard_faults")
