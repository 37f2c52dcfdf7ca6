"""Parameters and the office calendar as they were in force at a moment.

Both are kept for half a minute in each process. A parameter comes into force a minute after it was entered at the
earliest (``kernel.parameters``), so nobody ever reads a stale one.
"""

from __future__ import annotations

import time as clock
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models.signals import post_delete, post_save

from yihu.basics import worktime
from yihu.basics.worktime import OfficeCalendar
from yihu.kernel.models.parameter import CalendarDay, CalendarYear, Parameter

KEPT_SECONDS = 30.0
DEFAULT_HOURS = ("08:30", "22:00")
OFFICE_HOURS = ("08:30", "17:30")


class _Kept:
    """What this process knows of the tables, and until when it may rely on it."""

    until = 0.0
    parameters: dict[tuple[int | None, str], list[tuple[datetime, Any]]] = {}
    days: Mapping[date, bool] = {}
    years: frozenset[int] = frozenset()
    offices: dict[tuple[Any, ...], OfficeCalendar] = {}


def forget(**_: Any) -> None:
    """Read the tables again at the next question."""
    _Kept.until = 0.0


for _model in (Parameter, CalendarDay, CalendarYear):
    post_save.connect(forget, sender=_model)
    post_delete.connect(forget, sender=_model)


def _read() -> None:
    if clock.monotonic() < _Kept.until:
        return
    parameters: dict[tuple[int | None, str], list[tuple[datetime, Any]]] = {}
    for row in Parameter.objects.order_by("in_force_at"):
        parameters.setdefault((row.community_id, row.name), []).append((row.in_force_at, row.value))
    _Kept.parameters = parameters
    _Kept.days = dict(CalendarDay.objects.values_list("day", "working"))
    _Kept.years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    _Kept.offices = {}
    _Kept.until = clock.monotonic() + KEPT_SECONDS


def parameter(name: str, community_id: int | None, at: datetime, default: Any = None) -> Any:
    """The value in force at ``at``: the community's own, else the company's, else ``default``."""
    _read()
    for scope in (community_id, None):
        values = [value for since, value in _Kept.parameters.get((scope, name), []) if since <= at]
        if values:
            return values[-1]
    return default


def _span(words: Any) -> tuple[time, time] | None:
    return (time.fromisoformat(words[0]), time.fromisoformat(words[1])) if words else None


def office(community_id: int | None, at: datetime) -> OfficeCalendar:
    """Service hours of the community's desk by weekday (Parameter ``service_hours``) and the company's working days."""
    hours = parameter("service_hours", community_id, at) or {}
    working = parameter("office_hours", community_id, at) or OFFICE_HOURS
    found = _Kept.offices.get((repr(hours), repr(working)))
    if found is None:
        span = _span(working)
        assert span is not None
        found = OfficeCalendar(
            hours={weekday: _span(hours.get(str(weekday), DEFAULT_HOURS)) for weekday in range(7)},
            office_hours=span,
            days=_Kept.days,
            years=_Kept.years,
        )
        _Kept.offices[(repr(hours), repr(working))] = found
    return found


def year_is_known(year: int) -> bool:
    _read()
    return year in _Kept.years


__all__ = ["forget", "office", "parameter", "worktime", "year_is_known"]
