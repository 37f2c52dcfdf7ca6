"""The complaints of a period, judged by the formulas of domain.md §4 (CMP-10, CMP-13).

Withdrawn and merged ones count nowhere; where there is nothing to judge a share is a dash. What is valid counts for the
handling in time in the period in which the department's date fell: open and late stays in the denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Category, Cause, Level, Opinion, Validity
from yihu.fronts.reports.figures import Row, grouped
from yihu.fronts.reports.lines import Line, Trend, counted, rated
from yihu.fronts.reports.periods import Period
from yihu.fronts.reports.timeliness import rate
from yihu.ground.contact.models import CallBack
from yihu.ground.staff.codes import DEPARTMENTS
from yihu.kernel.models import Deadline

ANSWER, FIRST, CALL = "D05", "D06", "D12"
CONTENT = (Opinion.SATISFIED, Opinion.FAIR)
NOT_SAID = ("none", "未定")
STAYED = Q(households__isnull=False, households__withdrawn_at__isnull=True)  # joined, and not taken out again


@dataclass
class Case:
    """What the figures need to know of one complaint in one period. None = does not count there."""

    row: Any
    number: str
    received: bool
    handled: bool  # by the cut
    done: bool  # within the period
    open: bool
    timely: bool | None = None
    first: bool | None = None
    responded: bool | None = None
    called: bool | None = None
    called_in_time: bool | None = None
    opinion: bool | None = None
    content: bool | None = None

    def received_and(self, validity: str) -> bool:
        return self.received and self.row.validity == validity


# (name, title, which stand in the denominator and whether one is in the numerator, what is good)
Measure = tuple[str, str, Callable[[Case], bool | None], str]
MEASURES: tuple[Measure, ...] = (
    ("handled", "投诉处理率", lambda one: one.handled if one.received else None, "已处理"),
    ("timely", "处理及时率", lambda one: one.timely, "及时"),
    ("first", "首次答复及时率", lambda one: one.first, "及时"),
    ("responded", "响应及时率", lambda one: one.responded, "及时"),
    ("called", "投诉回访率", lambda one: one.called, "已回访"),
    ("called_in_time", "回访及时率", lambda one: one.called_in_time, "及时"),
    ("opinion", "业主意见满意率", lambda one: one.opinion, "满意"),
    ("content", "回访满意率", lambda one: one.content, "满意"),
    ("valid", "有效投诉率", lambda one: _judged_valid(one), "有效"),
    ("repeated", "重复投诉率", lambda one: bool(one.row.repeat_of_id) if one.received else None, "重复"),
)
COUNTS: tuple[tuple[str, str, Callable[[Case], bool]], ...] = (
    ("received", "受理", lambda one: one.received),
    ("valid", "有效", lambda one: one.received_and(Validity.VALID)),
    ("invalid", "无效", lambda one: one.received_and(Validity.INVALID)),
    ("pending", "待判", lambda one: one.received_and(Validity.PENDING)),
    ("major", "重大", lambda one: one.received and one.row.level == Level.MAJOR),
    ("repeats", "重复", lambda one: one.received and one.row.repeat_of_id is not None),
    ("done", "处理完毕", lambda one: one.done),
    ("open", "期末未结", lambda one: one.open),
)


def _judged_valid(one: Case) -> bool | None:
    if not one.received or one.row.validity == Validity.PENDING:
        return None
    return bool(one.row.validity == Validity.VALID)


def department_of(row: Any) -> str:
    """Who is responsible; before that is known, of whom it is complained."""
    return str(row.team or row.about_dept)


def handled_at(row: Any) -> datetime | None:
    """When there was nothing left to be done for the complainant: remedied, or explained where it was not valid."""
    if row.validity == Validity.INVALID:
        return row.explained_at or row.closed_at  # type: ignore[no-any-return]
    return row.remedied_at or row.opinion_at or row.confirmed_at or row.closed_at  # type: ignore[no-any-return]


def cases(community: Any, periods: Sequence[Period], person: Any, now: datetime) -> list[list[Case]]:
    """The complaints of each of several periods that follow one another: three queries, however many there are."""
    rows = _concerned(Complaint.objects.seen_by(person), community, periods[0].start, periods[-1].end)
    found = list(rows.select_related("unit__cluster", "handler").annotate(many=Count("households", filter=STAYED)))
    keys = [row.pk for row in found]
    deadlines = grouped(
        Deadline.objects.filter(record_id__in=keys, code__in=(ANSWER, FIRST, CALL)).order_by("pk"), _record
    )
    calls = grouped(CallBack.objects.filter(record_id__in=keys, at__lte=now).order_by("at", "pk"), _record)
    return [
        [_judge(row, period, now, deadlines.get(row.pk, []), calls.get(row.pk, [])) for row in found]
        for period in periods
    ]


def _record(row: Any) -> int:
    return int(row.record_id)


def _concerned(rows: Any, community: Any, start: datetime, end: datetime) -> Any:
    """Received before the end, and not over with before the beginning."""
    still = Q(closed_at__isnull=True) | Q(closed_at__gte=start) | Q(due_on__gte=start)
    return rows.filter(still, community=community, opened_at__lt=end, closed_as="").order_by("opened_at", "pk")


def _judge(row: Any, period: Period, now: datetime, deadlines: list[Any], calls: list[Any]) -> Case:
    cut = min(now, period.end)
    over = handled_at(row)
    begun = period.start <= now
    case = Case(
        row=row,
        number=row.number,
        received=period.has(row.opened_at) and row.opened_at <= now,
        handled=over is not None and over <= cut,
        done=period.has(over) and over <= now,  # type: ignore[operator]
        open=begun and row.opened_at <= cut and (row.closed_at is None or row.closed_at > cut),
    )
    if row.validity == Validity.VALID and row.due_at is not None and period.has(row.due_at):
        case.timely = over <= row.due_at if over else False if row.due_at <= now else None
    if case.received:
        answer, first = (_kept(deadlines, code, now) for code in (ANSWER, FIRST))
        case.first = first
        case.responded = False if False in (answer, first) else None if None in (answer, first) else True
        if row.validity == Validity.INVALID and answer is None:
            case.responded = first  # no department was asked
    if period.has(row.confirmed_at) and row.confirmed_at <= now:
        reached = [call for call in calls if call.outcome == CallBack.Outcome.REACHED]
        case.called = bool(reached)
        if reached:
            case.called_in_time = _kept(deadlines, CALL, now)
    if row.opinion and period.has(row.opinion_at) and row.opinion_at <= now:
        case.opinion = row.opinion in CONTENT
    said = [call for call in calls if call.feedback and period.has(call.at)]
    if said:
        case.content = said[-1].feedback != CallBack.Feedback.UNSATISFIED
    return case


def _kept(deadlines: list[Any], code: str, now: datetime) -> bool | None:
    """Whether every run of the clock was met; None where none ran, or where it still runs in time."""
    runs = [one for one in deadlines if one.code == code]
    late = [one for one in runs if one.met is False or (one.stopped_at is None and one.due_at <= now)]
    if late:
        return False
    return None if not runs or any(one.stopped_at is None for one in runs) else True


def hidden(community: Any, period: Period, person: Any) -> int:
    """How many more there are that the person may not see (另有 n 件)."""
    every = _concerned(Complaint.objects.all(), community, period.start, period.end).count()
    return int(every - _concerned(Complaint.objects.seen_by(person), community, period.start, period.end).count())


# -- in groups -------------------------------------------------------------------------------------------------------


def households(found: Iterable[Case]) -> int:
    """A collective complaint is one matter of many households."""
    return sum(1 + one.row.many for one in found)


def rows_by(found: Sequence[Case], name: str) -> list[Row]:
    """The complaints under each department, category, level or cause, in the usual order."""
    key, words = GROUPS[name][1:]
    by_key = grouped(found, lambda one: key(one.row) or NOT_SAID[0])
    known = dict([*words, NOT_SAID])
    every = {**known, **{value: value for value in by_key if value not in known}}
    return [(value, label, by_key[value]) for value, label in every.items() if value in by_key]


GROUPS: dict[str, tuple[str, Callable[[Any], str], Sequence[tuple[str, str]]]] = {
    "dept": ("责任部门", department_of, DEPARTMENTS),
    "category": ("投诉类别", lambda row: row.category, Category.choices),
    "level": ("级别", lambda row: row.level, Level.choices),
    "cause": ("原因", lambda row: row.cause_class, Cause.choices),
}


def share(name: str) -> Callable[[Sequence[Case]], str]:
    """The share as a column of a table."""
    judge = next(judge for measure, _, judge, _ in MEASURES if measure == name)

    def text(found: Sequence[Case]) -> str:
        share = rate(map(judge, found))
        return f"{share['text']} {share['good']}/{share['every']}" if share["every"] else "—"

    return text


def trends(community: Any, periods: Sequence[Period], person: Any, now: datetime) -> list[Trend]:
    """Month by month: how many, how well, about what, and why."""
    found = cases(community, periods, person, now)
    judged = {name: (title, judge) for name, title, judge, _ in MEASURES}

    def share_line(name: str, label: str) -> Line:
        return rated(name, label, found, judged[name][1], rate)

    def split(name: str) -> tuple[Line, ...]:
        received = [[one for one in month if one.received] for month in found]
        rows = rows_by([one for month in received for one in month], name)
        rows.sort(key=lambda row: -len(row[2]))
        of = GROUPS[name][1]
        return tuple(
            counted(f"{name}-{value}", label, [[one for one in month if (of(one.row) or NOT_SAID[0]) == value] for month in received])
            for value, label, _ in rows
        )  # fmt: skip

    numbers = {name: [[one for one in month if counts(one)] for month in found] for name, _, counts in COUNTS}
    shown = (("received", "受理"), ("valid", "有效"), ("done", "处理完毕"), ("open", "期末未结"))
    return [
        Trend("投诉件数", "件", tuple(counted(name, label, numbers[name]) for name, label in shown)),
        Trend("及时", "%", (share_line("timely", "处理及时"), share_line("responded", "响应及时"), share_line("called", "回访"))),
        Trend("满意与重复", "%", (share_line("opinion", "业主意见"), share_line("content", "回访满意"), share_line("repeated", "重复"))),
        Trend("原因", "件", split("cause")),
        Trend("投诉类别", "件", split("category")),
        Trend("责任部门", "件", split("dept")),
    ]  # fmt: skip
