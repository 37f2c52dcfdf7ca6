"""When measures are due and when their effect is looked at."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.calendars import office
from yihu.kernel.settings_pages.numbers import Number, declare

WAIT = declare(
    Number("corrective.check_after", "纠正预防：完成后几天验证效果", "措施完成后过这么多天，才由别人验证是否见效", 30, "天", most=180)
)  # fmt: skip
OFTEN = declare(
    Number("corrective.often", "纠正预防：几件算同因投诉", "一个业务月里同一部门、同一原因的有效投诉到这个数，就提请主管立项", 3, "件", least=2, most=50)
)  # fmt: skip


def end_of(day: date, community_id: int, at: datetime) -> datetime:
    """The end of office hours of a day."""
    return datetime.combine(day, office(community_id, at).office_hours[1], OFFICE_ZONE)


def check_day(community_id: int, done_at: datetime) -> date:
    """The first day on which one can say whether it helped."""
    return timezone.localdate(done_at) + timedelta(days=WAIT.at(community_id, done_at))
