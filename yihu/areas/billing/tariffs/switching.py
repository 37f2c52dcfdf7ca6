"""Shared and measured costs after a late entry of who pays for what is not handed over: the sum stays, its payer changes.

The bills stay; what the wrong payer was billed is taken off him, and the right one is billed it, on the next bill.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Min

from yihu.areas.billing.reckoned import Reckoned
from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.late_entry import BILLED, PASSED
from yihu.areas.billing.tariffs.paying import DEVELOPER
from yihu.areas.billing.tariffs.prices import split
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.worktime import add_months, month_day
from yihu.ground.ledger.models import Charge

RULE = "payer_correction"


def switched(community_id: int, month: Month, concerned: Mapping[int, date]) -> Iterator[Reckoned]:
    """``concerned``: units of the late entries, and from when. A year at a time; three questions for each."""
    if not concerned:
        return
    rows = Charge.objects.filter(
        unit__in=list(concerned), reversal__isnull=True, to_on__gte=min(concerned.values()), from_on__lt=month.first
    )
    since = rows.aggregate(first=Min("from_on"))["first"]
    while since is not None and since < month.first:
        after = add_months(since.replace(day=1), BILLED)
        yield from _switched(community_id, month, concerned, rows.filter(from_on__gte=since, from_on__lt=after))
        since = after


def _switched(community_id: int, month: Month, concerned: Mapping[int, date], rows: Any) -> Iterator[Reckoned]:
    parts: dict[tuple[Any, ...], list[Charge]] = defaultdict(list)
    for row in rows.order_by("pk"):
        turn = next((f"{name}{(row.basis or {})[name]}" for name in PASSED if name in (row.basis or {})), "")
        if turn and row.to_on >= concerned[row.unit_id or 0]:
            parts[row.unit_id, row.item_id, row.from_on, row.to_on, turn].append(row)
    if not parts:
        return
    people = known.learn(community_id, sorted(concerned), min(key[2] for key in parts), max(key[3] for key in parts))
    for (unit, *_), some in parts.items():
        yield from _switch(people[unit], some, month)


def _switch(one: known.Known, rows: Sequence[Charge], month: Month) -> Iterator[Reckoned]:
    first = rows[0]
    payers = one.people.payers(first.item_id, first.from_on, first.to_on)
    if any(pays.party is None for pays in payers) or not any(pays.as_what == DEVELOPER for pays in payers):
        return
    was: dict[int, int] = defaultdict(int)
    should: dict[int, int] = defaultdict(int)
    for row in rows:
        was[row.party_id] += row.amount
    for pays, amount in split(sum(was.values()), payers):
        should[pays.party or 0] += amount
    later = add_months(month.first, 1)
    due = month_day(later.year, later.month, first.due_on.day)
    turn = {name: first.basis[name] for name in (*PASSED, "pool") if name in first.basis}
    for party in sorted({*should, *was}):
        less = should[party] - was[party]
        if less:
            said = f"更正付款人（{first.words[:60]}）：应为 {yuan(should[party])}元，已出账 {yuan(was[party])}元"
            basis = {"rule": RULE, "of": first.pk, "should": should[party], "billed": was[party], **turn}
            yield Reckoned(
                party, one.unit, first.item_id, first.from_on, first.to_on, due, less, said[:200],
                f"更正{month.year}{month.month:02}-{first.pk}-{party}"[:40], basis,
            )  # fmt: skip
