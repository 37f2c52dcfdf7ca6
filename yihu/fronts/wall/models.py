"""A screen on a wall: it has no person before it who could sign in, only an address that nobody can guess."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class WallScreen(models.Model):
    """大屏. Its address holds a secret of which only a digest is kept; closing it ends the address for ever."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=30)
    digest = models.CharField(max_length=64, unique=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开通人")
    opened_at = models.DateTimeField("开通时间")
    closed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "大屏"

    def __str__(self) -> str:
        return self.name
