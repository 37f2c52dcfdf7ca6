"""值班文书：当班的人签字交出的汇总。"""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.kernel.models import Record


class DaySheet(Record):
    """每日工作汇总表 (F13): the day's matters, frozen when signed (DESK-16)."""

    class State(models.TextChoices):
        DUE = "due", "待汇总"
        SIGNED = "signed", "已签"
        READ = "read", "经理已阅"

    day = models.DateField("日期")
    due_at = models.DateTimeField("应交时间")
    remarks = models.TextField("重要事项", max_length=1000, blank=True)
    snapshot: models.JSONField[Any, Any] = models.JSONField("当日数据", null=True, editable=False)
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    manager_words = models.CharField("经理意见", max_length=300, blank=True)
    # a second column for the community, so that the database itself keeps a second sheet of one day out
    sheet_of = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "每日工作汇总表"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "day"], name="day_sheet_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sheet_of_id = self.community_id
        super().save(*args, **kwargs)

    def summarise(self) -> str:
        return f"{self.day:%Y-%m-%d} 每日工作汇总"
