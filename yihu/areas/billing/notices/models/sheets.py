"""缴费通知单签收表 (F84): what one deliverer carries, and the list that goes back to finance. And who carries to which building."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.areas.billing.notices.models.batches import NoticeBatch
from yihu.kernel.models import Record


class DeliverySheet(Record):
    """One deliverer's notices of a batch: delivered by the 28th (D64), the list back with finance (D65)."""

    class State(models.TextChoices):
        OUT = "out", "派发中"
        HANDED = "handed", "待财务收回"
        RETURNED = "returned", "财务已收"

    batch = models.ForeignKey(NoticeBatch, models.PROTECT, related_name="sheets", verbose_name="批次")
    due_at = models.DateTimeField("应送达时间", editable=False)
    handed_at = models.DateTimeField("交回时间", null=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="财务接收人", editable=False
    )
    received_at = models.DateTimeField("财务接收时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "缴费通知单签收表"

    def carried(self) -> Any:
        """The notices that hold, in the order of the round."""
        return self.notices.valid().order_by("seq")

    def summarise(self) -> str:
        return f"{self.batch.month} 缴费通知单，{self.handler or ''} 派发"


class Round(models.Model):
    """送达分工: who brings the notices to a building, and in which order the buildings come."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    building = models.OneToOneField("estate.Building", models.PROTECT, related_name="+", verbose_name="楼栋")
    steward = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="送达人")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达分工"

    def __str__(self) -> str:
        return str(self.building)
