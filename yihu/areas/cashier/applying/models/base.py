"""What every application has: why, who agreed, what was posted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Application(Record):
    """Somebody asks, somebody else agrees; the agreement is the posting (domain.md §7)."""

    reason = models.TextField("原因", max_length=500)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    refusal = models.CharField("不批准的原因", max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def applicant(self) -> str:
        return str(self.opened_by)


class PayOut(Application):
    """Money goes back to the payer's own account (domain.md §5.6): agreed by one, paid by another."""

    class Method(models.TextChoices):
        BANK = "bank", "转账"
        CASH = "cash", "现金"

    class NameWhy(models.TextChoices):
        """Why the account bears another name than the receipt, though it is the payer's own."""

        TYPO = "typo", "收据上的名字写错了"
        RENAMED = "renamed", "付款人改了名、单位更了名"
        SHORT = "short", "收据上是简称、曾用名、外文名"

    method = models.CharField("退款方式", max_length=10, choices=Method.choices, default=Method.BANK)
    payee = UnspokenField("付款人", max_length=80, editable=False)
    amount = models.BigIntegerField("退款金额（分）")
    voucher = models.OneToOneField(
        "ledger.Voucher", models.PROTECT, null=True, related_name="+", verbose_name="退款凭证", editable=False
    )
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="付款经手人", editable=False
    )
    paid_at = models.DateTimeField("付款时间", null=True, editable=False)
    paid_reference = models.CharField("付款流水号", max_length=80, blank=True)
    failure = models.CharField("未付出的原因", max_length=200, blank=True)
    name_why = models.CharField("户名与收据不同", max_length=10, choices=NameWhy.choices, blank=True)
    name_basis = UnspokenField("怎么知道是付款人本人", max_length=200, blank=True)
    bounced_on = models.DateField("银行退回日期", null=True, blank=True)
    bounced_reference = models.CharField("退汇流水号", max_length=80, blank=True)
    bounced_why = models.CharField("银行退回的原因", max_length=200, blank=True)

    class Meta:
        abstract = True

    def in_cash_before(self) -> int:
        """What of the same paper went back in cash already, in 分."""
        return 0
