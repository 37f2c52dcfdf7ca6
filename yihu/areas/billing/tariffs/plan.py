"""A month's work: which items are billed for which period, and the usual case of each reckoned once for all units alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.tariffs import known, pieces
from yihu.areas.billing.tariffs.fitting import Fit, Profile, fitting
from yihu.areas.billing.tariffs.known import Known
from yihu.areas.billing.tariffs.lines import lines
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.areas.billing.tariffs.paying import OWNER, Pays
from yihu.areas.billing.tariffs.pieces import NO_PRICE, Piece
from yihu.areas.billing.tariffs.prices import due_on
from yihu.basics.months import Month
from yihu.basics.periods import billed_in
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import FeeItem

RECKONED = (*AREAS, Kind.HOUSEHOLD, Kind.FIXED, Kind.QUANTITY, Kind.RENT)
OF_ALL = (*AREAS, Kind.HOUSEHOLD)
FARTHEST = 24  # months that the longest cycle reaches, back or ahead

MOST_PLANS = 8
MOST_SUMS = 20_000  # kept at once: the memory of a run does not grow with the site

COLUMNS = [column.attname for column in Tariff._meta.concrete_fields]
ITEM_COLUMNS = ("name", "legal_class", "nature")

Sum = tuple[int, str, dict[str, Any]]


class Usual:
    """One price for the whole period: the same line for every unit of the same area, reckoned once."""

    def __init__(self, group: Group, tariff: Tariff) -> None:
        self.item, self.first, self.last, self.due = group.item.pk, group.first, group.last, group.due[tariff.pk]
        self.tariff, self.by_area = tariff, tariff.kind in AREAS
        self.sums: dict[tuple[str | None, str], Sum] = {}

    def line(self, one: Known) -> Reckoned | None:
        """None: something is not as usual."""
        if one.terms:
            return None
        party = one.payer(self.first, self.last)
        if party is None:
            return None
        key: tuple[str | None, str] = ("1", "")
        if self.by_area:
            if len(one.areas) != 1 or one.areas[0].first > self.first:
                return None
            key = known.which(one.areas[0], self.tariff.kind)
            if key[0] is None:
                return None
        found = self.sums.get(key)
        if found is None:
            found = self._keep(key)
        amount, words, basis = found
        if not amount:
            return None
        return Reckoned(party, one.unit, self.item, self.first, self.last, self.due, amount, words, "", basis)

    def _keep(self, key: tuple[str | None, str]) -> Sum:
        """As ``lines`` makes it."""
        figure, word = key
        pays = Pays(self.first, self.last, 0, OWNER)
        piece = Piece(
            0, self.first, self.last, self.tariff, self.tariff.price, Decimal(figure or 0), word, Fraction(self.tariff.cycle), pays
        )  # fmt: skip
        made = list(lines([piece], lambda _: self.due))
        if len(self.sums) >= MOST_SUMS:
            self.sums.clear()
        self.sums[key] = (made[0].amount, made[0].words, dict(made[0].basis)) if made else (0, "", {})
        return self.sums[key]


@dataclass
class Group:
    """One item and one period that is billed this month, with the prices that could hold in it."""

    item: FeeItem
    first: date
    last: date
    tariffs: list[Tariff]
    due: dict[int, date] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)
    fits: dict[Profile, tuple[list[Fit], Usual | None]] = field(default_factory=dict)

    @cached_property
    def of_all(self) -> bool:
        """Whether every unit should have a price: the common services of the site."""
        common = self.item.legal_class == FeeItem.Legal.COMMON and self.item.nature == FeeItem.Nature.INCOME
        return common and any(
            one.kind in OF_ALL and one.cycle and not one.use and not one.unit_id for one in self.tariffs
        )

    def fits_of(self, one: Known) -> tuple[list[Fit], Usual | None]:
        if one.unit in self.alone:
            return fitting(self.tariffs, one.unit, one.profile, self.first, self.last), None
        found = self.fits.get(one.profile)
        if found is None:
            fits = fitting(self.tariffs, one.unit, one.profile, self.first, self.last)
            tariff = fits[0].tariff if len(fits) == 1 else None
            usual = tariff is not None and tariff.kind in OF_ALL and tariff.cycle != Tariff.Cycle.ONCE
            found = self.fits[one.profile] = (fits, Usual(self, tariff) if usual and tariff else None)
        return found

    def reckon(self, one: Known) -> Iterable[Reckoned | Oddity]:
        fits, usual = self.fits_of(one)
        line = usual.line(one) if usual is not None else None
        return (line,) if line is not None else self._in_pieces(one, fits)

    def _in_pieces(self, one: Known, fits: list[Fit]) -> Iterator[Reckoned | Oddity]:
        if not fits:
            if self.of_all:
                said = f"{one.label} 没有适用的{self.item}价格（{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}），没有出账；请补定价。"
                yield Oddity(one.unit, NO_PRICE, said)
            return
        found = list(pieces.cut(one, fits))
        yield from (row for row in found if isinstance(row, Oddity))
        yield from lines([row for row in found if isinstance(row, Piece)], lambda tariff: self.due[tariff.pk])


_plans: dict[tuple[int, Month], tuple[Any, list[Group]]] = {}


def plan(community_id: int, month: Month) -> list[Group]:
    """What is billed in a month, item by item; one question to the database. As long as no price changes, what was
    reckoned for one slice of the run serves the next."""
    first, last = add_months(month.first, -FARTHEST), add_months(month.last, FARTHEST)
    tariffs = known.prices_of(community_id, RECKONED, first, last)
    same = [
        tuple(getattr(row, name) for row, names in ((one, COLUMNS), (one.item, ITEM_COLUMNS)) for name in names)
        for one in tariffs
    ]
    kept = _plans.get((community_id, month))
    if kept is not None and kept[0] == same:
        return kept[1]
    groups = groups_in(tariffs, month)
    if len(_plans) >= MOST_PLANS:
        _plans.clear()
    _plans[community_id, month] = (same, groups)
    return groups


def groups_in(tariffs: Iterable[Tariff], month: Month) -> list[Group]:
    groups: dict[tuple[int, date, date, bool], Group] = {}
    for tariff in tariffs:
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
