"""Each month the ledgers are printed and filed (ARC-11, D33), where the community keeps a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.catalogue.models import Ledger, LedgerFiling
from yihu.basics.worktime import OFFICE_ZONE, business_month, business_month_bounds
from yihu.kernel import moments
from yihu.kernel.rhythms import Turn, rhythm

DAYS = 5  # from the 21st on


@rhythm("ledger-filing", LedgerFiling)
def filings(community: Any, now: datetime) -> Iterable[Turn]:
    """On the 21st for the business month that has ended, due five days later."""
    begins = business_month_bounds(*business_month(now))[0]
    year, month = business_month(begins - timedelta(days=1))
    if not Ledger.objects.filter(community=community, shown=True).exists():
        return
    day = timezone.localdate(begins) + timedelta(days=DAYS)
    due = datetime.combine(day, time(17, 30), OFFICE_ZONE)
    if due <= now:  # the machine slept, or the list was only begun now
        due = datetime.combine(timezone.localdate(now) + timedelta(days=1), time(17, 30), OFFICE_ZONE)
    period = f"{year}-{month:02d}"
    yield Turn(period, begins, {"period": period, "due_at": moments.stamp(due)})
