"""Registers the app, and who may have paid already."""

from django.apps import AppConfig


class BankingApp(AppConfig):
    name = "yihu.areas.cashier.banking"
    label = "banking"
    verbose_name = "银行与线上收款"

    def ready(self) -> None:
        from yihu.areas.cashier.banking.candidates import candidates
        from yihu.ground.ledger.in_check import candidates_from

        candidates_from(candidates)
