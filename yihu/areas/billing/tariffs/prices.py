"""What meters and shared costs ask: which price holds for a unit on which days, what a quantity costs by it, and who pays.

    for unit, items in prices(community_id, Kind.METER, units, first, last).items():
        for item_id, fits in items.items():              # an item may have several kinds of price; yours is the one asked for
            for fit in fits:                             # cut where the price changes; the whole of first … last is covered
                if fit.tariff is None: …                 # no price on these days, or fit.rivals: two that fit (an Oddity)
                cost = cost_of(fit.tariff, Decimal("52"), already=used_before)
                cost.amount, cost.words, cost.basis      # 分, "52吨 × 3.10元 = 161.20元", the same as data
                due_on(fit.tariff, Month(2026, 11))

    for one in households(community_id, units, first, last)[unit].payers(item_id, first, last):
        one.first, one.last, one.party, one.as_what      # owner, lessee, developer; party None: nobody, ``one.why`` says it

Each costs a fixed number of queries, however many units. ``split`` divides one sum among payers so that it adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.fitting import Fit, fitting
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.paying import Household, Pays
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.pricing import Rounding, in_parts, plain, stepped, to_fen
from yihu.basics.worktime import add_months, month_day

__all__ = ["Cost", "Fit", "Household", "Kind", "Pays", "cost_of", "due_on", "households", "prices", "split"]


@dataclass(frozen=True)
class Cost:
    """What a quantity costs: rounded and exact, in words and as data."""

    amount: int
    exact: Fraction
    words: str
    basis: Mapping[str, Any]


def prices(
    community_id: int, item_kind: str, units: Sequence[int], first: date, last: date
) -> dict[int, dict[int, list[Fit]]]:  # fmt: skip
    """For each unit and each item with a price of that kind: the prices of these days. Units without any are left out."""
    by_item: dict[int, list[Tariff]] = {}
    for tariff in known.prices_of(community_id, [item_kind], first, last):
        by_item.setdefault(tariff.item_id, []).append(tariff)
    found: dict[int, dict[int, list[Fit]]] = {}
    for unit, profile in known.profiles(community_id, units).items():
        mine = {item: fitting(tariffs, unit, profile, first, last) for item, tariffs in by_item.items()}
        if any(mine.values()):
            found[unit] = {item: fits for item, fits in mine.items() if fits}
    return found


def households(community_id: int, units: Sequence[int], first: date, last: date) -> dict[int, Household]:
    """Who may have to pay for these units; ask each for its ``payers(item, first, last)``."""
    return {pk: one.people for pk, one in known.learn(community_id, units, first, last).items()}


def cost_of(tariff: Tariff, quantity: Decimal, *, already: Decimal = Decimal(0)) -> Cost:
    """What a quantity costs by this price and its steps. ``already``: used before in the same month or year (``steps_per``)."""
    parts = stepped(quantity, tariff.ladder, already) or [(quantity, tariff.ladder[0].price)]
    exact = sum((Fraction(part) * Fraction(price) * 100 for part, price in parts), Fraction(0))
    amount = to_fen(exact, Rounding(tariff.rounding))
    sums = " + ".join(f"{plain(part)}{tariff.measure} × {plain(price, 2)}元" for part, price in parts)
    return Cost(amount, exact, f"{sums} = {yuan(amount)}元", {
        "quantity": plain(quantity), "measure": tariff.measure, "tariff": tariff.pk, "price": plain(tariff.price, 2),
        "parts": [[plain(part), plain(price, 2)] for part, price in parts], "already": plain(already),
        "rounding": tariff.rounding, "document": tariff.document, "number": tariff.document_no,
    })  # fmt: skip


def due_on(tariff: Tariff, month: Month) -> date:
    """By when a bill of that month is to be paid; the 31st of a shorter month is its last day."""
    later = add_months(month.first, tariff.due_months)
    return month_day(later.year, later.month, tariff.due_day)


def split(amount: int, payers: Sequence[Pays]) -> list[tuple[Pays, int]]:
    """A sum among those who pay by their days; the parts add up to it, the last one is the difference."""
    days = [(one.last - one.first).days + 1 for one in payers]
    exact = [Fraction(amount * own, sum(days)) for own in days]
    return list(zip(payers, in_parts(exact), strict=True))
