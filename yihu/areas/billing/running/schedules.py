"""On the 21st the month's turn opens, so that the bills stand before the notices are printed on the 26th (D63)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.billing.running.models import MonthTurn
from yihu.areas.billing.running.turns import already_posted
from yihu.areas.billing.tariffs.models import Tariff
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel import moments
from yihu.kernel.calendars import office
from yihu.kernel.rhythms import Turn, rhythm

BEGINS, POSTED_BY = 21, 25


@rhythm("month-turn", MonthTurn)
def month_turns(community: Any, now: datetime) -> Iterable[Turn]:
    """A machine that slept over the 21st opens it when it wakes, as long as the month lasts; none where nothing is priced."""
    today = timezone.localdate(now)
    month = Month.of(today)
    if today.day < BEGINS or already_posted(community.pk, month.first):
        return
    if not Tariff.objects.filter(community=community, from_on__lte=month.last).exists():
        return
    period = f"{month.code}"
    if MonthTurn.objects.filter(turn_of=community, period=period).exists():
        return
    closes = office(community.pk, now).office_hours[1]
    due = datetime.combine(month.first.replace(day=POSTED_BY), closes, OFFICE_ZONE)
    opens = datetime.combine(month.first.replace(day=BEGINS), time(), OFFICE_ZONE)
    yield Turn(period, opens, {"period": period, "due_at": moments.stamp(due)})
