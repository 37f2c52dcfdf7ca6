"""What ends a month's round."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.households.models import VerifyRound
from yihu.areas.households.verifying import left
from yihu.kernel.forms import StepForm, asking

RoundForm = asking(VerifyRound, "first_on", "due_at")


class ShutForm(StepForm):
    """With units left on the list it is said why, and what is done about them."""

    optional = ("words",)

    class Meta:
        model = VerifyRound
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        self.left = left(self.record).count()
        if self.left:
            self.fields["words"].help_text = f"还有 {self.left} 户没有核对，请写明原因和打算。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.left and not cleaned.get("words"):
            self.add_error("words", f"还有 {self.left} 户没有核对，请写明原因和打算。")
        return cleaned
