"""The days of dunning (domain.md §11 vectors 1, 2, 15; scenarios 22 and 23)."""

from __future__ import annotations

from datetime import date

import pytest

from yihu.areas.billing.dunning.dates import Interruption, dunning_day, last_day, lawful_day, limitation, seven_days
from yihu.basics.worktime import CalendarYearMissing, OfficeCalendar

OFFICE = OfficeCalendar.standard()
TWELVE = (
    (1, 16), (2, 14), (3, 16), (4, 16), (5, 19), (6, 15), (7, 15), (8, 17), (9, 15), (10, 21), (11, 16), (12, 15),
)  # fmt: skip


@pytest.mark.parametrize(("month", "day"), TWELVE)
def test_the_eleventh_working_days_of_2026(month: int, day: int) -> None:
    assert dunning_day(2026, month, OFFICE) == date(2026, month, day)


def test_a_year_without_holidays_is_never_guessed() -> None:
    with pytest.raises(CalendarYearMissing):
        dunning_day(2031, 3, OFFICE)


def test_the_thirtieth_of_february() -> None:
    assert last_day(2026, 2) == date(2026, 2, 28)
    assert last_day(2028, 2) == date(2028, 2, 29)
    assert last_day(2026, 3) == date(2026, 3, 30)
    assert lawful_day(2026, 2, OFFICE) == date(2026, 3, 2)  # the 28th itself is a working Saturday


def test_seven_days_without_the_first() -> None:
    assert seven_days(date(2026, 3, 2), OFFICE) == date(2026, 3, 9)
    assert seven_days(date(2026, 9, 26), OFFICE) == date(2026, 10, 8)  # the 3rd of October is a holiday


def test_each_proven_demand_begins_the_three_years_anew() -> None:
    due = date(2024, 1, 31)
    assert limitation(due, []) == date(2027, 1, 31)
    assert limitation(due, [Interruption(date(2026, 11, 10))]) == date(2029, 11, 10)
    twice = [Interruption(date(2029, 11, 10)), Interruption(date(2026, 11, 10))]
    assert limitation(due, twice) == date(2032, 11, 10)


def test_a_demand_that_comes_too_late_revives_nothing_but_a_promise_does() -> None:
    due, late = date(2020, 1, 31), date(2024, 1, 1)
    assert limitation(due, [Interruption(late)]) == date(2023, 1, 31)
    assert limitation(due, [Interruption(late, consent=True)]) == date(2027, 1, 1)
    assert limitation(due, [Interruption(date(2019, 1, 1))]) == date(2023, 1, 31)  # asked before it was due
