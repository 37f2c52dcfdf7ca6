"""Registers the app."""

from django.apps import AppConfig


class KeysApp(AppConfig):
    name = "yihu.areas.keys"
    label = "keys"
    verbose_name = "钥匙"

    def ready(self) -> None:
        from yihu.areas.keys import invariants  # noqa: F401  (declares what must hold of the key ledger)
