"""In which order money goes to debts: as the payer says, else as the law does (民法典第560条、第561条). Plain reckoning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from yihu.basics.money import share

INSTRUCTED, BY_LAW = "instruction", "law"
PURPOSE, AGREED = "purpose", "agreed"  # used by itself: what was meant for it; on the payer's word


def by_law(money: int, charges: Iterable[Any], day: date) -> list[tuple[Any, int]]:
    """``money`` in 分 over ``charges`` with ``due_on``, ``open`` and ``item.standing``: what is due before what is not, of that
    costs before interest before principal, the earlier due first, those of one day in proportion."""

    def place(one: Any) -> tuple[bool, str, date]:
        return one.due_on > day, one.item.standing, one.due_on

    owed = sorted((one for one in charges if one.open > 0), key=lambda one: (*place(one), one.pk))
    given: list[tuple[Any, int]] = []
    for _, group in groupby(owed, key=place):
        rows = list(group)
        total = sum(one.open for one in rows)
        if money <= 0:
            break
        part = [one.open for one in rows] if total <= money else share(money, [one.open for one in rows])
        given += [(one, amount) for one, amount in zip(rows, part, strict=True) if amount]
        money -= sum(part)
    return given


def as_told(money: int, charges: Sequence[Any]) -> list[tuple[Any, int]]:
    """The payer named them: in his order, each as far as the money goes."""
    given = []
    for one in charges:
        amount = min(money, one.open)
        if amount > 0:
            given.append((one, amount))
            money -= amount
    return given
