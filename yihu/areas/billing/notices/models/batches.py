"""缴费通知批次: a community's notices of one month, from drawing them up to the last signature (FEE-05)."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.kernel.models import Attachment, Record


class NoticeBatch(Record):
    """Drawn up by one, checked by another, sealed by the project manager, printed by the 26th (D63)."""

    class State(models.TextChoices):
        DUE = "due", "待生成"
        DRAWN = "drawn", "待核对"
        CHECKED = "checked", "待盖章"
        SEALED = "sealed", "待打印"
        PRINTED = "printed", "待派发"
        OUT = "out", "派发中"
        CLOSED = "closed", "已结束"

    period = models.CharField("账期", max_length=7)
    print_by = models.DateTimeField("应打印时间", editable=False)
    pay_by = models.DateField("请于何日前缴清", null=True)
    pay_ways = models.TextField("缴费方式", max_length=300, blank=True)
    hotline = models.CharField("查询电话", max_length=60, blank=True)
    drawn_at = models.DateTimeField("生成时间", null=True, editable=False)
    count = models.PositiveIntegerField("张数", default=0, editable=False)
    due_fen = models.BigIntegerField("请缴金额（分）", default=0, editable=False)
    sealed_at = models.DateTimeField("盖章时间", null=True, editable=False)
    sealed_by = models.CharField("盖章人", max_length=60, blank=True, editable=False)
    printed_at = models.DateTimeField("打印时间", null=True, editable=False)
    paper = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name="打印文件", editable=False
    )
    cause = models.CharField("出错原因说明", max_length=300, blank=True)
    # a second column for the community, so that the database itself keeps a second batch of one month out
    batch_of = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "缴费通知批次"
        constraints = [models.UniqueConstraint(fields=["batch_of", "period"], name="notice_batch_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.batch_of_id = self.community_id
        super().save(*args, **kwargs)

    @property
    def month(self) -> Month:
        return Month.known(self.period)

    def summarise(self) -> str:
        counted = f"：{self.count} 张，请缴 {yuan(self.due_fen)} 元" if self.drawn_at else ""
        return f"{self.month} 缴费通知单{counted}"
