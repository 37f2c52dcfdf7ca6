"""档案柜、档案核对、档案室出入: where the household's files stand, whether they are there, who went in and locked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Cabinet(models.Model):
    """档案柜 (ARC-03): a locked cabinet with its keeper, and the houses whose files stand in it."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    name = models.CharField("柜名", max_length=40)
    room = models.CharField("在哪个房间", max_length=40, default="档案室")
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保管人")
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="放哪一栋的户档"
    )
    entrance = models.CharField("哪个单元", max_length=20, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "档案柜"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="cabinet_once", violation_error_message="已经有同名的档案柜。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShelfCheck(Record):
    """档案核对 (ARC-01): one household's file compared with its catalogue; a difference stays open until it is put right."""

    class State(models.TextChoices):
        DIFFERS = "differs", "有差异"
        AGREED = "agreed", "相符"
        SETTLED = "settled", "已处理"

    lines: models.JSONField[Any, Any] = models.JSONField("核对明细", default=list, editable=False)
    absent_count = models.PositiveSmallIntegerField("未找到", default=0, editable=False)
    extra = models.CharField("目录里没有的", max_length=200, blank=True)
    remedy = models.TextField("怎样处理的", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "档案核对"

    def summarise(self) -> str:
        if not self.absent_count and not self.extra:
            return f"{len(self.lines)} 份，目录与实物相符"
        words = [f"{self.absent_count} 份未找到"] if self.absent_count else []
        words += [f"多出：{mask_free_text(self.extra)}"] if self.extra else []
        return "，".join(words)


class RoomEntry(Record):
    """档案室出入 (ARC-15, D38): who went in and why, when it was left and who locked it."""

    class State(models.TextChoices):
        IN_USE = "in_use", "使用中"
        LOCKED = "locked", "已锁门"

    room = models.CharField("房间", max_length=40, default="档案室")
    purpose = models.CharField("事由", max_length=100)
    others = UnspokenField("同行人", max_length=60, blank=True)
    left_at = models.DateTimeField("离开锁门时间", null=True, blank=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="锁门人", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "档案室出入登记"

    def summarise(self) -> str:
        return f"{self.room}：{mask_free_text(self.purpose)}"
