"""《催款通知单》 (F83) and the monthly batch in which they are drawn up (D66)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yihu.areas.billing.delivering import Delivered
from yihu.areas.billing.dunning.models.cases import DunningCase
from yihu.areas.billing.notices.models.notices import fresh_token
from yihu.basics.money import yuan
from yihu.kernel.models import Record


class Wrong(models.TextChoices):
    """What was wrong with a notice that had gone out (FEE-12); nothing where it was only not needed any more."""

    PAYER = "payer", "付款人"
    AMOUNT = "amount", "金额"
    PERIOD = "period", "服务期"
    PAID = "paid", "已经缴过的又催了"


class DunningRound(Record):
    """催款批次: what is drawn up on the 11th working day of a month for everybody who has not paid."""

    class State(models.TextChoices):
        DRAWING = "drawing", "生成中"
        READY = "ready", "待打印盖章"
        OUT = "out", "送达中"
        DONE = "done", "已送齐"

    day = models.DateField("催款日")
    due_at = models.DateTimeField("应发出")
    drawn = models.PositiveIntegerField("已生成", default=0, editable=False)
    passed = models.PositiveIntegerField("不发", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "催款批次"

    def summarise(self) -> str:
        return f"{self.day:%Y年%-m月}催款：{self.drawn} 张" + (f"，{self.passed} 户不发" if self.passed else "")


class Passed(models.Model):
    """Who got no notice in a batch, and why."""

    round = models.ForeignKey(DunningRound, models.PROTECT, related_name="passes")
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="付款人")
    why = models.CharField("原因", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "本批不发"
        constraints = [models.UniqueConstraint(fields=["round", "party"], name="passed_once_in_a_round")]

    def __str__(self) -> str:
        return f"{self.party} {self.why}"


class DunningNotice(Record, Delivered):
    """催款通知单: level 1..n, the arrears line by line, a reasonable time to pay, and how it was delivered."""

    class State(models.TextChoices):
        TO_APPROVE = "to_approve", "待项目经理批"
        ISSUED = "issued", "待送达"
        DELIVERED = "delivered", "已送达"
        DONE = "done", "签收表已交回"
        VOID = "void", "作废"

    Wrong = Wrong
    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="notices", verbose_name="催缴")
    round = models.ForeignKey(
        DunningRound, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="批次", editable=False
    )
    level = models.PositiveSmallIntegerField("第几次催款", editable=False)
    drawn_on = models.DateField("开单日期", editable=False)
    pay_by = models.DateField("请于何日前缴清")
    total = models.BigIntegerField("欠费合计", editable=False)
    late_fee = models.BigIntegerField("违约金", default=0, editable=False)
    words = models.CharField("另外说明", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        "staff.Account", models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    void_why = models.CharField("作废原因", max_length=200, blank=True)
    wrong = models.CharField("错在哪里", max_length=10, choices=Wrong.choices, blank=True)
    token = models.CharField("缴费页面", max_length=40, unique=True, default=fresh_token, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "催款通知单"
        constraints = [
            *Delivered.Meta.constraints,
            models.CheckConstraint(condition=Q(total__gt=0), name="dunning_asks_for_something"),
            models.CheckConstraint(condition=Q(pay_by__gt=models.F("drawn_on")), name="dunning_leaves_time"),
            models.CheckConstraint(condition=Q(level__gte=1), name="dunning_level_counts"),
            models.CheckConstraint(condition=Q(wrong="") | ~Q(void_why=""), name="dunning_wrong_says_why"),
        ]

    @property
    def asked(self) -> int:
        return int(self.total + self.late_fee)

    def summarise(self) -> str:
        return f"{self.unit or self.party.journal_name} 第 {self.level} 次催款 {yuan(self.asked)} 元"

    def search_words(self) -> str:
        return f"{self.party or ''} {self.unit or ''}"


class NoticeLine(models.Model):
    """One bill on a notice, as it stood that day."""

    notice = models.ForeignKey(DunningNotice, models.PROTECT, related_name="lines")
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="账单")
    amount = models.BigIntegerField("未缴（分）")
    used = models.BigIntegerField("已用预收（分）", default=0, db_default=0)
    late_fee = models.BigIntegerField("违约金（分）", default=0)
    late_words = models.CharField("违约金算式", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "催款明细"
        constraints = [
            models.UniqueConstraint(fields=["notice", "charge"], name="noticed_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, late_fee__gte=0), name="notice_line_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.charge} {yuan(self.amount)}"
