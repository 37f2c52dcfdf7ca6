"""Registers of a month on paper: 《业主接待记录表》 (F01) and 《客户回访记录表》 (F12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from yihu.areas.needs import printing as needs
from yihu.areas.reception.printing import register_of
from yihu.areas.relations.printing import talks_of
from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.fronts.reports import damage
from yihu.fronts.reports.periods import Period
from yihu.fronts.reports.timeliness import rate
from yihu.ground.contact.models import CallBack
from yihu.kernel import moments
from yihu.kernel.models import record_seen_by
from yihu.kernel.prints import Print, count_print, render

MOST_LINES = 3000


def contacts(community: Any, period: Period, by: Any) -> dict[str, Any]:
    return register_of(community, Month.known(period.query["month"]), by)


def needs_of(register: str) -> Callable[[Any, Period, Any], dict[str, Any]]:
    """One of the three registers of needs (F06, F07, F08)."""

    def data(community: Any, period: Period, by: Any) -> dict[str, Any]:
        return needs.register_of(community, register, Month.known(period.query["month"]), by)

    return data


def facilities(community: Any, period: Period, by: Any) -> dict[str, Any]:
    return damage.on_paper(community, period, by)


def talks(community: Any, period: Period, by: Any) -> dict[str, Any]:
    return talks_of(community, Month.known(period.query["month"]), by)


def call_backs(community: Any, period: Period, by: Any) -> dict[str, Any]:
    """Every attempt to reach somebody in the period, as far as ``by`` may see what it was about."""
    every = CallBack.objects.filter(community=community, at__gte=period.start, at__lt=period.end)
    seen = every.filter(record_seen_by(by))
    calls = list(seen.select_related("record__unit", "caller").order_by("at", "pk")[:MOST_LINES])
    total = len(calls) if len(calls) < MOST_LINES else seen.count()
    marks = Counter(call.feedback for call in calls if call.feedback)
    satisfied = rate(call.feedback != CallBack.Feedback.UNSATISFIED for call in calls if call.feedback)
    return {
        "community": community.name,
        "number": f"{community.code}-HF-{period.query['month'].replace('-', '')}",
        "month": period.title,
        "period": period.days,
        "total": total,
        "left_off": total - len(calls),
        "hidden": every.count() - total,
        "reached": sum(call.outcome == CallBack.Outcome.REACHED for call in calls),
        "marks": [{"label": label, "value": marks[value]} for value, label in CallBack.Feedback.choices],
        "satisfied": satisfied["text"],
        "lines": [_call(call) for call in calls],
    }


def _call(call: Any) -> dict[str, str]:
    def score(value: int | None) -> str:
        return "" if value is None else str(value)

    return {
        "when": moments.short(call.at),
        "record": call.record.number,
        "unit": str(call.record.unit or "公共区域"),
        "interviewee": call.interviewee,
        "method": call.get_method_display(),
        "attempt": str(call.attempt),
        "outcome": call.get_feedback_display() or call.get_outcome_display(),
        "score": score(call.score),
        "quality": score(call.quality),
        "attitude": score(call.attitude),
        "timeliness": score(call.timeliness),
        "cleanliness": score(call.cleanliness),
        "words": mask_free_text(call.words),
        "caller": str(call.caller),
    }


REGISTERS = {
    "contacts": (
        Print(
            "month_register", "业主接待记录表", data=contacts, template="reception/prints/month_register.typ",
            paper="a4-landscape",
        ),
        contacts,
    ),
    **{
        f"needs-{register}": (
            Print(f"needs_{register}", title, data=needs_of(register), template="needs/prints/month_register.typ", paper="a4-landscape"),
            needs_of(register),
        )
        for register, title in needs.TITLES.items()
    },
    "damage": (
        Print("damage", "公共设施损坏统计表", data=facilities, paper="a4-landscape"),
        facilities,
    ),
    "talks": (
        Print("talk_register", "客户沟通登记表", data=talks, template="relations/prints/talk_register.typ", paper="a4-landscape"),
        talks,
    ),
    "call-backs": (Print("call_backs", "客户回访记录表", data=call_backs, paper="a4-landscape"), call_backs),
}  # fmt: skip


def month_on_paper(name: str, community: Any, period: Period, *, by: Any, now: datetime) -> bytes:
    """The PDF, counted by community and month: what was printed before says 补打 n."""
    declared, data = REGISTERS[name]
    sheet = data(community, period, by)
    with transaction.atomic():
        run = count_print(declared.name, by=by, at=now, subject=f"{community.code} {period.query['month']}")
        return render(declared, sheet, by, reprint=run.copy_no - 1, now=now)
