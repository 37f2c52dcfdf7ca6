"""What a reader tells: the dial, or why there is nothing to tell; a swap, a move, a correction."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.models import Reading
from yihu.areas.billing.meters.recording import Device
from yihu.basics.text import clean_line
from yihu.kernel.forms import PhotosField, tidy

K, WHEN = Reading.Kind, Reading.Occasion
TOLD = ((K.READ, "实抄"), (K.ROLLED, "翻转"), (K.ESTIMATED, "估抄"), (K.CORRECTED, "更正"), (K.FAULT, "倒转故障"))


def dial(label: str, *, required: bool = True) -> forms.DecimalField:
    """A number as a dial shows it; telephones bring up the keyboard with figures."""
    wrong = {
        "invalid": "请填数字，例如 1203.4。",
        "max_decimal_places": "最多三位小数。",
        "min_value": "读数不会小于零。",
    }
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=13, decimal_places=3, error_messages=wrong,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"}),
    )  # fmt: skip


def line(label: str, *, required: bool = True, most: int = 40, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, help_text=help_text)


class Asking(forms.Form):
    """Typed text is tidied, one line stays one line."""

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and value:
                self.cleaned_data[name] = clean_line(value, 200)


class ReadForm(Asking):
    """One meter of the round. What is usual takes one figure and one press."""

    current = dial("本次读数", required=False)
    kind = forms.ChoiceField(label="类别", choices=TOLD, initial=K.READ, widget=forms.RadioSelect, required=False)
    by_last_year = forms.BooleanField(
        label="按去年同月估", required=False, help_text="只对估抄、倒转故障；不勾按最近三个月平均"
    )
    why = line("说明", required=False, most=200, help_text="估抄、更正、倒转故障要写原因，例如：家中无人")
    photo = PhotosField(label="照片", required=False, max_files=1)

    def entry(self, on: date) -> Entry:
        told = self.cleaned_data
        photos = told.get("photo") or []
        return Entry(
            on, told.get("current"), told.get("kind") or K.READ, told.get("why") or "", "", photos[0] if photos else None,
            by_last_year=bool(told.get("by_last_year")),
        )  # fmt: skip


class CorrectForm(Asking):
    current = dial("正确的读数")
    why = line("更正原因", most=200, help_text="例如：把 09 看成 90，照片为证")
    photo = PhotosField(label="照片", required=False, max_files=1)


class Signed(Asking):
    """Figures for which two people signed on the spot."""

    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    signed_ours = line("我方签字人")
    signed_theirs = line("对方签字人", help_text="业主、租户或见证人；过户的写双方")

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial, self.fields["signed_ours"].initial = timezone.localdate(), str(by)


class SwapForm(Signed):
    """换表."""

    OLD = (("swap", "读得出"), ("round", "读得出，走过一圈"), ("dead", "读不出，按近三个月平均估"))

    closing_how = forms.ChoiceField(label="旧表止数", choices=OLD, initial="swap", widget=forms.RadioSelect)
    closing = dial("旧表止数", required=False)
    number = line("新表表号")
    opening = dial("新表起数")
    multiplier = forms.DecimalField(label="新表倍率", min_value=Decimal("0.001"), max_digits=9, decimal_places=3)
    digits = forms.IntegerField(label="新表整数位数", min_value=3, max_value=9)
    verified_until = forms.DateField(
        label="检定有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    why = line("换表原因", most=200, help_text="例如：检定到期、表屏不亮")
    photo = PhotosField(label="旧表照片", required=False, max_files=1)
    field_order = ("on", "closing_how", "closing", "number", "opening", "multiplier", "digits", "verified_until", "why")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("closing_how") != "dead" and cleaned.get("closing") is None and "closing" not in self.errors:
            self.add_error("closing", "请填旧表止数；读不出的请选“读不出”。")
        return cleaned

    def closing_entry(self) -> Entry:
        told = self.cleaned_data
        dead, photos = told["closing_how"] == "dead", told.get("photo") or []
        return Entry(
            told["on"], None if dead else told["closing"], K.FAULT if dead else K.SWAP, told["why"], WHEN.SWAP,
            photos[0] if photos else None, told["signed_ours"], told["signed_theirs"], went_round=told["closing_how"] == "round",
        )  # fmt: skip

    def device(self) -> Device:
        told = self.cleaned_data
        return Device(told["number"], told["opening"], told["multiplier"], told["digits"], told["verified_until"])


class MoveForm(Signed):
    """入住、迁出、过户 when the figures are read for both sides."""

    occasion = forms.ChoiceField(
        label="场合", choices=[(one.value, one.label) for one in (WHEN.MOVE_IN, WHEN.MOVE_OUT, WHEN.TRANSFER)],
        widget=forms.RadioSelect, initial=WHEN.MOVE_OUT,
    )  # fmt: skip
    current = dial("读数")
    photo = PhotosField(label="照片", required=False, max_files=1)
    field_order = ("occasion", "on", "current")

    def entry(self) -> Entry:
        told, photos = self.cleaned_data, self.cleaned_data.get("photo") or []
        return Entry(
            told["on"], told["current"], K.READ, "", told["occasion"], photos[0] if photos else None, told["signed_ours"],
            told["signed_theirs"],
        )  # fmt: skip
