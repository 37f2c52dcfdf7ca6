"""What a company edits without touching code: numbers with a date of force, and the calendar of the year."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Parameter(models.Model):
    """参数: one value of one name from one moment on. Never changed, only succeeded (REV-02)."""

    community = models.ForeignKey(
        "estate.Community", models.PROTECT, null=True, related_name="+", verbose_name="管理项目"
    )
    name = models.CharField("名称", max_length=60)
    value: models.JSONField[Any, Any] = models.JSONField("值")
    in_force_at = models.DateTimeField("生效时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人")
    why = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "参数"
        constraints = [
            models.UniqueConstraint(fields=["community", "name", "in_force_at"], name="parameter_one_at_a_time"),
            models.UniqueConstraint(
                fields=["name", "in_force_at"], name="parameter_one_for_all", condition=models.Q(community__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarYear(models.Model):
    """年度: a year whose holidays have been announced and entered. A missing year raises an alarm, it is never guessed."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=120)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """节假日与调休: a weekday off, or a weekend day worked."""

    day = models.DateField("日期", unique=True)
    working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
