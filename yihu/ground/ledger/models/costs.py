"""What money is spent on, and what we owe for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yihu.ground.ledger.models.postings import Account, Voucher
from yihu.kernel.unspoken import UnspokenField


class CostItem(models.Model):
    """支出明细科目: one sub-account of spending. Whoever plans by lines gives each of them one."""

    class Of(models.TextChoices):
        EXPENSE = Account.EXPENSE.value, Account.EXPENSE.label
        COMMON_COST = Account.COMMON_COST.value, Account.COMMON_COST.label

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    code = models.CharField("编码", max_length=12)
    name = models.CharField("名称", max_length=40)
    account = models.CharField("科目", max_length=12, choices=Of.choices, default=Of.EXPENSE)

    class Meta:
        verbose_name = verbose_name_plural = "支出明细科目"
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="cost_item_code_once")]

    def __str__(self) -> str:
        return self.name


class Payable(models.Model):
    """应付款: what we owe somebody outside for one bill or claim. ``left`` is what is not paid yet."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    payee = UnspokenField("收款方", max_length=60)
    amount = models.BigIntegerField("金额（分）")
    left = models.BigIntegerField("未付（分）", default=0)
    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="+", verbose_name="来源")
    voided_by = models.OneToOneField(Voucher, models.PROTECT, null=True, related_name="+", verbose_name="冲销凭证")

    class Meta:
        verbose_name = verbose_name_plural = "应付款"
        constraints = [
            models.UniqueConstraint(fields=["record"], name="owed_once", condition=Q(voided_by__isnull=True)),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payable_is_something"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("amount")), name="payable_left_within"),
        ]
        indexes = [models.Index(fields=["community"], name="payable_open", condition=Q(left__gt=0))]

    def __str__(self) -> str:
        return f"应付 {self.payee}"
