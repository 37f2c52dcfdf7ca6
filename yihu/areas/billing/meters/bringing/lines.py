"""One line of a reading sheet as plain values, and how it is kept while it waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from yihu.areas.billing.meters.rounds import LAST_DAY
from yihu.basics.months import Month

FIGURES: Final = ("previous", "current", "multiplier", "closing", "opening")


@dataclass
class Line:
    """``unread``: a figure stood there that nobody can read."""

    sheet: str
    row_no: int
    room: str
    number: str
    kind: str
    on: date
    previous: Decimal | None = None
    current: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    note: str = ""
    closing: Decimal | None = None
    opening: Decimal | None = None
    swapped: bool = False
    round: bool = False
    unread: bool = False
    fresh_number: str = ""
    digits: int = 5

    @property
    def same(self) -> tuple[str, str]:
        """The meter: by its number, or by its room where none is written."""
        return self.kind, self.number or f"@{self.room}"

    @property
    def less(self) -> bool:
        """Whether the dial shows less than before."""
        return self.previous is not None and self.current is not None and self.current < self.previous

    @property
    def month(self) -> Month:
        """Sheets are read around the 20th; what is dated up to the 23rd belongs to the month that ends there."""
        month = Month.of(self.on)
        return month if self.on.day <= LAST_DAY else month.after


def to_staged(line: Line) -> tuple[dict[str, Any], str]:
    values = {name: value for name, value in asdict(line).items() if name not in ("sheet", "row_no")}
    values["on"] = line.on.isoformat()
    for name in FIGURES:
        values[name] = None if values[name] is None else str(values[name])
    return values, ""


def from_staged(sheet: str, row_no: int, values: dict[str, Any]) -> Line:
    told = {**values, "on": date.fromisoformat(values["on"])}
    for name in FIGURES:
        told[name] = None if told[name] is None else Decimal(told[name])
    return Line(sheet, row_no, **told)
