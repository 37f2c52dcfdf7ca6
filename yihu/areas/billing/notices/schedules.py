"""On the 23rd the month's batch opens where somebody owes something (D63)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.areas.billing.notices import limits
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.basics.months import Month
from yihu.ground.ledger.models import Charge
from yihu.kernel.rhythms import Turn, rhythm


@rhythm("notice-batch", NoticeBatch)
def batches(community: Any, now: datetime) -> Iterable[Turn]:
    """A machine that slept over the 23rd opens it when it wakes, as long as the month lasts."""
    today = timezone.localdate(now)
    month = Month.of(today)
    if today.day < limits.DRAWN_FROM:
        return
    period = f"{today:%Y-%m}"
    if NoticeBatch.objects.filter(batch_of=community, period=period).exists():
        return
    if Charge.objects.filter(community=community, open__gt=0).exists():
        yield Turn(period, limits.begins(month), {"period": period})
