"""Meters and people who read them, for the tests; what is written goes through the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.support.cast import Cast
from tests.support.doing import at, signature
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.models import Installation, Meter, Reading, ReadingRound
from yihu.areas.billing.meters.rounds import open_round
from yihu.basics.months import Month
from yihu.kernel.doors import perform

SEPTEMBER = Month(2026, 9)
OCTOBER = Month(2026, 10)
D = Decimal


def meter(
    unit: Any, kind: str = "power", number: str = "电00001", opening: str = "1186.9", times: int = 1, digits: int = 5,
    since: date = date(2026, 6, 1), community: Any = None, **more: Any,
) -> Meter:  # fmt: skip
    place = {"unit": unit, "scope": "unit"} if unit else {}
    one = Meter.objects.create(community=community or unit.community, kind=kind, number=number, **{**place, **more})
    Installation.objects.create(
        meter=one, number=number, multiplier=D(times), digits=digits, opening=D(opening), installed_on=since
    )
    return one


@dataclass
class Readers:
    """文员 reads, 龚工 looks at what she read, 会计 checks the month."""

    cast: Cast

    @cached_property
    def clerk(self) -> Any:
        return self.cast.person("wenyuan", "文文员", "engineering_clerk")

    @cached_property
    def accountant(self) -> Any:
        return self.cast.person("kuaiji", "会计", "accountant")

    def read(
        self, one: Meter, current: str | None, on: str = "2026-10-20", kind: str = "read", *, month: Month | None = None,
        by: Any = None, **more: Any,
    ) -> Reading:  # fmt: skip
        day = date.fromisoformat(on)
        entry = Entry(day, None if current is None else D(current), kind, **more)
        return recording.take(one, entry, by=by or self.clerk, month=month or recording_month(day), at=noon(day))

    def agree(self, reading: Reading, fine: bool = True, words: str = "", by: Any = None) -> Reading:
        recording.check([reading], fine, by=by or self.cast.gong, words=words, at=noon(reading.on))
        reading.refresh_from_db()
        return reading

    def months(self, one: Meter, *readings: str, last: Month = SEPTEMBER) -> None:
        """Readings of the months up to ``last``, each agreed to where it must be."""
        months = [last]
        while len(months) < len(readings):
            months.insert(0, months[0].before)
        for month, current in zip(months, readings, strict=True):
            reading = self.read(one, current, month.first.replace(day=20).isoformat(), month=month)
            if reading.state == Reading.State.PENDING:
                self.agree(reading)

    def checked(self, month: Month = OCTOBER) -> ReadingRound:
        """The month handed over and checked; every meter must be read."""
        day = noon(month.first.replace(day=21))
        round_ = perform(self.round(month), "hand_over", by=self.clerk, data={"signature": signature()}, at=day)
        return perform(round_, "check", by=self.accountant, at=day)

    def round(self, month: Month = OCTOBER) -> ReadingRound:
        return open_round(self.cast.yunqi.pk, month)


def recording_month(day: date) -> Month:
    return Month.of(day) if day.day <= 20 else Month.of(day).after


def noon(day: date) -> datetime:
    return at(f"{day} 12:00")
