"""Twelve weeks or twelve months side by side, and the records behind each of their points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from yihu.areas.duties.models import ComplaintSheet, LongSheet, MonthSheet, WeekSheet
from yihu.areas.reception.models import Category, Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.reports import complaining, lines, timeliness
from yihu.fronts.reports.lines import BACK, Line, Point, Time, Trend, counted, months_up_to, numbers, rated
from yihu.fronts.reports.periods import Period, of_days
from yihu.fronts.reports.repairing import building_of
from yihu.fronts.reports.timeliness import BY_NAME, Order, mean, mean_words, rate

FACTS = (
    "number", "state", "opened_at", "closed_at", "finished_at", "round_no",
    "unit__building__name", "unit__building__code", "building__name", "building__code",
)  # fmt: skip


def times_of(sheet: Any) -> list[Time]:
    """The twelve periods of which the sheet's own is the last."""
    if isinstance(sheet, WeekSheet):
        return [_week(sheet.monday - timedelta(days=7 * back)) for back in reversed(range(BACK))]
    return months_up_to(sheet.month.year, sheet.month.month)


def _week(monday: date) -> Time:
    return Time(monday.isoformat(), f"{monday:%m-%d}", of_days(monday, monday + timedelta(days=6)))


def plain(sheet: Any, person: Any, now: datetime) -> list[dict[str, Any]]:
    """The trends as a sheet keeps them."""
    times = times_of(sheet)
    return lines.plain(of(sheet, times, person, now), times)


def behind(sheet: Any, figure: str, person: Any, now: datetime) -> tuple[str, list[str]] | None:
    """What a point is called and the records behind it, as they are now; None for no such point."""
    return lines.behind(figure, times_of(sheet), lambda times: of(sheet, times, person, now))


def of(sheet: Any, times: Sequence[Time], person: Any, now: datetime) -> list[Trend]:
    periods = [time.period for time in times]
    if isinstance(sheet, ComplaintSheet):
        return complaining.trends(sheet.community, periods, person, now)
    repairs = _repairs(sheet.community, periods, person, now)
    return (
        [_contacts(sheet.community, periods, person, now), *repairs]
        if isinstance(sheet, MonthSheet | LongSheet)
        else repairs
    )


def _repairs(community: Any, periods: Sequence[Period], person: Any, now: datetime) -> list[Trend]:
    judged = timeliness.over(community, periods, person, now)
    received = [[one for one in orders if one.received] for orders in judged]
    done = [[one for one in orders if one.minutes is not None] for orders in judged]
    facts = {row.number: row for row in _facts(community, periods, person)}
    again = [[one for one in orders if facts[one.number].round_no > 1] for orders in received]
    unfinished = [_unfinished(facts.values(), period, now) for period in periods]
    counts = (
        counted("received", "受理", received),
        counted("done", "完工", done),
        counted("open", "期末未完工", unfinished),
        counted("again", "返修", again),
    )
    rates = tuple(_rated(name, judged) for name in ("on_site", "repaired", "satisfied", "reworked"))
    hours = Line("hours", "平均时长", tuple(Point(_round(mean(of)), mean_words(of), numbers(of)) for of in done))
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
        counted(
            f"contacts-{kind}", str(kind.label), [[one for one in rows if one.category == kind] for rows in received]
        )
        for kind in kinds
    )
    return Trend("接待件数", "件", (counted("contacts", "合计", received), *of_kind))


def _rated(name: str, judged: Sequence[Sequence[Order]]) -> Line:
    _, title, judge, _ = BY_NAME[name]
    return rated(name, title, judged, judge, rate)


def _split(name: str, found: Sequence[Sequence[Order]], key: Callable[[Order], tuple[str, str]]) -> tuple[Line, ...]:
    """A line for each value, the most frequent first."""
    often = Counter(key(one) for rows in found for one in rows)
    return tuple(
        counted(f"{name}-{value}", label, [[one for one in rows if key(one)[0] == value] for rows in found])
        for (value, label), _ in sorted(often.items(), key=lambda pair: (-pair[1], pair[0][1]))
    )


def _round(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 1)
