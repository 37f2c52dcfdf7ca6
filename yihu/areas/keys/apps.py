"""Registers the app."""

from django.apps import AppConfig


class KeysApp(AppConfig):
    name = "yihu.areas.keys"
    label = "keys"
    verbose_name = "钥匙"

    def ready(self) -> None:
        from yihu.areas.keys import beside
        from yihu.kernel.screens.guests import on_every_record

        on_every_record(links=beside.links)
