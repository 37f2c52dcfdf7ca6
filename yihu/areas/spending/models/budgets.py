"""预算: the lines that a community plans by, a year's budget, and what each line may come to in each month (FEE-15)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from yihu.basics.money import yuan
from yihu.ground.ledger.models import CostItem
from yihu.kernel.models import Record


class BudgetLine(models.Model):
    """预算科目. Income counts the bills of one fee item; cost is a sub-account of the ledger, and counts what was paid on it;
    ``fees`` counts 手续费, which the bank and the channels take for themselves: nobody asks for it and nobody claims it."""

    class Kind(models.TextChoices):
        INCOME = "income", "收入"
        COST = "cost", "支出"

    class Source(models.TextChoices):
        """Out of whose money it is paid."""

        OFFICE = "office", "管理处"
        COMMON = "common", "公共收益"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    code = models.CharField("编码", max_length=12)
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("收支", max_length=10, choices=Kind.choices, default=Kind.COST)
    source = models.CharField("列支", max_length=10, choices=Source.choices, default=Source.OFFICE)
    item = models.ForeignKey(
        "ledger.FeeItem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收费项目"
    )
    cost = models.OneToOneField(
        CostItem, models.PROTECT, null=True, editable=False, related_name="budget_line", verbose_name="支出明细科目"
    )
    audited = models.BooleanField("维修费用，付款前要成本审核", default=False)
    fees = models.BooleanField("银行、刷卡、线上渠道扣的手续费", default=False, db_default=False)
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "预算科目"
        constraints = [
            models.UniqueConstraint(fields=["community", "code"], name="budget_line_once"),
            models.CheckConstraint(
                condition=~Q(kind="income") | Q(item__isnull=False), name="income_line_has_its_item"
            ),
            models.CheckConstraint(
                condition=Q(fees=False) | Q(kind="cost", source="office", audited=False, cost__isnull=True),
                name="fees_are_the_offices_cost",
            ),
            models.UniqueConstraint(fields=["community"], condition=Q(fees=True), name="fees_on_one_line"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A line of cost has its sub-account from the first day, under the same name; 手续费 is an account of its own."""
        if not self.fees and (self.kind == self.Kind.COST or self.cost is not None):
            self.cost = self._account()
        super().save(*args, **kwargs)

    def _account(self) -> CostItem:
        held = self.cost or CostItem(community_id=self.community_id)
        of = CostItem.Of.COMMON_COST if self.source == self.Source.COMMON else CostItem.Of.EXPENSE
        said = {"code": self.code, "name": self.name, "account": of}
        if held.pk is None or any(getattr(held, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(held, name, value)
            held.save()
        return held

    @classmethod
    def spendable(cls, community_id: int) -> models.QuerySet[BudgetLine]:
        """On which money can be asked for and claimed."""
        rows = cls.objects.filter(community_id=community_id, kind=cls.Kind.COST, fees=False, shown=True)
        return rows.order_by("source", "code")

    @property
    def used(self) -> bool:
        """Something was posted on it already."""
        return self.cost is not None and self.cost.lines.exists()


class Budget(Record):
    """年度预算: drafted by one, approved by another; a later one of the same year takes its place."""

    class State(models.TextChoices):
        DRAFT = "draft", "待批准"
        IN_FORCE = "in_force", "执行中"
        REFUSED = "refused", "不批准"
        REPLACED = "replaced", "已由新预算代替"

    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(2000), MaxValueValidator(2200)])
    ground = models.CharField("编制说明", max_length=200)
    opinion = models.CharField("意见", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "年度预算"

    def summarise(self) -> str:
        return f"{self.year} 年预算"


class BudgetRow(models.Model):
    """What a line may come to in one month, in 分."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="rows")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="rows", verbose_name="科目")
    month = models.PositiveSmallIntegerField("月份")
    amount = models.BigIntegerField("金额（分）")

    class Meta:
        verbose_name = verbose_name_plural = "预算明细"
        constraints = [
            models.UniqueConstraint(fields=["budget", "line", "month"], name="budget_row_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budget_row_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_row_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.month}月 {yuan(self.amount)}"
