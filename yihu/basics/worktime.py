"""Time as the office counts it. Knows calendars, knows nothing of complaints.

Instants are aware datetimes, days are dates, office time is UTC+8 the whole year. The counting rules are those of
the Civil Code, articles 201 to 203: the first day is not counted, a month without the day ends on its last day, a last
day on a day of rest moves to the next working day, and the day ends when the office closes.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

from yihu.basics import holidays_cn

NATURAL = "N"  # runs day and night
SERVICE = "S"  # runs while the desk is open
WORKING = "W"  # working days and the office hours on them
DAYS = "D"  # natural days, counted whole
CALENDARS = {NATURAL: "自然时间", SERVICE: "服务时间", WORKING: "工作日", DAYS: "自然日"}

OFFICE_ZONE = timezone(timedelta(hours=8), "UTC+08:00")
BUSINESS_MONTH_ENDS = 20  # of the month it is named after

Hours = tuple[time, time]  # opening and closing; a closing time of 00:00 means midnight at the end of the day
Window = tuple[datetime, datetime]

_DAY = timedelta(days=1)


class CalendarYearMissing(LookupError):
    """A working day was asked for in a year whose holiday notice has not been entered; `year` says which."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year}年的放假调休安排尚未录入，无法推算工作日。请先在工作日历中录入该年的放假通知。")


def _every_day() -> dict[int, Hours | None]:
    return {weekday: (time(8, 30), time(22, 0)) for weekday in range(7)}


@dataclass(frozen=True)
class OfficeCalendar:
    """When a community's desk and office are open, and which days are working days.

    `hours`: service hours of the desk by weekday (Monday is 0), None for a closed day.
    `office_hours`: hours of the office on a working day; its end is the end of a working day.
    `days`: True for a weekend day that is worked, False for a weekday that is off.
    `years`: years whose holidays are announced; any other year raises CalendarYearMissing.
    `exceptions`: service hours of single dates, None for closed.
    `tentative`: unannounced years count as plain Monday to Friday; what is computed so must be shown as 暂定.
    Raises ValueError for hours that end before they begin, or a week without any service hours.
    """

    hours: Mapping[int, Hours | None] = field(default_factory=_every_day)
    office_hours: Hours = (time(8, 30), time(17, 30))
    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    exceptions: Mapping[date, Hours | None] = field(default_factory=dict)
    tentative: bool = False

    def __post_init__(self) -> None:
        for opens, closes in filter(None, [*self.hours.values(), *self.exceptions.values(), self.office_hours]):
            if closes <= opens and closes != time(0):
                raise ValueError(f"结束时间{closes:%H:%M}不能早于开始时间{opens:%H:%M}。")
        if not any(self.hours.get(weekday) for weekday in range(7)):
            raise ValueError("一周内至少要有一天是服务日。")

    @classmethod
    def standard(cls) -> "OfficeCalendar":
        """The default hours with every holiday table that this program ships."""
        return cls(days=holidays_cn.changed_days(), years=holidays_cn.YEARS)

    def as_tentative(self) -> "OfficeCalendar":
        """The same calendar that guesses unannounced years as plain weeks instead of raising."""
        return replace(self, tentative=True)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this day. Raises CalendarYearMissing."""
        if day.year not in self.years and not self.tentative:
            raise CalendarYearMissing(day.year)
        return self.days.get(day, day.weekday() < 5)

    def working_day_from(self, day: date) -> date:
        """This day if it is a working day, otherwise the next one. Raises CalendarYearMissing."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def working_days_after(self, day: date, count: int) -> date:
        """The count-th working day after this day, which is itself not counted. Raises CalendarYearMissing."""
        for _ in range(count):
            day = self.working_day_from(day + _DAY)
        return day

    def service_window(self, day: date) -> Window | None:
        """From opening to closing of the desk on this day, None when it stays closed."""
        hours = self.exceptions[day] if day in self.exceptions else self.hours.get(day.weekday())
        return _window(day, hours) if hours else None

    def office_window(self, day: date) -> Window | None:
        """From opening to closing of the office, None on a day off. Raises CalendarYearMissing."""
        return _window(day, self.office_hours) if self.is_working_day(day) else None

    def window(self, calendar_code: str, day: date) -> Window | None:
        """The part of a day on which the named calendar runs, None when it stands still all day."""
        if calendar_code == SERVICE:
            return self.service_window(day)
        if calendar_code == WORKING:
            return self.office_window(day)
        return _window(day, (time(0), time(0)))


