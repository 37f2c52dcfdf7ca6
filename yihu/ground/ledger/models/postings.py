"""The double-entry postings. They are only ever added; the database itself refuses to change one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.kernel.only_added import OnlyAdded


class Account(models.TextChoices):
    """科目. A debit is positive, a credit negative; all lines of a community add up to nothing."""

    CASH = "cash", "库存现金"
    CHEQUE = "cheque", "支票"
    BANK = "bank", "银行存款"
    CARD = "card", "刷卡在途"
    ONLINE = "online", "线上在途"
    RECEIVABLE = "receivable", "应收"
    CREDIT = "credit", "预收"
    UNIDENTIFIED = "unidentified", "未认领款"
    DEPOSIT = "deposit", "押金"
    INCOME = "income", "物业收入"
    PASS_THROUGH = "pass_through", "代收代付"
    COMMON = "common", "公共收益"
    FUND = "fund", "维修资金"
    WAIVED = "waived", "减免"
    OVER_SHORT = "over_short", "长短款"
    FEE = "fee", "手续费"
    PAYABLE = "payable", "应付账款"
    EXPENSE = "expense", "管理费用"
    COMMON_COST = "common_cost", "公共收益支出"


MONEY = (Account.CASH, Account.CHEQUE, Account.BANK, Account.CARD, Account.ONLINE)


class Books(models.Model):
    """One community's books: who posts holds this row, so that a period cannot be closed beside him."""

    community = models.OneToOneField("estate.Community", models.PROTECT, primary_key=True, related_name="books")
    closed_through = models.DateField("结账至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "账套"

    def __str__(self) -> str:
        return f"{self.community} 账套"


class Voucher(models.Model):
    """凭证: one thing that happened to money, with its lines. A reversal keeps the kind of what it takes back."""

    class Kind(models.TextChoices):
        CHARGE = "charge", "账单"
        WAIVE = "waive", "减免"
        OFFSET = "offset", "对冲"
        TRANSFER = "transfer", "转付款人"
        RECEIPT = "receipt", "收款"
        IDENTIFY = "identify", "认领"
        EARMARK = "earmark", "预收定用途"
        ALLOCATE = "allocate", "缴费"
        DEPOSIT = "deposit", "收押金"
        DEDUCT = "deduct", "押金抵扣"
        RETURN = "return", "退押金"
        REFUND = "refund", "退款"
        OVER_SHORT = "over_short", "长短款"
        PAY_OUT = "pay_out", "渠道结算"
        CARRY = "carry", "资金划转"
        BANK_FEE = "bank_fee", "银行手续费"
        SPEND = "spend", "支出"
        PAY = "pay", "付款"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    day = models.DateField("记账日期")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    words = models.CharField("摘要", max_length=200)
    rule = models.CharField("分配依据", max_length=12, blank=True)
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="来源")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="冲销")
    key = models.CharField(max_length=160, unique=True)

    objects = OnlyAdded.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "凭证"
        indexes = [
            models.Index(fields=["community", "day", "kind"], name="voucher_by_day"),
            models.Index(
                fields=["community", "day"], name="voucher_ahead", condition=Q(rule__in=["purpose", "agreed"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_kind_display()} {self.words}"


class Line(models.Model):
    """分录. Whose, of what and for which paper it is stands on the line itself."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="lines", verbose_name="凭证")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", db_index=False)
    account = models.CharField("科目", max_length=12, choices=Account.choices)
    day = models.DateField("记账日期")
    amount = models.BigIntegerField("金额（分）")
    party = models.ForeignKey("estate.Party", models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, null=True, related_name="+", db_index=False)
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, null=True, related_name="lines", db_index=False)
    receipt = models.ForeignKey("ledger.Receipt", models.PROTECT, null=True, related_name="lines", db_index=False)
    deposit = models.ForeignKey("ledger.Deposit", models.PROTECT, null=True, related_name="lines", db_index=False)
    payable = models.ForeignKey("ledger.Payable", models.PROTECT, null=True, related_name="lines", db_index=False)
    cost = models.ForeignKey("ledger.CostItem", models.PROTECT, null=True, related_name="lines", db_index=False)

    objects = OnlyAdded.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分录"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="line_is_something"),
            models.CheckConstraint(
                condition=~Q(account="receivable") | Q(charge__isnull=False), name="receivable_is_of_a_charge"
            ),
            models.CheckConstraint(
                condition=~Q(account__in=["credit", "unidentified"]) | Q(receipt__isnull=False),
                name="credit_is_of_a_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(account="deposit") | Q(deposit__isnull=False), name="deposit_is_of_a_deposit"
            ),
            models.CheckConstraint(
                condition=~Q(account="payable") | Q(payable__isnull=False), name="payable_is_of_a_payable"
            ),
            models.CheckConstraint(
                condition=~Q(account__in=["expense", "common_cost"]) | Q(cost__isnull=False), name="cost_is_of_an_item"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "account", "day"], name="line_by_account"),
            models.Index(fields=["charge"], name="line_of_charge", condition=Q(charge__isnull=False)),
            models.Index(fields=["receipt"], name="line_of_receipt", condition=Q(receipt__isnull=False)),
            models.Index(fields=["deposit"], name="line_of_deposit", condition=Q(deposit__isnull=False)),
            models.Index(fields=["payable"], name="line_of_payable", condition=Q(payable__isnull=False)),
            models.Index(fields=["cost", "day"], name="line_of_cost", condition=Q(cost__isnull=False)),
            models.Index(fields=["party", "day"], name="line_of_party", condition=Q(party__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.amount}"
