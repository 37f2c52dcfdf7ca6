"""收费：money itself stands in ``ground/ledger``; here stand the papers that lead to it."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.basics.money import yuan
from yihu.kernel.models import Record


class HandCharge(Record):
    """手工账单: what no engine reckons (a key card, a broken window). One drafts it, another enters it into the books."""

    class State(models.TextChoices):
        PENDING = "pending", "待审批"
        RETURNED = "returned", "退回修改"
        CHARGED = "charged", "已出账"
        REFUSED = "refused", "不同意"

    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="收费项目")
    from_on = models.DateField("服务期自")
    to_on = models.DateField("服务期至")
    due_on = models.DateField("应缴日期")
    amount_fen = models.BigIntegerField("金额")
    part = models.CharField("分项", max_length=40, blank=True)
    why = models.CharField("收费依据", max_length=200)
    charge = models.OneToOneField(
        "ledger.Charge", models.PROTECT, null=True, related_name="+", verbose_name="账单行", editable=False
    )
    decision = models.CharField("审批意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "手工账单"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="hand_charge_is_something"),
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="hand_charge_runs_forward"),
        ]

    @property
    def amount(self) -> str:
        return f"{yuan(self.amount_fen)} 元"

    @property
    def period(self) -> str:
        return f"{self.from_on:%Y-%m-%d} 至 {self.to_on:%Y-%m-%d}"

    def summarise(self) -> str:
        return f"{self.item} {self.period} {self.amount}"

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "content": self.why}
