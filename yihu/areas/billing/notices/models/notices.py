"""缴费通知单 (F82): what one payer is asked to pay for one unit, as it was printed."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from yihu.areas.billing.delivering import Delivered, DeliveredQuerySet
from yihu.areas.billing.notices.models.batches import NoticeBatch
from yihu.areas.billing.notices.models.sheets import DeliverySheet


def fresh_token() -> str:
    """Leads the payer to his own notice; nobody guesses it."""
    return secrets.token_urlsafe(18)


class NoticeQuerySet(DeliveredQuerySet):
    """Notices, those that hold and those that were called back."""

    def valid(self) -> NoticeQuerySet:
        return self.filter(recalled_at__isnull=True)


class Notice(Delivered):
    """Its numbers run without a gap in the batch. A wrong one is called back and shown by number on the one in its place."""

    class Wrong(models.TextChoices):
        PAYER = "payer", "付款人"
        AMOUNT = "amount", "金额"
        PERIOD = "period", "服务期"
        READING = "reading", "抄表读数"

    batch = models.ForeignKey(NoticeBatch, models.PROTECT, related_name="notices", verbose_name="批次")
    number = models.CharField("编号", max_length=50, unique=True)
    seq = models.PositiveIntegerField("批内序号")
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="客户")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房屋")
    month_fen = models.BigIntegerField("本期（分）")
    arrears_fen = models.BigIntegerField("以前未缴（分）")
    credit_fen = models.BigIntegerField("预存（分）", default=0)
    due_fen = models.BigIntegerField("请缴金额（分）")
    pay_by = models.DateField("请于何日前缴清")
    sheet = models.ForeignKey(
        DeliverySheet, models.PROTECT, null=True, related_name="notices", verbose_name="签收表", editable=False
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="更正自", editable=False
    )
    recalled_at = models.DateTimeField("作废时间", null=True, editable=False)
    recalled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人", editable=False
    )
    wrong = models.CharField("错在哪里", max_length=10, choices=Wrong.choices, blank=True)
    cause = models.CharField("出错情况", max_length=200, blank=True)
    token = models.CharField(max_length=40, unique=True, default=fresh_token, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta(Delivered.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "缴费通知单"
        constraints = [
            *Delivered.Meta.constraints,
            models.UniqueConstraint(fields=["batch", "seq"], name="payment_notice_seq"),
            models.UniqueConstraint(
                fields=["batch", "party", "unit"], name="payment_notice_once",
                condition=Q(recalled_at__isnull=True, unit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["batch", "party"], name="payment_notice_without_unit",
                condition=Q(recalled_at__isnull=True, unit__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(due_fen__gte=0, credit_fen__gte=0)
                & Q(due_fen__gte=F("month_fen") + F("arrears_fen") - F("credit_fen")),
                name="payment_notice_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True) | ~Q(wrong=""), name="payment_notice_recalled"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "batch"], name="payment_notice_of_unit")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("notices:notice", args=[self.number])

    @property
    def community_id(self) -> int:
        found: int = self.batch.community_id
        return found

    @property
    def total_fen(self) -> int:
        return self.month_fen + self.arrears_fen

    @property
    def open_fen(self) -> int:
        """What of its lines is not settled today."""
        return sum(line.charge.open for line in self.all_lines)

    @property
    def all_lines(self) -> list[Any]:
        return list(self.lines.all())

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in a word, and the colour of the word (domain.md §10)."""
        if self.recalled_at is not None:
            return "更正作废", "state-void"
        if self.open_fen <= 0:
            return "缴清", "state-done"
        if self.open_fen < sum(line.amount for line in self.all_lines):
            return "部分缴", "state-busy"
        if self.refusal:
            return "拒签", "state-check"
        if self.delivered_at is not None:
            return ("已邮寄" if self.posted else "已签收"), "state-check"
        return ("派发中", "state-wait") if self.sheet_id else (str(self.batch.state_word), "state-new")


class NoticeLine(models.Model):
    """A line of a notice: which charge, and how much of it was open when the notice was drawn up; ``used``: how much of it had
    been settled by money paid in advance."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+")
    amount = models.BigIntegerField("金额（分）")
    used = models.BigIntegerField("已用预收（分）", default=0, db_default=0)
    prior = models.BooleanField("以前未缴", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "通知单明细"
        constraints = [models.UniqueConstraint(fields=["notice", "charge"], name="payment_notice_line_once")]

    def __str__(self) -> str:
        return str(self.charge)
