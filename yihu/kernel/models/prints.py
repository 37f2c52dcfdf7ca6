"""How often a sheet was printed: the second time it says 补打 1. And what went out, as it went out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.kernel.models.attachment import StoredFile


class PrintRun(models.Model):
    """打印记录: one row for each time a sheet left the printer."""

    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, blank=True, related_name="print_runs")
    name = models.CharField("单据", max_length=60)
    # what was printed: a record's number, or for a sheet over many records its period ("YQ 2026-11")
    subject = models.CharField("对象", max_length=80)
    copy_no = models.PositiveIntegerField("第几次")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="打印人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "打印记录"
        constraints = [models.UniqueConstraint(fields=["subject", "name", "copy_no"], name="print_counted_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.name} 第 {self.copy_no} 次"


class IssuedCopy(StoredFile):
    """留存件: a notice, receipt, slip or letter as it was handed out, once for each time (ARC-11)."""

    run = models.OneToOneField(PrintRun, models.PROTECT, related_name="copy", verbose_name="打印记录")
    title = models.CharField("单据", max_length=80)
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房号")
    party = models.ForeignKey("estate.Party", models.PROTECT, null=True, related_name="+", verbose_name="客户")
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="来源")
    # the capability by which others than the archive see a copy that hangs on no record
    may = models.CharField(max_length=40, blank=True, default="")

    class Meta(StoredFile.Meta):
        verbose_name = verbose_name_plural = "留存件"
        indexes = [models.Index(fields=["unit", "-at"], name="issued_by_unit")]


__all__ = ["IssuedCopy", "PrintRun"]
