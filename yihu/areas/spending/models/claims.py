"""支出申请与报销: approved before it happens; audited where it is a repair; paid by the cashier (FEE-16, FEE-24)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.areas.spending.models.budgets import BudgetLine
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


def _person(word: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=word, editable=False
    )


class SpendRequest(Record):
    """支出申请: what is to be spent, on which line; nothing is spent before somebody else has agreed."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        APPROVED = "approved", "已批准"
        DONE = "done", "已办结"
        REFUSED = "refused", "不批准"

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="requests", verbose_name="预算科目")
    what = models.CharField("用途", max_length=120)
    amount_fen = models.BigIntegerField("申请金额（分）")
    supplier = models.CharField("供应方", max_length=60, blank=True)
    needed_on = models.DateField("预计支出日期")
    reason = models.CharField("理由", max_length=200)
    order = models.ForeignKey(
        "kernel.Record", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="维修单", editable=False
    )
    opinion = models.CharField("意见", max_length=200, blank=True)
    approved_by = _person("批准人")
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "支出申请"
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="request_is_something")]

    @property
    def audited(self) -> bool:
        """A repair: its cost is checked before it is paid."""
        return self.order_id is not None or self.line.audited

    def summarise(self) -> str:
        return f"{self.line}：{mask_free_text(self.what)} {yuan(self.amount_fen)} 元"[:120]

    def search_words(self) -> str:
        return f"{mask_free_text(self.what)} {self.supplier}"


class Claim(Record):
    """报销单: what was spent on an approved request. Without one it goes back with the reason."""

    class State(models.TextChoices):
        RETURNED = "returned", "退回"
        TO_AUDIT = "to_audit", "待成本审核"
        TO_REVIEW = "to_review", "待财务审核"
        TO_PAY = "to_pay", "待付款"
        PAID = "paid", "已付款"
        DROPPED = "dropped", "不再报销"

    class Method(models.TextChoices):
        BANK = "bank", "转账"
        CASH = "cash", "现金"
        CHEQUE = "cheque", "支票"

    request = models.ForeignKey(
        SpendRequest, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="支出申请"
    )
    what = models.CharField("内容", max_length=120)
    amount_fen = models.BigIntegerField("报销金额（分）")
    spent_on = models.DateField("支出日期")
    payee = UnspokenField("收款方", max_length=60)
    invoice_no = models.CharField("发票号", max_length=60, blank=True)
    last = models.BooleanField("这项申请报完了", default=True)
    repair = models.BooleanField("维修费用", default=False)
    why_back = models.CharField("退回原因", max_length=200, blank=True)
    audited_fen = models.BigIntegerField("审定金额（分）", null=True, blank=True)
    audit_words = models.CharField("审核说明", max_length=200, blank=True)
    audited_by = _person("成本审核员")
    reviewed_by = _person("财务审核人")
    method = models.CharField("付款方式", max_length=10, choices=Method.choices, blank=True)
    paid_reference = models.CharField("付款流水号", max_length=60, blank=True)
    paid_on = models.DateField("付款日期", null=True, blank=True)
    paid_by = _person("付款人")
    payable = models.OneToOneField(
        "ledger.Payable", models.PROTECT, null=True, related_name="+", verbose_name="应付款", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "报销单"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="claim_is_something"),
            models.CheckConstraint(
                condition=Q(audited_fen__isnull=True) | Q(audited_fen__gte=0, audited_fen__lte=models.F("amount_fen")),
                name="claim_audited_within",
            ),
        ]
        indexes = [models.Index(fields=["paid_on"], name="claim_paid_on", condition=Q(paid_on__isnull=False))]

    @property
    def audited(self) -> bool:
        """A repair by what was asked for, by its budget line, or by what is claimed (FEE-16)."""
        return self.repair or (self.request is not None and self.request.audited)

    @property
    def due_fen(self) -> int:
        """What is paid: the audited amount where there is one."""
        return self.amount_fen if self.audited_fen is None else self.audited_fen

    def summarise(self) -> str:
        return f"{mask_free_text(self.what)} {yuan(self.due_fen)} 元"[:120]

    def search_words(self) -> str:
        return f"{mask_free_text(self.what)} {self.payee} {self.invoice_no}"
