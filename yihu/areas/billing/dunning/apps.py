"""Registers the app, what it costs to be late, what is contested, and that messages about its records are read for threats."""

from django.apps import AppConfig


class DunningApp(AppConfig):
    name = "yihu.areas.billing.dunning"
    label = "dunning"
    verbose_name = "催缴"

    def ready(self) -> None:
        from yihu.areas.billing.dunning.guarding import put_down
        from yihu.areas.billing.dunning.standing import accrued, contested
        from yihu.ground.ledger.accruing import reckoned_by
        from yihu.ground.ledger.contested import contested_by
        from yihu.ground.sending.wording import asks_for_money

        asks_for_money("dunning.", put_down)
        reckoned_by(accrued)
        contested_by(contested)
