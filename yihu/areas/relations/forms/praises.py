"""What a praise asks: of whom, whether it is so, where it is posted, how the customer was thanked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.relations.forms.shared import (
    TEXT,
    PeopleField,
    here_only,
    offer_departments,
    team_field,
    usually,
)
from yihu.areas.relations.models import Merit, Praise
from yihu.kernel.forms import PickField, StepForm


class WhomForm(StepForm):
    """Who is praised: people, or a whole department."""

    people = PeopleField(label="受表扬员工", capability="reception.open", help_text="可以选几位")
    team = team_field("或整个部门")
    optional: tuple[str, ...] = ("people", "team")

    class Meta:
        model = Praise
        fields: list[str] = []

    def prepare(self) -> None:
        offer_departments(self, "不是整个部门")


class PraiseForm(WhomForm):
    """Opening: mostly known from the contact. Who cannot be named yet is found out by whoever verifies."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    promised_at = forms.DateTimeField(label="承诺答复时间", help_text="不填则八个服务小时")
    optional = ("people", "team", "unit", "party", "caller_name", "phone", "promised_at")
    taken_over = ("source", "content", "unit", "party", "caller_name", "phone", "promised_at")
    sections = (
        ("", ("people", "team", "content", "source")),
        ("谁表扬的", ("unit", "caller_name", "phone", "promised_at")),
    )

    class Meta:
        model = Praise
        fields = ["source", "content", "unit", "party", "caller_name", "phone", "promised_at"]
        widgets = {
            "source": forms.RadioSelect, "party": forms.HiddenInput, "content": forms.Textarea(attrs=TEXT),
        }  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        here_only(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["promised_at"] = cleaned.get("promised_at") or usually(self)
        return cleaned


class VerifyForm(WhomForm):
    """Did it happen, and was it they? Nobody verifies a praise of himself."""

    outcome = forms.ChoiceField(
        label="结论", choices=[("confirmed", "属实"), ("unconfirmed", "未能核实")], widget=forms.RadioSelect
    )
    optional = ("people", "team")
    only_when = {"people": "outcome=confirmed", "team": "outcome=confirmed"}
    sections = (("", ("outcome", "people", "team", "finding")),)

    class Meta:
        model = Praise
        fields = ["finding"]
        widgets = {"finding": forms.Textarea(attrs=TEXT)}
        help_texts = {"finding": "怎么核实的；未能核实的写明原因"}

    def prepare(self) -> None:
        super().prepare()
        named = Merit.objects.filter(praise_id=self.record.pk)
        self.initial.setdefault("people", [row.person_id for row in named if row.person_id])
        self.initial.setdefault("team", next((row.team for row in named if row.team), ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        people, confirmed = list(cleaned.get("people") or []), cleaned.get("outcome") == "confirmed"
        if confirmed and not people and not cleaned.get("team"):
            self.add_error("people", "属实的，请选受表扬的员工或部门。")
        if confirmed and self.by in people:
            self.add_error("people", "表扬的是您本人，请交另一位主管核实。")
        return cleaned


class PostForm(StepForm):
    """Put up on a board, where and since when."""

    class Meta:
        model = Praise
        fields = ["posted_at", "posted_on"]
        widgets = {"posted_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def prepare(self) -> None:
        self.initial["posted_on"] = self.record.posted_on or timezone.localdate(self.at)

    def clean_posted_on(self) -> Any:
        return self.not_to_come("posted_on")


class ThankForm(StepForm):
    """The customer was thanked; a call-back afterwards only where somebody wants one."""

    call_back = forms.BooleanField(label="还要回访")
    optional = ("call_back",)

    class Meta:
        model = Praise
        fields = ["thanks"]
        widgets = {"thanks": forms.Textarea(attrs=TEXT)}
        help_texts = {"thanks": "怎么向客户致谢的；匿名的写明如何公开致谢"}
