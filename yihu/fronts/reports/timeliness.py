"""How timely the repairs were (REP-12), by class, trade and worker. Formulas: domain.md §4.

Cancelled, declined, false and merged orders count nowhere. An order counts for a limit in the period in which the
limit fell due: late and still open stays in the denominator, a date that the owner agreed to has moved the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import fmean, median
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.reports.figures import VOID_ORDERS
from yihu.fronts.reports.periods import Period
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Deadline, JournalEntry, Link

ON_SITE, REPAIR, CALL = "D15", "D16", "D19"
NOBODY = "0"


@dataclass
class Order:
    """What the figures need to know of one order. None = does not count there."""

    number: str
    level: str
    trade: str
    worker: str
    worker_name: str
    received: bool
    finished: bool
    on_site: bool | None = None
    repaired: bool | None = None
    minutes: int | None = None  # set where it was finished within the period
    tried: bool = False
    called: bool | None = None
    called_in_time: bool | None = None
    satisfied: bool | None = None
    reworked: bool | None = None


# (name, title, which records stand in the denominator and whether one is in the numerator, what is good)
Measure = tuple[str, str, Callable[[Order], bool | None], str]
MEASURES: tuple[Measure, ...] = (
    ("on_site", "到场及时率", lambda one: one.on_site, "及时"),
    ("repaired", "完成及时率", lambda one: one.repaired, "及时"),
    ("finished", "完成率", lambda one: one.finished if one.received else None, "完成"),
    ("called", "回访率", lambda one: one.called, "已回访"),
    ("called_in_time", "回访及时率", lambda one: one.called_in_time, "及时"),
    ("satisfied", "回访满意率", lambda one: one.satisfied, "满意"),
    ("reworked", "返修率", lambda one: one.reworked, "返修"),
)
BY_NAME = {measure[0]: measure for measure in MEASURES}
COUNTS: dict[str, tuple[str, Callable[[Order], bool]]] = {
    "received": ("受理", lambda one: one.received),
    "done": ("完工", lambda one: one.minutes is not None),
    "tried": ("已尝试", lambda one: one.tried),
}
TITLES = {name: title for name, (title, _) in COUNTS.items()} | {name: title for name, title, _, _ in MEASURES}
GROUPS: dict[str, tuple[str, Callable[[Order], tuple[str, str]]]] = {
    "level": ("级别", lambda one: (one.level, WorkOrder.Level(one.level).label)),
    "trade": ("工种", lambda one: (one.trade, WorkOrder.Trade(one.trade).label)),
    "worker": ("维修人", lambda one: (one.worker, one.worker_name)),
}


def orders_of(community: Any, period: Period, person: Any, now: datetime) -> list[Order]:
    """Every order that the period has to do with and that the person may see. Five queries, however many there are."""
    return over(community, [period], person, now)[0]


def over(community: Any, periods: Sequence[Period], person: Any, now: datetime) -> list[list[Order]]:
    """The same for each of several periods that follow one another, with the queries of one."""
    whole = Period(periods[0].start, periods[-1].end, "", {})
    rows = list(_concerned(WorkOrder.objects.seen_by(person), community, whole).select_related("handler"))
    of_these = _concerned(WorkOrder.objects.seen_by(person), community, whole).order_by().values("pk")
    deadlines = _by_record(
        Deadline.objects.filter(record_id__in=of_these, code__in=(ON_SITE, REPAIR, CALL)).order_by("pk")
    )
    calls = _by_record(CallBack.objects.filter(record_id__in=of_these).order_by("attempt"))
    steps = ("hold", "resume", "reassign", "finish")
    holds = _by_record(JournalEntry.objects.filter(record_id__in=of_these, step__in=steps).order_by("seq"))
    again = set(Link.objects.filter(origin_id__in=of_these, why=Link.Why.REWORK).values_list("origin_id", flat=True))
    found: list[list[Order]] = [[] for _ in periods]
    for row in rows:
        its_own = (deadlines.get(row.pk, []), calls.get(row.pk, []), holds.get(row.pk, []), row.pk in again)
        moments = (row.opened_at, row.finished_at, *(one.due_at for one in its_own[0] if one.code != CALL))
        for place, period in enumerate(periods):
            if any(map(period.has, moments)):
                found[place].append(_judge(row, period, now, *its_own))
    return found


def hidden(community: Any, period: Period, person: Any) -> int:
    """How many more there are that the person may not see (另有 n 件)."""
    seen = _concerned(WorkOrder.objects.seen_by(person), community, period).count()
    return int(_concerned(WorkOrder.objects.all(), community, period).count() - seen)


def _concerned(rows: Any, community: Any, period: Period) -> Any:
    within = {"gte": period.start, "lt": period.end}
    due = Deadline.objects.filter(
        record_id=OuterRef("pk"), code__in=(ON_SITE, REPAIR), **{f"due_at__{name}": at for name, at in within.items()}
    )
    return (
        rows.filter(community=community, closed_as="")
        .exclude(state__in=VOID_ORDERS)
        .filter(
            Q(**{f"opened_at__{name}": at for name, at in within.items()})
            | Q(**{f"finished_at__{name}": at for name, at in within.items()})
            | Exists(due)
        )
    )


def _by_record(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.record_id, []).append(row)
    return found


def _judge(
    row: Any, period: Period, now: datetime, deadlines: list[Any], calls: list[Any], holds: list[Any], again: bool
) -> Order:
    finished = row.finished_at is not None and row.finished_at <= now
    order = Order(
        number=row.number,
        level=row.level,
        trade=row.trade,
        worker=str(row.handler_id or NOBODY),
        worker_name=str(row.handler or "未派"),
        received=period.has(row.opened_at),
        finished=finished,
    )
    order.on_site = _on_site(row, [one for one in deadlines if one.code == ON_SITE], period, now)
    order.repaired = _repaired(row, [one for one in deadlines if one.code == REPAIR], period, now)
    if finished and period.has(row.finished_at):
        order.minutes = _minutes(row, holds)
        reached = [call for call in calls if call.outcome == CallBack.Outcome.REACHED]
        order.called = bool(reached)
        order.reworked = again
        order.tried = row.state == WorkOrder.State.TRIED
        if reached:
            order.satisfied = reached[-1].feedback != CallBack.Feedback.UNSATISFIED
            order.called_in_time = all(one.met for one in deadlines if one.code == CALL and one.met is not None)
    return order


def _on_site(row: Any, deadlines: list[Any], period: Period, now: datetime) -> bool | None:
    """Arrived by the limit? A date that the owner agreed to stops this clock as well."""
    if not deadlines or not period.has(deadlines[-1].due_at):
        return None
    last = deadlines[-1]
    if row.arrived_at is not None:
        return bool(row.arrived_at <= last.due_at)
    return False if last.stopped_at is None and last.due_at <= (last.paused_at or now) else None


def _repaired(row: Any, deadlines: list[Any], period: Period, now: datetime) -> bool | None:
    """Finished by the limit? Judged by the first repair's limit in its last reckoning, and by each time the work was taken up again."""
    first = [one for one in deadlines if one.starts_at <= row.opened_at]
    judged = [*first[-1:], *(one for one in deadlines if one.starts_at > row.opened_at)]
    if not judged or not period.has(judged[-1].due_at):
        return None
    last = judged[-1]
    if last.stopped_at is None:
        late = last.due_at <= (last.paused_at or now)
        return False if late else None
    if row.finished_at is None:
        return None
    return all(one.stopped_at is not None and one.met for one in judged)


