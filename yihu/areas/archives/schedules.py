"""Each night: what was locked and need not be kept any longer is really gone, and so is the card that was locked with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.areas.archives.answering import erase_what_is_over
from yihu.areas.archives.models import DataRequest
from yihu.areas.archives.retention import term_of
from yihu.kernel import locking_away
from yihu.kernel.jobs import schedule
from yihu.kernel.models import LockedFile, LockedText


@schedule("archives-locked", daily="03:40")
def locked_over() -> None:
    turn_over(timezone.now())


def turn_over(now: datetime) -> None:
    today = timezone.localdate(now)
    for table in (LockedText, LockedFile):
        waiting: Any = table.objects.filter(until__isnull=True, matter__closed_at__isnull=False)
        for row in waiting.select_related("matter"):
            table.objects.filter(pk=row.pk).update(until=term_of(row.matter, today)[1])
    locking_away.forget_over(today)
    carried = DataRequest.objects.filter(
        asks=DataRequest.Asks.ERASE, done_at__isnull=False, party__locked_at__isnull=False
    )
    for request in carried.select_related("party").order_by("party_id", "-pk").distinct():
        erase_what_is_over(request, now)
