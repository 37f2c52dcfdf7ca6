"""客户资料整理: a scheduled look for duplicates, dead telephones and missing fields, worked off line by line (ARC-18)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.ground.estate.models import Party, Unit
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Tidying(Record):
    """One look through the customers' data, with what was found and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", "整理中"
        SHUT = "shut", "已结束"

    first_on = models.DateField("月份")
    due_at = models.DateTimeField("应完成时间")
    found = models.PositiveIntegerField("发现", default=0, editable=False)
    settled = models.PositiveIntegerField("已处理", default=0, editable=False)
    words = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "客户资料整理"

    def summarise(self) -> str:
        return f"{self.first_on:%Y-%m} 资料整理，发现 {self.found} 处"


def _about(model: Any, word: str) -> Any:
    """Who or what a finding names. It holds nobody fast: a roll may be taken back although the program looked through it."""
    return models.ForeignKey(
        model, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=word
    )


class Finding(models.Model):
    """整理事项: one thing that one look found."""

    class Kind(models.TextChoices):
        TWIN = "twin", "疑似同一人"
        DEAD = "dead", "电话打不通"
        NO_PHONE = "no_phone", "缺联系电话"
        DOUBTFUL = "doubtful", "证件号待核"
        NO_OWNER = "no_owner", "缺业主姓名"

    class Result(models.TextChoices):
        OPEN = "", "待处理"
        MERGED = "merged", "已合并"
        DIFFERENT = "different", "不是同一人"
        FIXED = "fixed", "已更正"
        KEPT = "kept", "暂时补不了"

    tidying = models.ForeignKey(Tidying, models.PROTECT, related_name="findings", verbose_name="资料整理")
    kind = models.CharField("问题", max_length=10, choices=Kind.choices)
    party = _about(Party, "客户")
    other = _about(Party, "另一位")
    unit = _about(Unit, "房屋")
    named = UnspokenField("客户姓名", max_length=200, blank=True)
    why = models.CharField("依据", max_length=80, blank=True)
    result = models.CharField("结果", max_length=10, choices=Result.choices, blank=True, default="")
    words = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    at = models.DateTimeField("处理时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "整理事项"
        indexes = [models.Index(fields=["tidying", "result", "id"], name="finding_list")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.named}"

    def same_as(self) -> tuple[Any, ...]:
        return (self.kind, self.party_id, self.other_id, self.unit_id)
