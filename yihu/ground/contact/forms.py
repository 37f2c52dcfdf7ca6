"""The call-back sheet, the same for every register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from yihu.ground.contact.models import CallBack
from yihu.kernel import moments
from yihu.kernel.forms import StepForm
from yihu.kernel.models import Record

SCORED = ("score", "quality", "attitude", "timeliness", "cleanliness")
SCORES = [(score, str(score)) for score in (5, 4, 3, 2, 1)]


def _score(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=SCORES, coerce=int, empty_value=None, widget=forms.RadioSelect)


class CallBackSheet(StepForm):
    """Reached: an opinion and a score, and the reason if it is a bad one. Not reached: nothing more. Never: why not."""

    outcome = forms.ChoiceField(
        label="结果", choices=CallBack.Outcome.choices, widget=forms.RadioSelect, initial=CallBack.Outcome.REACHED
    )
    method = forms.ChoiceField(
        label="方式", choices=CallBack.Method.choices, widget=forms.RadioSelect, initial=CallBack.Method.PHONE
    )
    interviewee = forms.CharField(label="受访人", max_length=40)
    feedback = forms.ChoiceField(label="评价", choices=CallBack.Feedback.choices, widget=forms.RadioSelect)
    score = _score("总分")
    words = forms.CharField(
        label="客户意见", max_length=400, widget=forms.Textarea(attrs={"rows": 2}), help_text="不满意时请写明原因"
    )
    quality = _score("质量")
    attitude = _score("态度")
    timeliness = _score("及时")
    cleanliness = _score("整洁")
    optional = ("interviewee", "feedback", "score", "words", "quality", "attitude", "timeliness", "cleanliness")
    starred = ("feedback", "score")
    only_when = dict.fromkeys(("interviewee", "feedback", *SCORED), "outcome=reached")
    sections = (
        ("", ("outcome", "method", "interviewee", "feedback", "score", "words")),
        ("分项打分（可不填）", ("quality", "attitude", "timeliness", "cleanliness")),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome != CallBack.Outcome.REACHED:  # nobody was asked, whatever was ticked before
            cleaned |= {"feedback": "", "interviewee": ""} | dict.fromkeys(SCORED)
        if outcome == CallBack.Outcome.REACHED:
            if not cleaned.get("feedback"):
                self.add_error("feedback", "请选择客户的评价。")
            if cleaned.get("score") is None:
                self.add_error("score", "请选择 1 至 5 分。")
            if cleaned.get("feedback") == CallBack.Feedback.UNSATISFIED and not cleaned.get("words"):
                self.add_error("words", "客户不满意时，请写明原因。")
        elif outcome == CallBack.Outcome.IMPOSSIBLE and self.phone():
            self.add_error("outcome", "客户留有电话，请拨打；三次未接通会自动结束。")
        elif outcome == CallBack.Outcome.IMPOSSIBLE and not cleaned.get("words"):
            self.add_error("words", "请写明为什么无法回访，例如匿名、没有留电话。")
        return cleaned

    def phone(self) -> str:
        """The number that the one who is to be called has left."""
        return str(getattr(self.record, "phone", "") or "")


class CallerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit or '未登记房号'} · {obj.number} · {moments.short(obj.opened_at)}"


class CallerSheet(CallBackSheet):
    """One of several who called about the same thing hears that it is over; ``waiting`` says who has not heard yet."""

    caller = CallerChoice(label="回访谁", queryset=Record.objects.none(), widget=forms.RadioSelect, empty_label=None)
    sections = (("", ("caller",)), *CallBackSheet.sections)

    def waiting(self) -> Iterable[int]:
        return ()

    def prepare(self) -> None:
        waiting = list(self.waiting())
        rows = Record.objects.filter(pk__in=waiting).select_related("unit").order_by("opened_at", "pk")
        self.fields["caller"].queryset = rows  # type: ignore[attr-defined]
        if len(waiting) == 1:
            self.initial["caller"] = waiting[0]
        chosen = {str(row.pk): row for row in rows}.get(str(self.initial.get("caller") or "")) if waiting else None
        if chosen is not None and not self.is_bound:
            self.initial.setdefault("interviewee", chosen.typed.facts().get("caller_name") or "")

    def phone(self) -> str:
        caller = self.cleaned_data.get("caller")
        return str(getattr(caller.typed, "phone", "") or "") if caller else ""


def call_back_form(model: Any) -> type[CallBackSheet]:
    """The sheet as a step of ``model``'s register."""
    return type("CallBackForm", (CallBackSheet,), {"Meta": type("Meta", (), {"model": model, "fields": []})})
