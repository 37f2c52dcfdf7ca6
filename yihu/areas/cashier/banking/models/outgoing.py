"""Which payment of the books a line that goes out of the bank is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yihu.areas.cashier.banking.models.lines import BankLine


class LinePayment(models.Model):
    """流水与付款: so much of a line is this refund, returned deposit or payment. A wrong one is let go, never rubbed out: it stays
    with ``held`` off, and why stands in the line's journal. One whose voucher was reversed counts no more."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="payments", verbose_name="流水行")
    voucher = models.ForeignKey("ledger.Voucher", models.PROTECT, related_name="bank_ties", verbose_name="付款凭证")
    amount = models.BigIntegerField("金额（分）")
    held = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "流水与付款"
        constraints = [
            models.UniqueConstraint(fields=["line", "voucher"], name="line_payment_once", condition=Q(held=True)),
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_payment_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.voucher}"
