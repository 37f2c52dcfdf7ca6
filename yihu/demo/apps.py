"""Registers the app."""

from django.apps import AppConfig


class DemoApp(AppConfig):
    name = "yihu.demo"
    label = "demo"
    verbose_name = "演示小区"

    def ready(self) -> None:
        from yihu.demo import paying

        paying.offered()
