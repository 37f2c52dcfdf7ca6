"""Each month a round through what is known (D39). Each night: transfers whose day has come, leases that are near their end or past it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from yihu.areas.households.models import LeaseFiling, Tidying, Transfer, VerifyRound
from yihu.areas.households.standing import WARN_DAYS
from yihu.basics.worktime import OFFICE_ZONE, add_months
from yihu.ground.estate.models import RollImport, Unit
from yihu.kernel.authority import authority
from yihu.kernel.calendars import office
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import schedule
from yihu.kernel.rhythms import Turn, rhythm

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


@rhythm("household-round", VerifyRound)
def rounds(community: Any, now: datetime) -> Iterable[Turn]:
    """On the first of the month, where there are units; due when the office closes on its last day (D39)."""
    first = timezone.localdate(now).replace(day=1)
    if _settled(community):
        yield _month(community, first, now)


@rhythm("household-tidying", Tidying)
def tidyings(community: Any, now: datetime) -> Iterable[Turn]:
    """On the first of the month as well: duplicates, dead telephones, what is missing (ARC-18)."""
    if _settled(community):
        yield _month(community, timezone.localdate(now).replace(day=1), now)


def _settled(community: Any) -> bool:
    """There are units, and no roll is just being written."""
    running = RollImport.objects.filter(community=community, state=RollImport.State.RUNNING)
    return Unit.objects.filter(community=community).exists() and not running.exists()


def _month(community: Any, first: date, now: datetime) -> Turn:
    last = add_months(first, 1) - timedelta(days=1)
    due = datetime.combine(last, office(community.pk, now).office_hours[1], OFFICE_ZONE)
    told = {"first_on": first.isoformat(), "due_at": f"{due:%Y-%m-%d %H:%M}"}
    return Turn(f"{first:%Y-%m}", datetime.combine(first, time(7), OFFICE_ZONE), told)
