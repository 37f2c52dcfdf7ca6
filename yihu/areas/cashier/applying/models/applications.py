"""减免申请 (F92) 与红冲申请 (F94)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from yihu.areas.cashier.applying.models.base import Application
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan


class Waiver(Application):
    """减免申请: a part of a bill is let off, as an amount or a percentage of what is still owed."""

    class State(models.TextChoices):
        TO_AGREE = "to_agree", "待项目经理同意"
        ASKED = "asked", "待财务主管批"
        DONE = "done", "已减免"
        REFUSED = "refused", "不予减免"
        LAPSED = "lapsed", "账单已结清，作罢"

    class Why(models.TextChoices):
        SERVICE = "service", "服务不到位补偿"
        HARDSHIP = "hardship", "困难照顾"
        VACANT = "vacant", "空置"
        DISPUTE = "dispute", "争议协商"
        MISTAKE = "mistake", "计费差错"
        LATE_FEE = "late_fee", "减免违约金"
        ROUNDING = "rounding", "抹零"
        OTHER = "other", "其它"

    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="账单")
    percent = models.DecimalField("减免比例（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.BigIntegerField("减免金额（分）")
    why = models.CharField("原因类别", max_length=10, choices=Why.choices)
    agreed_by = models.ForeignKey(
        "staff.Account", models.PROTECT, null=True, related_name="+", verbose_name="项目经理", editable=False
    )
    agreed_at = models.DateTimeField("项目经理同意时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "减免申请"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="waiver_is_something")]

    def summarise(self) -> str:
        return f"减免 {yuan(self.amount)} 元：{self.charge}（{self.get_why_display()}）"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.party or ''} {mask_free_text(self.reason)}"


class RedLetter(Application):
    """红冲申请: takes a bill or a receipt back, dated today; the papers stay as they were. On the day itself, before the
    till is closed, its collector has his own receipt voided with all its copies (domain.md §5.7)."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        TO_RIGHT = "to_right", "已冲销，待重开"
        DONE = "done", "已冲销"
        REFUSED = "refused", "不予冲销"

    STANDS = (State.TO_RIGHT, State.DONE)  # the paper is taken back

    class Way(models.TextChoices):
        VOID = "void", "当日作废"
        RED = "red", "红字冲销"

    class Why(models.TextChoices):
        ENTRY = "entry", "录入错误"
        BOUNCED = "bounced", "支票退票、付款被撤"
        TWICE = "twice", "重复"
        AREA = "area", "面积、读数有误"
        OTHER = "other", "其它"

    charge = models.ForeignKey(
        "ledger.Charge", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账单"
    )
    receipt = models.ForeignKey(
        "ledger.Receipt", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收据"
    )
    way = models.CharField("方式", max_length=5, choices=Way.choices, default=Way.RED)
    copies_back = models.BooleanField("收据各联已收回", default=False)
    why = models.CharField("原因类别", max_length=10, choices=Why.choices)
    amount = models.BigIntegerField("冲销金额（分）", editable=False)
    right = models.OneToOneField(
        "ledger.Receipt", models.PROTECT, null=True, related_name="right_of", verbose_name="重开的收据"
    )
    no_right = models.CharField("不用重开的原因", max_length=200, blank=True)
    # the daily close of its collector that counted it, where the receipt stood in an earlier one
    counted_in = models.ForeignKey(
        "applying.TillClose", models.PROTECT, null=True, related_name="reds", verbose_name="计入日结", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "红冲申请"
        constraints = [
            models.CheckConstraint(
                condition=Q(charge__isnull=True, receipt__isnull=False) | Q(charge__isnull=False, receipt__isnull=True),
                name="reversal_of_one_paper",
            ),
            models.CheckConstraint(
                condition=~Q(way="void") | Q(receipt__isnull=False, copies_back=True), name="void_with_all_copies"
            ),
        ]

    @property
    def paper(self) -> Any:
        return self.receipt or self.charge

    @property
    def wants_a_right_one(self) -> bool:
        """The money was there and only its receipt was wrong: another one has to say what is right. Money that went back to
        the bank, or that was written down twice, needs none; what is voided on its day is seen when the till is counted."""
        none = (self.Why.BOUNCED, self.Why.TWICE)
        return self.receipt_id is not None and self.way == self.Way.RED and self.why not in none

    def summarise(self) -> str:
        return f"{self.get_way_display()} {self.paper} {yuan(self.amount)} 元（{self.get_why_display()}）"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.party or ''} {self.paper} {mask_free_text(self.reason)}"
