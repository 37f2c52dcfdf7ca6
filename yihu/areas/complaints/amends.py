"""What is asked about the apology that is owed for a colleague who was complained of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.complaints.models import Complaint
from yihu.kernel.forms import PersonChoice, StepForm

YES, NO = "yes", "no"


class ApologyForm(StepForm):
    """主管致歉 (CMP-07): how, when, and with whom the supervisor apologised for the colleague; or why there was no apology."""

    done = forms.ChoiceField(
        label="致歉了没有", choices=((YES, "致歉"), (NO, "没有致歉")), initial=YES, widget=forms.RadioSelect
    )
    apologised_at = forms.DateTimeField(label="致歉时间")
    apology_with = PersonChoice(label="和谁一起", capability="reception.open", help_text="主管单独致歉的不选")
    words = forms.CharField(label="怎样说的", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    optional = ("apology_way", "apologised_at", "apology_with", "words", "no_apology")
    starred = ("apology_way", "apologised_at", "words", "no_apology")
    only_when = {
        **dict.fromkeys(("apology_way", "apologised_at", "apology_with", "words"), "done=yes"), "no_apology": "done=no",
    }  # fmt: skip
    field_order = ("done", "apology_way", "apologised_at", "apology_with", "words", "no_apology")

    class Meta:
        model = Complaint
        fields = ["apology_way", "apology_with", "no_apology"]
        widgets = {"apology_way": forms.RadioSelect, "no_apology": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.initial["apologised_at"] = self.at or timezone.now()
        self.initial["apology_with"] = self.record.apology_with_id or self.record.about_staff_id

    def clean_apologised_at(self) -> Any:
        moment = self.not_to_come("apologised_at")
        if moment is not None and moment < self.record.opened_at.replace(second=0, microsecond=0):
            raise forms.ValidationError("致歉时间不能早于受理投诉的时间。")
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("done") == NO:
            cleaned |= {"apology_way": "", "apologised_at": None, "apology_with": None, "words": ""}
            if not cleaned.get("no_apology"):
                self.add_error("no_apology", "请写明为什么没有致歉，例如：投诉人表示不需要。")
            return cleaned
        cleaned["no_apology"] = ""
        asks = {"apology_way": "请选择怎样致歉的。", "apologised_at": "请写明致歉的时间。", "words": "请写明怎样说的。"}
        for name, sentence in asks.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned
