"""物品借用：能借的每一件，和每一次借出。"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.areas.counter.models.lists import _Kept
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class LendItem(_Kept):
    """One thing that the desk lends: a tool box, an umbrella, a trolley. Two umbrellas are two rows."""

    code = models.CharField("编号", max_length=20)
    name = models.CharField("物品", max_length=40)
    remark = models.CharField("说明", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "可借物品"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], name="lend_item_once", violation_error_message="这个编号已经用了，请换一个。"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Loan(Record):
    """物品借用登记 (F121, DESK-24)."""

    class State(models.TextChoices):
        LENT = "lent", "借出"
        TO_SETTLE = "to_settle", "待赔偿"
        BACK = "back", "已还"
        SETTLED = "settled", "已了结"

    class Condition(models.TextChoices):
        GOOD = "good", "完好"
        DAMAGED = "damaged", "损坏"

    item = models.ForeignKey(LendItem, models.PROTECT, related_name="loans", verbose_name="物品")
    borrower = UnspokenField("借用人", max_length=40)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="借用员工"
    )
    phone = PersonalField("联系电话", kind="phone", blank=True)
    deposit_note = models.CharField("押金或押物", max_length=80, blank=True)
    due_at = models.DateTimeField("应还时间")
    condition = models.CharField("归还状况", max_length=10, choices=Condition.choices, blank=True)
    loss_note = models.CharField("损坏或遗失情况", max_length=200, blank=True)
    settlement = models.CharField("赔偿与处理", max_length=200, blank=True)
    returned_at = models.DateTimeField("归还时间", null=True, editable=False)
    is_out = models.BooleanField("未还", default=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "物品借用登记"
        constraints = [
            # no thing is with two people at once
            models.UniqueConstraint(fields=["item"], condition=models.Q(is_out=True), name="loan_item_out_once")
        ]

    def summarise(self) -> str:
        return f"借 {self.item}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.borrower} {self.item}"
