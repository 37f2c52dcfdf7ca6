"""What a debt paid late costs: the contract's late fee, and beside it what a court would probably leave of it.

Simple and never on itself, day by day on what was still unpaid (domain handbook §5.5; Civil Code 201, 585). The due day is
not counted, the day of payment is: due on the 1st and paid on the 24th is 23 days late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from yihu.basics.money import round_half_up
from yihu.basics.pricing import Rounding, to_fen

COURT = Fraction(13, 10)  # a penalty over 130 % of the loss is generally excessive (合同编通则解释第65条)
YEAR = 365
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What the contract says. ``rate`` a day; ``starts`` the how-manieth day after the due day is the first that counts;
    ``cap`` the most of it in parts of the principal, ``most`` in 分."""

    rate: Fraction
    starts: int = 1
    cap: Fraction = Fraction(1)
    most: int | None = None
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True)
class Movement:
    """The principal changed at the end of a day: a payment is negative, in 分."""

    on: date
    amount: int


@dataclass(frozen=True)
class Span:
    """Days on which nothing accrues (the line is disputed); without an end it lasts."""

    first: date
    last: date | None = None


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which the same was unpaid at the same rate a year."""

    first: date
    last: date
    base: int
    yearly: Fraction

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class LateFee:
    """``claim`` by the contract and ``court`` realistically, in 分, with the days they were reckoned from."""

    claim: int
    court: int
    capped: bool
    stretches: tuple[Stretch, ...]

    @property
    def days(self) -> int:
        return sum(stretch.days for stretch in self.stretches)


Rates = Sequence[tuple[date, Fraction]]  # from when on, a year; the earliest first


def late_fee(
    terms: Terms,
    principal: int,
    due_on: date,
    until: date,
    *,
    movements: Iterable[Movement] = (),
    frozen: Iterable[Span] = (),
    rates: Rates,
) -> LateFee:
    """The fee of one line at the end of a day. ``rates``: the yearly lending rates (LPR) by day of publication."""
    moved = sorted(movements, key=lambda one: one.on)
    begun = principal + sum(one.amount for one in moved if one.on <= due_on)
    stretches = tuple(_stretches(due_on + terms.starts * _DAY, until, principal, moved, list(frozen), rates))
    claim = terms.rate * sum(stretch.base * stretch.days for stretch in stretches)
    owed = max([0, begun, *(stretch.base for stretch in stretches)])  # a cheque that bounced later is owed as before
    most = min(terms.cap * owed, Fraction(terms.most) if terms.most is not None else terms.cap * owed)
    court = sum((COURT * one.yearly / YEAR * one.base * one.days for one in stretches), Fraction(0))
    capped = claim > most
    asked = to_fen(min(claim, most), terms.rounding)
    return LateFee(asked, min(round_half_up(court), asked), capped, stretches)


def _stretches(
    first: date, until: date, principal: int, moved: list[Movement], frozen: list[Span], rates: Rates
) -> Iterable[Stretch]:
    cuts = {first, until + _DAY, *(one.on + _DAY for one in moved), *(since for since, _ in rates)}
    cuts |= {span.first for span in frozen} | {span.last + _DAY for span in frozen if span.last is not None}
    days = sorted(day for day in cuts if first <= day <= until + _DAY)
    for begins, after in pairwise(days):
        base = principal + sum(one.amount for one in moved if one.on < begins)
        if base > 0 and not any(_within(span, begins) for span in frozen):
            yield Stretch(begins, after - _DAY, base, rate_on(rates, begins))


def _within(span: Span, day: date) -> bool:
    return span.first <= day and (span.last is None or day <= span.last)


def rate_on(rates: Rates, day: date) -> Fraction:
    """The rate in force on a day; before the first one, the first."""
    known = [rate for since, rate in rates if since <= day]
    return known[-1] if known else rates[0][1]
