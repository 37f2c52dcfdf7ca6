"""What is asked at the end: the complainant's opinion and signature, validity and appeal, the project manager's confirmation."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.complaints.answers import unbarred
from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Level, Opinion, Validity
from yihu.ground.contact.signing import SigningForm
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.forms import FilesField, PersonChoice, StepForm

SCREEN, PAPER, PHONE, REFUSED = "screen", "paper", "phone", "refused"
WAYS = ((SCREEN, "屏幕签名"), (PAPER, "纸上签名"), (PHONE, "电话答复"), (REFUSED, "拒签"))
GRAVE_CALLERS = frozenset({"cs_manager", "project_manager"})


class OpinionForm(SigningForm):
    """业主意见 (CMP-05): signed on the screen or on paper, said on the telephone, or refused before two colleagues."""

    way = forms.ChoiceField(label="怎样签的", choices=WAYS, initial=SCREEN, widget=forms.RadioSelect)
    opinion = forms.ChoiceField(label="业主意见", choices=Opinion.choices[:3], widget=forms.RadioSelect)
    scans = FilesField(label="签好的处理表（扫描或拍照）")
    whose, why = "业主", "opinion_refused"
    needs_photo = False
    optional = ("opinion", "opinion_words", "scans")
    starred = ("opinion", "signature")
    only_when = {
        "signature": "way=screen", "scans": "way=paper", "opinion": "way=screen paper phone",
        **dict.fromkeys(("opinion_refused", "witness_1", "witness_2", "photos"), "way=refused"), "refused": "way=never",
    }  # fmt: skip
    sections = (
        (
            "",
            (
                "way", "opinion", "signature", "scans", "opinion_refused", "witness_1", "witness_2", "photos", "opinion_words",
            ),
        ),
    )  # fmt: skip

    class Meta:
        model = Complaint
        fields = ["opinion", "opinion_words", "opinion_refused"]
        widgets = {"opinion_words": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"opinion_words": "原话；电话答复的写明时间和号码后四位"}

    def clean(self) -> dict[str, Any]:
        way = self.cleaned_data.get("way")
        self.cleaned_data["refused"] = way == REFUSED
        if way in (SCREEN, REFUSED):
            cleaned = super().clean() or {}
        else:
            cleaned = super(SigningForm, self).clean() or {}
        if way == REFUSED:
            cleaned["opinion"] = Opinion.REFUSED
            for name in ("witness_1", "witness_2"):
                if cleaned.get(name):
                    self._keep_away(name, cleaned[name])
            return cleaned
        if not cleaned.get("opinion"):
            self.add_error("opinion", "请选择业主的意见。")
        if way == PAPER and not cleaned.get("scans"):
            self.add_error("scans", "请附上签好的处理表。")
        if way == PHONE and not cleaned.get("opinion_words"):
            self.add_error("opinion_words", "电话里答复的，请写下业主的话和通话时间。")
        if cleaned.get("opinion") == Opinion.UNSATISFIED and not cleaned.get("opinion_words"):
            self.add_error("opinion_words", "不满意的，请写明业主哪里不满意。")
        return cleaned

    def _keep_away(self, name: str, person: Any) -> None:
        try:
            unbarred(person, self.record)
        except forms.ValidationError as error:
            self.add_error(name, error)


class ApproveForm(StepForm):
    """项目经理确认 (CMP-06), and who calls back (CMP-16): not one who handled it; a manager where it was grave.

    What nobody has judged yet is judged here (CMP-08): nothing is filed without.
    """

    caller = PersonChoice(label="由谁回访", capability="complaints.call_back")
    validity = forms.ChoiceField(label="有效性", choices=Validity.choices[1:], widget=forms.RadioSelect)
    why_invalid = forms.CharField(label="判为无效的理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    optional = ("why_invalid",)
    starred = ("why_invalid",)
    only_when = {"why_invalid": "validity=invalid"}

    class Meta:
        model = Complaint
        fields = ["caller"]

    def prepare(self) -> None:
        complaint = self.record
        if complaint.validity != Validity.PENDING:
            del self.fields["validity"], self.fields["why_invalid"]
        if complaint.anonymous:
            del self.fields["caller"]  # nobody to call
            return
        if self.is_bound or complaint.caller_id:
            return
        here = list(authority().people_with(complaint.community_id, "complaints.call_back"))
        ranked = sorted(here, key=lambda one: one.pk != complaint.opened_by_id)
        fits = (one for one in ranked if not self._unfit(one))
        self.initial["caller"] = getattr(next(fits, None), "pk", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("validity") == Validity.VALID:
            cleaned["why_invalid"] = ""
            if sentence := amends_owed(self.record):
                self.add_error("validity", f"判为有效的，{sentence}")
        elif cleaned.get("validity") and not cleaned.get("why_invalid"):
            self.add_error("why_invalid", "判为无效的，请写明为什么不属于我们的责任。")
        return cleaned

    def clean_caller(self) -> Any:
        caller = self.cleaned_data["caller"]
        if sentence := self._unfit(caller):
            raise forms.ValidationError(sentence)
        return unbarred(caller, self.record)

    def _unfit(self, person: Any) -> str:
        complaint = self.record
        if person.pk in (complaint.handler_id, complaint.replied_by_id, complaint.about_staff_id) or handled(
            person, complaint
        ):
            return f"{person} 经办了这件投诉，不能自己回访，请另选一人。"
        if complaint.level == Level.MAJOR and not leads(person, complaint.community_id):
            return "重大投诉由经理回访，请另选一人。"
        unhappy = complaint.opinion in (Opinion.UNSATISFIED, Opinion.REFUSED)
        if unhappy and not grants_of(person).may("complaints.judge", complaint.community_id):
            return "业主不满意或拒签的，由主管或经理回访，请另选一人。"
        return ""


def leads(person: Any, community_id: int) -> bool:
    """Whether the person calls back as a leader where it was grave (CMP-07)."""
    return bool(grants_of(person).posts(community_id) & GRAVE_CALLERS)


def amends_owed(complaint: Any) -> str:
    """What is still owed before a valid complaint about a colleague is closed (CMP-07); nobody apologises to the unknown."""
    if complaint.about_staff_id is None:
        return ""
    if not (complaint.anonymous or complaint.apology_at or complaint.no_apology):
        return "被投诉的是员工本人，请主管先办“主管致歉”；没有致歉的，在那里写明原因。"
    if complaint.level == Level.MAJOR and complaint.noticed_at is None:
        return "重大投诉要先办“内部通报”，再结案。"
    return ""


def handled(person: Any, complaint: Any) -> bool:
    """Whether the person did some of what the complainant is asked about."""
    steps = ("reply", "detail", "remedied", "settle")
    return bool(complaint.pk and complaint.journal.filter(step__in=steps, by=person).exists())


class InvalidForm(StepForm):
    """判为无效: why it is not our duty, and how that was explained. It still counts as received."""

    explained = forms.CharField(label="怎样向投诉人解释的", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Complaint
        fields = ["invalid_reason"]
        widgets = {"invalid_reason": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        if self.record.anonymous:
            del self.fields["explained"]


class AppealForm(StepForm):
    class Meta:
        model = Complaint
        fields = ["appeal"]
        widgets = {"appeal": forms.Textarea(attrs={"rows": 3})}


class AppealAnswerForm(StepForm):
    class Meta:
        model = Complaint
        fields = ["appeal_answer"]
        widgets = {"appeal_answer": forms.Textarea(attrs={"rows": 3})}


class NoticeForm(StepForm):
    """A grave case is told to all colleagues (CMP-07)."""

    class Meta:
        model = Complaint
        fields = ["notice"]
        widgets = {"notice": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"notice": "写事情和教训，不写业主的姓名电话"}
