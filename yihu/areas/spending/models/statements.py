"""收支表: what came in and went out in a time, frozen when it is signed, published (FEE-23, FEE-26, F89)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yihu.kernel.models import Record


class Statement(Record):
    """《管理处财务收支表》 of the office, or 《公共收益收支表》 of the owners' common income."""

    class State(models.TextChoices):
        DUE = "due", "待编制"
        SIGNED = "signed", "待审核"
        REVIEWED = "reviewed", "待公布"
        PUBLISHED = "published", "已公布"

    class Book(models.TextChoices):
        OFFICE = "office", "管理处财务收支表"
        COMMON = "common", "公共收益收支表"

    book = models.CharField("表", max_length=10, choices=Book.choices, default=Book.OFFICE)
    from_on = models.DateField("自")
    to_on = models.DateField("至")
    told: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)
    remarks = models.TextField("说明", max_length=500, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="编制人", editable=False
    )
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人", editable=False
    )
    why_back = models.CharField("退回原因", max_length=200, blank=True)
    posted_where = models.CharField("公布地点", max_length=120, blank=True)
    posted_on = models.DateField("公布日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "财务收支表"
        constraints = [models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="statement_runs_forward")]

    @property
    def period(self) -> str:
        return f"{self.from_on:%Y-%m-%d} 至 {self.to_on:%Y-%m-%d}"

    def summarise(self) -> str:
        return f"{self.get_book_display()} {self.period}"
