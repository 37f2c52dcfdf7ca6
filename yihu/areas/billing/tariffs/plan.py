"""A month's work: which items are billed for which period, and the usual case of each reckoned once for all units alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yihu.areas.billing.reckoned import Month, Oddity, Reckoned
from yihu.areas.billing.tariffs import known, pieces
from yihu.areas.billing.tariffs.fitting import Fit, Profile, fitting
from yihu.areas.billing.tariffs.known import Known
from yihu.areas.billing.tariffs.lines import lines
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.areas.billing.tariffs.paying import Pays
from yihu.areas.billing.tariffs.pieces import NO_PRICE, Piece
from yihu.areas.billing.tariffs.prices import due_on
from yihu.basics.periods import billed_in, plus_months
from yihu.ground.ledger.models import FeeItem

RECKONED = (*AREAS, Kind.HOUSEHOLD, Kind.FIXED, Kind.QUANTITY, Kind.RENT)
OF_ALL = (*AREAS, Kind.HOUSEHOLD)
FARTHEST = 24  # months that the longest cycle reaches, back or ahead

Sum = tuple[int, str, dict[str, Any]]


@dataclass
class Group:
    """One item and one period that is billed this month, with the prices that could hold in it."""

    item: FeeItem
    first: date
    last: date
    tariffs: list[Tariff]
    due: dict[int, date] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)
    fits: dict[Profile, list[Fit]] = field(default_factory=dict)
    sums: dict[tuple[int, Decimal | None], Sum] = field(default_factory=dict)

    @property
    def of_all(self) -> bool:
        """Whether every unit should have a price: the common services of the site."""
        common = self.item.legal_class == FeeItem.Legal.COMMON and self.item.nature == FeeItem.Nature.INCOME
        return common and any(
            one.kind in OF_ALL and one.cycle and not one.use and not one.unit_id for one in self.tariffs
        )

    def fits_of(self, one: Known) -> list[Fit]:
        if one.unit in self.alone:
            return fitting(self.tariffs, one.unit, one.profile, self.first, self.last)
        found = self.fits.get(one.profile)
        if found is None:
            found = self.fits[one.profile] = fitting(self.tariffs, one.unit, one.profile, self.first, self.last)
        return found

    def reckon(self, one: Known) -> Iterator[Reckoned | Oddity]:
        fits = self.fits_of(one)
        usual = self._usual(one, fits)
        if usual is not None:
            yield usual
            return
        if not fits:
            if self.of_all:
                said = f"{one.label} 没有适用的{self.item}价格（{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}），没有出账；请补定价。"
                yield Oddity(one.unit, NO_PRICE, said)
            return
        single = [fit.tariff for fit in fits if fit.tariff is not None and fit.tariff.cycle == Tariff.Cycle.ONCE]
        found = list(pieces.once(one, single[0], self.first, self.last) if single else pieces.cut(one, fits))
        yield from (row for row in found if isinstance(row, Oddity))
        yield from lines([row for row in found if isinstance(row, Piece)], lambda tariff: self.due[tariff.pk])

    def _usual(self, one: Known, fits: list[Fit]) -> Reckoned | None:
        """One price, one owner, one area, the whole period, nothing agreed: what most lines are."""
        if len(fits) != 1 or one.terms:
            return None
        tariff = fits[0].tariff
        if tariff is None or tariff.kind not in OF_ALL or not tariff.cycle:
            return None
        party = one.payer(self.first, self.last)
        if party is None:
            return None
        area: Decimal | None = None
        if tariff.kind in AREAS:
            rows = one.areas
            if len(rows) != 1 or rows[0].first > self.first:
                return None
            area, word = known.which(rows[0], tariff.kind)
            if area is None:
                return None
        else:
            word = ""
        found = self.sums.get((tariff.pk, area))
        if found is None:
            found = self.sums[tariff.pk, area] = self._sum(tariff, area, word)
        amount, words, basis = found
        if not amount:
            return None
        return Reckoned(
            party, one.unit, self.item.pk, self.first, self.last, self.due[tariff.pk], amount, words, "", basis
        )

    def _sum(self, tariff: Tariff, area: Decimal | None, word: str) -> Sum:
        """The same line as ``lines`` makes, once for all units with this price and area."""
        pays = Pays(self.first, self.last, 0, "owner")
        quantity = Decimal(1) if area is None else area
        piece = Piece(0, self.first, self.last, tariff, tariff.price, quantity, word, Fraction(tariff.cycle), pays)
        found = list(lines([piece], lambda _: self.first))
        return (found[0].amount, found[0].words, dict(found[0].basis)) if found else (0, "", {})


def plan(community_id: int, month: Month) -> list[Group]:
    """What is billed in a month, item by item; one question to the database."""
    first, last = plus_months(month.first, -FARTHEST), plus_months(month.last, FARTHEST)
    groups: dict[tuple[int, date, date, bool], Group] = {}
    for tariff in known.prices_of(community_id, RECKONED, first, last):
        period = period_of(tariff, month)
        if period is None:
            continue
        key = (tariff.item_id, *period, tariff.cycle == Tariff.Cycle.ONCE)
        group = groups.setdefault(key, Group(tariff.item, *period, []))
        group.tariffs.append(tariff)
        group.due[tariff.pk] = due_on(tariff, month)
        if tariff.unit_id is not None:
            group.alone.add(tariff.unit_id)
    return list(groups.values())


def period_of(tariff: Tariff, month: Month) -> tuple[date, date] | None:
    if tariff.cycle == Tariff.Cycle.ONCE:
        return month.first, month.last
    return billed_in(
        month.year, month.month, span=tariff.cycle, starts=tariff.starts, prepaid=tariff.prepaid, ahead=tariff.ahead
    )
