"""Files that hang on a record. The bytes lie in the storage under their own digest."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """Where a file lies, what it is and who brought it; each kind says besides to what it belongs."""

    name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField("大小")
    mime = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Attachment(StoredFile):
    """附件: a photograph, a signature, a scan."""

    class Purpose(models.TextChoices):
        PHOTO = "photo", "照片"
        BEFORE = "before", "维修前"
        AFTER = "after", "维修后"
        SIGNATURE = "signature", "签名"
        PAPER = "paper", "文件"

    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="attachments")
    purpose = models.CharField("用途", max_length=10, choices=Purpose.choices, default=Purpose.PAPER)

    class Meta(StoredFile.Meta):
        verbose_name = verbose_name_plural = "附件"
