"""Each day every community whose desk is open gets the sheet that must be signed before it closes (D25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.duties.models import DaySheet
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.calendars import office
from yihu.kernel.rhythms import Turn, rhythm


@rhythm("day-sheet", DaySheet)
def day_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    day = timezone.localdate(now)
    window = office(community.pk, now).service_window(day)
    if window is not None:
        due = timezone.localtime(window[1]).strftime("%Y-%m-%d %H:%M")
        yield Turn(
            day.isoformat(), datetime.combine(day, time(0), OFFICE_ZONE), {"day": day.isoformat(), "due_at": due}
        )
