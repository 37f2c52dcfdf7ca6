"""On the 1st the office's sheet of last month and its budget review; after a quarter those of the quarter too (D69, D72)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.spending import figures
from yihu.areas.spending.figures import budget_of
from yihu.areas.spending.models import BudgetLine, BudgetReview, Statement
from yihu.areas.spending.stating import months_before
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.jobs import schedule
from yihu.kernel.messages import tell
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


@rhythm("budget-reviews", BudgetReview)
def reviews(community: Any, now: datetime) -> Iterable[Turn]:
    """Where a budget was in force; what was made by hand for the same time is not asked for again."""
    today = timezone.localdate(now)
    opens = datetime.combine(today.replace(day=1), time(0), OFFICE_ZONE)
    wanted = [(BudgetReview.Span.MONTH, 1)]
    wanted += [(BudgetReview.Span.QUARTER, QUARTER)] if today.month % QUARTER == 1 else []
    for span, months in wanted:
        first, _ = months_before(today, months)
        there = BudgetReview.objects.filter(community=community, span=span, from_on=first, closed_as="")
        if budget_of(community.pk, first.year) is not None and not there.exists():
            yield Turn(f"{span}/{first:%Y-%m}", opens, {"span": str(span), "from_on": first.isoformat()})


@schedule("fees-near-budget", daily="08:30")
def fees_near_budget() -> None:
    warn_of_fees(timezone.now())


def warn_of_fees(now: datetime) -> None:
    """手续费 is asked for by nobody, so nobody agrees to it: whoever keeps the budget is told once a month (FEE-15)."""
    first, last = figures.month_of(timezone.localdate(now))
    for line in BudgetLine.objects.filter(fees=True).order_by("pk"):
        here = line.community_id
        row = next(one for one in figures.sheet(here, first, last, now, line=line.pk) if one.line.pk == line.pk)
        sentence = figures.warning(row, first) if row.actual > 0 and budget_of(here, first.year) else ""
        if not sentence:
            continue
        with command(
            by=authority().system(), key=f"fees-near:{line.pk}:{first:%Y-%m}", at=now, verb="spending.warned"
        ) as warning:
            if not warning.replayed:
                warning.note(warning.book("spending.warning", line.pk), sentence, step="warned")
                people = [one for post in figures.KEEPERS for one in authority().holders(here, post)]
                tell(people, sentence, community_id=here, at=now)
