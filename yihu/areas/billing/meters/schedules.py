"""The month's round comes round on the 18th, so that all is read by the 20th and with finance by the 23rd (D62)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.billing.meters.models import Meter, ReadingRound
from yihu.areas.billing.meters.rounds import RHYTHM, turn
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.rhythms import Turn, rhythm

BEGINS = 18


@rhythm(RHYTHM, ReadingRound)
def rounds(community: Any, now: datetime) -> Iterable[Turn]:
    """A machine that slept over the 18th opens it when it wakes, as long as the month lasts; a site without meters has none."""
    today = timezone.localdate(now)
    if today.day < BEGINS or not Meter.objects.filter(community=community, shown=True).exists():
        return
    month = Month.of(today)
    opens = datetime.combine(month.first.replace(day=BEGINS), time(0), OFFICE_ZONE)
    yield Turn(f"{month.code}", opens, turn(community, month, now))
