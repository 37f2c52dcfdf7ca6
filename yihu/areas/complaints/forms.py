"""What is asked until a complaint goes out to its department: the record (F20), the sheet (F21), the level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import USUAL_DEPARTMENT, Category, Level, Source, Validity
from yihu.ground.staff.heads import departments
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import PersonChoice, PickField, StepForm

OPENING = [
    "unit", "party", "complainant", "phone", "relation", "channel", "source", "referred_by", "anonymous", "content", "category",
    "level", "safety", "about_dept", "about_staff", "whole_team_out", "happened_at", "place", "demand", "apologised", "team",
]  # fmt: skip
ABOUT = ("about_staff", "about_dept", "whole_team_out")
KEEPS_AWAY = "须回避的部门不能作责任部门，请另选一个。"


class AlikeShown(forms.HiddenInput):
    """Earlier complaints that this one may repeat, offered while the clerk is typing."""

    template_name = "complaints/alike_widget.html"

    @property
    def is_hidden(self) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        prefix = name.rpartition("-")[0]
        names = [f"{prefix}-{one}" if prefix else one for one in ("unit", "category", "about_dept")]
        included = ", ".join(f"[name={one}]" for one in dict.fromkeys([*names, "unit"]))
        context["widget"].update(
            url=f"{reverse('complaints:alike')}?field={name}&chosen={value or ''}", included=included
        )
        return context


def department_choice(form: StepForm, name: str, empty: str) -> None:
    form.fields[name].choices = [("", empty), *departments(form.record.community_id)]  # type: ignore[attr-defined]


class AboutForm(StepForm):
    """Who is complained of: a colleague, a department, or everybody of it."""

    about_dept = forms.ChoiceField(label="被投诉部门")
    about_staff = PersonChoice(label="被投诉员工", capability="reception.open", help_text="本人从此看不到这件投诉")
    optional = ABOUT

    class Meta:
        model = Complaint
        fields: list[str] = list(ABOUT)
        help_texts = {"whole_team_out": "勾选后，该部门所有人都看不到、不能经办这件投诉"}

    def prepare(self) -> None:
        department_choice(self, "about_dept", "不指定")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        about = cleaned.get("about_staff")
        if about is not None and not cleaned.get("about_dept"):
            known = sorted(grants_of(about).teams(self.record.community_id))
            cleaned["about_dept"] = known[0] if known else ""
        if cleaned.get("whole_team_out") and not cleaned.get("about_dept"):
            self.add_error("about_dept", "请选择须整体回避的部门。")
        if cleaned.get("whole_team_out") and self._team(cleaned) == cleaned.get("about_dept"):
            self.add_error("team" if "team" in self.fields else "whole_team_out", KEEPS_AWAY)
        return cleaned

    def _team(self, cleaned: dict[str, Any]) -> str:
        return str(cleaned.get("team", "") if "team" in self.fields else self.record.team)


class ComplaintForm(AboutForm):
    """投诉记录表 (F20), CMP-01. Mostly taken over from the contact; the responsible department may be named at once."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    team = forms.ChoiceField(label="责任部门", help_text="选了就直接送客服经理确认；还不清楚可以先不选")
    repeat_of = forms.CharField(label="以前的投诉", max_length=40, widget=AlikeShown)
    optional = (
        "unit", "party", "complainant", "phone", "anonymous", "safety", "referred_by", "happened_at", "place", "demand", "apologised",
        "team", "repeat_of", *ABOUT,
    )  # fmt: skip
    taken_over = (
        "unit", "party", "complainant", "phone", "relation", "channel", "content", "about_staff", "anonymous",
    )  # fmt: skip
    only_when = {"referred_by": "source=letter media authority third", "whole_team_out": ""}
    sections = (
        ("", ("unit", "content", "category", "repeat_of", "team", "level", "apologised")),
        ("投诉人", ("complainant", "phone", "relation", "channel", "source", "referred_by", "anonymous")),
        ("诉求、时间、地点（可不填）", ("demand", "happened_at", "place", "safety")),
        ("被投诉的人或部门（可不填）", ABOUT),
    )

    class Meta(AboutForm.Meta):
        fields = OPENING
        widgets = {
            "party": forms.HiddenInput,
            "anonymous": forms.HiddenInput,
            "relation": forms.RadioSelect,
            "channel": forms.RadioSelect,
            "source": forms.RadioSelect,
            "category": forms.RadioSelect,
            "level": forms.RadioSelect,
            "content": forms.Textarea(attrs={"rows": 3}),
            "demand": forms.Textarea(attrs={"rows": 2}),
        }

    def prepare(self) -> None:
        super().prepare()
        department_choice(self, "team", "还不清楚")
        people = self.fields["party"].queryset  # type: ignore[attr-defined]
        self.fields["party"].queryset = people.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]

    def clean_happened_at(self) -> Any:
        return self.not_to_come("happened_at")

    def clean_repeat_of(self) -> Any:
        number = self.cleaned_data["repeat_of"].strip()
        if not number:
            return None
        here = Complaint.objects.seen_by(self.by).filter(community_id=self.record.community_id)
        first = here.filter(number=number).first()
        if first is None:
            raise forms.ValidationError("没有找到以前的这件投诉，请重新选择。")
        return first

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("relation") == "anonymous" or cleaned.get("anonymous"):
            cleaned |= {
                "relation": "anonymous",
                "anonymous": True,
                "complainant": "",
                "phone": "",
                "unit": None,
                "party": None,
            }
        if cleaned.get("source") in (Source.MEDIA, Source.AUTHORITY, Source.THIRD) and not cleaned.get("referred_by"):
            self.add_error("referred_by", "请写明由哪个单位转来，有文号的一并写上。")
        first = cleaned.get("repeat_of")
        if first is not None:
            self.record.repeat_of = first
            self.record.round = first.round + 1 if first.closed_at else first.round
        set_pace(self.record, cleaned)
        return cleaned


