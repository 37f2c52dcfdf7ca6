"""预算执行表: forms and effects of its steps; the figures stand still once they are signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.spending import figures
from yihu.areas.spending.models import BudgetLine, BudgetReview
from yihu.areas.spending.stating import months_before
from yihu.kernel.forms import StepForm
from yihu.kernel.money_forms import MoneyField

Span, Proposal = BudgetReview.Span, BudgetReview.Proposal
MONTHS = {Span.MONTH: 1, Span.QUARTER: 3}


class ReviewForm(StepForm):
    """Which month or quarter; the one that is just over stands in the form."""

    class Meta:
        model = BudgetReview
        fields = ["span", "from_on"]
        widgets = {"span": forms.RadioSelect}
        help_texts = {"from_on": "填这个月或这个季度第一个月里的任何一天"}

    def prepare(self) -> None:
        today = timezone.localdate(self.at or timezone.now())
        self.initial["span"] = self.initial.get("span") or Span.MONTH
        self.initial["from_on"] = self.initial.get("from_on") or months_before(today, 1)[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        span, day = cleaned.get("span"), cleaned.get("from_on")
        if not span or not day:
            return cleaned
        if span == Span.QUARTER:
            day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)  # April has no 31st
        first, last = span_of(span, day)
        cleaned["from_on"], self.record.to_on = first, last
        if last >= timezone.localdate(self.at or timezone.now()):
            self.add_error("from_on", "这段时间还没有过完。")
        here = BudgetReview.objects.filter(
            community_id=self.record.community_id, span=span, from_on=first, closed_as=""
        )
        if here.exists():
            self.add_error("from_on", f"这段时间已经有 {here[0].number}。")
        return cleaned


def span_of(span: str, day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    place = first.year * 12 + first.month - 1 + MONTHS[Span(span)]
    return months_before(date(place // 12, place % 12 + 1, 1), MONTHS[Span(span)])


class SignForm(StepForm):
    proposal_fen = MoneyField(label="建议金额（元）", most=10**10)
    optional = ("words", "proposal_fen", "proposal_why")
    only_when = {"proposal_fen": "proposal=reward penalty", "proposal_why": "proposal=reward penalty"}
    field_order = ("words", "proposal", "proposal_fen", "proposal_why")

    class Meta:
        model = BudgetReview
        fields = ["words", "proposal", "proposal_fen", "proposal_why"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3}), "proposal": forms.RadioSelect}
        help_texts = {"words": "差得多的科目，写明为什么、怎么办"}

    def prepare(self) -> None:
        if self.record.span == Span.MONTH:
            for name in ("proposal", "proposal_fen", "proposal_why"):
                del self.fields[name]
        else:
            self.initial["proposal_fen"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.record.span == Span.MONTH:
            return cleaned
        if cleaned.get("proposal") == Proposal.NONE:
            cleaned |= {"proposal_fen": 0, "proposal_why": ""}
        elif cleaned.get("proposal"):
            for name, words in (("proposal_fen", "请填建议的金额。"), ("proposal_why", "请写明理由。")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned


class BackForm(StepForm):
    class Meta:
        model = BudgetReview
        fields = ["why_back"]
        widgets = {"why_back": forms.Textarea(attrs={"rows": 2})}


class ReadForm(StepForm):
    optional = ("reply",)

    class Meta:
        model = BudgetReview
        fields = ["reply"]
        widgets = {"reply": forms.Textarea(attrs={"rows": 2})}


def rows_now(review: Any, now: Any) -> list[dict[str, Any]]:
    """What was signed, else what would be signed now; in 分."""
    if review.signed_at is not None:
        return list(review.told)
    return [
        {"pk": row.line.pk, "name": row.line.name, "kind": row.line.kind, "planned": row.planned, "actual": row.actual,
         "planned_so_far": row.planned_so_far, "actual_so_far": row.actual_so_far}
        for row in figures.sheet(review.community_id, review.from_on, review.to_on, now)
    ]  # fmt: skip


def sums(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    """Income and cost, each planned and actual."""
    told = list(rows)
    return {
        kind: {name: sum(row[name] for row in told if row["kind"] == kind) for name in ("planned", "actual", "planned_so_far", "actual_so_far")}
        for kind in BudgetLine.Kind.values
    }  # fmt: skip


def signed(act: Any) -> None:
    review = act.record
    review.told = rows_now(review, act.at)
    review.signed_by, review.signed_at = act.by, act.at
    act.tell_post("finance_supervisor", f"{review.number} {review.summarise()}，请审核。")


def checked(act: Any) -> None:
    act.record.checked_by = act.by
    act.tell_post("project_manager", f"{act.record.number} {act.record.summarise()}，请签阅。{act.record.proposed}")


def sent_back(act: Any) -> None:
    signer, act.record.signed_by, act.record.signed_at, act.record.told = act.record.signed_by, None, None, []
    act.tell([signer], f"{act.record.number} 退回：{act.record.why_back[:80]}")


def read(act: Any) -> None:
    act.record.read_by = act.by
