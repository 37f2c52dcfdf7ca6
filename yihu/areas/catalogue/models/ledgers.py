"""台账打印归档 (ARC-11, D33): which ledgers are printed each month, and where they were filed."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.areas.catalogue.models.tree import Kept, Rule, Section
from yihu.kernel.models import Record


class Ledger(Kept):
    """归档台账: one ledger that is printed and filed each month."""

    name = models.CharField("台账", max_length=60)
    place = models.CharField("归入何处", max_length=60)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记入目录节"
    )
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保管期限")

    class Meta:
        verbose_name = verbose_name_plural = "归档台账"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="catalogue_ledger_once", violation_error_message="清单里已经有这本台账。"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class LedgerFiling(Record):
    """台账归档: one month's round; the month is the business month that has just ended."""

    class State(models.TextChoices):
        DUE = "due", "待归档"
        PARTLY = "partly", "部分归档"
        FILED = "filed", "待审阅"
        READ = "read", "主管已阅"

    period = models.CharField("月份", max_length=7)
    due_at = models.DateTimeField("应完成时间")
    lines: models.JSONField[Any, Any] = models.JSONField("逐本结果", null=True, editable=False)
    found = models.CharField("结果", max_length=200, blank=True, editable=False)
    filed_at = models.DateTimeField("归档时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "台账归档"

    def summarise(self) -> str:
        return f"{self.period} 台账归档 {self.found}".strip()[:120]
