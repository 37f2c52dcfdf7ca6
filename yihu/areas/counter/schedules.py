"""Each morning a desk check, at each change of shift a count: where the community keeps a list for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.counter.models import CheckItem, DeskCheck, StockCheck, StockItem
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.calendars import office, parameter
from yihu.kernel.rhythms import Turn, rhythm

SHIFTS = ("08:30", "14:00")
BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=30)


@rhythm("desk-check", DeskCheck)
def desk_checks(community: Any, now: datetime) -> Iterable[Turn]:
    """Before the desk opens, done half an hour after, or when the company says (Parameter ``counter.check_by``)."""
    day = timezone.localdate(now)
    window = office(community.pk, now).service_window(day)
    if window is None or not CheckItem.objects.filter(community=community, shown=True).exists():
        return
    by = parameter("counter.check_by", community.pk, now)
    due = _at(day, by) if by else window[0] + AFTER
    yield Turn(day.isoformat(), window[0] - BEFORE, {"turn": f"{day:%m-%d} 早", "due_at": _words(due)})


@rhythm("stock-check", StockCheck)
def stock_checks(community: Any, now: datetime) -> Iterable[Turn]:
    """At each change of shift (Parameter ``counter.shifts``; an empty list keeps none)."""
    day = timezone.localdate(now)
    if office(community.pk, now).service_window(day) is None:
        return
    if not StockItem.objects.filter(community=community, shown=True).exists():
        return
    for shift in parameter("counter.shifts", community.pk, now, SHIFTS):
        begins = _at(day, shift)
        data = {"turn": f"{day:%m-%d} {shift} 班", "due_at": _words(begins + AFTER)}
        yield Turn(f"{day.isoformat()}/{shift}", begins - BEFORE, data)


def _at(day: Any, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), OFFICE_ZONE)


def _words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
