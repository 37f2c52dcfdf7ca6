"""转由业主清偿: the lessee who agreed to pay does not; the owner, who answers for it too, is turned to (domain.md §8, 15)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from yihu.areas.billing.dunning.models.cases import DunningCase
from yihu.basics.money import yuan
from yihu.kernel.models import Record


class ToOwner(Record):
    """What is still open of a lessee's bills is owed by the owner (物业管理条例第41条): drafted by one, agreed to by another.
    ``party`` is the lessee. The days of payment and the limitation stay; a late fee costs the owner nothing before
    ``pay_by``."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        DONE = "done", "已转业主"
        REFUSED = "refused", "不同意"

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="turns", verbose_name="租户的催缴")
    owner = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="业主", editable=False)
    pay_by = models.DateField("请业主于何日前缴清")
    ground = models.CharField("依据", max_length=200)
    total = models.BigIntegerField("转出金额（分）", editable=False)
    approved_by = models.ForeignKey(
        "staff.Account", models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    rejection = models.CharField("不同意的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "转由业主清偿"
        constraints: list[Any] = [
            models.CheckConstraint(condition=Q(total__gt=0), name="turn_is_something"),
            models.CheckConstraint(condition=~Q(ground=""), name="turn_has_its_ground"),
        ]

    def summarise(self) -> str:
        return f"{self.unit or self.party} 租户未缴 {yuan(self.total)} 元，转由业主清偿"

    def search_words(self) -> str:
        return f"{self.party or ''} {self.owner} {self.unit or ''}"


class TurnedCharge(models.Model):
    """One bill of the lessee, and the owner's that came in its place."""

    turn = models.ForeignKey(ToOwner, models.PROTECT, related_name="lines")
    was = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="租户的账单")
    now = models.OneToOneField("ledger.Charge", models.PROTECT, null=True, related_name="+", verbose_name="业主的账单")
    amount = models.BigIntegerField("当时未缴（分）")

    class Meta:
        verbose_name = verbose_name_plural = "转给业主的账单"
        constraints: list[Any] = [
            models.UniqueConstraint(fields=["turn", "was"], name="turned_once_in_a_paper"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="turned_is_something"),
            models.CheckConstraint(condition=Q(now__isnull=True) | ~Q(now=F("was")), name="turned_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.was} {yuan(self.amount)}"
