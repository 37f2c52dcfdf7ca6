"""After a red letter: which receipt is the right one, or why there is none to be written."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.applying.righting import likely, why_not_the_right_one
from yihu.kernel.forms import PickField, StepForm


class RightForm(StepForm):
    """The receipt that was written in its place; the likely one is filled in."""

    right = PickField(
        "ledger.Receipt", url="applying:pick_receipt", label="重开的收据", help_text="输入收据号、房号或姓名"
    )

    class Meta:
        model = RedLetter
        fields = ["right"]

    def prepare(self) -> None:
        found = likely(self.record)
        if found is not None:
            self.initial["right"] = found.pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        right = cleaned.get("right")
        if right is not None and (sentence := why_not_the_right_one(self.record, right)):
            self.add_error("right", sentence)
        return cleaned


class NoRightForm(StepForm):
    class Meta:
        model = RedLetter
        fields = ["no_right"]
        widgets = {"no_right": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"no_right": "例如：这笔钱没有收过；钱已随另一张收据重开"}
