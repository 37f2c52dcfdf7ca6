"""What a payer is asked for, reckoned from what is open: this month's lines, earlier ones apart, his money in our hands. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True)
class Open:
    """A charge that is not settled, in 分; negative in the payer's favour."""

    pk: int
    party: int
    unit: int | None
    from_on: date
    due_on: date
    open: int


@dataclass(frozen=True)
class Asked:
    """A line of a notice. ``prior``: it was due before the notice was drawn up; ``used``: so much of it was settled by money
    that he had paid in advance, before anything was asked."""

    charge: int
    amount: int
    prior: bool
    used: int = 0


@dataclass(frozen=True)
class Draft:
    """A notice to be: one payer, one unit."""

    party: int
    unit: int | None
    lines: tuple[Asked, ...] = field(default=())
    credit: int = 0

    @property
    def month(self) -> int:
        return sum(line.amount for line in self.lines if not line.prior)

    @property
    def arrears(self) -> int:
        return sum(line.amount for line in self.lines if line.prior)

    @property
    def total(self) -> int:
        return self.month + self.arrears

    @property
    def due(self) -> int:
        """What is to be paid now: the total less his money in our hands, never less than nothing."""
        return max(0, self.total - self.credit)


def drafts(
    charges: Iterable[Open],
    in_hand: Iterable[tuple[int, int | None, int]],
    *,
    drawn_on: date,
    month_ends: date,
    pay_by: date,
    used: Mapping[int, int] | None = None,
) -> list[Draft]:
    """One draft for each payer and unit with something to pay.

    Asked for is what is overdue (``prior``), what is served within the month, and what falls due by ``pay_by``.
    ``in_hand``: (payer, unit, 分) of receipts that are not used up. Money for a unit counts for that unit alone; money for
    no unit in particular counts for the payer's units one after the other, as far as it goes.
    ``used``: what of which bill was settled in advance. A bill that is settled so whole stands on the notice of whoever has
    something to pay besides; nobody gets a notice for it alone.
    """
    met = used or {}
    lines: dict[tuple[int, int | None], list[Asked]] = {}
    for one in sorted(charges, key=lambda one: (one.open == 0, one.due_on, one.from_on, one.pk)):
        prior = one.due_on < drawn_on
        if prior or one.from_on <= month_ends or one.due_on <= pay_by:
            asked = Asked(one.pk, one.open, prior, met.get(one.pk, 0))
            lines.setdefault((one.party, one.unit), []).append(asked)
    found = [
        Draft(party, unit, tuple(several))
        for (party, unit), several in lines.items()
        if any(line.amount > 0 for line in several)
    ]
    return _with_credits(found, in_hand)


def _with_credits(found: Sequence[Draft], in_hand: Iterable[tuple[int, int | None, int]]) -> list[Draft]:
    bound: dict[tuple[int, int], int] = {}
    free: dict[int, int] = {}
    for party, unit, left in in_hand:
        if unit is None:
            free[party] = free.get(party, 0) + left
        else:
            bound[party, unit] = bound.get((party, unit), 0) + left
    given = []
    for draft in found:
        if draft.unit is not None:
            draft = replace(draft, credit=bound.get((draft.party, draft.unit), 0))
        more = min(free.get(draft.party, 0), draft.due)
        if more:
            free[draft.party] -= more
            draft = replace(draft, credit=draft.credit + more)
        given.append(draft)
    return given
