"""月度出账: that the month's bills are to be drawn up; opened by the calendar, done when a run of that month is posted (D63)."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.basics.months import Month
from yihu.kernel.models import Record


class MonthTurn(Record):
    """One a month. It says who is late; the bills themselves are the run's."""

    class State(models.TextChoices):
        DUE = "due", "待试算"
        UNDER_WAY = "under_way", "出账中"
        DONE = "done", "已出账"
        LEFT_OUT = "left_out", "本月不出"

    period = models.CharField("账单月份", max_length=7)
    due_at = models.DateTimeField("应出完时间", editable=False)
    why = models.CharField("不出的原因", max_length=200, blank=True)
    # a second column for the community, so that the database itself keeps a second one of the month out
    turn_of = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "月度出账"
        constraints = [models.UniqueConstraint(fields=["turn_of", "period"], name="month_turn_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.turn_of_id = self.community_id
        super().save(*args, **kwargs)

    @property
    def month(self) -> Month:
        return Month.known(self.period)

    def summarise(self) -> str:
        return f"{self.month} 出账"