def set_pace(complaint: Complaint, cleaned: dict[str, Any]) -> None:
    """What is major or a matter of safety is not left until the desk opens again."""
    hurries = cleaned.get("level") == Level.MAJOR or cleaned.get("safety")
    complaint.pace = "natural" if hurries else "service"


class SheetForm(StepForm):
    """投诉意见处理表 (F21): which department must answer, CMP-02."""

    team = forms.ChoiceField(label="责任部门")
    optional = ("demand", "safety")

    class Meta:
        model = Complaint
        fields = ["team", "category", "level", "safety", "demand"]
        widgets = {
            "category": forms.RadioSelect,
            "level": forms.RadioSelect,
            "demand": forms.Textarea(attrs={"rows": 2}),
        }

    def prepare(self) -> None:
        department_choice(self, "team", "请选择")
        usual = USUAL_DEPARTMENT.get(Category(self.record.category)) if self.record.category else ""
        away = self.record.about_dept if self.record.whole_team_out else ""
        if not self.record.team and usual and usual != away:
            self.initial["team"] = usual

    def clean_team(self) -> str:
        return refuse_the_barred(self.record, self.cleaned_data["team"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        set_pace(self.record, {"level": self.record.level, "safety": self.record.safety, **cleaned})
        return cleaned


def refuse_the_barred(complaint: Complaint, team: str) -> str:
    if complaint.bars.filter(team=team).exists():
        raise forms.ValidationError(KEEPS_AWAY)
    return team


class ConfirmForm(SheetForm):
    """The manager's look before it goes out. What is major is judged by the project manager, not here."""

    class Meta(SheetForm.Meta):
        fields = ["team", "level"]
        widgets = {"level": forms.RadioSelect}

    validity = forms.ChoiceField(
        label="有效性",
        choices=[(Validity.VALID, "有效"), (Validity.PENDING, "待判")],
        initial=Validity.VALID,
        widget=forms.RadioSelect,
        help_text="重大投诉由项目经理判定",
    )

    def prepare(self) -> None:
        super().prepare()
        if self.record.validity != Validity.PENDING:
            del self.fields["validity"]


class RedirectForm(StepForm):
    """It turns out to be another department's."""

    team = forms.ChoiceField(label="改派给")
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Complaint
        fields = ["team"]

    def prepare(self) -> None:
        department_choice(self, "team", "请选择")

    def clean_team(self) -> str:
        team = refuse_the_barred(self.record, self.cleaned_data["team"])
        before = Complaint.objects.values_list("team", flat=True).get(pk=self.record.pk)
        if team == before:
            raise forms.ValidationError("现在就是这个部门，请选别的部门。")
        return team


class GradeForm(StepForm):
    """定级: how grave it is, and why."""

    optional = ("safety",)

    class Meta:
        model = Complaint
        fields = ["level", "safety", "level_reason"]
        widgets = {"level": forms.RadioSelect, "level_reason": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not {"level", "safety"} & set(self.changed_data):
            raise forms.ValidationError("级别没有改动；请改正后再保存，或按 Esc 离开。")
        set_pace(self.record, cleaned)
        return cleaned


class ReasonForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Complaint
        fields: list[str] = []
