"""What the opening of a complaint asks."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Level
from yihu.ground.staff.heads import departments
from yihu.kernel.forms import PersonChoice, PickField, StepForm

OPENING = [
    "unit", "party", "complainant", "phone", "relation", "channel", "source", "referred_by", "anonymous", "content", "category",
    "level", "safety", "about_dept", "about_staff", "whole_team_out", "happened_at", "place", "demand", "apologised", "team",
]  # fmt: skip


class ComplaintForm(StepForm):
    """投诉记录表 (F20), CMP-01. Mostly taken over from the contact; the responsible department may be named at once."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    about_dept = forms.ChoiceField(label="被投诉部门")
    about_staff = PersonChoice(label="被投诉员工", capability="reception.open", help_text="保存后本人看不到这件投诉")
    team = forms.ChoiceField(label="责任部门", help_text="选了就直接送客服经理确认；还不清楚可以先不选")
    optional = (
        "unit", "party", "complainant", "phone", "anonymous", "safety", "referred_by", "about_dept", "about_staff",
        "whole_team_out", "happened_at", "place", "demand", "apologised", "team",
    )  # fmt: skip
    taken_over = (
        "unit", "party", "complainant", "phone", "relation", "channel", "content", "about_staff", "anonymous",
    )  # fmt: skip

    class Meta:
        model = Complaint
        fields = OPENING
        widgets = {
            "party": forms.HiddenInput,
            "relation": forms.RadioSelect,
            "channel": forms.RadioSelect,
            "source": forms.RadioSelect,
            "category": forms.RadioSelect,
            "level": forms.RadioSelect,
            "content": forms.Textarea(attrs={"rows": 3}),
            "demand": forms.Textarea(attrs={"rows": 2}),
        }

    def prepare(self) -> None:
        here = self.record.community_id
        for name in ("about_dept", "team"):
            self.fields[name].choices = [("", "不指定"), *departments(here)]  # type: ignore[attr-defined]
        self.fields["party"].queryset = self.fields["party"].queryset.filter(community_id=here)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("relation") == "anonymous":
            cleaned["anonymous"] = True
        if cleaned.get("anonymous"):
            cleaned |= {"complainant": "", "phone": "", "unit": None, "party": None}
        self.record.pace = "natural" if cleaned.get("level") == Level.MAJOR or cleaned.get("safety") else "service"
        return cleaned
