"""What the daily sheet asks of the one who signs it and of the one who reads it."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.duties import effects
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.showing import figures_panel
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

    def panel(self) -> dict[str, Any] | None:
        """What is about to be signed, for the page."""
        return figures_panel(self.record, self.by) if effects.known() else None


class ReadForm(StepForm):
    optional = ("manager_words",)

    class Meta:
        model = DaySheet
        fields = ["manager_words"]
        widgets = {"manager_words": forms.Textarea(attrs={"rows": 2})}
