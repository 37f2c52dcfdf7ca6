"""From the 20th on, when readings are in, each pool in force gets its month; it is published before the bills are printed (D62, D63)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.billing.sharing.models import PoolMonth
from yihu.areas.billing.sharing.models.pools import pools_in_force
from yihu.areas.billing.sharing.models.terms import why_no_shares
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel import moments
from yihu.kernel.calendars import office
from yihu.kernel.rhythms import Turn, rhythm

FIRST, LAST = 20, 23


@rhythm("share-month", PoolMonth)
def share_months(community: Any, now: datetime) -> Iterable[Turn]:
    """A machine that slept over the 20th opens them when it wakes, as long as the month lasts."""
    today = timezone.localdate(now)
    month = today.replace(day=1)
    if today.day < FIRST or why_no_shares(community.pk, month):
        return
    closes = office(community.pk, now).office_hours[1]
    due = datetime.combine(date(today.year, today.month, LAST), closes, OFFICE_ZONE)
    opens = datetime.combine(today.replace(day=FIRST), time(0), OFFICE_ZONE)
    there = set(PoolMonth.objects.filter(community=community, month=month).values_list("pool", flat=True))
    for pool in pools_in_force(community.pk, month):
        if pool.pk not in there:
            data = {"pool": pool.pk, "month": month.isoformat(), "due_at": moments.stamp(due)}
            yield Turn(f"{month:%Y-%m}/{pool.pk}", opens, data)
