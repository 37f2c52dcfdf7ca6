"""A planned outage begins when its moment has come, whether or not somebody looks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from yihu.areas.outages.models import Outage
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.jobs import schedule


@schedule("begin-outages", every=timedelta(minutes=5))
def begin_planned() -> None:
    begin_until(timezone.now())


def begin_until(now: datetime) -> int:
    """Begin what was planned to begin by now; gives how many."""
    waiting = Outage.objects.filter(state=Outage.State.PLANNED, closed_at__isnull=True, begins_at__lte=now)
    due = list(waiting.order_by("begins_at"))
    for outage in due:
        perform(outage, "begin", by=authority().system(), key=f"begin:{outage.pk}:{outage.version}", at=now)
    return len(due)
