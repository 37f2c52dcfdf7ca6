"""Each morning every community gets the sheet that must be signed before the desk closes (D25)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone

from yihu.areas.duties.models import DaySheet
from yihu.kernel.authority import authority
from yihu.kernel.calendars import office
from yihu.kernel.doors import open_record
from yihu.kernel.jobs import schedule


@schedule("open-day-sheets", daily="00:05")
def open_day_sheets() -> None:
    open_sheets(timezone.now())


def open_sheets(now: datetime) -> list[Any]:
    """One sheet for each community and day, due when its desk closes; asking twice opens none twice."""
    day = timezone.localdate(now)
    opened = []
    for community in apps.get_model("estate.Community").objects.order_by("pk"):
        window = office(community.pk, now).service_window(day)
        if window is None or DaySheet.objects.filter(sheet_of=community, day=day).exists():
            continue
        sheet = DaySheet(community=community)
        data = {"day": day.isoformat(), "due_at": timezone.localtime(window[1]).strftime("%Y-%m-%d %H:%M")}
        opened.append(
            open_record(sheet, by=authority().system(), key=f"day-sheet:{community.pk}:{day}", data=data, at=now)
        )
    return opened
