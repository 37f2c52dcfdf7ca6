"""Each kept channel comes round at its hours on days when the desk is open: forums three times, boxes once (D26, D27)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.relations.models import Channel, Look
from yihu.areas.relations.times import hours_of
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.calendars import office
from yihu.kernel.rhythms import Turn, rhythm

GRACE = timedelta(minutes=60)  # a forum is looked at within the hour, a box is emptied before the desk closes


@rhythm("channel-look", Look)
def channel_looks(community: Any, now: datetime) -> Iterable[Turn]:
    day = timezone.localdate(now)
    window = office(community.pk, now).service_window(day)
    if window is None:
        return
    for channel in Channel.objects.filter(community=community, kept=True).order_by("pk"):
        for hour in hours_of(channel.times):
            slot = datetime.combine(day, hour, OFFICE_ZONE)
            closing = timezone.localtime(window[1])
            due = slot + GRACE if channel.kind == Channel.Kind.FORUM else max(closing, slot + GRACE)
            data = {"channel": channel.pk, "slot": f"{slot:%Y-%m-%d %H:%M}", "due_at": f"{due:%Y-%m-%d %H:%M}"}
            yield Turn(f"{day}/{channel.pk}/{hour:%H:%M}", slot, data)
