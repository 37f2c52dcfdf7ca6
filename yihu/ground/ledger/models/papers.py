"""The papers of money: bills, receipts, deposits. What of them is left is reckoned with every posting, within its limits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yihu.ground.ledger.models.items import FeeItem
from yihu.ground.ledger.models.postings import Account, Voucher
from yihu.kernel.unspoken import UnspokenField


class Charge(models.Model):
    """账单行: what somebody owes for something in a time. A negative one is an adjustment in his favour.

    ``open`` is what is not settled yet, in 分 with the sign of the amount. Together with the constraints it makes paying a
    bill twice impossible; ``part`` tells apart what may stand several times for one time (a second meter).
    """

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    # found by charge_of_party and charge_of_unit
    party = models.ForeignKey(
        "estate.Party", models.PROTECT, related_name="charges", db_index=False, verbose_name="付款人"
    )
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, related_name="charges", db_index=False, verbose_name="房屋"
    )
    item = models.ForeignKey(FeeItem, models.PROTECT, related_name="charges", verbose_name="收费项目")
    from_on = models.DateField("服务期自")
    to_on = models.DateField("服务期至")
    due_on = models.DateField("应缴日期")
    amount = models.BigIntegerField("金额（分）")
    open = models.BigIntegerField("未缴（分）", default=0)
    part = models.CharField("分项", max_length=40, blank=True)
    words = models.CharField("说明", max_length=200, blank=True)
    basis: models.JSONField[Any, Any] = models.JSONField("计算依据", null=True)
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="来源")
    # what a late fee accrued on, found by charge_late_fees
    principal = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="late_fees", db_index=False, verbose_name="违约金的本金"
    )
    # one voucher takes back a single bill, or a whole slice of a billing run; nearly all have none, so an index would mislead
    reversal = models.ForeignKey(
        Voucher, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="冲销凭证"
    )

    class Meta:
        verbose_name = verbose_name_plural = "账单行"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "item", "from_on", "to_on", "part"], name="charged_once",
                condition=Q(reversal__isnull=True, unit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["party", "item", "from_on", "to_on", "part"], name="charged_once_without_a_unit",
                condition=Q(reversal__isnull=True, unit__isnull=True),
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="charge_is_something"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="charge_runs_forward"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, open__gte=0, open__lte=F("amount"))
                | Q(amount__lt=0, open__lte=0, open__gte=F("amount")),
                name="charge_open_within",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["community", "due_on"], name="charge_open", condition=~Q(open=0)),
            models.Index(fields=["unit", "due_on"], name="charge_of_unit"),
            models.Index(fields=["party", "due_on"], name="charge_of_party"),
            models.Index(fields=["principal"], name="charge_late_fees", condition=Q(principal__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.from_on:%Y-%m-%d} 至 {self.to_on:%Y-%m-%d}"

    @property
    def title(self) -> str:
        """What it is for, so that two lines of one item and time are told apart on paper."""
        return f"{self.item}（{self.part}）" if self.part and self.principal_id is None else str(self.item)


class Receipt(models.Model):
    """收据: money that came in, once. ``left`` is what is neither applied nor given back, ``bound`` what of it was paid in
    advance for one item and serves nothing else. Numbers run without gaps."""

    class Method(models.TextChoices):
        CASH = "cash", "现金"
        CHEQUE = "cheque", "支票"
        BANK = "bank", "转账"
        CARD = "card", "刷卡"
        ONLINE = "online", "线上"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    number = models.CharField("收据号", max_length=40, unique=True)
    party = models.ForeignKey("estate.Party", models.PROTECT, null=True, related_name="receipts", verbose_name="客户")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房屋")
    payer_name = UnspokenField("付款人", max_length=80)
    method = models.CharField("方式", max_length=10, choices=Method.choices)
    reference = models.CharField("流水号", max_length=80, blank=True)
    amount = models.BigIntegerField("金额（分）")
    left = models.BigIntegerField("未用（分）", default=0)
    bound = models.BigIntegerField("定了用途（分）", default=0, db_default=0)
    bound_to = models.ForeignKey(
        FeeItem, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="预收项目"
    )
    # what he said as he paid, and that he said otherwise later: the paper keeps the first
    agreed = models.BooleanField("同意自动抵缴", default=False, db_default=False)
    withdrawn = models.BooleanField("已收回同意", default=False, db_default=False)
    received_at = models.DateTimeField("收款时间")
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="收款人")
    closed_in = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="日结")
    voided_by = models.OneToOneField(Voucher, models.PROTECT, null=True, related_name="+", verbose_name="作废凭证")

    class Meta:
        verbose_name = verbose_name_plural = "收据"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "method", "reference"],
                name="received_once",
                condition=~Q(reference="") & Q(voided_by__isnull=True),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_is_something"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("amount")), name="receipt_left_within"),
            models.CheckConstraint(
                condition=Q(bound=0) | Q(bound__gt=0, bound__lte=F("left"), bound_to__isnull=False),
                name="receipt_bound_within",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "received_at"], name="receipt_by_time"),
            models.Index(fields=["party", "received_at"], name="receipt_of_party"),
            models.Index(fields=["community", "party"], name="receipt_left_over", condition=Q(left__gt=0)),
            models.Index(
                fields=["community", "collector"], name="receipt_to_close", condition=Q(closed_in__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def free(self) -> int:
        """What of it serves whatever its payer owes."""
        return self.left - self.bound

    @property
    def account(self) -> str:
        """Where the money lies."""
        return Account(self.method)


class Deposit(models.Model):
    """押金: somebody's money that we keep; a debt of ours and never income."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="deposits", verbose_name="客户")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房屋")
    item = models.ForeignKey(FeeItem, models.PROTECT, related_name="+", verbose_name="押金种类")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="deposits", verbose_name="收据")
    amount = models.BigIntegerField("金额（分）")
    left = models.BigIntegerField("结存（分）", default=0)
    due_back_on = models.DateField("应退日期", null=True)
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="来源")

    class Meta:
        verbose_name = verbose_name_plural = "押金"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_is_something"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("amount")), name="deposit_left_within"),
        ]
        indexes = [models.Index(fields=["community", "due_back_on"], name="deposit_held", condition=Q(left__gt=0))]

    def __str__(self) -> str:
        return f"{self.item} {self.party}"
