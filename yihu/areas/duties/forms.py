"""What the daily sheet asks of the one who signs it and of the one who reads it."""

from __future__ import annotations

from django import forms

from yihu.areas.duties.models import DaySheet
from yihu.kernel.forms import SignatureField, StepForm


class DaySheetForm(StepForm):
    class Meta:
        model = DaySheet
        fields = ["day", "due_at"]


class SignForm(StepForm):
    signature = SignatureField(label="汇总人签名")
    optional = ("remarks",)

    class Meta:
        model = DaySheet
        fields = ["remarks"]
        widgets = {"remarks": forms.Textarea(attrs={"rows": 4})}


class ReadForm(StepForm):
    optional = ("manager_words",)

    class Meta:
        model = DaySheet
        fields = ["manager_words"]
        widgets = {"manager_words": forms.Textarea(attrs={"rows": 2})}
