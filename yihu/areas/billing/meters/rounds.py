"""Which round a reading belongs to: one for each community and month, opened by the calendar or by the first reading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from yihu.areas.billing.meters.models import Installation, Meter, Reading, ReadingRound
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE, business_month_of
from yihu.ground.estate.models import Community
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.calendars import office
from yihu.kernel.doors import open_record

RHYTHM: Final = "reading-round"
LAST_DAY = 23


def month_of(day: date) -> Month:
    """The business month: the 21st of one month to the 20th of the next."""
    return Month(*business_month_of(day))


def turn(community: Any, month: Month, now: datetime) -> dict[str, str]:
    """What the round of a month is opened with: due when finance closes on the 23rd (D62)."""
    closes = office(community.pk, now).office_hours[1]
    due = datetime.combine(month.first.replace(day=LAST_DAY), closes, OFFICE_ZONE)
    return {"month": month.first.isoformat(), "due_at": moments.stamp(due)}


def open_round(community_id: int, month: Month) -> ReadingRound:
    """The round of that month; opened now if the calendar has not opened it yet."""
    found = ReadingRound.objects.filter(turn=turn_name(community_id, month)).first()
    if found is not None:
        return found
    community, now = Community.objects.get(pk=community_id), timezone.now()
    key = f"{RHYTHM}:{community_id}:{month.code}"
    opened: ReadingRound = open_record(
        ReadingRound(community=community), by=authority().system(), key=key, data=turn(community, month, now)
    )
    return opened


def turn_name(community_id: int, month: Month) -> str:
    return f"{community_id}:{month.code}"


def round_for(community_id: int, on: date) -> ReadingRound:
    """Of a reading at a move or a swap: the month in which the day lies, or the next where that one went to finance."""
    month = month_of(on)
    found = open_round(community_id, month)
    while found.locked:
        month = month.after
        found = open_round(community_id, month)
    return found


def due(round_: ReadingRound) -> Any:
    """The meters in use that stood there when the month ended."""
    there = Installation.objects.filter(meter=OuterRef("pk"), installed_on__lte=round_.of_month.business[1])
    return Meter.objects.filter(Exists(there), community_id=round_.community_id, shown=True)


def missing(round_: ReadingRound) -> Any:
    """The meters that nobody has read for this month, in the order of the walk."""
    S = Reading.State
    read = Reading.objects.filter(
        community_id=round_.community_id, month=round_.month, occasion="", state__in=(S.STANDS, S.PENDING)
    )
    meters = due(round_).exclude(pk__in=read.values("meter"))
    return meters.select_related("unit", "building", "cluster").order_by("walk_key", "pk")


def pending(round_: ReadingRound) -> Any:
    """What another person must look at before the month goes to finance."""
    rows = Reading.objects.filter(round=round_, state=Reading.State.PENDING)
    return rows.select_related(
        "meter__unit", "meter__building", "meter__cluster", "installation", "reader", "supersedes"
    ).order_by("meter__walk_key", "pk")


def to_read_again(round_: ReadingRound) -> dict[int, str]:
    """The meters whose reading was sent back, with what the one who looked at it wrote last."""
    rows = Reading.objects.filter(round=round_, occasion="", state=Reading.State.REFUSED).order_by("pk")
    return dict(rows.values_list("meter", "check_words"))
