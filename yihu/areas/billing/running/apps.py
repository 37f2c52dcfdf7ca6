"""Registers the app."""

from django.apps import AppConfig


class RunningApp(AppConfig):
    name = "yihu.areas.billing.running"
    label = "running"
    verbose_name = "出账"

    def ready(self) -> None:
        from yihu.areas.billing.running.staleness import being_posted
        from yihu.areas.billing.tariffs.setting import not_while

        not_while(being_posted)
