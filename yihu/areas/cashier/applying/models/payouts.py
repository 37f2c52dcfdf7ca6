"""退款申请 (F93) 与退押金 (F91)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum

from yihu.areas.cashier.applying.models.base import PayOut
from yihu.basics.money import yuan
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class Refund(PayOut):
    """退款申请: what is left of a receipt goes back to who paid it."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        TO_PAY = "to_pay", "待付款"
        PAID = "paid", "已退款"
        REFUSED = "refused", "不予退款"
        FAILED = "failed", "未付出，已撤销"

    receipt = models.ForeignKey("ledger.Receipt", models.PROTECT, related_name="+", verbose_name="收据")
    account_name = UnspokenField("收款户名", max_length=80, blank=True)
    bank = models.CharField("开户行", max_length=80, blank=True)
    account_no = PersonalField("银行账号", kind="bank")

    class Meta:
        verbose_name = verbose_name_plural = "退款申请"

    def in_cash_before(self) -> int:
        return in_cash_of(self.receipt)

    def summarise(self) -> str:
        return f"退 {self.receipt} {yuan(self.amount)} 元，{self.get_method_display()}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.payee} {self.receipt}"


def in_cash_of(receipt: Any) -> int:
    """What of a receipt goes or went back in cash: several small refunds are one large one, in 分."""
    states = (Refund.State.TO_PAY, Refund.State.PAID)
    rows = Refund.objects.filter(receipt=receipt, method=PayOut.Method.CASH, state__in=states)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


class DepositReturn(PayOut):
    """退押金申请: after acceptance; deductions only with the payer's signed word, the rest to his own account."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        TO_PAY = "to_pay", "待付款"
        PAID = "paid", "已退清"
        REFUSED = "refused", "不予退还"
        FAILED = "failed", "未付出，已撤销"

    class Original(models.TextChoices):
        RETURNED = "returned", "收据原件已收回"
        LOST = "lost", "原件遗失，有遗失声明"

    deposit = models.ForeignKey("ledger.Deposit", models.PROTECT, related_name="+", verbose_name="押金")
    acceptance = models.CharField("验收依据", max_length=120)
    original = models.CharField("收据原件", max_length=10, choices=Original.choices, default=Original.RETURNED)
    account_name = UnspokenField("收款户名", max_length=80, blank=True)
    bank = models.CharField("开户行", max_length=80, blank=True)
    account_no = PersonalField("银行账号", kind="bank")

    class Meta:
        verbose_name = verbose_name_plural = "退押金申请"

    def deducted(self) -> int:
        return sum(one.amount for one in self.deductions.all())

    def summarise(self) -> str:
        return f"退 {self.deposit}（收据 {self.deposit.receipt}）"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.payee} {self.deposit.receipt}"


class BouncedPayment(models.Model):
    """退回的付款: a payment that the bank sent back, as it was made. The application goes on with another account; this stays."""

    of = models.ForeignKey("kernel.Record", models.PROTECT, related_name="bounced_payments", verbose_name="申请")
    voucher = models.OneToOneField("ledger.Voucher", models.PROTECT, related_name="+", verbose_name="退款凭证")
    amount = models.BigIntegerField("金额（分）")
    account_name = UnspokenField("收款户名", max_length=80, blank=True)
    bank = models.CharField("开户行", max_length=80, blank=True)
    account_no = PersonalField("银行账号", kind="bank")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批准人")
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="付款经手人")
    paid_at = models.DateTimeField("付款时间")
    paid_reference = models.CharField("付款流水号", max_length=80, blank=True)
    bounced_on = models.DateField("银行退回日期")
    bounced_reference = models.CharField("退汇流水号", max_length=80)
    bounced_why = models.CharField("银行退回的原因", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "退回的付款"
        constraints: list[Any] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="bounced_payment_is_something")
        ]

    def __str__(self) -> str:
        return f"{self.paid_reference} {yuan(self.amount)}"


class Deduction(models.Model):
    """A bill that the deposit is used for, as its payer signed for it."""

    of = models.ForeignKey(DepositReturn, models.PROTECT, related_name="deductions")
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="账单")
    amount = models.BigIntegerField("抵扣金额（分）")

    class Meta:
        verbose_name = verbose_name_plural = "押金扣款"
        constraints: list[Any] = [
            models.UniqueConstraint(fields=["of", "charge"], name="deducted_once_for_a_charge"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deduction_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.charge} {yuan(self.amount)}"
