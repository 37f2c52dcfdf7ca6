"""月结: what stands at the end of a month, whose tills are open, and the closing; a closed month never changes."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from yihu.areas.cashier.applying import banked_before, righting
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.closing_rule import open_receipts
from yihu.basics.money import yuan
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


@dataclass(frozen=True)
class ToDo:
    """One thing that the month's end waits for, and where it is done."""

    words: str
    url: str = ""


def to_do(community: Any, through: date) -> list[ToDo]:
    """Money that is not handed over, wrong receipts whose right ones are not written, tills that the books do not have at
    the bank yet though they are there."""
    found = [ToDo(words) for words in open_tills(community, through)]
    for letter in righting.wanting(community, through):
        said = f"{letter.number}：收据 {letter.receipt} {yuan(letter.amount)} 元已红冲，正确的收据还没有重开登记"
        found.append(ToDo(said, letter.get_absolute_url()))
    if lying := banked_before.waiting(community, through):
        total = sum(one.total for one in lying)
        said = f"{len(lying)} 张以前的日结单已存入银行，账上 {yuan(total)} 元还在库存现金、支票"
        found.append(ToDo(said, reverse("kernel:list", args=["carry-overs"])))
    return found


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
            if left := to_do(community, through):
                raise Refused(f"结账以前还有 {len(left)} 件事没有办完（{left[0].words}），请先办完再结账。")
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
