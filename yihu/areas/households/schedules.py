"""Each night: transfers whose day has come, leases that are near their end or past it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from yihu.areas.households.models import LeaseFiling, Transfer
from yihu.areas.households.standing import WARN_DAYS
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import schedule

FARTHEST = timedelta(days=180)


@schedule("households-days", daily="00:10")
def days_have_come() -> None:
    """The rows of the estate hold by their dates; this tells people, and says it in the registers."""
    turn_over(timezone.now())


def turn_over(now: datetime) -> int:
    """Give each record of the night its step; one that somebody moved meanwhile is left alone."""
    today, system, done = timezone.localdate(now), authority().system(), 0
    steps = [
        *((row, "take_effect") for row in Transfer.objects.filter(state=Transfer.State.PLANNED, on__lte=today)),
        *((row, "expire") for row in LeaseFiling.objects.filter(state=LeaseFiling.State.FILED, lease_to__lt=today)),
        *((row, "warn") for row in _to_warn(today, now)),
    ]
    for row, step in steps:
        try:
            perform(row, step, by=system, at=now, version=row.version)
        except Refused:
            continue
        done += 1
    return done


def _to_warn(today: date, now: datetime) -> list[LeaseFiling]:
    """Once for each end that a lease has."""
    unsaid = Q(warned_to__isnull=True) | ~Q(warned_to=F("lease_to"))
    near = LeaseFiling.objects.filter(unsaid, state=LeaseFiling.State.FILED, lease_to__range=(today, today + FARTHEST))
    return [row for row in near if (row.lease_to - today).days <= WARN_DAYS.at(row.community_id, now)]
