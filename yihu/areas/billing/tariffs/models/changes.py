"""开发商付费更正: who pays for what is not handed over was entered after its months were billed (物业管理条例第41条)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from yihu.basics.money import yuan
from yihu.kernel.models import Record


class PayerChange(Record):
    """Entered late by one, agreed to by another; until then nothing changes. ``party`` is the developer who pays from ``from_on``.
    The bills stay: the next run takes the amounts off whom they were billed to and bills them to him."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        DONE = "done", "已批准，下次出账更正"
        REFUSED = "refused", "不同意"

    cluster = models.ForeignKey(
        "estate.Cluster", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组团"
    )
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)
    reason = models.CharField("为什么现在才登记", max_length=200)
    bills = models.PositiveIntegerField("涉及账单", default=0, editable=False)
    bills_fen = models.BigIntegerField("涉及金额（分）", default=0, editable=False)
    unbilled = models.PositiveIntegerField("当时没有出账的房屋", default=0, editable=False)
    # [item, from, to]: what was billed here in that time, so that what was left out is billed too
    periods: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    approved_by = models.ForeignKey(
        "staff.Account", models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    rejection = models.CharField("不同意的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "开发商付费更正"
        constraints: list[Any] = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="payer_change_runs_forward"
            ),
            models.CheckConstraint(condition=Q(bills__gt=0) | Q(unbilled__gt=0), name="payer_change_touches_something"),
        ]

    @property
    def period(self) -> str:
        return f"{self.from_on:%Y-%m-%d} 起" + (f"至 {self.to_on:%Y-%m-%d}" if self.to_on else "")

    @property
    def touched(self) -> str:
        """What it concerns, in words."""
        told = [f"已出账单 {self.bills} 笔、{yuan(self.bills_fen)} 元"] if self.bills else []
        if self.unbilled:
            told.append(f"当时没有出账的 {self.unbilled} 户")
        return "，".join(told)

    def summarise(self) -> str:
        return f"{self.cluster or '整个项目'} {self.period}，{self.touched}"[:120]

    def search_words(self) -> str:
        return f"{self.party or ''} {self.cluster or ''}"


class TouchedBill(models.Model):
    """One posted bill that had another payer; as it stood when the change was drafted."""

    change = models.ForeignKey(PayerChange, models.PROTECT, related_name="lines")
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="账单")

    class Meta:
        verbose_name = verbose_name_plural = "涉及的账单"
        constraints: list[Any] = [models.UniqueConstraint(fields=["change", "charge"], name="touched_once_in_a_change")]

    def __str__(self) -> str:
        return str(self.charge)
