"""档案借阅: one item with one borrower, until it is back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.areas.catalogue.models.tree import Item
from yihu.basics.identity import mask_free_text
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class ItemLoan(Record):
    """部门档案借阅 (ARC-10): who took it, what for, until when. The handler is the borrower, where he is one of us."""

    class State(models.TextChoices):
        LENT = "lent", "借出"
        LOST = "lost", "遗失待处理"
        BACK = "back", "已还"
        GONE = "gone", "已报失"

    class Condition(models.TextChoices):
        GOOD = "good", "完好"
        DAMAGED = "damaged", "有缺损"

    item = models.ForeignKey(Item, models.PROTECT, related_name="loans", verbose_name="档案")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="借阅员工"
    )
    borrower = UnspokenField("借阅人", max_length=40)
    department = models.CharField("部门或单位", max_length=40, blank=True)
    purpose = models.CharField("用途", max_length=100)
    due_at = models.DateTimeField("应还时间")
    condition = models.CharField("归还状况", max_length=10, choices=Condition.choices, blank=True)
    note = models.CharField("缺损或遗失情况", max_length=200, blank=True)
    returned_at = models.DateTimeField("归还时间", null=True, editable=False)
    is_out = models.BooleanField("未还", default=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "档案借阅"
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(is_out=True), name="catalogue_item_out_once")
        ]

    def summarise(self) -> str:
        return mask_free_text(f"借 {self.item}")[:120]

    def search_words(self) -> str:
        return mask_free_text(f"{self.borrower} {self.department} {self.item}")
