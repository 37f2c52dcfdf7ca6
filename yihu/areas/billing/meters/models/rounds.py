"""The month's round: who read, who handed the readings to finance, who checked them (D62)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.basics.months import Month
from yihu.kernel.models import Record


class ReadingRound(Record):
    """月度抄表: all readings up to the 20th of one month. Once handed over, no reading of the month changes any more."""

    class State(models.TextChoices):
        READING = "reading", "抄表中"
        HANDED = "handed", "待财务核对"
        CHECKED = "checked", "财务已核对"

    month = models.DateField("月份", editable=False)
    turn = models.CharField(max_length=40, unique=True, editable=False)  # community and month: one round of each
    due_at = models.DateTimeField("应交财务时间", editable=False)
    meters = models.PositiveIntegerField("应抄", default=0, editable=False)
    read = models.PositiveIntegerField("已抄", default=0, editable=False)
    estimated = models.PositiveIntegerField("其中估抄", default=0, editable=False)
    abnormal = models.PositiveIntegerField("其中异常已复核", default=0, editable=False)
    # what was handed over, by kind of meter: {kind: use as text}
    uses: models.JSONField[Any, Any] = models.JSONField("用量合计", default=dict, blank=True, editable=False)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="移交人", editable=False
    )
    handed_at = models.DateTimeField("移交时间", null=True, editable=False)
    hand_note = models.CharField("移交说明", max_length=200, blank=True)
    finance_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="财务核对人", editable=False
    )
    finance_at = models.DateTimeField("核对时间", null=True, editable=False)
    finance_note = models.CharField("核对意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月度抄表"
        indexes = [models.Index(fields=["month"], name="round_by_month")]

    @property
    def of_month(self) -> Month:
        return Month.of(self.month)

    @property
    def locked(self) -> bool:
        return self.state != self.State.READING

    def summarise(self) -> str:
        told = f"{self.of_month}抄表"
        return f"{told}：{self.meters} 块表，已抄 {self.read}，估 {self.estimated}" if self.handed_at else told
