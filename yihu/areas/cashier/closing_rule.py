"""Who has money in his till of an earlier day takes none today (domain.md §5.7). The desk asks before it receives."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from yihu.ground.ledger.models import Receipt
from yihu.kernel.errors import Refused


def open_receipts(community_id: int, **whose: Any) -> QuerySet[Receipt]:
    """Receipts that stand in no daily close yet, with ``taken_on``, the day on which they were written."""
    rows = Receipt.objects.filter(community_id=community_id, closed_in__isnull=True, **whose)
    return rows.annotate(taken_on=Min("lines__day")).order_by("number")


def oldest_open_day(community_id: int, collector: Any) -> date | None:
    """The first day of this collector that is not closed."""
    days = open_receipts(community_id, collector=collector).order_by("taken_on").values_list("taken_on", flat=True)
    return days.first()


def refuse_before_closing(community_id: int, collector: Any, at: Any) -> None:
    """Raise where an earlier day of this collector still waits for its daily close."""
    day = oldest_open_day(community_id, collector)
    if day is not None and day < timezone.localdate(at):
        raise Refused(f"您 {day:%Y-%m-%d} 的收款还没有日结交款，请先在“收费日报”里日结，再收今天的款。")
