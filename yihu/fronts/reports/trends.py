"""Twelve weeks or twelve months side by side, and the records behind each of their points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from yihu.areas.duties.models import MonthSheet, WeekSheet
from yihu.areas.reception.models import Category, Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.worktime import add_months
from yihu.fronts.reports import timeliness
from yihu.fronts.reports.periods import Period, of_days, of_month
from yihu.fronts.reports.repairing import building_of
from yihu.fronts.reports.timeliness import BY_NAME, Order, mean, mean_words, rate

BACK = 12
FACTS = (
    "number", "state", "opened_at", "closed_at", "finished_at", "round_no",
    "unit__building__name", "unit__building__code", "building__name", "building__code",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One value at one time; None where there was nothing to judge."""

    value: float | None
    text: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    key: str
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Trend:
    title: str
    unit: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Time:
    """A period as a trend names it."""

    key: str
    label: str
    period: Period


def times_of(sheet: Any) -> list[Time]:
    """The twelve periods of which the sheet's own is the last."""
    return [_time(sheet, back) for back in reversed(range(BACK))]


def _time(sheet: Any, back: int) -> Time:
    if isinstance(sheet, WeekSheet):
        monday = sheet.monday - timedelta(days=7 * back)
        return Time(monday.isoformat(), f"{monday:%m-%d}", of_days(monday, monday + timedelta(days=6)))
    year, month = sheet.year_month
    first = add_months(date(year, month, 1), -back)
    period = of_month(first.year, first.month)
    return Time(period.query["month"], f"{first.month}月", period)


def plain(sheet: Any, person: Any, now: datetime) -> list[dict[str, Any]]:
    """The trends as a sheet keeps them."""
    times = times_of(sheet)
    points = [{"key": time.key, "label": time.label} for time in times]
    return [
        {
            "title": trend.title,
            "unit": trend.unit,
            "points": points,
            "series": [
                {
                    "key": line.key,
                    "label": line.label,
                    "values": [point.value for point in line.points],
                    "texts": [point.text for point in line.points],
                }
                for line in trend.lines
            ],
        }
        for trend in of(sheet, times, person, now)
    ]


def behind(sheet: Any, figure: str, person: Any, now: datetime) -> tuple[str, list[str]] | None:
    """What a point is called and the records behind it, as they are now; None for no such point."""
    _, _, rest = figure.partition(".")
    key, _, at = rest.rpartition(".")
    time = next((time for time in times_of(sheet) if time.key == at), None)
    if time is None:
        return None
    for trend in of(sheet, [time], person, now):
        for line in trend.lines:
            if line.key == key:
                return f"{trend.title} · {line.label} · {time.period.title}", list(line.points[0].numbers)
    return None


def of(sheet: Any, times: Sequence[Time], person: Any, now: datetime) -> list[Trend]:
    periods = [time.period for time in times]
    repairs = _repairs(sheet.community, periods, person, now)
    return [_contacts(sheet.community, periods, person, now), *repairs] if isinstance(sheet, MonthSheet) else repairs


def _repairs(community: Any, periods: Sequence[Period], person: Any, now: datetime) -> list[Trend]:
    judged = timeliness.over(community, periods, person, now)
    received = [[one for one in orders if one.received] for orders in judged]
    done = [[one for one in orders if one.minutes is not None] for orders in judged]
    facts = {row.number: row for row in _facts(community, periods, person)}
    again = [[one for one in orders if facts[one.number].round_no > 1] for orders in received]
    unfinished = [_unfinished(facts.values(), period, now) for period in periods]
    counts = (
        _counted("received", "受理", received),
        _counted("done", "完工", done),
        _counted("open", "期末未完工", unfinished),
        _counted("again", "返修", again),
    )
    rates = tuple(_rated(name, judged) for name in ("on_site", "repaired", "satisfied", "reworked"))
    hours = Line("hours", "平均时长", tuple(Point(_round(mean(of)), mean_words(of), _numbers(of)) for of in done))
    levels, trades = dict(WorkOrder.Level.choices), dict(WorkOrder.Trade.choices)
    return [
        Trend("维修件数", "件", counts),
        Trend("维修及时与质量", "%", rates),
        Trend("修复平均时长", "小时", (hours,)),
        Trend("受理（按级别）", "件", _split("level", received, lambda one: (one.level, str(levels[one.level])))),
        Trend("受理（按工种）", "件", _split("trade", received, lambda one: (one.trade, str(trades[one.trade])))),
        Trend("受理（按楼栋）", "件", _split("building", received, lambda one: _building(facts[one.number]))),
    ]


def _facts(community: Any, periods: Sequence[Period], person: Any) -> list[Any]:
    """What the judge does not tell: where it was, and whether it was still open."""
    end, start = periods[-1].end, periods[0].start
    rows = WorkOrder.objects.seen_by(person).filter(community=community, opened_at__lt=end, closed_as="")
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=start))
    return list(rows.select_related("unit__building", "building").only(*FACTS))


def _unfinished(rows: Iterable[Any], period: Period, now: datetime) -> list[Any]:
    cut = min(period.end, now)
    return [
        row
        for row in rows
        if row.opened_at <= cut
        and (row.closed_at is None or row.closed_at > cut)
        and (row.finished_at is None or row.finished_at > cut)
        and period.start <= now
    ]


def _building(row: Any) -> tuple[str, str]:
    building = building_of(row)
    return (str(building.pk), str(building)) if building else ("public", "公共区域")


def _contacts(community: Any, periods: Sequence[Period], person: Any, now: datetime) -> Trend:
    rows = Contact.objects.seen_by(person).filter(
        community=community, opened_at__gte=periods[0].start, opened_at__lt=periods[-1].end, opened_at__lte=now, closed_as=""
    ).exclude(state=Contact.State.VOIDED)  # fmt: skip
    found = list(rows.only("number", "opened_at", "category"))
    received = [[one for one in found if period.has(one.opened_at)] for period in periods]
    kinds = (Category.REPAIR, Category.COMPLAINT, Category.SUGGESTION)
    of_kind = (
        _counted(
            f"contacts-{kind}", str(kind.label), [[one for one in rows if one.category == kind] for rows in received]
        )
        for kind in kinds
    )
    return Trend("接待件数", "件", (_counted("contacts", "合计", received), *of_kind))


def _numbers(records: Iterable[Any]) -> tuple[str, ...]:
    return tuple(one.number for one in records)


def _counted(key: str, label: str, found: Sequence[Sequence[Any]]) -> Line:
    return Line(key, label, tuple(Point(len(rows), str(len(rows)), _numbers(rows)) for rows in found))


def _rated(name: str, judged: Sequence[Sequence[Order]]) -> Line:
    _, title, judge, _ = BY_NAME[name]
    points = []
    for orders in judged:
        counted = [one for one in orders if judge(one) is not None]
        share = rate(map(judge, counted))
        value = round(100 * share["good"] / share["every"], 1) if share["every"] else None
        points.append(Point(value, share["text"], _numbers(counted)))
    return Line(name, title, tuple(points))


def _split(name: str, found: Sequence[Sequence[Order]], key: Callable[[Order], tuple[str, str]]) -> tuple[Line, ...]:
    """A line for each value, the most frequent first."""
    often = Counter(key(one) for rows in found for one in rows)
    return tuple(
        _counted(f"{name}-{value}", label, [[one for one in rows if key(one)[0] == value] for rows in found])
        for (value, label), _ in sorted(often.items(), key=lambda pair: (-pair[1], pair[0][1]))
    )


def _round(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 1)
