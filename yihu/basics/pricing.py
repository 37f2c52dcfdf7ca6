"""What something costs: rounding to the 分, parts that add up, price steps, rents that grow (domain §5.1, §5.3, §5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from yihu.basics.money import round_half_up
from yihu.basics.periods import ONE_DAY
from yihu.basics.worktime import add_months


class Rounding(StrEnum):
    """How an amount becomes whole 分; the same away from nothing for a reversal."""

    HALF_UP = "half_up"  # 四舍五入
    UP = "up"  # 进位
    DOWN = "down"  # 舍去


def to_fen(exact: Fraction, how: Rounding = Rounding.HALF_UP) -> int:
    """分 as they stand unrounded, to whole ones."""
    if how is Rounding.HALF_UP:
        return round_half_up(exact)
    size = abs(exact)
    whole = size.numerator // size.denominator
    if how is Rounding.UP and whole != size:
        whole += 1
    return whole if exact >= 0 else -whole


def in_parts(exact: Sequence[Fraction], how: Rounding = Rounding.HALF_UP) -> list[int]:
    """Whole 分 for parts of one sum: each is the difference to those before, so that they always add up to the whole."""
    parts, so_far, given = [], Fraction(0), 0
    for one in exact:
        so_far += one
        whole = to_fen(so_far, how)
        parts.append(whole - given)
        given = whole
    return parts


def plain(number: Decimal, least: int = 0) -> str:
    """A figure as people write it: 2.8000 with at least two decimals is 2.80, 0.4883 stays, 128.360 is 128.36."""
    text = f"{number:f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


@dataclass(frozen=True)
class Step:
    """阶梯: up to this quantity (None: whatever is above the last one) at this price."""

    upto: Decimal | None
    price: Decimal


def stepped(quantity: Decimal, steps: Iterable[Step], already: Decimal = Decimal(0)) -> list[tuple[Decimal, Decimal]]:
    """A quantity by its price steps, as (quantity, price). ``already``: what was used before in the same count."""
    found, place, until = [], already, already + quantity
    for step in steps:
        top = until if step.upto is None else min(until, step.upto)
        if top > place:
            found.append((top - place, step.price))
            place = top
    if place < until:
        raise ValueError("the last price step must be open above")
    return found


@dataclass(frozen=True)
class Rent:
    """租金: so much a month; the first days may be free; from a date it grows by percent, once or every so many months."""

    monthly: Decimal
    since: date
    free_days: int = 0
    grows_on: date | None = None
    percent: Decimal = Decimal(0)
    every: int = 0

    @property
    def free_until(self) -> date | None:
        return self.since + timedelta(days=self.free_days - 1) if self.free_days else None

    def changes(self, until: date) -> Iterator[tuple[date, Decimal]]:
        """From which day which monthly rent holds; a grown rent is whole 分, as a lease says it."""
        rate, day, turn = self.monthly, self.grows_on, 0
        yield self.since, rate
        while day is not None and day <= until:
            grown = Fraction(rate) * (1 + Fraction(self.percent) / 100)
            rate = Decimal(round_half_up(grown * 100)).scaleb(-2)
            yield day, rate
            turn += self.every
            day = add_months(self.grows_on, turn) if self.every and self.grows_on else None

    def within(self, first: date, last: date) -> list[tuple[date, date, Decimal]]:
        """The time cut where the rent changes, as (from, to, monthly rent); free days are not in it."""
        begin = max(first, self.since)
        if self.free_until is not None:
            begin = max(begin, self.free_until + ONE_DAY)
        rows = list(self.changes(last))
        ends = [since - ONE_DAY for since, _ in rows[1:]] + [last]
        cut = [(max(begin, since), min(last, end), rate) for (since, rate), end in zip(rows, ends, strict=True)]
        return [(since, end, rate) for since, end, rate in cut if since <= end]
