"""Twice a week every cabinet is counted (D40): which days, and by when, a company says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet, KeySet
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel import moments
from yihu.kernel.calendars import office, parameter
from yihu.kernel.rhythms import Turn, rhythm
from yihu.kernel.settings_pages.times import Times, declare

DAYS = "counting.days"
USUAL = (0, 3)  # Monday and Thursday
WEEK = "一二三四五六日"
DUE = declare(
    Times("counting.due", "钥匙核查的时限", "核查日最晚几点核完、见证人签完字", ("17:30",), "前台关门时")
)  # fmt: skip


def days_of(community_id: int, moment: datetime) -> list[int]:
    return sorted(parameter(DAYS, community_id, moment, list(USUAL)))


def said(days: Iterable[int]) -> str:
    return "、".join(f"星期{WEEK[day]}" for day in days)


@rhythm("key-count", KeyCount)
def counts(community: Any, now: datetime) -> Iterable[Turn]:
    """One for each cabinet that holds keys; where the desk is shut on the day, on the next day that it opens."""
    today = timezone.localdate(now)
    meant = _meant_for(community, now, today)
    if meant is None:
        return
    opens, closes = office(community.pk, now).service_window(today)
    hours = DUE.at(community.pk, now)
    due = datetime.combine(today, time.fromisoformat(hours[0]), OFFICE_ZONE) if hours else closes
    for cabinet in _kept(community):
        data = {
            "cabinet": cabinet.pk,
            "turn": f"{meant:%m-%d} 星期{WEEK[meant.weekday()]}",
            "due_at": moments.stamp(due),
        }
        yield Turn(f"{meant.isoformat()}/{cabinet.pk}", opens, data)


def _meant_for(community: Any, now: datetime, today: date) -> date | None:
    """The counting day that is kept today, or None."""
    hours, days = office(community.pk, now), days_of(community.pk, now)
    if hours.service_window(today) is None:
        return None
    for back in range(7):
        day = today - timedelta(days=back)
        if back and hours.service_window(day) is not None:
            return None
        if day.weekday() in days:
            return day
    return None


def _kept(community: Any) -> Any:
    hung = KeySet.objects.filter(hook__isnull=False).exclude(status__in=KeySet.GONE).values("hook__cabinet")
    return Cabinet.objects.filter(community=community, shown=True, pk__in=hung).order_by("position", "pk")
