"""What the sheets ask of the one who signs and of the one who reads; what a diary asks of its writer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.duties import effects
from yihu.areas.duties.models import ComplaintSheet, DaySheet, Diary, FeeSheet, LongSheet, MonthSheet, WeekSheet
from yihu.areas.duties.showing import figures_panel
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.forms import SignatureField, StepForm, asking
from yihu.kernel.models import JournalEntry, Record

DayForm = asking(DaySheet, "day", "due_at")
WeekForm = asking(WeekSheet, "monday", "due_at")
MonthForm = asking(MonthSheet, "period", "due_at")
LongForm = asking(LongSheet, "period", "due_at")
ComplaintMonthForm = asking(ComplaintSheet, "period", "due_at")
FeeForm = asking(FeeSheet, "friday", "due_at")
EARLY = timedelta(hours=2)


class _Signing(StepForm):
    """The figures that will be frozen stand under the form."""

    def panel(self) -> dict[str, Any] | None:
        """What is about to be signed, for the page."""
        return figures_panel(self.record, self.by) if effects.known(type(self.record)) else None


class SignForm(_Signing):
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


class PeriodSignForm(_Signing):
    """The week or month is over: what is asked is what the compiler has to say about it."""

    signature = SignatureField(label="汇总人签名")

    @classmethod
    def of(cls, model: Any) -> type[StepForm]:
        widgets = {"remarks": forms.Textarea(attrs={"rows": 6})}
        meta = type("Meta", (), {"model": model, "fields": ["remarks"], "widgets": widgets})
        return type(f"{model.__name__}SignForm", (cls,), {"Meta": meta})


class FeeSignForm(_Signing):
    """What is sent to the managers: the figures, and a word where there is something to say."""

    signature = SignatureField(label="签发人签名")
    optional = ("remarks",)

    class Meta:
        model = FeeSheet
        fields = ["remarks"]
        widgets = {"remarks": forms.Textarea(attrs={"rows": 3})}


class ComplaintSignForm(_Signing):
    """The month is over: why it came to that, and what is done against it."""

    signature = SignatureField(label="汇总人签名")

    class Meta:
        model = ComplaintSheet
        fields = ["remarks", "measures"]
        widgets = {"remarks": forms.Textarea(attrs={"rows": 6}), "measures": forms.Textarea(attrs={"rows": 6})}


class ApproveForm(_Signing):
    """The project manager signs beneath the one who drew it up."""

    signature = SignatureField(label="项目经理签名")
    optional = ("manager_words",)

    class Meta:
        model = ComplaintSheet
        fields = ["manager_words"]
        widgets = {"manager_words": forms.Textarea(attrs={"rows": 3})}


class SendBackForm(StepForm):
    reason = forms.CharField(label="退回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = ComplaintSheet
        fields: list[str] = []


def read_form(model: Any) -> type[StepForm]:
    widgets = {"manager_words": forms.Textarea(attrs={"rows": 2})}
    meta = type("Meta", (), {"model": model, "fields": ["manager_words"], "widgets": widgets})
    return type(f"{model.__name__}ReadForm", (StepForm,), {"Meta": meta, "optional": ("manager_words",)})


MOST_LINES = 40


class DiaryForm(StepForm):
    """Filled in beforehand with what the writer did today and what he still has on hand."""

    optional = ("findings", "unfinished", "handover")

    class Meta:
        model = Diary
        fields = ["day", "shift", "tasks", "findings", "unfinished", "handover"]
        widgets = {
            "shift": forms.RadioSelect,
            "tasks": forms.Textarea(attrs={"rows": 8}),
            "findings": forms.Textarea(attrs={"rows": 2}),
            "unfinished": forms.Textarea(attrs={"rows": 4}),
            "handover": forms.Textarea(attrs={"rows": 2}),
        }

    def prepare(self) -> None:
        if self.is_bound or self.by is None:
            return
        now = self.at or timezone.now()
        told = {
            "day": timezone.localdate(now),
            "tasks": _lines(done_today(self.by, self.record.community_id, now)),
            "unfinished": _lines(on_hand(self.by, self.record.community_id)),
        }
        self.initial |= {name: value for name, value in told.items() if not self.initial.get(name)}

    def clean_day(self) -> Any:
        return self.not_to_come("day")


def done_today(person: Any, community_id: Any, now: datetime) -> list[str]:
    """Each matter once, with what the person did on it last; his own diaries apart."""
    since = datetime.combine(timezone.localdate(now), time(0), OFFICE_ZONE)
    seen = _known_to_all(person, community_id)
    entries = JournalEntry.objects.filter(by=person, at__gte=since, at__lte=now, record__in=seen.values("pk"))
    last: dict[str, str] = {}
    for number, sentence, summary in entries.order_by("at", "pk").values_list(
        "record__number", "sentence", "record__summary"
    ):
        last[number] = f"{number} {sentence.removeprefix(str(person)).strip()}（{summary}）"
    return list(last.values())


def on_hand(person: Any, community_id: Any) -> list[str]:
    rows = _known_to_all(person, community_id).filter(handler=person).still_open().order_by("opened_at")
    return [f"{number} {summary}" for number, summary in rows.values_list("number", "summary")]


def _known_to_all(person: Any, community_id: Any) -> Any:
    """What somebody is barred from is not told to whoever reads the diary."""
    seen = Record.objects.seen_by(person).filter(community_id=community_id, bars__isnull=True)
    return seen.exclude(kind=Diary._meta.label_lower)


def _lines(found: list[str]) -> str:
    more = len(found) - MOST_LINES
    return "\n".join([*found[:MOST_LINES], *([f"另有 {more} 件，见系统办理记录"] if more > 0 else [])])
