"""On the 1st the book of the month that is over, wherever something was posted in it (D69)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.cashier.bookkeeping.models import MonthBook
from yihu.basics.periods import last_of
from yihu.basics.worktime import OFFICE_ZONE, add_months
from yihu.ground.ledger.models import Line
from yihu.kernel.rhythms import Turn, rhythm


@rhythm("month-books", MonthBook)
def month_books(community: Any, now: datetime) -> Iterable[Turn]:
    """What was opened by hand is not asked for again."""
    here = timezone.localdate(now).replace(day=1)
    month = add_months(here, -1)
    period = f"{month:%Y-%m}"
    posted = Line.objects.filter(community=community, day__gte=month, day__lte=last_of(month))
    if posted.exists() and not MonthBook.objects.filter(book_of=community, period=period).exists():
        yield Turn(period, datetime.combine(here, time(0), OFFICE_ZONE), {"period": period})
