"""What each step of a corrective action and of a case study asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import F, TextField, Value
from django.db.models.functions import Length
from django.utils import timezone

from yihu.areas.corrective.anonymous import points_at
from yihu.areas.corrective.models import CaseStudy, CorrectiveAction
from yihu.areas.corrective.times import end_of
from yihu.ground.estate.models import Party
from yihu.ground.staff.codes import DEPARTMENTS
from yihu.ground.staff.heads import departments
from yihu.ground.staff.models import Account, Post
from yihu.kernel.authority import is_system
from yihu.kernel.forms import PersonChoice, PhotosField, StepForm

USUAL = timedelta(days=15)
Source = CorrectiveAction.Source


class _Due(StepForm):
    """Names the day until which the measures are to be carried out."""

    due_on = forms.DateField(
        label="措施完成期限", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        now = self.at or timezone.now()
        if day is None:
            return None
        if day < timezone.localdate(now):
            raise forms.ValidationError("完成期限不能早于今天。")
        self.record.due_at = end_of(day, self.record.community_id, now)
        return day


class _Taken(_Due):
    """Names the department, the owner and the day."""

    team = forms.ChoiceField(label="责任部门")
    handler = PersonChoice(label="责任人", capability="corrective.work")

    def prepare(self) -> None:
        own = dict(departments(self.record.community_id))
        self.fields["team"].choices = [("", "请选择"), *((code, own.get(code, name)) for code, name in DEPARTMENTS)]
        if not self.record.due_on:
            self.initial["due_on"] = timezone.localdate(self.at) + USUAL


class ActionForm(_Taken):
    """Opening by hand, from a complaint, or by the program (which names the complaints and leaves the rest to the supervisor)."""

    grounds = forms.CharField(label="依据", max_length=4000, widget=forms.HiddenInput)
    field_order = ("source", "nonconformity", "team", "handler", "due_on", "grounds")

    class Meta:
        model = CorrectiveAction
        fields = ["source", "nonconformity", "team", "handler", "due_on"]
        widgets = {"source": forms.RadioSelect, "nonconformity": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"nonconformity": "只写事实：哪天、哪里、发生了什么、违反了哪条规定或承诺"}

    def prepare(self) -> None:
        super().prepare()
        self.record.unit = self.record.party = None
        if is_system(self.by):
            for name in ("team", "handler", "due_on"):
                self.fields[name].required = False
            return
        del self.fields["grounds"]
        self.fields["source"].choices = [choice for choice in Source.choices if choice[0] != Source.REPEAT]


class TakeUpForm(_Taken):
    field_order = ("nonconformity", "team", "handler", "due_on")

    class Meta:
        model = CorrectiveAction
        fields = ["nonconformity", "team", "handler", "due_on"]
        widgets = {"nonconformity": forms.Textarea(attrs={"rows": 4})}

    def prepare(self) -> None:
        """Whoever was to decide is not thereby the owner."""
        super().prepare()
        self.initial["handler"] = None


class ReasonForm(StepForm):
    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = CorrectiveAction
        fields: list[str] = []


class PutOffForm(_Due):
    reason = forms.CharField(label="改期原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = CorrectiveAction
        fields = ["due_on"]


class PlanForm(StepForm):
    class Meta:
        model = CorrectiveAction
        fields = ["cause", "correction", "prevention"]
        widgets = dict.fromkeys(fields, forms.Textarea(attrs={"rows": 3}))
        help_texts = {
            "cause": "追到制度、流程、人手、设备，不停在“个人疏忽”",
            "correction": "把这一次已经发生的纠正过来",
            "prevention": "怎样做到以后不再发生",
        }


class DoneForm(StepForm):
    photos = PhotosField(label="照片")
    optional = ("photos",)

    class Meta:
        model = CorrectiveAction
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}


class CheckForm(_Due):
    """Whether it helped, said after a while by somebody else."""

    field_order = ("effect", "effect_words", "due_on")
    optional = ("due_on",)
    starred = ("due_on",)
    only_when = {"due_on": f"effect={CorrectiveAction.Effect.NOT_YET}"}

    class Meta:
        model = CorrectiveAction
        fields = ["effect", "effect_words", "due_on"]
        labels = {"due_on": "新的完成期限"}
        widgets = {"effect": forms.RadioSelect, "effect_words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"effect_words": "看了什么、抽查了几件、同样的问题还有没有"}

    def prepare(self) -> None:
        self.fields["due_on"].label = "新的完成期限"
        self.initial |= {"effect": "", "effect_words": "", "due_on": timezone.localdate(self.at) + USUAL}

    def clean_due_on(self) -> date | None:
        if self.cleaned_data.get("effect") != CorrectiveAction.Effect.NOT_YET:
            return self.record.due_on
        if not self.cleaned_data["due_on"]:
            raise forms.ValidationError("未见效的，请写新的完成期限。")
        return super().clean_due_on()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = self.record.check_on
        if day and timezone.localdate(self.at) < day:
            raise forms.ValidationError(f"措施完成后要过一段时间才看得出效果，请在 {day:%m-%d} 或以后验证。")
        return cleaned


class CloseForm(StepForm):
    optional = ("closing_words",)

    class Meta:
        model = CorrectiveAction
        fields = ["closing_words"]
        widgets = {"closing_words": forms.Textarea(attrs={"rows": 2})}


class CaseForm(StepForm):
    """The writer says that it points at nobody; what plainly does is refused."""

    anonymous = forms.BooleanField(label="我已核对：看不出是哪一户、哪个人")

    class Meta:
        model = CaseStudy
        fields = ["title", "happened", "lesson"]
        widgets = {"happened": forms.Textarea(attrs={"rows": 8}), "lesson": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "happened": "写“一位业主”“值班人员”，不写姓名、房号、电话",
            "lesson": "哪一步没做对，以后遇到怎么做",
        }

    def prepare(self) -> None:
        self.record.unit = self.record.party = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("title", "happened", "lesson"):
            text = str(cleaned.get(name) or "")
            if found := points_at(text, self._names(text)):
                self.add_error(name, f"这里有{found}，案例里不能出现，请改写。")
        return cleaned

    def _names(self, text: str) -> Iterator[str]:
        """Who works here, and which customers are named; a word of two signs may well mean something else."""
        here = {"community_id": self.record.community_id}
        yield from Account.objects.filter(posts__in=Post.objects.filter(**here)).values_list("name", flat=True)
        known = Party.objects.filter(**here).annotate(text=Value(text, TextField()), length=Length("name"))
        yield from known.filter(length__gt=2, text__contains=F("name")).values_list("name", flat=True)[:1]


class TakeDownForm(StepForm):
    reason = forms.CharField(label="撤下原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = CaseStudy
        fields: list[str] = []
