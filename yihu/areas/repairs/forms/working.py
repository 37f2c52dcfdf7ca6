"""What the worker and the customer are asked at the place."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.repairs.forms.base import OnOrder
from yihu.areas.repairs.forms.storing import AskStoreForm
from yihu.areas.repairs.models import PartLine, WorkOrder
from yihu.ground.contact.signing import SigningForm
from yihu.kernel.forms import PhotosField, StepForm
from yihu.kernel.money_forms import MoneyField

Settle = WorkOrder.Settle


class PartForm(AskStoreForm):
    """One line of material that was used."""

    unit_price = MoneyField(label="单价（元）")


class DropPartForm(OnOrder):
    part = forms.ModelChoiceField(
        label="哪一行", queryset=PartLine.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def prepare(self) -> None:
        self.fields["part"].queryset = PartLine.objects.filter(order_id=self.record.pk)  # type: ignore[attr-defined]


class FinishForm(StepForm):
    """The worker's report: cause, what was done, labour, photographs of the result, site left clean."""

    labour = MoneyField(label="人工费（元）", initial="0")
    photos = PhotosField(label="完工照片")
    site_clean = forms.BooleanField(label="现场已清理")
    optional = ("labour", "photos")

    class Meta:
        model = WorkOrder
        fields = ["cause", "work_done", "chargeable"]
        widgets = {"work_done": forms.Textarea(attrs={"rows": 3}), "chargeable": forms.RadioSelect}

    def prepare(self) -> None:
        self.fields["chargeable"].choices = [  # type: ignore[attr-defined]
            choice for choice in WorkOrder.Chargeable.choices if choice[0] != WorkOrder.Chargeable.UNDECIDED
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("chargeable") == WorkOrder.Chargeable.FREE and cleaned.get("labour"):
            self.add_error("labour", "无偿维修不收人工费；请改为有偿，或把人工费改为 0。")
        if cleaned.get("chargeable") == WorkOrder.Chargeable.PAID and self.record.our_cost:
            whose = self.record.get_responsibility_display()
            self.add_error("chargeable", f"责任是{whose}，不向业主收费，请选无偿；责任记错的，请主管先更正。")
        return cleaned


class FirmDoneForm(FinishForm):
    """What the outside firm did, written down by the head or the desk."""

    labour = MoneyField(label="费用（元）", initial="0")


class SignForm(SigningForm):
    """The customer signs what was done and what it costs, or will not."""

    starred = ("opinion", "signature")
    optional = ("opinion", "settle")
    sections = (
        ("", ("settle", "opinion", "signature")),
        ("客户拒签时填写", ("refused", "sign_refused", "witness_1", "witness_2", "photos")),
    )

    class Meta:
        model = WorkOrder
        fields = ["settle", "opinion", "sign_refused"]
        widgets = {"opinion": forms.RadioSelect, "settle": forms.RadioSelect}

    def prepare(self) -> None:
        """On the month's bill, unless the customer pays at once; without a room there is no such bill."""
        order = self.record
        if order.chargeable != WorkOrder.Chargeable.PAID or not order.total_fen:
            del self.fields["settle"]
            return
        self.initial["settle"] = self._usual()
        if order.unit_id is None:
            self.fields["settle"].choices = [(Settle.NOW.value, Settle.NOW.label)]  # type: ignore[attr-defined]

    def _usual(self) -> str:
        return Settle.MONTH if self.record.unit_id else Settle.NOW

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "settle" in self.fields:
            cleaned["settle"] = cleaned.get("settle") or self._usual()
        if not cleaned.get("refused") and not cleaned.get("opinion"):
            self.add_error("opinion", "请选择客户的意见。")
        return cleaned
