"""On the 20th every community that offers paid services, or has something to charge, gets the month's list (D61)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.services.models import MonthList, PriceRow
from yihu.areas.services.monthly import due_charges
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel import moments
from yihu.kernel.calendars import office
from yihu.kernel.rhythms import Turn, rhythm

FIRST, LAST = 20, 22


@rhythm("month-list", MonthList)
def month_lists(community: Any, now: datetime) -> Iterable[Turn]:
    """A machine that slept over the 20th opens it when it wakes, as long as the month lasts."""
    today = timezone.localdate(now)
    if today.day < FIRST:
        return
    offered = PriceRow.objects.filter(
        community=community, decision=PriceRow.Decision.APPROVED, valid_from__lte=today.replace(day=FIRST)
    )
    if not offered.exists() and not due_charges(MonthList(community=community, period=f"{today:%Y-%m}")):
        return
    closes = office(community.pk, now).office_hours[1]
    due = datetime.combine(date(today.year, today.month, LAST), closes, OFFICE_ZONE)
    period = f"{today:%Y-%m}"
    opens = datetime.combine(today.replace(day=FIRST), time(0), OFFICE_ZONE)
    yield Turn(period, opens, {"period": period, "due_at": moments.stamp(due)})
