"""The days of the notices' calendar (domain.md §3), and the day of the next month by which a bill is to be paid."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.calendars import office
from yihu.kernel.settings_pages.numbers import Number, declare

DRAWN_FROM, PRINTED_BY, DELIVERED_BY = 23, 26, 28  # D63, D64
PAY_BY: Final = declare(
    Number("billing.pay_by_day", "缴费截止日", "缴费通知单默认请客户在次月几号前缴清，生成时可以改", 10, "号", 1, 28)
)


def closing(community_id: int, day: date) -> datetime:
    """When the office closes on a day of the calendar."""
    closes = office(community_id, datetime.combine(day, time(), OFFICE_ZONE)).office_hours[1]
    return datetime.combine(day, closes, OFFICE_ZONE)


def begins(month: Month) -> datetime:
    return datetime.combine(month.first.replace(day=DRAWN_FROM), time(), OFFICE_ZONE)


def print_by(community_id: int, month: Month) -> datetime:
    return closing(community_id, month.first.replace(day=PRINTED_BY))


def deliver_by(community_id: int, month: Month) -> datetime:
    return closing(community_id, month.first.replace(day=DELIVERED_BY))


def pay_by(community_id: int, month: Month, at: datetime) -> date:
    return month.after.first.replace(day=PAY_BY.at(community_id, at))
