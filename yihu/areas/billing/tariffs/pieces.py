"""The days of a period cut wherever something changes: the price, the area, who pays, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from yihu.areas.billing.reckoned import Oddity
from yihu.areas.billing.tariffs.fitting import Fit
from yihu.areas.billing.tariffs.known import Known, figures
from yihu.areas.billing.tariffs.models import Tariff, Term
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.areas.billing.tariffs.paying import (
    EVER,
    LESSEE_LEFT,
    NEVER,
    NO_DEVELOPER,
    NO_OWNER,
    NOT_HANDED,
    Pays,
)
from yihu.basics.periods import ONE_DAY, FirstMonth, months_in

NO_AREA, TWO_PRICES, NO_PRICE, PRICE_GAP = "no_area", "two_prices", "no_price", "price_gap"
STOPS = (NO_AREA, TWO_PRICES, NO_OWNER, NOT_HANDED)
WHY = {
    NO_OWNER: "没有登记业主，不知道谁付，请补登业主",
    NO_DEVELOPER: "还没有交房，也没有登记开发商，这几天没有人付",
    NOT_HANDED: "有业主，没有交房日期，也没有登记开发商：请补交房日期",
    LESSEE_LEFT: "约定由租户付，但他已不在户内，改由业主付；请终止原来的约定",
    NO_AREA: "没有登记面积，请补登",
    PRICE_GAP: "没有价格，请补定价",
}


@dataclass(frozen=True)
class Piece:
    """Some days in which nothing changes. ``exact`` is what they cost, in 分, unrounded."""

    unit: int
    first: date
    last: date
    tariff: Tariff
    price: Decimal
    quantity: Decimal
    word: str
    months: Fraction
    pays: Pays
    what: str = ""
    term: Term | None = None
    handed: date | None = None

    @property
    def exact(self) -> Fraction:
        fen = Fraction(self.quantity) * Fraction(self.price) * self.months * 100
        return fen / self.tariff.cycle if self.tariff.per == Tariff.Per.TERM and self.tariff.cycle else fen


def odd(one: Known, kind: str, item: object, first: date, last: date) -> Oddity:
    words = f"{one.label} {item} {first:%Y-%m-%d} 至 {last:%Y-%m-%d} {WHY[kind]}。"
    return Oddity(one.unit, kind, words, stops=kind in STOPS)


def cut(one: Known, fits: Sequence[Fit]) -> Iterator[Piece | Oddity]:
    """Everything that some prices make of one unit's period."""
    for fit in fits:
        if fit.tariff is None:
            yield from _without_price(one, fit, fits)
        elif fit.tariff.kind == Kind.RENT:
            yield from _rents(one, fit.tariff, fit.first, fit.last)
        elif fit.tariff.cycle == Tariff.Cycle.ONCE:
            yield from _once(one, fit.tariff, fit.first, fit.last)
        else:
            for first, last, quantity, word, what in _measures(one, fit.tariff, fit.first, fit.last):
                if quantity is None:
                    yield odd(one, NO_AREA, fit.tariff.item, first, last)
                else:
                    yield from _paid(one, fit.tariff, first, last, quantity, word, what)


def _without_price(one: Known, fit: Fit, fits: Sequence[Fit]) -> Iterator[Oddity]:
    item = next((row.item for other in fits for row in (other.tariff, *other.rivals) if row is not None), "")
    if fit.rivals:
        both = "、".join(f"{tariff.scope_words} {tariff.price_words}" for tariff in fit.rivals)
        yield Oddity(
            one.unit,
            TWO_PRICES,
            f"{one.label} {item}有 {len(fit.rivals)} 个价格都适用：{both}。请给这户单独定价。",
            True,
        )
    elif any(other.tariff is not None and other.tariff.cycle != Tariff.Cycle.ONCE for other in fits):
        yield odd(one, PRICE_GAP, item, fit.first, fit.last)


def _measures(
    one: Known, tariff: Tariff, first: date, last: date
) -> Iterable[tuple[date, date, Decimal | None, str, str]]:
    """Of what there is how much on which days: (from, to, quantity, which figure it is, what of several)."""
    if tariff.kind in AREAS:
        return [(*row, "") for row in figures(one.areas, tariff.kind, first, last)]
    if tariff.kind == Kind.QUANTITY:
        mine = [row for row in one.held.get(tariff.item_id, ()) if row.first <= last and row.last >= first]
        return [(max(first, row.first), min(last, row.last), row.quantity, "", row.what) for row in mine]
    return [(first, last, Decimal(1), "", "")]


def _paid(
    one: Known, tariff: Tariff, first: date, last: date, quantity: Decimal, word: str, what: str
) -> Iterator[Piece | Oddity]:
    handed = one.people.since if one.people.since not in (None, EVER) else None
    rule = FirstMonth(tariff.first_month)
    for pays in one.people.payers(tariff.item_id, first, last):
        for begin, end, term in _less(one, tariff.item_id, pays.first, pays.last):
            months = months_in(begin, end, handed, rule)
            if not months:
                continue
            if pays.why:
                yield odd(one, pays.why, tariff.item, begin, end)
            if pays.party is not None:
                yield Piece(
                    one.unit, begin, end, tariff, tariff.price, quantity, word, months, pays, what, term, handed
                )


def _less(one: Known, item: int, first: date, last: date) -> list[tuple[date, date, Term | None]]:
    """The days cut where an agreed reduction begins or ends."""
    terms = [term for term in one.terms if term.slot == Term.Slot.LESS and term.item_id == item]
    days = {first}
    for term in terms:
        days |= {term.from_on, (term.to_on or NEVER - ONE_DAY) + ONE_DAY}
    starts = sorted(day for day in days if first <= day <= last)
    ends = [day - ONE_DAY for day in starts[1:]] + [last]
    return [
        (begin, end, next((one for one in terms if one.from_on <= begin and (one.to_on or NEVER) >= end), None))
        for begin, end in zip(starts, ends, strict=True)
    ]


def _rents(one: Known, tariff: Tariff, first: date, last: date) -> Iterator[Piece]:
    """A rent is what was agreed; its payer is whose lease it is."""
    for term in one.terms:
        if term.slot != Term.Slot.RENT or term.item_id != tariff.item_id or term.party_id is None:
            continue
        until = min(last, term.to_on or NEVER)
        for begin, end, rate in term.rent.within(first, until):
            pays = Pays(begin, end, term.party_id, "lessee", agreed=term.number)
            yield Piece(one.unit, begin, end, tariff, rate, Decimal(1), "", months_in(begin, end), pays, term.number)


def _once(one: Known, tariff: Tariff, first: date, last: date) -> Iterator[Piece | Oddity]:
    """What is paid one time: for a thing when it is taken, for a unit when it is handed over."""
    if tariff.kind == Kind.QUANTITY:
        days = [(row.first, row.quantity, row.what) for row in one.held.get(tariff.item_id, ())]
    else:
        handed = one.people.handed
        areas = figures(one.areas, tariff.kind, handed, handed) if handed and tariff.kind in AREAS else []
        figure = areas[0][2] if areas else Decimal(1)
        days = [(handed, figure, "")] if handed else []
    for day, quantity, what in days:
        if not first <= day <= last:
            continue
        if quantity is None:
            yield odd(one, NO_AREA, tariff.item, day, day)
            continue
        (pays,) = one.people.payers(tariff.item_id, day, day)
        if pays.why:
            yield odd(one, pays.why, tariff.item, day, day)
        if pays.party is not None:
            yield Piece(one.unit, day, day, tariff, tariff.price, quantity, "", Fraction(1), pays, what)
