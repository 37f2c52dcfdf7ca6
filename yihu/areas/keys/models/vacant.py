"""看房后空置房检查 (D50)."""

from __future__ import annotations

from django.db import models

from yihu.areas.keys.models.loan import KeyLoan
from yihu.kernel.models import Record


class VacantCheck(Record):
    """看房后检查 (KEY-07, D50): the key of an empty flat came back, so somebody looks at once whether all is shut."""

    class State(models.TextChoices):
        DUE = "due", "待检查"
        WRONG = "wrong", "待处理"
        DONE = "done", "已检查"

    borrowing = models.OneToOneField(
        KeyLoan, models.PROTECT, null=True, editable=False, related_name="vacant_check", verbose_name="钥匙使用登记"
    )  # fmt: skip
    doors_shut = models.BooleanField("门窗已关好", default=False)
    utilities_off = models.BooleanField("水电气已关", default=False)
    nothing_left = models.BooleanField("没有遗留物品、没有损坏", default=False)
    problem = models.CharField("发现的问题", max_length=200, blank=True)
    remedy = models.CharField("处理结果", max_length=200, blank=True)
    checked_at = models.DateTimeField("检查时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "看房后检查"

    def summarise(self) -> str:
        return f"{self.unit or ''} 看房后检查 {self.problem}".strip()
