"""维修费冲正: what the customer signed for turns out to be wrong."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yihu.areas.repairs.models.order import WorkOrder
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel.models import Record


class RepairReversal(Record):
    """冲正单: takes back what was too much of a signed repair. One asks, another grants; the order stays as it was signed."""

    class State(models.TextChoices):
        ASKED = "asked", "待批"
        GRANTED = "granted", "已冲正"
        REFUSED = "refused", "不予冲正"

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="reversals", verbose_name="维修单")
    reason = models.CharField("冲正原因", max_length=200)
    right_fen = models.BigIntegerField("应收（分）", editable=False)
    amount_fen = models.BigIntegerField("冲正金额", editable=False)
    granted_at = models.DateTimeField("批准时间", null=True, editable=False)
    # the order once more, only where granted: the database itself keeps a second one out
    takes_back = models.OneToOneField(
        WorkOrder, models.PROTECT, null=True, editable=False, related_name="reversal", verbose_name="冲正"
    )

    class Meta:
        verbose_name = verbose_name_plural = "维修费冲正"
        constraints = [
            models.CheckConstraint(condition=Q(right_fen__gte=0, amount_fen__gt=0), name="repair_reversal_takes_back"),
            models.CheckConstraint(
                condition=Q(takes_back__isnull=True) | Q(takes_back=F("order")), name="repair_reversal_of_its_order"
            ),
        ]

    @property
    def granted_words(self) -> str:
        return f"{yuan(self.amount_fen)} 元，应收 {yuan(self.right_fen)} 元"

    def summarise(self) -> str:
        return f"冲正 {self.order.number} {yuan(self.amount_fen)} 元：{mask_free_text(self.reason)}"
