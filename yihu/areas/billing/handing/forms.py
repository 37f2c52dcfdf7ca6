"""What is asked when a bill is opened, entered into the books, or not entered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.handing.models import ServiceBill
from yihu.basics.months import Month
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import PickField, RowField, StepForm
from yihu.kernel.models import Record
from yihu.kernel.money_forms import MOST_FEN

LISTS = "services.monthlist"
SERVICE, REPAIR = "services.serviceorder", "repairs.workorder"
ORDERS = (SERVICE, REPAIR)
REVERSALS = ("services.reversal", "repairs.repairreversal")
Way = ServiceBill.Way


class BillForm(StepForm):
    """Opening, by the system: from which list or order, of which month."""

    source = RowField(Record.objects.none(), label="来源单据")
    optional = ("way",)

    class Meta:
        model = ServiceBill
        fields = ["source", "period", "way"]

    def prepare(self) -> None:
        field: Any = self.fields["source"]
        known = (LISTS, *ORDERS, *REVERSALS)
        field.queryset = Record.objects.filter(community_id=self.record.community_id, kind__in=known)

    def clean_way(self) -> str:
        return self.cleaned_data["way"] or Way.MONTH


class ChargeForm(StepForm):
    """Under which item, due when; as the time before."""

    class Meta:
        model = ServiceBill
        fields = ["item", "due_on"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def prepare(self) -> None:
        bill, field = self.record, self.fields["item"]
        field.queryset = items_of(bill.community_id).order_by("name")  # type: ignore[attr-defined]
        today = timezone.localdate(self.at)
        next_month = Month.of(today).after.first.replace(day=10)
        self.initial |= {
            "item": decided(bill) or likely(bill),
            "due_on": next_month if bill.way == Way.MONTH else today,
        }

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < timezone.localdate(self.at):
            raise forms.ValidationError("应缴日期不能早于今天。")
        return day


class RefuseForm(StepForm):
    class Meta:
        model = ServiceBill
        fields = ["refusal"]
        widgets: dict[str, Any] = {"refusal": forms.Textarea(attrs={"rows": 2})}


class PayerForm(StepForm):
    """Who pays for an order that no household stands behind."""

    payer = PickField("estate.Party", url="estate:pick_party", label="付款人")

    class Meta:
        model = ServiceBill
        fields: list[str] = []


class LowerForm(StepForm):
    """By the system: a reversal was granted before the bill was entered."""

    right = forms.IntegerField(label="应收（分）", min_value=1, max_value=MOST_FEN)
    why = forms.CharField(label="冲正单", max_length=40)

    class Meta:
        model = ServiceBill
        fields: list[str] = []


def items_of(community_id: int) -> Any:
    return FeeItem.objects.filter(community_id=community_id, nature=FeeItem.Nature.INCOME, shown=True)


def kind_of(bill: Any) -> str:
    """What kind of order it is about."""
    record = bill.takes_back.record if bill.takes_back_id else bill.source
    return str(record.kind)


def decided(bill: Any) -> int | None:
    """The item that the accountant chose for the last one of the same kind; while it is in use it holds for the next."""
    rows = ServiceBill.objects.filter(community_id=bill.community_id, item__shown=True)
    if bill.way == Way.MONTH:
        rows = rows.filter(way=Way.MONTH)
    else:
        rows = rows.filter(way=Way.SPOT, source__kind=kind_of(bill))
    found: int | None = rows.order_by("-pk").values_list("item", flat=True).first()
    return found


def likely(bill: Any) -> int | None:
    word = "维修" if kind_of(bill) == REPAIR else "服务"
    rows = items_of(bill.community_id).filter(name__contains=word).exclude(name__contains="物业")
    found: int | None = rows.values_list("pk", flat=True).first()
    return found
