"""暂不能修的单怎样筛选；和业主改到哪一天；几个来电并成一单，谁被告知了。"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.areas.repairs.models.order import WorkOrder
from yihu.kernel.unspoken import UnspokenField


class Written(models.Model):
    """One line that somebody wrote about an order, and when."""

    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")

    class Meta:
        abstract = True


class Screening(Written):
    """筛选: one look at a deferred repair (D18)."""

    class Result(models.TextChoices):
        WAIT = "wait", "继续等"
        CAN = "can", "可以修了"
        RAISE = "raise", "解决不了，上报主管"

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="screenings", verbose_name="维修单")
    result = models.CharField("结果", max_length=5, choices=Result.choices)
    words = models.CharField("情况", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "暂不能修的筛选"

    def __str__(self) -> str:
        return self.get_result_display()


class AgreedDate(Written):
    """改期: a limit that was moved in the open, by the owner's word."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="agreed_dates", verbose_name="维修单")
    was = models.DateTimeField("原定")
    now = models.DateTimeField("改定")
    with_whom = UnspokenField("与谁约定", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "改期"

    def __str__(self) -> str:
        return self.with_whom


class Telling(Written):
    """告知: one of those who reported the same fault was told that it is repaired, together with the others."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="tellings", verbose_name="维修单")
    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="+", verbose_name="来电")
    how = models.CharField("方式", max_length=10)
    words = models.CharField("告知内容", max_length=400)

    class Meta:
        verbose_name = verbose_name_plural = "告知"
        constraints = [models.UniqueConstraint(fields=["order", "record"], name="telling_once")]

    def __str__(self) -> str:
        return self.how


class Merging(Written):
    """合并: what one order brought into another, to give it back if they were two faults after all."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="mergings", verbose_name="维修单")
    into = models.ForeignKey(WorkOrder, models.CASCADE, related_name="merged_in", verbose_name="并入")
    times_urged = models.PositiveSmallIntegerField("催办次数", default=0)
    # [code, due before, due after] of the other's clocks that took over an earlier limit
    moved: models.JSONField[Any, Any] = models.JSONField("时限", default=list)
    split_at = models.DateTimeField("拆出时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "合并"

    def __str__(self) -> str:
        return f"{self.order} → {self.into}"
