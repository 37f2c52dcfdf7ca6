"""Whether days of an item are billed already, however they were cut: asked when a bill is drafted, and again when it is agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge, FeeItem


def billed_already(item: FeeItem, unit: Any, party: Any, first: date, last: date, part: str) -> str:
    """The bill that stands for some of these days, in a sentence that says what to do; or "" (FEE-20)."""
    rows = Charge.objects.filter(item=item, part=part, reversal__isnull=True, from_on__lte=last, to_on__gte=first)
    rows = rows.filter(unit=unit) if unit is not None else rows.filter(unit__isnull=True, party=party)
    found = rows.order_by("from_on", "pk").first()
    if found is None:
        return ""
    where = unit or party
    return (
        f"{where} 的{item} {found.from_on:%Y-%m-%d} 至 {found.to_on:%Y-%m-%d} 已经出过 {yuan(found.amount)} 元。"
        "出错的先冲销那一笔；确实另有一笔的，在“同一项目同一时间有两笔”里写清是哪一笔。"
    )
