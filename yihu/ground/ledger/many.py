"""A whole slice of a billing run at once: the same checks, constraints and lines as one charge, without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F

from yihu.ground.ledger import tables
from yihu.ground.ledger.charging import ALREADY, chargeable, reverse_charge
from yihu.ground.ledger.models import Account, Charge, FeeItem, Voucher
from yihu.ground.ledger.posting import BILL, REVERSE, Books, Leg
from yihu.kernel.errors import Conflict

Kind = Voucher.Kind


class Ready(NamedTuple):
    """One charge to be. Days are ISO text and ``basis`` JSON as text, for they come out of one table and go into another."""

    party: int
    unit: int | None
    item: int
    from_on: str
    to_on: str
    due_on: str
    amount: int
    part: str
    words: str
    basis: str


COLUMNS = (
    "id", "community", "record", "open", "party", "unit", "item", "amount", "part", "words", "basis", "from_on", "to_on", "due_on",
)  # fmt: skip


def charge_ready(books: Books, rows: Sequence[Ready], *, words: str, record: Any) -> Voucher:
    """Many charges as one voucher: all of them or none. A second one for a place, item and time is refused (FEE-20)."""
    books.require(BILL, "您不能出账，请找财务。")
    items = _items(books, rows)
    keys, here, source = tables.take_keys(Charge, len(rows)), books.community_id, record.pk
    told = (
        (
            key, here, source, one.amount, one.party, one.unit, one.item, one.amount, one.part, one.words, one.basis,
            one.from_on, one.to_on, one.due_on,
        )
        for key, one in zip(keys, rows, strict=True)
    )  # fmt: skip
    try:
        with transaction.atomic():
            tables.write(Charge, COLUMNS, told)
    except IntegrityError:
        raise Conflict(ALREADY, []) from None
    legs = [
        Leg(Account.RECEIVABLE, one.amount, one.party, one.unit, one.item, key)
        for key, one in zip(keys, rows, strict=True)
    ]
    return books.post_many(Kind.CHARGE, legs + _other_side(rows, items, -1), words=words, record=record)


def take_back(books: Books, charges: Sequence[Charge], why: str, *, record: Any) -> None:
    """Take many charges back. Those that nothing has touched go with one voucher; the others one by one, what was paid
    on them stands at the payer's disposal again."""
    books.require(REVERSE, "您不能冲销账单，请找财务主管。")
    touched = _touched(charges)
    clean = [one for one in charges if one.pk not in touched]
    for one in charges:
        if one.pk in touched:
            reverse_charge(books, one, why)
    if not clean:
        return
    legs = [
        Leg(Account.RECEIVABLE, -one.amount, one.party_id, one.unit_id, one.item_id, one.pk) for one in clean
    ]  # fmt: skip
    items = {one.item_id: one.item for one in clean}
    legs += _other_side([_told(one) for one in clean], items, 1)
    voucher = books.post_many(Kind.CHARGE, legs, words=why, record=record)
    untouched = Charge.objects.filter(pk__in=[one.pk for one in clean], reversal__isnull=True, open=F("amount"))
    if untouched.update(open=0, reversal=voucher) != len(clean):
        raise Conflict("其中有账单刚刚被缴费或冲销了，请再试一次。", [])


def _touched(charges: Sequence[Charge]) -> set[int]:
    """On which something was paid, or which were late and cost something."""
    fees = Charge.objects.filter(principal__in=[one.pk for one in charges], reversal__isnull=True)
    late = set(fees.order_by().values_list("principal", flat=True))
    return {one.pk for one in charges if one.open != one.amount} | late


def _told(one: Charge) -> Any:
    return Ready(one.party_id, one.unit_id, one.item_id, "", "", "", one.amount, "", "", "")


def _items(books: Books, rows: Sequence[Ready]) -> dict[int, FeeItem]:
    items = FeeItem.objects.in_bulk({one.item for one in rows})
    for item in items.values():
        chargeable(books, item)
    return items


def _other_side(rows: Sequence[Ready], items: dict[int, FeeItem], sign: int) -> list[Leg]:
    """One line for each item against the many."""
    sums: dict[int, int] = {}
    for one in rows:
        sums[one.item] = sums.get(one.item, 0) + sign * one.amount
    return [Leg(items[item].account, amount, item=item) for item, amount in sums.items() if amount]
