"""Late fees for the tests: those that stand in the books, money taken at the till, books that are sound."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.doing import at
from tests.support.dunning import Desk
from yihu.areas.cashier import household, till
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge
from yihu.kernel.invariants import check_all

TWENTIETH = "2026-11-20 10:00"  # 23 days after the 28th of October


def fees() -> list[Any]:
    return list(Charge.objects.filter(principal__isnull=False, reversal__isnull=True).order_by("pk"))


def take(desk: Desk, amount: int, when: str = TWENTIETH, **more: Any) -> Any:
    party = desk.cast.owner
    said = till.Taking(
        party=party.pk, unit=desk.cast.home.pk, amount=amount, method="cash", payer_name=party.name,
        seen=household.seen_of(party), **more,
    )  # fmt: skip
    # whoever took money on an earlier day closes his till first: another one sits there
    return till.take_money(said, party, by=desk.collector if when == TWENTIETH else desk.second, at=at(when))


def sound(desk: Desk) -> bool:
    faults = [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]
    return faults == [] and identities(desk.cast.yunqi, date(2099, 1, 1)).hold
