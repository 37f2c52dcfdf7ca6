"""Months and parts of months as bills count them (domain §5.3).

A whole month is 1; a part of one is its days over the days of that month. Nothing is rounded here.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from yihu.basics.worktime import add_months

ONE_DAY = timedelta(days=1)
HALF_OF_THE_MONTH = 15


class FirstMonth(StrEnum):
    """What the month costs in which a unit is handed over. The day itself counts."""

    DAILY = "daily"
    HALF_MONTH = "half_month"  # until the 15th the whole month, after it half
    FULL = "full"
    NEXT_MONTH = "next_month"


def last_of(day: date) -> date:
    """The last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def by_month(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The parts of a time that lie in one calendar month each."""
    while first <= last:
        until = min(last, last_of(first))
        yield first, until
        first = until + ONE_DAY


def share_of_first_month(handed: date, rule: FirstMonth) -> Fraction:
    """How much of the month of handing over falls on the one who received the unit; the rest falls on who gave it."""
    days = monthrange(handed.year, handed.month)[1]
    if rule is FirstMonth.FULL or handed.day == 1:
        return Fraction(1)
    if rule is FirstMonth.NEXT_MONTH:
        return Fraction(0)
    if rule is FirstMonth.HALF_MONTH:
        return Fraction(1) if handed.day <= HALF_OF_THE_MONTH else Fraction(1, 2)
    return Fraction(days - handed.day + 1, days)


def months_in(first: date, last: date, handed: date | None = None, rule: FirstMonth = FirstMonth.DAILY) -> Fraction:
    """How many months a time counts for. In the month of handing over each side's share is spread over its own days."""
    total = Fraction(0)
    for begin, end in by_month(first, last):
        days = monthrange(begin.year, begin.month)[1]
        if handed and (handed.year, handed.month) == (begin.year, begin.month) and handed.day > 1:
            mine = share_of_first_month(handed, rule)
            before = max(0, (min(end, handed - ONE_DAY) - begin).days + 1)
            after = (end - begin).days + 1 - before
            total += (1 - mine) * Fraction(before, handed.day - 1) + mine * Fraction(after, days - handed.day + 1)
        else:
            total += Fraction((end - begin).days + 1, days)
    return total


def billed_in(
    year: int, month: int, *, span: int = 1, starts: int = 1, prepaid: bool = False, ahead: int = 0
) -> tuple[date, date] | None:
    """The period that is billed in a month, if one is.

    Periods of ``span`` months begin in the month ``starts`` and every span after it. A prepaid one is billed ``ahead``
    months before its first month, a postpaid one in its last month.
    """
    place = year * 12 + month - 1
    place += ahead if prepaid else 1 - span
    if (place - (starts - 1)) % span:
        return None
    first = date(place // 12, place % 12 + 1, 1)
    return first, last_of(add_months(first, span - 1))
