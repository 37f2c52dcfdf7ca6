"""In the evening whoever took money is asked to close his till; applications whose bill is settled come to nothing by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.cashier.applying.archiving import known, waiting_months
from yihu.areas.cashier.applying.counting import desk_closes
from yihu.areas.cashier.applying.limits import TILL
from yihu.areas.cashier.applying.models import FeeArchive, TillClose, Waiver
from yihu.areas.cashier.closing_rule import open_receipts
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import schedule
from yihu.kernel.rhythms import Turn, rhythm


@rhythm("till-close", TillClose)
def tills(community: Any, now: datetime) -> Iterable[Turn]:
    """One for each collector and day with receipts that no close holds, at the hour that the company names."""
    hours = TILL.at(community.pk, now)
    if not hours:
        return
    today, system = timezone.localdate(now), authority().system()
    waiting = open_receipts(community.pk).exclude(collector=system).order_by()
    for collector, day in sorted(set(waiting.values_list("collector", "taken_on"))):
        opens = datetime.combine(day, time.fromisoformat(hours[0]), OFFICE_ZONE)
        before = TillClose.objects.filter(community=community, collector=collector, day=day)
        if day > today or before.filter(state=TillClose.State.DUE, closed_at__isnull=True).exists():
            continue
        due = desk_closes(community.pk, max(opens, now))
        data = {"collector": collector, "day": day.isoformat(), "due_at": moments.stamp(due)}
        yield Turn(f"{day.isoformat()}/{collector}/{before.count()}", opens, data)


@rhythm("fee-archive", FeeArchive)
def archives(community: Any, now: datetime) -> Iterable[Turn]:
    """For each month that was closed: the night after, or as soon as it is closed."""
    if known():
        for period in waiting_months(community, timezone.localdate(now)):
            yield Turn(period, now, {"period": period})


@schedule("waivers-lapse", every=timedelta(minutes=10))
def lapse() -> None:
    """A bill that was paid or taken back meanwhile needs no waiver any more."""
    settled = Q(charge__open=0) | Q(charge__reversal__isnull=False)
    for waiver in Waiver.objects.filter(settled, closed_at__isnull=True):
        try:
            perform(waiver, "lapse", by=authority().system(), key=f"waiver-lapse:{waiver.pk}")
        except Refused:
            continue  # somebody decided on it this very moment
