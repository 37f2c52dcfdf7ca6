"""The holiday tables: counted, and looked at where a plain week does not hold."""

from datetime import date, timedelta

import pytest

from yihu.basics.holidays_cn import YEARS, changed_days, festivals
from yihu.basics.worktime import OfficeCalendar

OFFICE = OfficeCalendar.standard()


def test_only_announced_years_stand_in_the_table():
    assert sorted(YEARS) == [2024, 2025, 2026]
    with pytest.raises(KeyError):
        festivals(2027)


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_the_working_days_of_a_year(year, working_days):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]

    assert sum(OFFICE.is_working_day(day) for day in days if day.year == year) == working_days


def test_weekends_that_are_worked():
    worked = [f"{day:%y%m%d}" for day, works in sorted(changed_days().items()) if works]

    assert worked == [
        "240204", "240218", "240407", "240428", "240511", "240914", "240929", "241012",
        "250126", "250208", "250427", "250928", "251011",
        "260104", "260214", "260228", "260509", "260920", "261010",
    ]  # fmt: skip


def test_spring_festival_2026_is_nine_days():
    spring = festivals(2026)[1]

    assert (spring.name, spring.first, spring.last) == ("春节", date(2026, 2, 15), date(2026, 2, 23))
    assert [OFFICE.is_working_day(day) for day in (date(2026, 2, 14), *spring.days_off(), date(2026, 2, 24))] == [
        True, *[False] * 9, True,
    ]  # fmt: skip


def test_the_table_says_only_what_differs_from_a_plain_week():
    assert all(works == (day.weekday() >= 5) for day, works in changed_days().items())
    assert set(changed_days(frozenset({2025}))) == {day for day in changed_days() if day.year == 2025}