def _window(day: date, hours: Hours) -> Window:
    opens, closes = (datetime.combine(day, moment, OFFICE_ZONE) for moment in hours)
    return opens, closes if hours[1] != time(0) else closes + _DAY


def office_time(instant: datetime) -> datetime:
    """The same instant on the office's clock (UTC+8). Raises ValueError for a datetime without a zone."""
    if instant.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be counted")
    return instant.astimezone(OFFICE_ZONE)


def _known(calendar_code: str) -> None:
    if calendar_code not in CALENDARS:
        raise ValueError(f"unknown calendar {calendar_code!r}; known are {', '.join(CALENDARS)}")


# Due moments


def due_at(
    calendar_code: str,
    start: datetime,
    *,
    minutes: int = 0,
    days: int = 0,
    months: int = 0,
    office: OfficeCalendar,
    roll: bool = True,
) -> datetime:
    """When a clock that starts at `start` runs out, in office time.

    Give one amount. `minutes` run on in the calendar, over closing time and days off. `days` and `months` do not count
    the first day and end with the day: at closing time of the desk (S, D) or of the office (W); N keeps the time of
    day. No amount at all means the same day, and at once for N. `roll` moves a last natural day (D) that is a day of
    rest to the next working day; a clock that law or contract ties to the bare date passes roll=False.
    Raises CalendarYearMissing, and ValueError for an unknown calendar, two amounts or a negative one.
    Source: domain handbook §3 and §11 (11, 15, 16); Civil Code 201 to 203.
    """
    _known(calendar_code)
    if min(minutes, days, months) < 0 or sum(map(bool, (minutes, days, months))) > 1:
        raise ValueError("a clock has one amount, which is not negative: minutes, days or months")
    begins = office_time(start)
    if minutes:
        return _run(calendar_code, begins, timedelta(minutes=minutes), office)
    if calendar_code == NATURAL:
        last = add_months(begins.date(), months) if months else days_after(begins.date(), days)
        return datetime.combine(last, begins.timetz())
    if not days and not months:
        return _end_of_same_day(calendar_code, begins, office)
    if months:
        last = add_months(begins.date(), months)
    elif calendar_code == WORKING:
        last = office.working_days_after(begins.date(), days)
    elif calendar_code == SERVICE:
        last = _service_days_after(begins.date(), days, office)
    else:
        last = days_after(begins.date(), days)
    return _end_of_day(calendar_code, last, office, roll)


def _run(calendar_code: str, begins: datetime, left: timedelta, office: OfficeCalendar) -> datetime:
    if calendar_code in (NATURAL, DAYS):
        return begins + left
    day = begins.date()
    while True:
        window = office.window(calendar_code, day)
        if window and begins < window[1]:
            runs_from = max(begins, window[0])
            if left <= window[1] - runs_from:
                return runs_from + left
            left -= window[1] - runs_from
        day += _DAY


def _end_of_day(calendar_code: str, day: date, office: OfficeCalendar, roll: bool) -> datetime:
    """The last moment of a day as the calendar sees it; a day on which it stands still gives way to the next."""
    if calendar_code == DAYS:
        if roll:
            day = office.working_day_from(day)
        window = office.service_window(day)
        return _latest(day, window[1]) if window else datetime.combine(day, time(23, 59, 59), OFFICE_ZONE)
    while (window := office.window(calendar_code, day)) is None:
        day += _DAY
    return _latest(day, window[1])


def _latest(day: date, closes: datetime) -> datetime:
    """Closing time, kept on its own date: a desk open until midnight is due at 23:59:59, not tomorrow."""
    return min(closes, datetime.combine(day, time(23, 59, 59), OFFICE_ZONE))


def _end_of_same_day(calendar_code: str, begins: datetime, office: OfficeCalendar) -> datetime:
    end = _end_of_day(calendar_code, begins.date(), office, roll=False)
    return end if end > begins else _end_of_day(calendar_code, begins.date() + _DAY, office, roll=False)


