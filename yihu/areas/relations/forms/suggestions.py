"""What a suggestion asks: what it is, what becomes of it, what the customer was told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.relations.forms.shared import TEXT, here_only, offer_departments, team_field, usually
from yihu.areas.relations.models import Suggestion
from yihu.kernel.authority import authority
from yihu.kernel.forms import PickField, StepForm


class SuggestionForm(StepForm):
    """Opening: from a contact everything is known; it goes to the project manager."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    promised_at = forms.DateTimeField(label="承诺答复时间", help_text="不填则八个服务小时；意见箱的两个工作日")
    optional = ("unit", "party", "caller_name", "phone", "promised_at")
    taken_over = ("content", "source", "unit", "party", "caller_name", "phone", "promised_at")
    sections = (("", ("content", "source")), ("谁提的", ("unit", "caller_name", "phone", "promised_at")))

    class Meta:
        model = Suggestion
        fields = ["content", "source", "unit", "party", "caller_name", "phone", "promised_at"]
        widgets = {
            "source": forms.RadioSelect, "party": forms.HiddenInput, "content": forms.Textarea(attrs=TEXT),
        }  # fmt: skip

    def prepare(self) -> None:
        here_only(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        from_box = cleaned.get("source") == Suggestion.Source.BOX
        cleaned["promised_at"] = None if from_box else cleaned.get("promised_at") or usually(self)  # a slip has D28
        self.record.handler = next(iter(authority().holders(self.record.community_id, "project_manager")), None)
        return cleaned


class DecideForm(StepForm):
    """Taken up, in part, or not, and why; what is taken up has a department and a day."""

    team = team_field("落实部门")
    optional = ("team", "planned_on")
    starred = ("team", "planned_on")
    only_when = dict.fromkeys(("team", "planned_on"), "decision=adopted partly")
    sections = (("", ("decision", "reason", "team", "planned_on")),)

    class Meta:
        model = Suggestion
        fields = ["decision", "reason", "team", "planned_on"]
        widgets = {
            "decision": forms.RadioSelect,
            "reason": forms.Textarea(attrs=TEXT),
            "planned_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def prepare(self) -> None:
        offer_departments(self, "请选择")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == Suggestion.Decision.DECLINED:
            return cleaned | {"team": "", "planned_on": None}
        if cleaned.get("decision"):
            if not cleaned.get("team"):
                self.add_error("team", "采纳的，请选由哪个部门落实。")
            if not cleaned.get("planned_on"):
                self.add_error("planned_on", "采纳的，请填写落实期限。")
            elif cleaned["planned_on"] < timezone.localdate(self.at):
                self.add_error("planned_on", "落实期限不能早于今天。")
        return cleaned


class AnswerForm(StepForm):
    """What the customer was told; what many ask is answered for all to read."""

    optional = ("public_answer",)

    class Meta:
        model = Suggestion
        fields = ["answer", "public_answer"]
        widgets = {"answer": forms.Textarea(attrs=TEXT), "public_answer": forms.Textarea(attrs=TEXT)}
        help_texts = {"public_answer": "常见的意见，写一段可以张贴的答复；不要写姓名、房号、电话。不公开就留空"}


class ResultForm(StepForm):
    class Meta:
        model = Suggestion
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs=TEXT)}
