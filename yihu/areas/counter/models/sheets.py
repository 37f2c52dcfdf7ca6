"""Sheets that come round: the desk's check each morning, the count of its things at each shift."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.kernel.models import Record


class _Sheet(Record):
    """One turn: filled in line by line, signed; what was found is followed up; read by the supervisor."""

    turn = models.CharField("班次", max_length=20)
    due_at = models.DateTimeField("应完成时间")
    lines: models.JSONField[Any, Any] = models.JSONField("检查结果", null=True, editable=False)
    found = models.CharField("结果", max_length=200, blank=True, editable=False)
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    remedy = models.TextField("处理结果", max_length=500, blank=True)
    remedied_at = models.DateTimeField("处理时间", null=True, editable=False)

    class Meta:
        abstract = True

    def summarise(self) -> str:
        return f"{self.turn} {self.found}".strip()


class DeskCheck(_Sheet):
    """前台 5S 检查 (DESK-23)."""

    class State(models.TextChoices):
        DUE = "due", "待检查"
        FOLLOW_UP = "follow_up", "待整改"
        DONE = "done", "待审阅"
        READ = "read", "主管已阅"

    class Meta:
        verbose_name = verbose_name_plural = "前台 5S 检查"


class StockCheck(_Sheet):
    """前台物品清点 (DESK-15): counts of equipment and documents at a change of shift."""

    class State(models.TextChoices):
        DUE = "due", "待清点"
        DIFFERS = "differs", "有差异"
        AGREED = "agreed", "相符"
        RESOLVED = "resolved", "差异已了结"

    class How(models.TextChoices):
        FOUND = "found", "已找回"
        REPAIRED = "repaired", "已修好"
        REPLACED = "replaced", "已补购"
        WRITTEN_OFF = "written_off", "已报损，清单已改"

    how = models.CharField("了结方式", max_length=12, choices=How.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "前台物品清点"
