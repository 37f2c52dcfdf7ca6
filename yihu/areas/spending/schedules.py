"""On the 1st the office's sheet of last month, after a quarter the one of the common income too (D69)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.spending.models import BudgetLine, Statement
from yihu.areas.spending.stating import months_before
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.rhythms import Turn, rhythm

QUARTER = 3


@rhythm("statements", Statement)
def statements(community: Any, now: datetime) -> Iterable[Turn]:
    """Where the community plans by lines at all; what was made by hand for the same time is not asked for again."""
    today = timezone.localdate(now)
    opens = datetime.combine(today.replace(day=1), time(0), OFFICE_ZONE)
    if not BudgetLine.objects.filter(community=community, shown=True).exists():
        return
    wanted = [(Statement.Book.OFFICE, 1)]
    wanted += [(Statement.Book.COMMON, QUARTER)] if today.month % QUARTER == 1 else []
    for book, months in wanted:
        first, last = months_before(today, months)
        there = Statement.objects.filter(community=community, book=book, from_on=first, to_on=last)
        if not there.filter(closed_as="").exists():
            data = {"book": str(book), "from_on": first.isoformat(), "to_on": last.isoformat()}
            yield Turn(f"{book}/{first:%Y-%m}", opens, data)
