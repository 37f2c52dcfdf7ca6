"""What a meter's dial says: use between two readings, the dial that went round, estimates and what looks wrong (domain.md §5.4).

Plain figures, no database: readings and use are Decimals, means and deviations exact Fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from yihu.basics.money import round_half_up

THREE: Final = 3
MOST_ESTIMATES: Final = 2  # in a row: a third is refused
HALF: Final = Fraction(1, 2)


class ReadingError(ValueError):
    """A reading that cannot be: the sentence says why."""


@dataclass(frozen=True)
class Part:
    """The use of one device within a month: a device that was swapped out and the one that came are two parts."""

    number: str
    previous: Decimal
    current: Decimal
    multiplier: Decimal
    use: Decimal
    went_round: bool = False
    digits: int = 0

    @property
    def words(self) -> str:
        """1,203.4 − 1,186.9 = 16.5 × 40; a dial that went round begins again at nothing."""
        before, now = plain(self.previous), plain(self.current)
        went = f"{plain(Decimal(10**self.digits))} − {before} + {now}" if self.went_round else f"{now} − {before}"
        times = "" if self.multiplier == 1 else f" × {plain(self.multiplier)}"
        return f"{went} = {plain(self.use / self.multiplier)}{times}"


def plain(figure: Decimal) -> str:
    """1,234.5: grouped, without zeros that say nothing."""
    text = f"{figure.normalize():,f}"
    return "0" if text in ("-0", "") else text


def fits(reading: Decimal, digits: int) -> bool:
    """Whether a dial of so many figures before the point can show it."""
    return 0 <= reading < 10**digits


def turned(previous: Decimal, current: Decimal) -> Decimal:
    """How far the dial went; negative where an estimate before it was too high."""
    return current - previous


def turned_round(previous: Decimal, current: Decimal, digits: int) -> Decimal:
    """How far it went when it passed its highest figure: 99985 → 37 on five figures is 52."""
    if not fits(previous, digits) or not fits(current, digits):
        raise ReadingError(f"{digits} 位的表盘读不出这样的数。")
    if current >= previous:
        raise ReadingError("本次读数不小于上次，表没有走过一圈。")
    return 10**digits - previous + current


def use(went: Decimal, multiplier: Decimal) -> Decimal:
    """What the dial went, times what one step stands for: 16.5 × 40 = 660."""
    return went * multiplier


def mean(uses: Sequence[Decimal]) -> Fraction | None:
    """The mean of the last three months; None where nothing is known."""
    last = uses[-THREE:]
    return sum((Fraction(one) for one in last), Fraction(0)) / len(last) if last else None


def deviation(now: Decimal, uses: Sequence[Decimal]) -> Fraction | None:
    """How far from the mean of the last three, 1/2 for half as much again; None where there is no mean to compare with."""
    usual = mean(uses)
    return None if not usual or usual <= 0 else Fraction(now) / usual - 1


def percent(part: Fraction) -> int:
    """A deviation in whole per cent, half away from zero."""
    return round_half_up(part * 100)


def oddities(now: Decimal, uses: Sequence[Decimal], *, occupied: bool | None, most: Fraction = HALF) -> list[str]:
    """Why a person should look at this use: ``far``, ``zero`` in an occupied unit, ``vacant`` for use in an empty one.

    ``occupied`` is None for what nobody lives in (a common meter, a unit of which nothing is known).
    """
    found = []
    far = deviation(now, uses)
    if far is not None and abs(far) > most:
        found.append("far")
    if now == 0 and occupied:
        found.append("zero")
    if now > 0 and occupied is False:
        found.append("vacant")
    return found


def may_estimate(in_a_row: int) -> bool:
    """``in_a_row``: how many of the last months' readings were estimates, counted from the latest."""
    return in_a_row < MOST_ESTIMATES


def estimate(uses: Sequence[Decimal], last_year: Decimal | None = None, *, by_last_year: bool = False) -> Decimal:
    """The mean of three months, or the same month last year; to the hundredth, never below zero."""
    if by_last_year:
        if last_year is None:
            raise ReadingError("没有去年同月的用量，请改用最近三个月的平均数。")
        return max(last_year, Decimal(0))
    if (usual := mean(uses)) is None:
        raise ReadingError("没有以前的用量，估不出来，请上门实抄。")
    return max(rounded(usual), Decimal(0))


def rounded(figure: Fraction) -> Decimal:
    """An exact figure to the hundredth, which is what a dial shows and no more; half up."""
    return Decimal(round_half_up(figure * 100)).scaleb(-2)
