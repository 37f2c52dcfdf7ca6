"""What the daily sheet asks of the one who signs it and of the one who reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.duties import effects
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.showing import figures_panel
from yihu.kernel.forms import SignatureField, StepForm


class DaySheetForm(StepForm):
    class Meta:
        model = DaySheet
        fields = ["day", "due_at"]


EARLY = timedelta(hours=2)


class SignForm(StepForm):
    """What comes in after the signature is on no sheet of this day: who signs long before the desk closes says that he means it."""

    early = forms.BooleanField(label="提前汇总：之后登记的事项不再进入今天的表")
    signature = SignatureField(label="汇总人签名")
    optional = ("remarks", "early")

    class Meta:
        model = DaySheet
        fields = ["remarks"]
        widgets = {"remarks": forms.Textarea(attrs={"rows": 4})}

    def prepare(self) -> None:
        if (self.at or timezone.now()) >= self.record.due_at - EARLY:
            del self.fields["early"]

    def clean_early(self) -> bool:
        if not self.cleaned_data["early"]:
            until = timezone.localtime(self.record.due_at)
            raise forms.ValidationError(
                f"前台开到 {until:%H:%M}，现在汇总太早。请下班前再签；确实要现在签，请勾选「提前汇总」。"
            )
        return True

    def panel(self) -> dict[str, Any] | None:
        """What is about to be signed, for the page."""
        return figures_panel(self.record, self.by) if effects.known() else None


class ReadForm(StepForm):
    optional = ("manager_words",)

    class Meta:
        model = DaySheet
        fields = ["manager_words"]
        widgets = {"manager_words": forms.Textarea(attrs={"rows": 2})}
