"""Water meters of some homes: last month read, handed over and checked; this month nearly read, one figure odd (FEE-04)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yihu.areas.billing.meters import keeping, recording
from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.models import Meter, Reading, ReadingRound
from yihu.areas.billing.meters.recording import Device
from yihu.basics.months import Month
from yihu.demo import pictures
from yihu.demo.history import moment
from yihu.ground.estate.models import Unit
from yihu.kernel.doors import perform
from yihu.kernel.rhythms import come_round

METERS, LEFT = 24, 4  # homes with a meter; those that nobody has read yet this month
BEGUN, READ_ON = 18, 19
LEAK, ODD = 7, Decimal(61)
R = ReadingRound.State


def read_meters(community: Any, today: date, people: dict[str, Any]) -> None:
    """方文员 reads, 龚工 looks at what is odd, 沈会计 checks the month."""
    month = Month.of(today).before
    meters = _meters(community, month, people["fang"])
    _read(meters, community, month, people["fang"])
    _hand_over(community, month, people)
    if today.day > READ_ON:
        _read(meters[:-LEFT], community, month.after, people["fang"], odd=True)


def _meters(community: Any, month: Month, clerk: Any) -> list[Meter]:
    rows = Unit.objects.filter(community=community, roll__isnull=False, handed_over_on__isnull=False)
    since = month.before.first
    found = []
    for unit in rows.order_by("sort_key", "pk")[:METERS]:
        number = f"S{unit.pk:06d}"
        meter = Meter(
            community=community, kind=Meter.Kind.WATER, number=number, scope=Meter.Scope.UNIT, unit=unit, place="管道井"
        )
        device = Device(number=number, opening=Decimal(100 + unit.pk % 37))
        found.append(keeping.found(meter, device, since, by=clerk, key=f"demo:meter:{unit.pk}"))
    return found


def _read(meters: list[Meter], community: Any, month: Month, clerk: Any, *, odd: bool = False) -> None:
    come_round(moment(month.first.replace(day=BEGUN), 8), only="reading-round")
    on = month.first.replace(day=READ_ON)
    for place, meter in enumerate(meters):
        if Reading.objects.filter(meter=meter, month=month.first).exists():
            continue
        last = Reading.objects.filter(meter=meter).order_by("-on", "-pk").first()
        before = last.current if last else Decimal(100 + (meter.unit_id or 0) % 37)
        used = ODD if odd and place == LEAK else Decimal(6 + (place * 5) % 9)
        at = moment(on, 9) + timedelta(minutes=3 * place)
        recording.take(
            meter, Entry(on, before + used), by=clerk, month=month, key=f"demo:read:{meter.pk}:{month.first}", at=at
        )


def _hand_over(community: Any, month: Month, people: dict[str, Any]) -> None:
    round_: Any = ReadingRound.objects.filter(community=community, month=month.first).first()
    if round_ is None:
        return
    day, key = month.first.replace(day=21), f"demo:readings:{round_.pk}"
    waiting = list(Reading.objects.filter(round=round_, state=Reading.State.PENDING))
    if waiting:
        recording.check(waiting, True, by=people["gong"], words="核对过表盘，属实", at=moment(day, 9))
    if round_.state == R.READING:
        signed = {"signature": pictures.signature(1)}
        round_ = perform(round_, "hand_over", by=people["fang"], key=f"{key}:hand", data=signed, at=moment(day, 10))
    if round_.state == R.HANDED:
        perform(round_, "check", by=people["shen"], key=f"{key}:check", at=moment(day, 15))
