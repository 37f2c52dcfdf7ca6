"""供应单位 and their bills: the other side of what is collected for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yihu.areas.billing.meters.models import Meter
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.kernel.models import Record

FIGURE = {"max_digits": 13, "decimal_places": 3, "null": True, "blank": True}


class Supplier(models.Model):
    """供应单位: one account of ours with the waterworks, the grid …, and under which fee items it is collected."""

    class Kind(models.TextChoices):
        WATER = Meter.Kind.WATER.value, Meter.Kind.WATER.label
        POWER = Meter.Kind.POWER.value, Meter.Kind.POWER.label
        GAS = Meter.Kind.GAS.value, Meter.Kind.GAS.label
        HEAT = Meter.Kind.HEAT.value, Meter.Kind.HEAT.label

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("供应", max_length=10, choices=Kind.choices)
    account_no = models.CharField("户号", max_length=40)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="各户代收的收费项目")
    shared_item = models.ForeignKey(
        "ledger.FeeItem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公摊的收费项目"
    )
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="总表")
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "供应单位"
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "account_no"], name="supplier_account_once"),
            models.UniqueConstraint(fields=["item"], name="one_supplier_of_an_item", condition=Q(shown=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.account_no}）"

    @property
    def items(self) -> list[int]:
        """Under which fee items its supply is collected."""
        return [pk for pk in (self.item_id, self.shared_item_id) if pk is not None]


class SupplierBill(Record):
    """供应单位账单: typed in, compared with what was collected, agreed to by another, paid by the cashier, settled."""

    class State(models.TextChoices):
        DUE = "due", "待登记"
        RECORDED = "recorded", "待审核"
        TO_PAY = "to_pay", "待付款"
        PAID = "paid", "已付待对账"
        SETTLED = "settled", "已对账"
        VOID = "void", "已冲销"

    class Method(models.TextChoices):
        BANK = "bank", "转账"
        CASH = "cash", "现金"
        CHEQUE = "cheque", "支票"

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bills", verbose_name="供应单位")
    month = models.DateField("月份")
    due_at = models.DateTimeField("应办完时间", null=True, editable=False)
    from_on = models.DateField("账单期自", null=True, blank=True)
    to_on = models.DateField("账单期至", null=True, blank=True)
    previous = models.DecimalField("总表上次读数", **FIGURE)  # type: ignore[arg-type]
    current = models.DecimalField("总表本次读数", **FIGURE)  # type: ignore[arg-type]
    multiplier = models.DecimalField("倍率", max_digits=9, decimal_places=3, default=Decimal(1))
    added = models.DecimalField("另加、另减的用量（±）", **FIGURE)  # type: ignore[arg-type]
    amount_fen = models.BigIntegerField("账单金额（分）", default=0)
    invoice_no = models.CharField("账单、发票号", max_length=60, blank=True)
    own_fen = models.BigIntegerField("其中不向业户收的（分）", default=0)
    own_cost = models.ForeignKey(
        "ledger.CostItem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="这部分记到"
    )
    why_different = models.CharField("差额说明", max_length=200, blank=True)
    why_back = models.CharField("退回、冲销的原因", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人", editable=False
    )
    payable = models.OneToOneField(
        "ledger.Payable", models.PROTECT, null=True, related_name="+", verbose_name="应付款", editable=False
    )
    method = models.CharField("付款方式", max_length=10, choices=Method.choices, blank=True)
    paid_reference = models.CharField("付款流水号", max_length=60, blank=True)
    paid_on = models.DateField("付款日期", null=True, blank=True)
    told: models.JSONField[Any, Any] = models.JSONField("对账时的数字", default=dict, blank=True, editable=False)
    settled_words = models.CharField("对账意见", max_length=200, blank=True)
    live = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "供应单位账单"
        constraints = [
            models.UniqueConstraint(fields=["supplier", "month"], name="supplier_bill_once", condition=Q(live=True)),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, own_fen__gte=0, own_fen__lte=F("amount_fen")),
                name="supplier_bill_within",
            ),
        ]

    @property
    def month_word(self) -> str:
        return f"{self.month.year}年{self.month.month}月"

    @property
    def use(self) -> Decimal | None:
        """What the supplier's meter measured: (current − previous) × multiplier, and what the bill adds or takes off."""
        if self.current is None or self.previous is None:
            return None
        return (self.current - self.previous) * self.multiplier + (self.added or Decimal(0))

    @property
    def span(self) -> tuple[date, date]:
        """The days that it is for; until they are typed, the business month (21st to 20th)."""
        if self.from_on and self.to_on:
            return self.from_on, self.to_on
        return Month.of(self.month).business

    @property
    def through_fen(self) -> int:
        """What is passed through."""
        return self.amount_fen - self.own_fen

    def summarise(self) -> str:
        amount = f"：{yuan(self.amount_fen)} 元" if self.amount_fen else ""
        return f"{self.month_word} {self.supplier.name}{amount}"

    def search_words(self) -> str:
        return f"{self.supplier.name} {self.supplier.account_no} {self.month:%Y-%m} {self.invoice_no}"


class SupplierCorrection(Record):
    """供应单位账单更正: what was wrong with a bill that is paid or settled; asked by one, agreed to by another (FEE-20)."""

    class State(models.TextChoices):
        ASKED = "asked", "待财务主管批"
        DONE = "done", "已更正"
        REFUSED = "refused", "不同意"

    class Way(models.TextChoices):
        SETTLE = "settle", "对账不对：账单和付款没有错，重新对账"
        UNPAID = "unpaid", "款没有付到，或者已经退回：撤销付款，重新付"
        RECORD = "record", "账单登记错：账上全部冲销，重新登记、审核、付款"

    bill = models.ForeignKey(SupplierBill, models.PROTECT, related_name="corrections", verbose_name="供应单位账单")
    way = models.CharField("怎么更正", max_length=10, choices=Way.choices)
    why = models.CharField("原因", max_length=120)
    opinion = models.CharField("意见", max_length=200, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    agreed_at = models.DateTimeField("批准时间", null=True, editable=False)
    # the bill as it stood, and what was posted: it is written anew afterwards, its correction is not
    was: models.JSONField[Any, Any] = models.JSONField("更正前的账单", default=dict, blank=True, editable=False)
    applied = models.BooleanField("已入账", default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "供应单位账单更正"

    def summarise(self) -> str:
        return f"{self.bill.number} {self.get_way_display().partition('：')[0]}"

    def search_words(self) -> str:
        return f"{self.bill.number} {self.bill.supplier.name}"
