"""启用月份: the first month that the program billed itself. What stands open of earlier months was carried over from whatever
was kept before: nobody knows here what else was billed of those months, nor what was paid of it in time. Such bills are old
debts on every sheet (domain.md §4), and a month before this one has no rate of its own."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import F

from yihu.areas.billing.running.models import BillingRun
from yihu.basics.months import Month
from yihu.basics.periods import ONE_DAY
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.ledger.models import Voucher

BEFORE = "启用前，未出账"


def begun(community: Any, day: date) -> Month:
    """The month of the first run that was posted by the end of a day; where bills are only entered by hand, the month in
    which the first of them was."""
    before = datetime.combine(day + ONE_DAY, time(), OFFICE_ZONE)
    runs = BillingRun.objects.filter(community=community, posted_at__lt=before, lines_posted__gt=F("lines_back"))
    first = runs.order_by("month_on").values_list("month_on", flat=True).first()
    if first is None:
        bills = Voucher.objects.filter(community=community, kind=Voucher.Kind.CHARGE, day__lte=day)
        first = bills.order_by("day").values_list("day", flat=True).first()
    return Month.of(first or day)
