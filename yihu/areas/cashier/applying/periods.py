"""月结: what stands at the end of a month, whose tills are open, and the closing; a closed month never changes."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.closing_rule import open_receipts
from yihu.basics.months import Month
from yihu.ground.ledger import posting
from yihu.ground.ledger.models import Books, Receipt
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused


def closed_through(community: Any) -> date | None:
    return Books.objects.filter(community=community).values_list("closed_through", flat=True).first()


def next_month(community: Any, today: date) -> Month:
    """The month after the last closed one, else the last that is over."""
    through = closed_through(community)
    return Month.of(through).after if through else Month.of(today).before


def open_tills(community: Any, through: date) -> list[str]:
    """Whose money of the period is not handed over yet, in words."""
    rows = open_receipts(community.pk).exclude(collector=authority().system()).filter(taken_on__lte=through)
    counts: dict[tuple[str, date], int] = defaultdict(int)
    for receipt in rows.select_related("collector"):
        counts[str(receipt.collector), receipt.taken_on] += 1  # type: ignore[attr-defined]
    found = [f"{who} {day:%Y-%m-%d}：{count} 张收据没有日结" for (who, day), count in sorted(counts.items())]
    half = Q(state=TillClose.State.HANDED) | Q(state=TillClose.State.DUE, handed_at__isnull=False)
    waiting = TillClose.objects.filter(half, community=community, day__lte=through, closed_at__isnull=True)
    return found + [f"{till.number} {till.collector} {till.day:%Y-%m-%d}：{till.state_word}" for till in waiting.select_related("collector").order_by("day", "pk")]  # fmt: skip


def close_month(community: Any, through: date, *, by: Any, key: str) -> None:
    """Close the books to the end of a month, once its tills are handed over."""
    body = [community.pk, through.isoformat()]
    with (
        command(by=by, key=key, body=body, verb="ledger.close") as commanding,
    ):
        if commanding.replayed:
            return
        with posting.books(commanding, community.pk) as books:
            waiting = open_tills(community, through)
            if waiting:
                raise Refused(f"还有 {len(waiting)} 项收款没有交清（{waiting[0]}），请先办完日结再结账。")
            posting.close_period(books, through, f"{through:%Y 年 %m 月}月结")


@dataclass(frozen=True)
class Run:
    """The receipt numbers of one year: which were used, which are missing, which were voided."""

    prefix: str
    first: int
    last: int
    count: int
    missing: list[str]
    voids: list[str]


def number_runs(community: Any) -> list[Run]:
    """收据号连续表: a number that is missing would be a slip that somebody hides (domain.md §2)."""
    found: dict[str, list[int]] = defaultdict(list)
    voids: dict[str, list[str]] = defaultdict(list)
    rows = Receipt.objects.filter(community=community).order_by("number")
    for number, voided in rows.values_list("number", "voided_by").iterator(2000):
        prefix, _, count = number.rpartition("-")
        found[prefix].append(int(re.sub(r"\D", "", count)))
        if voided is not None:
            voids[prefix].append(number)
    runs = []
    for prefix, counts in sorted(found.items(), reverse=True):
        missing = sorted(set(range(1, max(counts) + 1)) - set(counts))
        named = [f"{prefix}-{one:06d}" for one in missing]
        runs.append(Run(prefix, min(counts), max(counts), len(counts), named, voids[prefix]))
    return runs
