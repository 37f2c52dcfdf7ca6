"""What law or an open matter makes us keep of a person, taken out of its place and sealed: nobody uses it any more (PIPL 47 II)."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.kernel.models.attachment import StoredFile
from yihu.kernel.personal import PersonalField


class Locked(models.Model):
    """Where it stood, by which request it was locked, of which matter it is, and until when it must be kept (None: the matter
    is open; the time begins when it is closed)."""

    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="客户")
    request = models.ForeignKey("kernel.Record", models.PROTECT, related_name="+", verbose_name="个人信息请求")
    matter = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="有关的单")
    model = models.CharField(max_length=80)
    row = models.BigIntegerField()
    what = models.CharField("在哪里", max_length=120)
    until = models.DateField("保存到", null=True)
    locked_at = models.DateTimeField("锁定时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.what


class LockedText(Locked):
    """锁定的文字: one column of one row as it was; ``left`` is what stands there meanwhile."""

    column = models.CharField(max_length=60)
    clear = PersonalField("原文", kind="text")
    left: models.JSONField[Any, Any] = models.JSONField(default=str)

    class Meta(Locked.Meta):
        verbose_name = verbose_name_plural = "锁定的文字"
        constraints = [models.UniqueConstraint(fields=["model", "row", "column"], name="locked_text_once")]


class LockedFile(StoredFile, Locked):
    """锁定的文件: a scan whose row holds a blank sheet meanwhile. What it was called may name him, and is sealed as well."""

    called = PersonalField("原文件名", kind="text")

    class Meta(Locked.Meta):
        verbose_name = verbose_name_plural = "锁定的文件"
        constraints = [models.UniqueConstraint(fields=["model", "row"], name="locked_file_once")]
