"""What a run has reckoned and not posted yet, in slices, and what a person should look at. Leaf tables; gone once posted."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.areas.billing.running.models.runs import BillingRun

LOOSE: dict[str, Any] = {"db_constraint": False, "db_index": False, "related_name": "+"}


class Slice(models.Model):
    """账单片: the units between two keys, whole, whose lines are posted in one transaction. Without units: lines of nobody's
    unit."""

    run = models.ForeignKey(BillingRun, models.PROTECT, related_name="pieces", db_index=False)
    place = models.PositiveIntegerField()
    first_unit = models.BigIntegerField(null=True)
    last_unit = models.BigIntegerField(null=True)
    lines = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "账单片"
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="slice_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.place}"


class Draft(models.Model):
    """账单草稿行: exactly what will stand in the books. The books check it again, so nothing is checked here."""

    run = models.ForeignKey(BillingRun, models.PROTECT, **LOOSE)
    party = models.ForeignKey("estate.Party", models.PROTECT, **LOOSE)
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, **LOOSE)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, **LOOSE)
    # days as ISO text: they go through a million times unread
    from_on = models.CharField(max_length=10)
    to_on = models.CharField(max_length=10)
    due_on = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    part = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=200, blank=True)
    basis = models.TextField()  # JSON in one way of writing, so that it is hashed and copied as it stands

    class Meta:
        verbose_name = verbose_name_plural = "账单草稿行"
        indexes = [models.Index(fields=["run", "unit"], name="draft_of_unit")]

    def __str__(self) -> str:
        return f"{self.run} {self.words}"


class Finding(models.Model):
    """要看的: something odd. ``stops``: the unit is left out of the run until it is settled."""

    class Kind(models.TextChoices):
        """The run's own; sources bring more."""

        CHANGED = "changed", "与上月相差较大"
        VANISHED = "vanished", "上月有、本月没有账单"
        OTHERWISE = "otherwise", "已出过账，金额与现在算出的不同"
        OVERLAP = "overlap", "服务期与已出的账单重叠，没有再出"
        DOUBLE = "double", "同一笔算出两次"
        WRONG = "wrong", "来源给出的行不对"
        BILLED = "billed", "出账时发现已出过，跳过"

    run = models.ForeignKey(BillingRun, models.PROTECT, related_name="findings", db_index=False)
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, db_index=False, related_name="+")
    kind = models.CharField("类别", max_length=40)
    words = models.CharField("情况", max_length=300)
    stops = models.BooleanField("不出账", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "核对事项"
        indexes = [models.Index(fields=["run", "stops", "kind", "id"], name="finding_of_run")]

    def __str__(self) -> str:
        return self.words
