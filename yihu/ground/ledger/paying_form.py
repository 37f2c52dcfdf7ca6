"""How something was paid out: the form that every register with a payment asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.kernel.forms import StepForm

A_YEAR = timedelta(days=366)


class PayingForm(StepForm):
    """By which way, under which number, on which day. A register's own form names its model."""

    optional = ("paid_reference",)
    starred = ("paid_reference",)
    only_when = {"paid_reference": "method=bank cheque"}

    class Meta:
        fields = ["method", "paid_reference", "paid_on"]
        widgets = {"method": forms.RadioSelect}
        help_texts = {"paid_reference": "网银回单的流水号或支票号码"}

    def prepare(self) -> None:
        self.fields["method"].required = self.fields["paid_on"].required = True
        self.initial |= {"method": "bank", "paid_on": timezone.localdate(self.at or timezone.now())}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("method") in ("bank", "cheque") and not cleaned.get("paid_reference"):
            self.add_error("paid_reference", "请填流水号或支票号码，对账要用。")
        if cleaned.get("method") == "cash":
            cleaned["paid_reference"] = ""
        return cleaned

    def clean_paid_on(self) -> Any:
        """A year long past is a slip of the finger, or a way to put a payment where nobody looks any more."""
        day = self.not_to_come("paid_on")
        if day is not None and day < timezone.localdate(self.at or timezone.now()) - A_YEAR:
            raise forms.ValidationError("付款日期在一年以前，请核对年份。")
        return day