def _minutes(row: Any, holds: list[Any]) -> int:
    """From the report to the end of the work, without the time that the owner agreed to wait."""
    waited, since = timedelta(0), None
    for entry in holds:
        if entry.step == "hold":
            agreed = entry.changed.get("owner_agreed", ["", ""])[1] == "是"
            since = entry.at if agreed else None
        elif since is not None:
            waited += entry.at - since
            since = None
    return max(int((row.finished_at - row.opened_at - waited).total_seconds() // 60), 0)


# -- what the page shows ----------------------------------------------------------------------------------------------


def report(orders: list[Order], period: Period) -> dict[str, Any]:
    """The totals and one table for each way of grouping; each figure with the address of what is behind it."""
    return {
        "headings": [title for title, _ in COUNTS.values()] + [title for _, title, _, _ in MEASURES],
        "total": _row("全部", orders, period, {}),
        "tables": [
            {"title": f"按{title}", "first": title, "rows": _rows(orders, period, name, key)}
            for name, (title, key) in GROUPS.items()
        ],
    }


def _rows(
    orders: list[Order], period: Period, group: str, key: Callable[[Order], tuple[str, str]]
) -> list[dict[str, Any]]:
    by_key: dict[tuple[str, str], list[Order]] = {}
    for order in orders:
        by_key.setdefault(key(order), []).append(order)
    ranks = {value: rank for rank, value in enumerate((*WorkOrder.Level.values, *WorkOrder.Trade.values))}
    found = sorted(by_key, key=lambda pair: (ranks.get(pair[0], 99), pair[1] == "未派", pair[1]))
    return [_row(label, by_key[value, label], period, {group: value}) for value, label in found]


def _row(label: str, orders: list[Order], period: Period, chosen: dict[str, str]) -> dict[str, Any]:
    def address(figure: str) -> str:
        return f"{reverse('reports:repair_records')}?{urlencode({**period.query, **chosen, 'figure': figure})}"

    counts = [
        {"label": title, "value": sum(map(counts_in, orders)), "url": address(name)}
        for name, (title, counts_in) in COUNTS.items()
    ]
    rates = [{"label": title, **rate(map(judge, orders)), "url": address(name)} for name, title, judge, _ in MEASURES]
    times = sorted(order.minutes for order in orders if order.minutes is not None)
    return {"label": label, "counts": counts, "rates": rates, "time": duration(times)}


def rate(judged: Iterable[bool | None]) -> dict[str, Any]:
    """Per cent and counts; a dash where there is nothing to judge."""
    counted = [one for one in judged if one is not None]
    good, every = sum(counted), len(counted)
    return {"text": f"{good / every:.1%}" if every else "—", "good": good, "every": every}


def duration(times: list[int]) -> dict[str, str]:
    """Median and 90th percentile in words."""
    if not times:
        return {"median": "—", "p90": "—", "count": "0"}
    ninetieth = times[ceil(0.9 * len(times)) - 1]
    return {"median": in_words(int(median(times))), "p90": in_words(ninetieth), "count": str(len(times))}


def mean(orders: Iterable[Order]) -> float | None:
    """The hours of a repair on the average, of those finished within the period; None where there were none."""
    times = [order.minutes for order in orders if order.minutes is not None]
    return fmean(times) / 60 if times else None


def mean_words(orders: Iterable[Order]) -> str:
    hours = mean(orders)
    return "—" if hours is None else in_words(int(hours * 60))


def in_words(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} 分"
    if minutes < 48 * 60:
        return f"{minutes / 60:.1f} 小时"
    return f"{minutes / 1440:.1f} 天"


def behind(orders: list[Order], figure: str, which: str, chosen: dict[str, str]) -> list[str]:
    """Numbers of the orders behind a figure; ``which`` is all, hit or miss."""
    for group, value in chosen.items():
        orders = [order for order in orders if GROUPS[group][1](order)[0] == value]
    if figure in COUNTS:
        return [order.number for order in orders if COUNTS[figure][1](order)]
    judge = BY_NAME[figure][2]
    wanted = {"all": (True, False), "hit": (True,), "miss": (False,)}[which]
    return [order.number for order in orders if judge(order) in wanted and judge(order) is not None]
