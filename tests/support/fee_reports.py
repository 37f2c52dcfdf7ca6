"""Two households with bills of three months for the tests of the fee reports."""

from __future__ import annotations

from typing import Any

from tests.support.paying import Counter
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, receiving


def bill(
    counter: Counter, amount: int, month: int, unit: Any = None, *, when: str, party: Any = None, **more: Any
) -> Any:
    """A bill of one month's service, due on its 28th."""
    facts = {"unit": (unit or counter.cast.home).pk, "party": (party or counter.cast.owner).pk, **more}
    return counter.charge(amount, month, when=when, **facts)


def pay(counter: Counter, charge: Any, amount: int, when: str) -> Any:
    receipt = counter.receive(amount, charge.party, when=when)
    counter.does(
        counter.collector,
        lambda books: receiving.allocate(books, receipt, [(charge, amount)], rule="instruction"),
        when,
    )
    return receipt


def books_of(counter: Counter) -> Any:
    """Two households. September unpaid; October: one paid in October, one half in November; November billed, a little paid."""
    cast = counter.cast
    other = Party.objects.create(community=cast.yunqi, name="钱业主")
    home, next_door = cast.home, cast.unit("902")
    september = bill(counter, 30000, 9, home, when="2026-09-26 10:00")
    first = bill(counter, 40000, 10, home, when="2026-10-24 10:00")
    second = bill(counter, 20000, 10, next_door, when="2026-10-24 10:00", party=other)
    pay(counter, first, 40000, "2026-10-30 09:00")
    pay(counter, second, 10000, "2026-11-05 09:00")
    pay(counter, september, 12000, "2026-11-06 09:00")
    third = bill(counter, 40000, 11, home, when="2026-11-20 10:00")
    counter.does(counter.head, lambda books: charging.waive(books, third, 5000, "停梯"), "2026-11-21 09:00")
    return {"september": september, "first": first, "second": second, "third": third, "door": next_door}
