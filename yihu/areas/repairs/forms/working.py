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
        return cleaned


class FirmDoneForm(FinishForm):
    """What the outside firm did, written down by the head or the desk."""

    labour = MoneyField(label="费用（元）", initial="0")


class SignForm(SigningForm):
    """The customer signs what was done and what it costs, or will not."""

    starred = ("opinion", "signature")
    optional = ("opinion",)
    sections = (
        ("", ("opinion", "signature")),
        ("客户拒签时填写", ("refused", "sign_refused", "witness_1", "witness_2", "photos")),
    )

    class Meta:
        model = WorkOrder
        fields = ["opinion", "sign_refused"]
        widgets = {"opinion": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("refused") and not cleaned.get("opinion"):
            self.add_error("opinion", "请选择客户的意见。")
        return cleaned
