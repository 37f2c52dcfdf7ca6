"""What was paid in advance meets its bills by itself, payer by payer: after a run, and every ten minutes for all other bills.

Each few payers are a command of their own, and what is used waits no longer: killed anywhere and begun again it uses nothing twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from yihu.areas.billing.running.models import OffsetConsent
from yihu.areas.billing.running.pace import Pace
from yihu.ground.ledger import ahead
from yihu.ground.ledger.posting import Books, books
from yihu.kernel.authority import authority
from yihu.kernel.doors import command

AT_A_TIME = 10  # payers; each has a handful of bills


def on_file(day: date) -> Exists:
    """Receipts whose payer agreed on a paper that holds on that day; for the unit that it names, or for all."""
    rows = OffsetConsent.objects.on(day).filter(community=OuterRef("community"), party=OuterRef("party"))
    return Exists(rows.filter(Q(unit__isnull=True) | Q(unit=OuterRef("unit"))))


def payers(community_id: int, after: int, day: date) -> list[int]:
    """The next few whose money may meet a bill."""
    return list(ahead.payers(community_id, after, on_file(day))[:AT_A_TIME])


def use(opened: Books, some: list[int]) -> int:
    return sum(ahead.use(opened, party, on_file(opened.today)) for party in some)


def use_all(community_id: int, now: datetime | None = None) -> int:
    """Of one community; gives how much, in 分. 系统 does it, on the payers' word."""
    now, pace, used, last = now or timezone.now(), Pace(), 0, 0
    while some := payers(community_id, last, timezone.localdate(now)):
        with pace.slice():
            used += _some(community_id, some, now)
        last = some[-1]
    return used


def _some(community_id: int, some: list[int], now: datetime) -> int:
    system: Any = authority().system()
    with (
        command(by=system, at=now, verb="running.ahead") as commanding,
        books(commanding, community_id) as opened,
    ):
        return use(opened, some)
