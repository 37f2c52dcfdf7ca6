"""What comes round: the day's sheet (D25), the morning's figures (D23), the week's (D29), the month's (D30) and that of the complaints (D31)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.duties import effects
from yihu.areas.duties.models import ComplaintSheet, DaySheet, FeeSheet, LongSheet, MonthSheet, NoonSheet, WeekSheet
from yihu.basics.worktime import OFFICE_ZONE, SERVICE, business_month, business_month_bounds, due_at
from yihu.ground.ledger.models import Charge
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.calendars import office
from yihu.kernel.models import Record
from yihu.kernel.rhythms import Turn, rhythm
from yihu.kernel.settings_pages.times import Times, declare

ON_THE_25TH = timedelta(days=4)  # after the 21st
NOON = declare(
    Times("duties.noon", "每日统计的时刻", "每天几点把上午的统计报给客服主管", ("12:00",), "不统计")
)  # fmt: skip


FEES = declare(
    Times("duties.fees", "收费率周报的时刻", "每周五几点开出收费率周报，请财务核对签发", ("09:00",), "不出周报")
)  # fmt: skip


@rhythm("day-sheet", DaySheet)
def day_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    """Each day every community whose desk is open gets the sheet that must be signed before it closes."""
    day = timezone.localdate(now)
    window = office(community.pk, now).service_window(day)
    if window is not None:
        yield Turn(day.isoformat(), _midnight(day), {"day": day.isoformat(), "due_at": moments.stamp(window[1])})


@rhythm("noon-sheet", NoonSheet)
def noon_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    day = timezone.localdate(now)
    if office(community.pk, now).service_window(day) is None or not effects.known(NoonSheet):
        return
    for hour in NOON.at(community.pk, now):
        yield Turn(
            day.isoformat(), datetime.combine(day, time.fromisoformat(hour), OFFICE_ZONE), {"day": day.isoformat()}
        )


@rhythm("week-sheet", WeekSheet)
def week_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    """On Monday for the week that is over; a machine that slept over Monday opens it when it wakes."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    last = (monday - timedelta(days=7)).isoformat()
    if _had_work(community, _midnight(monday)):
        yield Turn(last, _midnight(monday), {"monday": last, "due_at": _due(community, monday, now)})


@rhythm("fee-sheet", FeeSheet)
def fee_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    """Each Friday at the hour that the company names (D71); a machine that slept over Friday opens it when it wakes."""
    today, hours = timezone.localdate(now), FEES.at(community.pk, now)
    friday = today - timedelta(days=(today.weekday() - 4) % 7)
    if hours and effects.known(FeeSheet) and Charge.objects.filter(community=community).exists():
        opens = datetime.combine(friday, time.fromisoformat(hours[0]), OFFICE_ZONE)
        yield Turn(friday.isoformat(), opens, {"friday": friday.isoformat(), "due_at": _due(community, friday, now)})


@rhythm("month-sheet", MonthSheet)
def month_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    """On the 21st for the business month that ended at midnight."""
    begins = business_month_bounds(*business_month(now))[0]
    year, month = business_month(begins - timedelta(days=1))
    period = f"{year}-{month:02d}"
    if _had_work(community, begins):
        due = _due(community, timezone.localdate(begins), now)
        yield Turn(period, begins, {"period": period, "due_at": due})


@rhythm("complaint-sheet", ComplaintSheet)
def complaint_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    """On the 21st for the same business month, due on the 25th (Q7)."""
    begins = business_month_bounds(*business_month(now))[0]
    year, month = business_month(begins - timedelta(days=1))
    period = f"{year}-{month:02d}"
    if effects.known(ComplaintSheet) and _had_work(community, begins):
        due = _due(community, timezone.localdate(begins) + ON_THE_25TH, now)
        yield Turn(period, begins, {"period": period, "due_at": due})


@rhythm("long-sheet", LongSheet)
def long_sheets(community: Any, now: datetime) -> Iterable[Turn]:
    """On the 21st of the month after a quarter, a half-year or a year of business months; due a week later."""
    begins = business_month_bounds(*business_month(now))[0]
    if not _had_work(community, begins):
        return
    due = _due(community, timezone.localdate(begins) + timedelta(days=7), now)
    for period in LongSheet.periods_ending(*business_month(begins - timedelta(days=1))):
        yield Turn(period, begins, {"period": period, "due_at": due})


def _had_work(community: Any, before: datetime) -> bool:
    """A community where nobody had written anything by then has nothing to sum up."""
    written = Record.objects.filter(community=community, opened_at__lt=before)
    return bool(written.exclude(opened_by=authority().system()).exists())


def _due(community: Any, day: date, now: datetime) -> str:
    """When the desk closes on that day; what is opened later is due on the day on which it is opened."""
    hours = office(community.pk, now)
    due = due_at(SERVICE, _midnight(day), office=hours)
    return moments.stamp(due if due > now else due_at(SERVICE, now, office=hours))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), OFFICE_ZONE)
