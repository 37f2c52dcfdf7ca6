"""A valid complaint that is not solved within a month becomes a major one by itself (D11)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from yihu.areas.complaints.models import Complaint, one_month_after
from yihu.areas.complaints.procedure import UNDER_WAY
from yihu.areas.complaints.words import Level, Validity
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.jobs import schedule


@schedule("old-complaints", every=timedelta(minutes=15))
def escalate_old() -> None:
    escalate_until(timezone.now())


def escalate_until(now: datetime) -> int:
    """Those whose month is over by now; gives how many."""
    waiting = Complaint.objects.filter(
        closed_at__isnull=True, state__in=UNDER_WAY, validity=Validity.VALID, opened_at__lte=now - timedelta(days=28)
    ).exclude(level=Level.MAJOR)
    due = [one for one in waiting.order_by("opened_at", "pk") if one_month_after(one.opened_at) <= now]
    for complaint in due:
        perform(
            complaint, "escalate", by=authority().system(), key=f"escalate:{complaint.pk}:{complaint.version}", at=now
        )
    return len(due)
