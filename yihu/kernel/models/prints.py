"""How often a sheet was printed: the second time it says 补打 1."""

from __future__ import annotations

from django.conf import settings
from django.db import models


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


__all__ = ["PrintRun"]
