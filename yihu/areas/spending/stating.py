"""收支表: forms and effects of its steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.spending import incomes
from yihu.areas.spending.models import Statement
from yihu.kernel.errors import Conflict
from yihu.kernel.forms import StepForm


def months_before(day: date, months: int) -> tuple[date, date]:
    """The whole months before the month of that day."""
    last = day.replace(day=1) - timedelta(days=1)
    place = last.year * 12 + last.month - months
    return date(place // 12, place % 12 + 1, 1), last


class StatementForm(StepForm):
    """Which sheet, for which time; last month stands in the form."""

    class Meta:
        model = Statement
        fields = ["book", "from_on", "to_on"]
        widgets = {"book": forms.RadioSelect}

    def prepare(self) -> None:
        first, last = months_before(timezone.localdate(self.at or timezone.now()), 1)
        self.initial["from_on"] = self.initial.get("from_on") or first
        self.initial["to_on"] = self.initial.get("to_on") or last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "止不能早于起。")
        if last and last >= timezone.localdate(self.at or timezone.now()):
            self.add_error("to_on", "只能编到昨天为止，今天的账还没有记完。")
        return cleaned


class SignForm(StepForm):
    """What is about to be signed stands on the page; from then on it is frozen."""

    optional = ("remarks",)

    class Meta:
        model = Statement
        fields = ["remarks"]
        widgets = {"remarks": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"remarks": "增减较大的写明原因，随表公布"}


class BackForm(StepForm):
    class Meta:
        model = Statement
        fields = ["why_back"]
        widgets = {"why_back": forms.Textarea(attrs={"rows": 2})}


class PublishForm(StepForm):
    class Meta:
        model = Statement
        fields = ["posted_where", "posted_on"]

    def prepare(self) -> None:
        self.fields["posted_where"].required = self.fields["posted_on"].required = True
        self.initial |= {"posted_where": "公告栏", "posted_on": timezone.localdate(self.at or timezone.now())}


def now_told(statement: Statement) -> dict[str, Any]:
    """What was signed, else what would be signed now."""
    if statement.signed_at is not None:
        return dict(statement.told)
    return incomes.reckon(statement.community_id, statement.book, statement.from_on, statement.to_on)


def signed(act: Any) -> None:
    one = act.record
    one.told = incomes.reckon(one.community_id, one.book, one.from_on, one.to_on)
    one.signed_by, one.signed_at = act.by, act.at
    act.tell_post("finance_supervisor", f"{one.number} {one.summarise()}，请审核。")


def reviewed(act: Any) -> None:
    """What was signed must still be what the books say."""
    one = act.record
    if incomes.reckon(one.community_id, one.book, one.from_on, one.to_on) != one.told:
        raise Conflict("签字以后账上有了变动，数字不一样了。请退回，重新编制。", [])
    one.reviewed_by = act.by


def sent_back(act: Any) -> None:
    signer, act.record.signed_by, act.record.signed_at = act.record.signed_by, None, None
    act.record.told = {}
    act.tell([signer], f"{act.record.number} 退回：{act.record.why_back[:80]}")
