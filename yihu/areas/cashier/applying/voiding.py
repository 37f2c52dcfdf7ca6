"""When a receipt may simply be voided: by its own collector, on its day, before the till is closed (domain.md §5.7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from yihu.ground.ledger.models import Receipt


def taken_on(receipt: Any) -> date | None:
    """The day on which it was written."""
    found: date | None = Receipt.objects.filter(pk=receipt.pk).aggregate(day=Min("lines__day"))["day"]
    return found


def why_not_void(receipt: Any, by: Any, at: datetime) -> str:
    """The sentence that sends the clerk to the red-letter way, or nothing. ``by`` None: whoever it is."""
    if by is not None and receipt.collector_id != by.pk:
        return "只有开这张收据的收款人能当日作废，请改用红字冲销。"
    if receipt.closed_in_id is not None:
        return "这张收据已经日结，不能作废，请改用红字冲销。"
    if taken_on(receipt) != timezone.localdate(at):
        return "只有当天开的收据能作废，请改用红字冲销。"
    return ""
