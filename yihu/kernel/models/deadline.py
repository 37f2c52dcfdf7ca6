"""One row per running clock."""

from __future__ import annotations

from typing import Any

from django.db import models


class Deadline(models.Model):
    """时限: when something must have happened, who has been told, and why the time moved. Instants in UTC."""

    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="deadlines")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+")
    code = models.CharField("编号", max_length=8)
    calendar = models.CharField(max_length=2)
    rule = models.CharField("规则", max_length=60)
    starts_at = models.DateTimeField("开始")
    due_at = models.DateTimeField("到期")
    warn_at = models.DateTimeField("预警", null=True)
    ring_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    tentative = models.BooleanField("暂定", default=False)  # the year's holidays were not yet announced
    paused_at = models.DateTimeField("暂停", null=True)
    pauses: models.JSONField[Any, Any] = models.JSONField(default=list)  # [from, until] of those that are over
    stopped_at = models.DateTimeField("停止", null=True)
    met = models.BooleanField("按时", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        indexes = [
            models.Index(
                fields=["ring_at"],
                name="deadline_to_ring",
                condition=models.Q(stopped_at__isnull=True, paused_at__isnull=True),
            ),
            models.Index(fields=["community", "code", "due_at"], name="deadline_by_code"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "code"], name="deadline_runs_once", condition=models.Q(stopped_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.due_at:%Y-%m-%d %H:%M}"
