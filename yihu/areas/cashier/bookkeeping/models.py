"""月账: a month's 记账凭证, only added, numbered without a gap; what was asked about one of them, and how it was answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.basics.months import Month
from yihu.ground.ledger.models import Account, Voucher
from yihu.kernel.models import Record
from yihu.kernel.only_added import OnlyAdded


def _person(word: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=word, editable=False
    )


class MonthBook(Record):
    """One month of one community: drawn up by the accountant once it is closed, checked by somebody else (D69)."""

    class State(models.TextChoices):
        DUE = "due", "待制证"
        DRAWN = "drawn", "待审核"
        QUERIED = "queried", "有疑问待答复"
        SIGNED = "signed", "已审核签账"

    period = models.CharField("月份", max_length=7)
    slip_count = models.PositiveIntegerField("凭证张数", default=0, editable=False)
    total_fen = models.BigIntegerField("借方合计（分）", default=0, editable=False)
    drawn_by = _person("制证人")
    drawn_at = models.DateTimeField("制证时间", null=True, editable=False)
    signed_by = _person("审核人")
    signed_at = models.DateTimeField("签账时间", null=True, editable=False)
    # a second column for the community, so that the database itself keeps a second book of one month out
    book_of = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "月账"
        constraints = [models.UniqueConstraint(fields=["book_of", "period"], name="month_book_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.book_of_id = self.community_id
        super().save(*args, **kwargs)

    @property
    def first(self) -> date:
        return Month.known(self.period).first

    @property
    def last(self) -> date:
        return Month.known(self.period).last

    def summarise(self) -> str:
        counted = f"，凭证 {self.slip_count} 张" if self.drawn_at else ""
        return f"{self.period} 月账{counted}"


class Slip(models.Model):
    """记账凭证: everything of one kind that was posted on one day; what was reversed stands on one of its own, in red."""

    book = models.ForeignKey(MonthBook, models.PROTECT, related_name="slips", verbose_name="月账")
    number = models.PositiveIntegerField("凭证号")
    day = models.DateField("日期")
    kind = models.CharField("类别", max_length=12, choices=Voucher.Kind.choices)
    red = models.BooleanField("红字", default=False)
    words = models.CharField("摘要", max_length=200)
    papers = models.PositiveIntegerField("分录单据数")
    total = models.BigIntegerField("合计（分）")

    objects = OnlyAdded.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记账凭证"
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="slip_number_once"),
            models.UniqueConstraint(fields=["book", "day", "kind", "red"], name="slip_of_a_day_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="slip_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"记-{self.number:04d}"

    @property
    def full_number(self) -> str:
        return f"{self.book.period} 记字第 {self.number:04d} 号"


class SlipLine(models.Model):
    """One line of a slip, with the names as they were when it was drawn up."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="lines", verbose_name="凭证")
    place = models.PositiveSmallIntegerField("行次")
    account = models.CharField("科目", max_length=12, choices=Account.choices)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, null=True, related_name="+", verbose_name="收费项目")
    cost = models.ForeignKey("ledger.CostItem", models.PROTECT, null=True, related_name="+", verbose_name="支出科目")
    name = models.CharField("明细科目", max_length=60, blank=True)
    debit = models.BigIntegerField("借方（分）")
    credit = models.BigIntegerField("贷方（分）")

    objects = OnlyAdded.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "凭证分录"
        constraints = [
            models.UniqueConstraint(fields=["slip", "place"], name="slip_line_once"),
            models.CheckConstraint(condition=~Q(debit=0, credit=0), name="slip_line_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.name}".strip()


class SlipQuery(models.Model):
    """疑问: what the supervisor asks about a slip; answered by an explanation, or by what corrected it."""

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", "没有错，说明如下"
        CORRECTED = "corrected", "已冲销更正"

    book = models.ForeignKey(MonthBook, models.PROTECT, related_name="queries", verbose_name="月账")
    slip = models.ForeignKey(Slip, models.PROTECT, related_name="queries", verbose_name="凭证")
    question = models.CharField("疑问", max_length=200)
    asked_by = _person("提出人")
    asked_at = models.DateTimeField("提出时间")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    answered_by = _person("答复人")
    answered_at = models.DateTimeField("答复时间", null=True)
    correction = models.ForeignKey(
        "ledger.Voucher", models.PROTECT, null=True, related_name="+", verbose_name="冲销更正的分录"
    )

    class Meta:
        verbose_name = verbose_name_plural = "凭证疑问"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="corrected", correction__isnull=False)
                | (~Q(outcome="corrected") & Q(correction__isnull=True)),
                name="a_correction_is_named",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True) | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="an_answer_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["book"], name="slip_query_open", condition=Q(outcome=""))]

    def __str__(self) -> str:
        return f"{self.slip} {self.question}"
