"""On the 21st the month's turn opens, so that the bills stand before the notices are printed on the 26th (D63); what was paid
in advance is used by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.billing.running import using
from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.areas.billing.running.turns import already_posted
from yihu.areas.billing.tariffs.models import Tariff
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.ledger.models import Books
from yihu.kernel import moments
from yihu.kernel.calendars import office
from yihu.kernel.jobs import schedule
from yihu.kernel.rhythms import Turn, rhythm

BEGINS, POSTED_BY = 21, 25


@rhythm("month-turn", MonthTurn)
def month_turns(community: Any, now: datetime) -> Iterable[Turn]:
    """A machine that slept over the 21st opens it when it wakes, as long as the month lasts; none where nothing is priced."""
    today = timezone.localdate(now)
    month = Month.of(today)
    if today.day < BEGINS or already_posted(community.pk, month.first):
        return
    if not Tariff.objects.filter(community=community, from_on__lte=month.last).exists():
        return
    period = f"{month.code}"
    if MonthTurn.objects.filter(turn_of=community, period=period).exists():
        return
    closes = office(community.pk, now).office_hours[1]
    due = datetime.combine(month.first.replace(day=POSTED_BY), closes, OFFICE_ZONE)
    opens = datetime.combine(month.first.replace(day=BEGINS), time(), OFFICE_ZONE)
    yield Turn(period, opens, {"period": period, "due_at": moments.stamp(due)})


@schedule("use-what-was-paid-ahead", every=timedelta(minutes=10))
def use_what_was_paid_ahead() -> None:
    """For bills that no run posted: written by hand, turned to somebody else, or posted before the money was meant for them.
    Where a run is being posted it does so itself when its bills stand."""
    under_way = BillingRun.objects.filter(state=BillingRun.State.POSTING).values("community")
    for community in Books.objects.exclude(community__in=under_way).order_by("community"):
        using.use_all(community.pk)
