"""Orders that somebody pays at a channel, every word a channel said, and the days on which it paid us out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class PayOrder(models.Model):
    """线上付款单: an amount asked for through a channel. Its money is counted once, whatever the channel sends."""

    class State(models.TextChoices):
        WAITING = "waiting", "待付款"
        PAID = "paid", "已付款"
        PARKED = "parked", "待核对"
        CLOSED = "closed", "已处理"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    number = models.CharField("付款单号", max_length=40, unique=True)
    channel = models.CharField("渠道", max_length=20)
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="客户")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房屋")
    amount = models.BigIntegerField("金额（分）")
    charges: models.JSONField[Any, Any] = models.JSONField("账单", default=list)
    # made by the payer himself on the page of his notice: which one, and how much of his money in our hands goes with it
    bill = models.CharField("缴费通知单", max_length=50, blank=True)
    credit = models.BigIntegerField("预存抵缴（分）", default=0)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    pay_url = models.CharField("付款地址", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开单人")
    made_at = models.DateTimeField("开单时间")

    class Meta:
        verbose_name = verbose_name_plural = "线上付款单"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_order_is_something"),
            models.CheckConstraint(condition=Q(credit__gte=0), name="pay_order_credit"),
        ]
        indexes = [
            models.Index(fields=["community", "state", "made_at"], name="pay_order_list"),
            models.Index(fields=["bill"], name="pay_order_of_bill", condition=~Q(bill="")),
        ]

    def __str__(self) -> str:
        return self.number


class Notice(models.Model):
    """What a channel said of one payment, known by the channel's own number: the second time is no second payment."""

    class Verdict(models.TextChoices):
        COUNTED = "counted", "已入账"
        AMOUNT = "amount", "金额不符"
        TWICE = "twice", "这张单已付过"
        UNKNOWN = "unknown", "没有这张付款单"
        RETURNING = "returning", "退款中"
        HANDLED = "handled", "已核对"

    community = models.ForeignKey("estate.Community", models.PROTECT, null=True, related_name="+")
    channel = models.CharField("渠道", max_length=20)
    reference = models.CharField("渠道流水号", max_length=60)
    order_number = models.CharField("付款单号", max_length=40)
    order = models.ForeignKey(PayOrder, models.PROTECT, null=True, related_name="notices", verbose_name="付款单")
    amount = models.BigIntegerField("金额（分）")
    paid_at = models.DateTimeField("付款时间")
    heard_at = models.DateTimeField("收到时间")
    verdict = models.CharField("结果", max_length=10, choices=Verdict.choices)
    receipt = models.OneToOneField("ledger.Receipt", models.PROTECT, null=True, related_name="pay_notice")

    class Meta:
        verbose_name = verbose_name_plural = "渠道通知"
        constraints = [models.UniqueConstraint(fields=["channel", "reference"], name="notice_once")]
        indexes = [models.Index(fields=["community", "verdict"], name="notice_to_check")]

    def __str__(self) -> str:
        return f"{self.channel} {self.reference}"


class Settlement(models.Model):
    """渠道结算: one day's payments paid out to our account less the channel's fee."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    channel = models.CharField("渠道", max_length=20)
    day = models.DateField("交易日")
    gross = models.BigIntegerField("收款（分）")
    fee = models.BigIntegerField("手续费（分）")
    voucher = models.OneToOneField("ledger.Voucher", models.PROTECT, null=True, related_name="+", verbose_name="凭证")
    line = models.OneToOneField("banking.BankLine", models.PROTECT, null=True, related_name="settlement")

    class Meta:
        verbose_name = verbose_name_plural = "渠道结算"
        constraints = [models.UniqueConstraint(fields=["community", "channel", "day"], name="settled_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.day:%Y-%m-%d}"

    @property
    def net(self) -> int:
        """What arrives in the bank, in 分."""
        return self.gross - self.fee
