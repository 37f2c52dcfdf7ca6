"""支出更正: a claim that was paid is never edited; what was wrong is taken back or posted anew, asked by one and agreed by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.areas.spending.models.budgets import BudgetLine
from yihu.areas.spending.models.claims import Claim
from yihu.kernel.models import Record


class SpendCorrection(Record):
    """What was wrong with a paid claim, and what is done about it."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        TO_PAY = "to_pay", "待重新付款"
        DONE = "done", "已更正"
        REFUSED = "refused", "不同意"

    class Way(models.TextChoices):
        LINE = "line", "科目记错：改到另一个预算科目"
        UNPAID = "unpaid", "付款没有到账：撤销付款，重新付"
        CANCEL = "cancel", "不该付的，款已经追回：全部冲销"

    paid_claim = models.ForeignKey(Claim, models.PROTECT, related_name="corrections", verbose_name="报销单")
    way = models.CharField("怎么更正", max_length=10, choices=Way.choices)
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="正确的科目"
    )
    why = models.CharField("原因", max_length=120)
    opinion = models.CharField("意见", max_length=200, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    method = models.CharField("付款方式", max_length=10, choices=Claim.Method.choices, blank=True)
    paid_reference = models.CharField("付款流水号", max_length=60, blank=True)
    paid_on = models.DateField("付款日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "支出更正"

    def summarise(self) -> str:
        return f"{self.paid_claim.number} {self.get_way_display().partition('：')[0]}"

    def search_words(self) -> str:
        return f"{self.paid_claim.number} {self.paid_claim.payee}"
