"""Registers the app and finds what the areas declare."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class KernelApp(AppConfig):
    name = "yihu.kernel"
    label = "kernel"
    verbose_name = "核心"

    def ready(self) -> None:
        from yihu.kernel import among, rates, sweep  # noqa: F401  (lookups and schedules register themselves)
        from yihu.kernel.checks import declarations
        from yihu.kernel.seed import enter_announced_years

        post_migrate.connect(enter_announced_years, sender=self)
        autodiscover_modules("procedure", "screens", "reactions", "schedules", "invariants", "searching")
        register(declarations)
