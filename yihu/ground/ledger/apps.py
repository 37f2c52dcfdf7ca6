"""Registers the app and what must hold of its books."""

from django.apps import AppConfig


class LedgerApp(AppConfig):
    name = "yihu.ground.ledger"
    label = "ledger"
    verbose_name = "账务"

    def ready(self) -> None:
        from yihu.ground.ledger import invariants  # noqa: F401  (declares them)
