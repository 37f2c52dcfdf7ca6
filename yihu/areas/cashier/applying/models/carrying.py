"""以前缴存补转: tills that were banked before the program booked it."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.areas.cashier.applying.models.base import Application
from yihu.areas.cashier.applying.models.till import TillClose
from yihu.basics.money import yuan


class CarryOver(Application):
    """What lay in the till by the books and has been at the bank since long goes there in the books as well: asked by the
    出纳, agreed to by the 财务主管, till by till with the number of its slip."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        DONE = "done", "已补转"
        REFUSED = "refused", "不予补转"

    cash = models.BigIntegerField("现金（分）", default=0, editable=False)
    cheque = models.BigIntegerField("支票（分）", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "以前缴存补转"

    @property
    def amount(self) -> int:
        return self.cash + self.cheque

    def summarise(self) -> str:
        return f"以前缴存补转 {yuan(self.amount)} 元到银行存款"


class CarriedTill(models.Model):
    """One till of it, as its slip says."""

    of = models.ForeignKey(CarryOver, models.PROTECT, related_name="lines")
    till = models.ForeignKey(TillClose, models.PROTECT, related_name="+", verbose_name="日结单")
    cash = models.BigIntegerField("现金（分）")
    cheque = models.BigIntegerField("支票（分）")

    class Meta:
        verbose_name = verbose_name_plural = "补转的日结单"
        constraints: list[Any] = [models.UniqueConstraint(fields=["of", "till"], name="carried_over_once")]

    def __str__(self) -> str:
        return f"{self.till} {yuan(self.cash + self.cheque)}"
