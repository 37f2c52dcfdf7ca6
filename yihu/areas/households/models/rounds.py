"""资料核对: a month's round through the units whose data nobody has verified for long."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models

from yihu.basics.shares import percent
from yihu.basics.worktime import add_months
from yihu.kernel.models import Record


class VerifyRound(Record):
    """月度资料核对 (ARC-06, D39): opened by the program, worked off by the stewards, closed with what is left."""

    class State(models.TextChoices):
        OPEN = "open", "核对中"
        SHUT = "shut", "已结束"

    first_on = models.DateField("月份")
    due_at = models.DateTimeField("应完成时间")
    units = models.PositiveIntegerField("总户数", default=0, editable=False)
    listed = models.PositiveIntegerField("列入核对", default=0, editable=False)
    done = models.PositiveIntegerField("本月已核对", default=0, editable=False)
    left = models.PositiveIntegerField("结束时未核对", default=0, editable=False)
    words = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月度资料核对"

    @property
    def last_on(self) -> date:
        return add_months(self.first_on, 1) - timedelta(days=1)

    @property
    def rate(self) -> str:
        """更新率: units verified this month ÷ units."""
        return percent(self.done, self.units)

    def summarise(self) -> str:
        return f"{self.first_on:%Y-%m} 资料核对，列入 {self.listed} 户"