def _service_days_after(day: date, count: int, office: OfficeCalendar) -> date:
    while count:
        day += _DAY
        count -= office.service_window(day) is not None
    return day


# Running, pausing, resuming


def run_time(calendar_code: str, start: datetime, end: datetime, office: OfficeCalendar) -> timedelta:
    """How long the calendar ran between two instants; negative when `end` lies before `start`.

    Raises CalendarYearMissing (W only) and ValueError for an unknown calendar.
    """
    _known(calendar_code)
    begins, ends = office_time(start), office_time(end)
    if ends < begins:
        return -run_time(calendar_code, end, start, office)
    if calendar_code in (NATURAL, DAYS):
        return ends - begins
    total, day = timedelta(), begins.date()
    while day <= ends.date():
        window = office.window(calendar_code, day)
        if window:
            total += max(min(ends, window[1]) - max(begins, window[0]), timedelta())
        day += _DAY
    return total


def due_after_pause(
    calendar_code: str,
    due: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    office: OfficeCalendar,
    roll: bool = True,
) -> datetime:
    """The new due moment of a clock that stood still from `paused_at` to `resumed_at`.

    Minute clocks get back what was left of them; day clocks (D, and W due at the end of an office day) move by the
    days they stood still. A clock that was overdue when it was paused stays overdue, a pause of no length changes
    nothing. Raises CalendarYearMissing. Source: domain handbook §3, "pausable".
    """
    _known(calendar_code)
    due, paused, resumed = office_time(due), office_time(paused_at), office_time(resumed_at)
    if due <= paused or resumed <= paused:
        return due
    if calendar_code == DAYS:
        stood = (resumed.date() - paused.date()).days
        return _end_of_day(DAYS, days_after(due.date(), stood), office, roll) if stood else due
    if calendar_code == WORKING and due.timetz() == _window(due.date(), office.office_hours)[1].timetz():
        stood, day = 0, paused.date()
        while day < resumed.date():
            day += _DAY
            stood += office.is_working_day(day)
        return _end_of_day(WORKING, office.working_days_after(due.date(), stood), office, roll)
    return _run(calendar_code, resumed, run_time(calendar_code, paused, due, office), office)


# Days and months


def days_after(day: date, count: int) -> date:
    """The last day of a term of `count` natural days; the first day is not counted (2 March + 7 is 9 March)."""
    return day + timedelta(days=count)


def month_day(year: int, month: int, day: int) -> date:
    """The given day of a month, or its last day where the month is shorter (the 30th of February is the 28th)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def add_months(day: date, count: int, anchor_day: int | None = None) -> date:
    """The same day `count` months on, or the month's last day. Source: Civil Code 202.

    A chain of months keeps its first day by passing it as `anchor_day`: 31 Jan, 28 Feb, 31 Mar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return month_day(year, month + 1, anchor_day or day.day)


def nth_working_day(year: int, month: int, n: int, office: OfficeCalendar) -> date:
    """The n-th working day of a month, from 1. Raises CalendarYearMissing, ValueError when the month has fewer."""
    day = date(year, month, 1) - _DAY
    try:
        day = office.working_days_after(day, n) if n > 0 else day
    except CalendarYearMissing as missing:
        if missing.year == year:
            raise
    if (day.year, day.month) != (year, month):
        raise ValueError(f"{year}年{month}月没有第{n}个工作日。")
    return day


def business_month(instant: datetime) -> tuple[int, int]:
    """Year and month of the business month of an instant: it runs from the 21st, 00:00, and is named after its end."""
    return business_month_of(office_time(instant).date())


def business_month_of(day: date) -> tuple[int, int]:
    """The same of a day."""
    last = day if day.day <= BUSINESS_MONTH_ENDS else add_months(day, 1, anchor_day=1)
    return last.year, last.month


def business_month_days(year: int, month: int) -> tuple[date, date]:
    """First and last day of a business month: the 21st of the month before to the 20th."""
    last = date(year, month, BUSINESS_MONTH_ENDS)
    return add_months(last, -1) + _DAY, last


def business_month_bounds(year: int, month: int) -> Window:
    """First instant of a business month and first instant after it, in office time."""
    first, last = business_month_days(year, month)
    return datetime.combine(first, time(0), OFFICE_ZONE), datetime.combine(last + _DAY, time(0), OFFICE_ZONE)
