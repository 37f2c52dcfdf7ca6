"""The calendar of the manual and of the law, in plain dates (D66, D68; Civil Code 188, 192, 195, 201–203)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yihu.basics.worktime import OfficeCalendar, add_months, days_after, month_day, nth_working_day

DUNNED_ON = 11  # working day of the month after the notice
LAST = 30  # of the month, or its last day
WARNED = 7  # days
LIMITATION = 36  # months


def dunning_day(year: int, month: int, office: OfficeCalendar) -> date:
    """The 11th working day. Raises CalendarYearMissing where nobody has entered the year's holidays."""
    return nth_working_day(year, month, DUNNED_ON, office)


def last_day(year: int, month: int) -> date:
    """The 30th; in February its last day."""
    return month_day(year, month, LAST)


def lawful_day(year: int, month: int, office: OfficeCalendar) -> date:
    """The working day after the 30th, on which finance looks at who has still not paid (D68)."""
    return office.working_days_after(last_day(year, month), 1)


def seven_days(delivered_on: date, office: OfficeCalendar) -> date:
    """The last of seven days after delivery; a day of rest gives way to the next working day."""
    return office.working_day_from(days_after(delivered_on, WARNED))


@dataclass(frozen=True)
class Interruption:
    """A proven demand, a suit, or (``consent``) the debtor's own promise to pay."""

    on: date
    consent: bool = False


def limitation(due_on: date, interruptions: Iterable[Interruption]) -> date:
    """The last day of the three years. Each proven demand begins them anew, except one that came after their end;
    the debtor's promise helps even then."""
    ends = add_months(due_on, LIMITATION)
    for one in sorted(interruptions, key=lambda one: one.on):
        if one.on >= due_on and (one.on <= ends or one.consent):
            ends = max(ends, add_months(one.on, LIMITATION))
    return ends
