"""What is asked between the department's answer and the complainant's: the four answers of F21, what he was told, who joined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.complaints.models import Complaint, Household
from yihu.kernel.bars import let_in
from yihu.kernel.forms import PersonChoice, PickField, RowField, RowsField, StepForm

FOUR = ("cause", "cause_class", "remedy", "prevention", "due_on")


class ReplyForm(StepForm):
    """责任部门答复 (CMP-03): cause, remedy, prevention and date; or why the date cannot be said yet."""

    decided = forms.ChoiceField(
        label="完成时间", choices=[("yes", "能定"), ("no", "暂不能定")], initial="yes", widget=forms.RadioSelect
    )
    optional = (*FOUR, "undecided_reason")
    starred = (*FOUR, "undecided_reason")
    only_when = {"due_on": "decided=yes", "prevention": "decided=yes", "undecided_reason": "decided=no"}
    sections = (("", ("decided", "cause", "cause_class", "remedy", "prevention", "due_on", "undecided_reason")),)

    class Meta:
        model = Complaint
        fields = [*FOUR, "undecided_reason"]
        widgets = {
            "cause": forms.Textarea(attrs={"rows": 2}),
            "cause_class": forms.RadioSelect,
            "remedy": forms.Textarea(attrs={"rows": 3}),
            "prevention": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decided") == "no":
            cleaned["due_on"] = None
            if not cleaned.get("undecided_reason"):
                self.add_error("undecided_reason", "请写明为什么现在还不能定完成时间。")
            return cleaned
        cleaned["undecided_reason"] = ""
        asks = {
            "cause": "请写明原因。", "cause_class": "请选择原因属于哪一类。", "remedy": "请写明处理措施。",
            "prevention": "请写明怎样防止再发生。", "due_on": "请写明预计哪天完成；还定不下来的，请选“暂不能定”。",
        }  # fmt: skip
        for name, sentence in asks.items():
            if not cleaned.get(name):
                self.add_error(name, sentence)
        if cleaned.get("due_on") and cleaned["due_on"] < timezone.localdate(self.at or timezone.now()):
            self.add_error("due_on", "预计完成日期不能早于今天。")
        return cleaned


class DetailForm(ReplyForm):
    """The full answer that follows once the department knows (D08)."""

    decided = None  # type: ignore[assignment]
    only_when = {}
    sections = (("", FOUR),)

    class Meta(ReplyForm.Meta):
        fields = list(FOUR)


class InterimForm(StepForm):
    """先行答复 (CMP-04): the desk answers before the department can, with the reason."""

    class Meta:
        model = Complaint
        fields = ["first_answer"]
        labels = {"first_answer": "告诉投诉人什么"}
        widgets = {"first_answer": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        reason = self.record.undecided_reason
        known = f"处理时间暂时不能定下来，原因是：{reason}。定下来后马上告诉您。" if reason else ""
        told = "您的投诉已经收到并转给责任部门，正在核实原因；结果出来后马上告诉您。"
        self.initial["first_answer"] = self.initial.get("first_answer") or known or told


class TellForm(StepForm):
    """The remedy as it is fed back (CMP-05); what the department wrote stands there already."""

    class Meta:
        model = Complaint
        fields = ["told"]
        labels = {"told": "告诉投诉人什么"}
        widgets = {"told": forms.Textarea(attrs={"rows": 4})}

    def prepare(self) -> None:
        complaint = self.record
        due = f"，预计 {complaint.due_on:%m月%d日} 前完成" if complaint.due_on else ""
        self.initial["told"] = f"处理措施：{complaint.remedy}{due}。"[:400]


class WordsForm(StepForm):
    """A sentence for the journal."""

    words = forms.CharField(label="说明", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Complaint
        fields: list[str] = []


class JoinForm(StepForm):
    """One more household with the same complaint. Who has no unit here is known by his name."""

    unit_joining = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    name = forms.CharField(label="投诉人", max_length=40)
    said = forms.CharField(label="反映内容", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    optional = ("unit_joining", "name", "said", "phone")
    starred = ("unit_joining",)

    class Meta:
        model = Complaint
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["phone"] = Household._meta.get_field("phone").formfield()
        self.fields["phone"].required = False

    def clean_unit_joining(self) -> Any:
        unit = self.cleaned_data["unit_joining"]
        if unit is not None and unit.pk in units_of(self.record):
            raise forms.ValidationError("这一户已经在这件投诉里了。")
        return unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("unit_joining") and not cleaned.get("name"):
            self.add_error("unit_joining", "请选择房号；没有房号的，请写明投诉人。")
        return cleaned


def units_of(complaint: Complaint) -> set[int]:
    """The homes that complain."""
    joined = complaint.joined.filter(unit__isnull=False).values_list("unit_id", flat=True)
    return {*joined, *([complaint.unit_id] if complaint.unit_id else [])}


class UnjoinForm(StepForm):
    """撤出一户: it joined wrongly. One that came in by a merge is taken out by undoing the merge."""

    household = RowField(label="撤出哪一户", queryset=None, widget=forms.RadioSelect, empty_label=None)
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Complaint
        fields: list[str] = []

    def prepare(self) -> None:
        rows = self.record.joined.exclude(came_by__kind=self.record.kind).select_related("unit", "came_by")
        self.fields["household"].queryset = rows.order_by("pk")  # type: ignore[attr-defined]
        self.fields[
            "household"
        ].help_text = "来电登记退回待分派，由前台重新开单；因合并进来的，请在被合并的投诉上“拆出”。"


class AnswerForm(StepForm):
    """逐户答复: each household of a collective complaint gets its answer, many with the same words at once."""

    households = RowsField(label="答复哪几户", queryset=None, widget=forms.CheckboxSelectMultiple)
    answer = forms.CharField(label="答复内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Complaint
        fields: list[str] = []

    def prepare(self) -> None:
        waiting = self.record.joined.filter(answered_at__isnull=True).select_related("unit").order_by("pk")
        self.fields["households"].queryset = waiting  # type: ignore[attr-defined]
        self.initial.setdefault("households", [one.pk for one in waiting])
        self.initial.setdefault("answer", self.record.told or self.record.first_answer)


class CallInForm(StepForm):
    """A manager was called in to explain: who came, when, what was said (CMP-15)."""

    came = PersonChoice(label="谁到场解释", capability="complaints.judge")
    came_at = forms.DateTimeField(label="到场时间")
    said = forms.CharField(label="怎样解释的", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Complaint
        fields: list[str] = []

    def prepare(self) -> None:
        self.initial.setdefault("came_at", self.at or timezone.now())

    def clean_came(self) -> Any:
        return unbarred(self.cleaned_data["came"], self.record)

    def clean_came_at(self) -> Any:
        came_at = self.cleaned_data["came_at"]
        if came_at > (self.at or timezone.now()) + timedelta(minutes=1):
            raise forms.ValidationError("到场时间不能晚于现在。")
        return came_at


def unbarred(person: Any, complaint: Any) -> Any:
    """Who must keep away from the complaint is not sent to the complainant either."""
    if not let_in([person], complaint.pk):
        raise forms.ValidationError(f"{person} 须回避这件投诉，请另选一人。")
    return person
