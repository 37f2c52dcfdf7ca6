"""Water meters of some homes, electricity meters of some offices: last month read, handed over and checked; this month
nearly read, one figure odd (FEE-04, FEE-22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
from yihu.demo.people import QH, YQ
from yihu.ground.estate.models import Occupancy, Unit
from yihu.kernel.doors import perform
from yihu.kernel.rhythms import come_round

LEFT = 4  # those that nobody has read yet this month
BEGUN, READ_ON = 18, 19
LEAK, ODD = 7, Decimal(61)
R = ReadingRound.State


@dataclass(frozen=True)
class Plan:
    """How many meters of which kind, where they hang, and what they measure in a month."""

    kind: str
    count: int
    letter: str
    place: str
    least: int
    spread: int
    leaks: bool = False

    def used(self, place: int) -> Decimal:
        return Decimal(self.least + place * 5 % self.spread)


PLANS = {
    YQ: Plan(Meter.Kind.WATER, 24, "S", "管道井", 6, 9, leaks=True),
    QH: Plan(Meter.Kind.POWER, 12, "D", "楼层配电间", 386, 211),
}


def read_meters(community: Any, today: date, people: dict[str, Any]) -> None:
    """方文员 reads, 龚工 looks at what is odd, 沈会计 checks the month."""
    month = Month.of(today).before
    plan = PLANS[community.code]
    meters = _meters(community, plan, month, people["fang"])
    _read(meters, plan, month, people["fang"])
    _hand_over(community, month, people)
    if today.day > READ_ON:
        _read(meters[:-LEFT], plan, month.after, people["fang"], odd=plan.leaks)


def _meters(community: Any, plan: Plan, month: Month, clerk: Any) -> list[Meter]:
    """They hang there since the reading of the month before."""
    since = month.before.first.replace(day=READ_ON)
    found = []
    homes = _homes(community, since)
    empty = homes.filter(use=Unit.Use.VACANT)[: plan.leaks]  # one where nobody lives, and water runs
    for unit in [*homes.exclude(use=Unit.Use.VACANT)[: plan.count - len(empty)], *empty]:
        number = f"{plan.letter}{unit.pk:06d}"
        meter = Meter(
            community=community, kind=plan.kind, number=number, scope=Meter.Scope.UNIT, unit=unit, place=plan.place
        )
        device = Device(number=number, opening=Decimal(100 + unit.pk % 37))
        found.append(keeping.found(meter, device, since, by=clerk, key=f"demo:meter:{unit.pk}"))
    return found


def _homes(community: Any, day: date) -> Any:
    """Homes that were handed over by then, offices that were let."""
    rows = Unit.objects.filter(community=community, roll__isnull=False).order_by("sort_key", "pk")
    if community.code == YQ:
        return rows.filter(handed_over_on__lt=day)
    let = Occupancy.objects.on(day).filter(unit__community=community, role=Occupancy.Role.LESSEE)
    return rows.filter(pk__in=let.values("unit"))


def _read(meters: Iterable[Meter], plan: Plan, month: Month, clerk: Any, *, odd: bool = False) -> None:
    come_round(moment(month.first.replace(day=BEGUN), 8), only="reading-round")
    on = month.first.replace(day=READ_ON)
    for place, meter in enumerate(meters):
        if Reading.objects.filter(meter=meter, month=month.first).exists():
            continue
        last = Reading.objects.filter(meter=meter).order_by("-on", "-pk").first()
        before = last.current if last else Decimal(100 + (meter.unit_id or 0) % 37)
        used = ODD if odd and place == LEAK else plan.used(place)
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
