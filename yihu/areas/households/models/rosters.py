"""完整名单导出: the whole list with telephones and ID numbers in the clear leaves the house only where somebody else allowed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.kernel.models import Record


class Roster(Record):
    """One asked-for export (domain.md §7: who asks for personal data is not who allows it)."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        ALLOWED = "allowed", "已批准"
        TAKEN = "taken", "已导出"
        REFUSED = "refused", "未批准"

    narrowed = models.CharField("筛选", max_length=300, blank=True)
    why = models.CharField("用途", max_length=200)
    goes_to = models.CharField("交给谁、怎么保管", max_length=200)
    units = models.PositiveIntegerField("户数", default=0, editable=False)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    allowed_until = models.DateTimeField("有效至", null=True, editable=False)
    refused_why = models.CharField("不批准的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "完整名单导出申请"

    def summarise(self) -> str:
        return f"{self.units} 户：{self.why}"[:120]
