"""Each morning a desk check, at each change of shift a count: where the community keeps a list for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.counter.models import CheckItem, DeskCheck, StockCheck, StockItem
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel import moments
from yihu.kernel.calendars import office
from yihu.kernel.rhythms import Turn, rhythm
from yihu.kernel.settings_pages.times import Times, declare

SHIFTS = declare(
    Times(
        "counter.shifts",
        "前台物品清点的班次",
        "每个班次前半小时开出清点表，班次后半小时内清点",
        ("08:30", "14:00"),
        "不清点",
        most=6,
    )
)
CHECK_BY = declare(
    Times("counter.check_by", "前台检查的时限", "每天早上的前台检查最晚几点做完", (), "前台开门后半小时")
)
BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=30)


@rhythm("desk-check", DeskCheck)
def desk_checks(community: Any, now: datetime) -> Iterable[Turn]:
    """Before the desk opens, done half an hour after, or when the company says."""
    day = timezone.localdate(now)
    window = office(community.pk, now).service_window(day)
    if window is None or not CheckItem.objects.filter(community=community, shown=True).exists():
        return
    by = CHECK_BY.at(community.pk, now)
    due = _at(day, by[0]) if by else window[0] + AFTER
    yield Turn(day.isoformat(), window[0] - BEFORE, {"turn": f"{day:%m-%d} 早", "due_at": moments.stamp(due)})


@rhythm("stock-check", StockCheck)
def stock_checks(community: Any, now: datetime) -> Iterable[Turn]:
    """At each change of shift; a company that names none counts none."""
    day = timezone.localdate(now)
    if office(community.pk, now).service_window(day) is None:
        return
    if not StockItem.objects.filter(community=community, shown=True).exists():
        return
    for shift in SHIFTS.at(community.pk, now):
        begins = _at(day, shift)
        data = {"turn": f"{day:%m-%d} {shift} 班", "due_at": moments.stamp(begins + AFTER)}
        yield Turn(f"{day.isoformat()}/{shift}", begins - BEFORE, data)


def _at(day: Any, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), OFFICE_ZONE)
