"""What is asked when a list is opened, entered into the books, or not entered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.handing.models import ServiceBill
from yihu.areas.billing.reckoned import Month
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import RowField, StepForm
from yihu.kernel.models import Record

LISTS = "services.monthlist"


class BillForm(StepForm):
    """Opening, by the system: from which list, of which month."""

    source = RowField(Record.objects.none(), label="月结清单")

    class Meta:
        model = ServiceBill
        fields = ["source", "period"]

    def prepare(self) -> None:
        field: Any = self.fields["source"]
        field.queryset = Record.objects.filter(community_id=self.record.community_id, kind=LISTS)


class ChargeForm(StepForm):
    """Under which item, due when; as the month before."""

    class Meta:
        model = ServiceBill
        fields = ["item", "due_on"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def prepare(self) -> None:
        bill, field = self.record, self.fields["item"]
        items = FeeItem.objects.filter(community_id=bill.community_id, nature=FeeItem.Nature.INCOME, shown=True)
        field.queryset = items.order_by("name")  # type: ignore[attr-defined]
        before = (
            ServiceBill.objects.filter(community_id=bill.community_id, item__isnull=False).order_by("-period").first()
        )
        likely = (
            before.item_id
            if before
            else items.filter(name__contains="服务").exclude(name__contains="物业").values_list("pk", flat=True).first()
        )
        if not self.initial.get("item"):
            self.initial["item"] = likely
        if not self.initial.get("due_on"):
            self.initial["due_on"] = Month.of(timezone.localdate(self.at)).after.first.replace(day=10)

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
