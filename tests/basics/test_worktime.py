"""The office's time: the vectors of the handbook, the traps of the calendar, and what holds for every moment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.worktime import (
    DAYS,
    NATURAL,
    OFFICE_ZONE,
    SERVICE,
    WORKING,
    CalendarYearMissing,
    OfficeCalendar,
    add_months,
    business_month,
    business_month_bounds,
    business_month_days,
    business_month_of,
    days_after,
    due_after_pause,
    due_at,
    month_day,
    nth_working_day,
    run_time,
)

OFFICE = OfficeCalendar.standard()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


def due(code: str, start: str, **amount: int) -> str:
    return f"{due_at(code, at(start), office=OFFICE, **amount):%Y-%m-%d %H:%M}"


# The vectors


def test_the_eleventh_working_days_of_2026():
    days = [nth_working_day(2026, month, 11, OFFICE) for month in range(1, 13)]

    assert [f"{day.month}/{day.day}" for day in days] == [
        "1/16", "2/14", "3/16", "4/16", "5/19", "6/15", "7/15", "8/17", "9/15", "10/21", "11/16", "12/15",
    ]  # fmt: skip


def test_the_thirtieth_of_february_is_its_last_day():
    assert [month_day(2026, 2, 30), month_day(2028, 2, 30)] == [date(2026, 2, 28), date(2028, 2, 29)]


def test_two_hours_run_over_closing_time():
    """Complaint at 21:20, sheet issued at 21:35, desk closes at 22:00: the owner is owed an answer first."""
    assert due(SERVICE, "2026-03-10 21:35", minutes=120) == "2026-03-11 10:05"
    assert due(SERVICE, "2026-03-10 21:20", minutes=120) == "2026-03-11 09:50"


def test_a_serious_complaint_runs_through_the_night():
    assert due(NATURAL, "2026-03-10 21:20", minutes=120) == "2026-03-10 23:20"
    assert due(NATURAL, "2026-03-10 21:35", minutes=120) == "2026-03-10 23:35"


def test_months_keep_their_anchor_day():
    january = date(2026, 1, 31)

    assert [add_months(january, 1), add_months(date(2026, 2, 28), 1, anchor_day=31)] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]
    assert add_months(date(2025, 9, 30), 60) == date(2030, 9, 30)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_the_business_month_changes_at_midnight_after_the_twentieth():
    assert business_month(at("2026-01-20 23:59")) == (2026, 1)
    assert business_month(at("2026-01-21 00:00")) == (2026, 2)
    assert business_month(at("2026-12-21 00:00")) == (2027, 1)
    assert business_month(datetime(2026, 1, 20, 16, 0, tzinfo=UTC)) == (2026, 2)
    assert business_month_bounds(2026, 1) == (at("2025-12-21 00:00"), at("2026-01-21 00:00"))
    assert business_month_days(2026, 3) == (date(2026, 2, 21), date(2026, 3, 20))
    assert [business_month_of(date(2026, 12, day)) for day in (20, 21)] == [(2026, 12), (2027, 1)]


def test_seven_days_do_not_count_the_first():
    assert days_after(date(2026, 3, 2), 7) == date(2026, 3, 9)
    assert due(DAYS, "2026-03-02 09:00", days=7) == "2026-03-09 22:00"


def test_one_working_day_before_the_spring_festival():
    assert due(WORKING, "2026-02-13 16:00", days=1) == "2026-02-14 17:30"
    assert due(WORKING, "2026-02-14 16:00", days=1) == "2026-02-24 17:30"


# Days off, closing time, the same day


def test_natural_days_that_end_on_a_day_of_rest_end_on_the_next_working_day():
    assert due(DAYS, "2026-02-12 10:00", days=3) == "2026-02-24 22:00"
    bare = due_at(DAYS, at("2026-02-12 10:00"), days=3, office=OFFICE, roll=False)
    assert bare == at("2026-02-15 22:00")


def test_a_month_counted_in_natural_days_rolls_as_well():
    assert due(DAYS, "2026-01-31 10:00", months=1) == "2026-02-28 22:00"  # a Saturday that is worked
    assert due(DAYS, "2026-02-28 10:00", months=1) == "2026-03-30 22:00"  # the 28th of March is a Saturday


def test_the_same_day_ends_at_closing_time():
    assert due(SERVICE, "2026-03-10 09:00") == "2026-03-10 22:00"
    assert due(SERVICE, "2026-03-10 22:30") == "2026-03-11 22:00"
    assert due(WORKING, "2026-03-13 17:45") == "2026-03-16 17:30"
    assert due(DAYS, "2026-03-14 09:00") == "2026-03-14 22:00"
    assert due(NATURAL, "2026-03-14 09:00") == "2026-03-14 09:00"


def test_minutes_that_end_exactly_at_closing_time_end_there():
    assert due(SERVICE, "2026-03-10 20:00", minutes=120) == "2026-03-10 22:00"
    assert due(SERVICE, "2026-03-10 22:00", minutes=1) == "2026-03-11 08:31"
    assert due(WORKING, "2026-02-14 17:00", minutes=60) == "2026-02-24 09:00"


def test_natural_time_keeps_the_time_of_day():
    assert due(NATURAL, "2026-03-10 21:20", days=1) == "2026-03-11 21:20"
    assert due(NATURAL, "2026-01-31 21:20", months=1) == "2026-02-28 21:20"


def test_closed_weekdays_and_single_dates():
    hours = {**OFFICE.hours, 6: None}
    spring = {date(2026, 2, 17): None, date(2026, 2, 18): (time(10), time(16))}
    office = OfficeCalendar(hours=hours, days=OFFICE.days, years=OFFICE.years, exceptions=spring)

    def service(start: str, **amount: int) -> str:
        return f"{due_at(SERVICE, at(start), office=office, **amount):%m-%d %H:%M}"

    assert service("2026-03-14 21:00", minutes=120) == "03-16 09:30"
    assert service("2026-02-16 21:00", minutes=120) == "02-18 11:00"
    assert service("2026-02-16 21:00", days=1) == "02-18 16:00"
    assert service("2026-02-14 21:00", days=1) == "02-16 22:00"
    assert run_time(SERVICE, at("2026-02-16 21:00"), at("2026-02-18 11:00"), office) == timedelta(minutes=120)


def test_a_desk_that_never_closes():
    office = OfficeCalendar(hours=dict.fromkeys(range(7), (time(0), time(0))))

    assert due_at(SERVICE, at("2026-03-10 23:00"), minutes=120, office=office) == at("2026-03-11 01:00")
    assert due_at(SERVICE, at("2026-03-10 23:00"), office=office) == at("2026-03-10 23:59:59")


def test_moments_come_in_any_zone_and_leave_in_office_time():
    start = datetime(2026, 3, 10, 13, 35, tzinfo=UTC)

    moment = due_at(SERVICE, start, minutes=120, office=OFFICE)

    assert moment.isoformat() == "2026-03-11T10:05:00+08:00"


# Years that nobody has announced


def test_a_missing_year_is_said_and_not_guessed():
    with pytest.raises(CalendarYearMissing) as missing:
        due_at(WORKING, at("2026-12-31 10:00"), days=1, office=OFFICE)

    assert missing.value.year == 2027
    assert "2027年" in str(missing.value)
    assert "录入" in str(missing.value)


def test_a_missing_year_stops_the_dunning_day():
    with pytest.raises(CalendarYearMissing):
        nth_working_day(2027, 1, 11, OFFICE)


def test_a_tentative_calendar_counts_plain_weeks():
    office = OFFICE.as_tentative()

    assert due_at(WORKING, at("2026-12-31 10:00"), days=1, office=office) == at("2027-01-01 17:30")
    assert office.tentative
    assert not OFFICE.tentative


def test_the_desk_needs_no_holiday_table():
    assert due(SERVICE, "2026-12-31 21:30", minutes=60) == "2027-01-01 09:00"


def test_a_month_without_so_many_working_days():
    with pytest.raises(ValueError, match="没有第24个工作日"):
        nth_working_day(2026, 12, 24, OFFICE)


# What makes no sense


@pytest.mark.parametrize("amount", [{"minutes": -1}, {"days": 1, "minutes": 5}, {"months": -2}])
def test_one_amount_and_not_a_negative_one(amount):
    with pytest.raises(ValueError, match="one amount"):
        due_at(WORKING, at("2026-03-10 10:00"), office=OFFICE, **amount)


def test_unknown_calendars_and_moments_without_a_zone():
    with pytest.raises(ValueError, match="unknown calendar"):
        due_at("X", at("2026-03-10 10:00"), days=1, office=OFFICE)
    with pytest.raises(ValueError, match="time zone"):
        due_at(SERVICE, datetime(2026, 3, 10, 10), days=1, office=OFFICE)  # noqa: DTZ001


def test_hours_that_cannot_be():
    with pytest.raises(ValueError, match="不能早于"):
        OfficeCalendar(hours={0: (time(22), time(8))})
    with pytest.raises(ValueError, match="服务日"):
        OfficeCalendar(hours={0: None})


# Pauses


def test_what_is_left_and_how_late():
    assert run_time(SERVICE, at("2026-03-10 21:30"), at("2026-03-11 10:05"), OFFICE) == timedelta(minutes=125)
    assert run_time(SERVICE, at("2026-03-11 10:35"), at("2026-03-11 10:05"), OFFICE) == -timedelta(minutes=30)
    assert run_time(WORKING, at("2026-02-14 17:00"), at("2026-02-24 09:00"), OFFICE) == timedelta(minutes=60)


def test_a_minute_clock_gets_back_what_was_left():
    moment = due_after_pause(SERVICE, at("2026-03-10 11:00"), at("2026-03-10 10:00"), at("2026-03-12 21:30"), OFFICE)

    assert moment == at("2026-03-13 09:00")


def test_a_working_day_clock_moves_by_working_days():
    moment = due_after_pause(WORKING, at("2026-02-13 17:30"), at("2026-02-12 10:00"), at("2026-02-14 15:00"), OFFICE)

    assert moment == at("2026-02-24 17:30")


def test_a_natural_day_clock_moves_by_days_and_rolls():
    def resumed(when: str, roll: bool = True) -> datetime:
        return due_after_pause(DAYS, at("2026-03-11 22:00"), at("2026-03-10 10:00"), at(when), OFFICE, roll)

    assert resumed("2026-03-10 21:00") == at("2026-03-11 22:00")
    assert resumed("2026-03-13 10:00") == at("2026-03-16 22:00")
    assert resumed("2026-03-13 10:00", roll=False) == at("2026-03-14 22:00")


def test_a_pause_does_not_save_a_clock_that_is_already_late():
    late = due_after_pause(NATURAL, at("2026-03-10 09:00"), at("2026-03-10 10:00"), at("2026-03-20 10:00"), OFFICE)

    assert late == at("2026-03-10 09:00")


# For every moment

moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 4, 30)).map(lambda when: when.replace(tzinfo=UTC))  # noqa: DTZ001
codes = st.sampled_from([NATURAL, SERVICE, WORKING, DAYS])
amounts = st.integers(1, 20_000)


@given(codes, moments, amounts)
def test_a_clock_of_so_many_minutes_runs_so_many_minutes(code, start, minutes):
    end = due_at(code, start, minutes=minutes, office=OFFICE)

    assert run_time(code, start, end, OFFICE) == timedelta(minutes=minutes)
    assert run_time(code, end, start, OFFICE) == -timedelta(minutes=minutes)


@given(codes, moments, st.integers(0, 3000), st.integers(1, 3000))
def test_time_adds_up(code, start, first, second):
    middle = due_at(code, start, minutes=first, office=OFFICE) if first else start
    whole = due_at(code, start, minutes=first + second, office=OFFICE)

    assert due_at(code, middle, minutes=second, office=OFFICE) == whole


@given(codes, moments, st.integers(0, 60), st.integers(0, 60))
def test_a_later_start_or_more_days_are_never_due_earlier(code, start, days, more):
    plain = due_at(code, start, days=days, office=OFFICE)

    assert due_at(code, start, days=days + more, office=OFFICE) >= plain >= start
    assert due_at(code, start + timedelta(hours=more), days=days, office=OFFICE) >= plain


@given(moments, st.integers(1, 40))
def test_working_days_end_when_the_office_closes(start, days):
    end = due_at(WORKING, start, days=days, office=OFFICE)
    between = [start.astimezone(OFFICE_ZONE).date() + timedelta(days=n) for n in range(1, 90)]

    assert end.time() == time(17, 30)
    assert sum(OFFICE.is_working_day(day) for day in between if day <= end.date()) == days


@given(codes, moments, st.integers(1, 3000), st.integers(0, 5000), st.integers(0, 5000))
def test_a_pause_takes_nothing_and_gives_nothing(code, start, minutes, before, long):
    end = due_at(code, start, minutes=minutes, office=OFFICE)
    paused = start + timedelta(minutes=before)
    resumed = paused + timedelta(minutes=long)

    moved = due_after_pause(code, end, paused, resumed, OFFICE)

    assert moved >= end
    if code in (NATURAL, SERVICE) and paused < end:
        assert run_time(code, resumed, moved, OFFICE) == run_time(code, paused, end, OFFICE)


@given(moments)
def test_every_instant_lies_in_its_business_month(instant):
    first, after = business_month_bounds(*business_month(instant))

    assert first <= instant < after


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(-240, 240))
def test_months_there_and_back_keep_the_anchor(day, count):
    there = add_months(day, count)

    assert add_months(there, -count, anchor_day=day.day) == day
    assert there.day <= day.day
