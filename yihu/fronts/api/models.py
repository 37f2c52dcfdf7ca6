"""Another program that works with this one: where, what it may do, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Integration(models.Model):
    """接口: acts as an account of its own that nobody can sign in to. Of its token only a digest is kept."""

    name = models.CharField("名称", max_length=30, help_text="对方系统的名字，会写进办理记录，例如：微信小程序")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="integration", verbose_name="接口账号"
    )
    communities = models.ManyToManyField("estate.Community", related_name="+", verbose_name="管理项目")
    scopes: models.JSONField[Any, Any] = models.JSONField("准许的事", default=list)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField("有效期至")
    per_minute = models.PositiveIntegerField(
        "每分钟最多请求", default=120, validators=[MinValueValidator(1), MaxValueValidator(6000)]
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开通人", editable=False
    )
    opened_at = models.DateTimeField("开通时间", editable=False)
    revoked_at = models.DateTimeField("停用时间", null=True, editable=False)
    last_used_at = models.DateTimeField("最近使用", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "接口"

    def __str__(self) -> str:
        return self.name

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
