"""What a trend is made of: points of time, values, and the records behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yihu.basics.worktime import add_months
from yihu.fronts.reports.periods import Period, of_month

BACK = 12


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


def month_before(year: int, month: int, back: int = 0) -> Time:
    """A business month, so many before the one that is named."""
    first = add_months(date(year, month, 1), -back)
    period = of_month(first.year, first.month)
    return Time(period.query["month"], f"{first.month}月", period)


def months_up_to(year: int, month: int) -> list[Time]:
    """The twelve months of which the named one is the last."""
    return [month_before(year, month, back) for back in reversed(range(BACK))]


def numbers(records: Iterable[Any]) -> tuple[str, ...]:
    return tuple(one.number for one in records)


def counted(key: str, label: str, found: Sequence[Sequence[Any]]) -> Line:
    return Line(key, label, tuple(Point(len(rows), str(len(rows)), numbers(rows)) for rows in found))


def rated(
    key: str,
    label: str,
    found: Sequence[Sequence[Any]],
    judge: Callable[[Any], bool | None],
    rate: Callable[[Iterable[bool | None]], dict[str, Any]],
) -> Line:
    """A share of the records that can be judged at each time."""
    points = []
    for records in found:
        judged = [one for one in records if judge(one) is not None]
        share = rate(map(judge, judged))
        value = round(100 * share["good"] / share["every"], 1) if share["every"] else None
        points.append(Point(value, share["text"], numbers(judged)))
    return Line(key, label, tuple(points))


def plain(trends: Iterable[Trend], times: Sequence[Time]) -> list[dict[str, Any]]:
    """The trends as a sheet keeps them."""
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
        for trend in trends
    ]


def behind(
    figure: str, times: Sequence[Time], of: Callable[[list[Time]], Sequence[Trend]]
) -> tuple[str, list[str]] | None:
    """What the point ``trend.<line>.<time>`` is called and the records behind it; None for no such point."""
    _, _, rest = figure.partition(".")
    key, _, at = rest.rpartition(".")
    time = next((time for time in times if time.key == at), None)
    if time is None:
        return None
    for trend in of([time]):
        for line in trend.lines:
            if line.key == key:
                return f"{trend.title} · {line.label} · {time.period.title}", list(line.points[0].numbers)
    return None
