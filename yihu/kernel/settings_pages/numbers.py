"""数目: how many of something (cases in a month, days to wait), declared by areas, set by a company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from yihu.kernel.calendars import parameter
from yihu.kernel.settings_pages.declared import Kind
from yihu.kernel.settings_pages.forms import ChangeForm


@dataclass(frozen=True)
class Number:
    """One such setting: its name, what it is for, what holds until a company says otherwise, and its bounds."""

    name: str
    label: str
    words: str
    default: int
    unit: str
    least: int = 1
    most: int = 365

    def at(self, community_id: int, moment: datetime) -> int:
        return int(parameter(self.name, community_id, moment, self.default))

    def said(self, value: int) -> str:
        return f"{value} {self.unit}"


class NumberForm(ChangeForm):
    number = forms.IntegerField(label="数目")
    field_order = ("number", "in_force_at", "why")

    def __init__(self, data: Any, number: Number, now: int) -> None:
        super().__init__(data, initial={"number": now})
        bounds = f"{number.least} 到 {number.most} {number.unit}"
        wrong = {"min_value": f"请填 {bounds}。", "max_value": f"请填 {bounds}。"}
        self.fields["number"] = forms.IntegerField(
            label=f"数目（{number.unit}）", min_value=number.least, max_value=number.most, help_text=bounds, error_messages=wrong
        )  # fmt: skip
        self.order_fields(self.field_order)

    def value(self) -> int:
        return int(self.cleaned_data["number"])


NUMBERS = Kind("数目", "数目", "kernel:settings_numbers", "kernel:settings_number", NumberForm)
declare, page, one = NUMBERS.declare, NUMBERS.page, NUMBERS.one
