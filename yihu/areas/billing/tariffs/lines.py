"""Pieces made into lines of a bill: rounded so that they add up, with their sum in words and as data (FEE-19)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yihu.areas.billing.reckoned import Reckoned
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.agreements import What
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.areas.billing.tariffs.paying import DEVELOPER, LESSEE, OWNER
from yihu.areas.billing.tariffs.pieces import Piece
from yihu.basics.money import yuan
from yihu.basics.periods import FirstMonth, by_month
from yihu.basics.pricing import Rounding, in_parts, plain, to_fen

FIRST_MONTH = {
    FirstMonth.HALF_MONTH: "首月 15 日以后交房算半月，以前算整月",
    FirstMonth.FULL: "首月算整月",
    FirstMonth.NEXT_MONTH: "交房当月归开发商",
}
ROUNDED = {Rounding.UP: "（进位到分）", Rounding.DOWN: "（舍去分以下）"}
AS_WHAT = {LESSEE: "（约定由租户付）", DEVELOPER: "（未交房，开发商付）"}


def lines(pieces: Sequence[Piece], due: Callable[[Tariff], date]) -> Iterator[Reckoned]:
    """All pieces of one item and one period of a unit. What belongs together adds up to the rounded whole."""
    wholes: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        wholes.setdefault((piece.what, piece.tariff.rounding), []).append(piece)
    for (_, rounding), together in wholes.items():
        how = Rounding(rounding)
        # who buys checks his own sum: the developer has the difference
        ordered = sorted(together, key=lambda one: (one.pays.as_what == DEVELOPER, one.first))
        amounts = in_parts([one.exact for one in ordered], how)
        whole = sum(amounts)
        for piece, amount in zip(ordered, amounts, strict=True):
            if amount:
                yield _line(piece, amount, whole, due(piece.tariff))
                yield from _reduced(piece, amount, due(piece.tariff))


def _line(piece: Piece, amount: int, whole: int, due_on: date) -> Reckoned:
    tariff, how = piece.tariff, Rounding(piece.tariff.rounding)
    words = f"{piece.what} {sum_in_words(piece)} = {yuan(amount)}元{ROUNDED.get(how, '')}".lstrip()
    basis = basis_of(tariff, piece.quantity, piece.price, piece.months)
    if piece.word:
        basis["figure"] = piece.word
    if amount != to_fen(piece.exact, how):
        words += f"（与其他部分合计 {yuan(whole)}元）"
        basis["whole"] = whole
    if piece.pays.as_what != OWNER:
        words += AS_WHAT[piece.pays.as_what] if tariff.kind != Kind.RENT else ""
        basis |= {"payer": piece.pays.as_what, "agreed": piece.pays.agreed, "owner": piece.pays.owner}
    return Reckoned(
        piece.pays.party or 0, piece.unit, tariff.item_id, piece.first, piece.last, due_on, amount, words[:200], piece.what[:40], basis
    )  # fmt: skip


def _reduced(piece: Piece, amount: int, due_on: date) -> Iterator[Reckoned]:
    """减收: a line of its own beside the full price, never a changed price (domain §5.3)."""
    term = piece.term
    if term is None:
        return
    basis: dict[str, Any] = {"rule": term.what, "agreement": term.number, "of": amount}
    if term.what == What.PRICE and term.price is not None:
        full = Fraction(term.price) / Fraction(piece.price) * piece.exact
        less = min(0, to_fen(full, Rounding(piece.tariff.rounding)) - amount)
        words = f"约定单价 {plain(term.price, 2)}元，少收 {yuan(-less)}元"
        basis["price"] = plain(term.price, 2)
    else:
        percent = term.percent
        if term.what == What.VACANT:
            percent = Decimal(100) - piece.tariff.vacant_percent if piece.tariff.vacant_percent is not None else None
            basis["ground"] = piece.tariff.vacant_ground
        less = -to_fen(Fraction(amount) * Fraction(percent or 0) / 100)
        words = f"{term.get_what_display()} {yuan(amount)}元 × {plain(percent or Decimal(0))}% = {yuan(less)}元"
        basis["percent"] = plain(percent or Decimal(0))
    if less:
        part = f"{piece.what} {term.number}".strip()
        yield Reckoned(
            piece.pays.party or 0, piece.unit, piece.tariff.item_id, piece.first, piece.last, due_on, less,
            f"{words}（{term.number}）", part[-40:], basis,
        )  # fmt: skip


def basis_of(tariff: Tariff, quantity: Decimal, price: Decimal, months: Fraction) -> dict[str, Any]:
    """The sum as data; exact figures as text."""
    return {
        "rule": tariff.kind, "tariff": tariff.pk, "quantity": plain(quantity), "price": plain(price, 2),
        "months": str(months), "rounding": tariff.rounding,
    }  # fmt: skip


def sum_in_words(piece: Piece) -> str:
    """What is multiplied: 128.36㎡ × 2.80元 × 20/30天."""
    tariff = piece.tariff
    factors = [f"{plain(piece.price, 2)}元"]
    if tariff.kind in AREAS:
        factors.insert(0, f"{plain(piece.quantity)}㎡")
    elif tariff.kind == Kind.QUANTITY and (piece.quantity != 1 or tariff.measure):
        factors.insert(0, f"{plain(piece.quantity)}{tariff.measure}")
    time = "" if tariff.cycle == Tariff.Cycle.ONCE else time_in_words(piece)
    return " × ".join(filter(None, (*factors, time)))


def time_in_words(piece: Piece) -> str:
    """One whole month needs no word; else 3个月, 20/30天, 2个月又20/30天, or what the rule of the first month says."""
    if piece.months == 1 == piece.tariff.cycle and _whole(piece):
        return ""
    rule = FirstMonth(piece.tariff.first_month)
    handed, share = piece.handed, ""
    in_first = (
        handed is not None
        and handed.day > 1
        and piece.first <= handed.replace(day=monthrange(handed.year, handed.month)[1])
    )
    if in_first and handed is not None and piece.last >= handed.replace(day=1) and rule is not FirstMonth.DAILY:
        share = f"（{FIRST_MONTH[rule]}）"
    if piece.tariff.per == Tariff.Per.TERM and piece.months == piece.tariff.cycle:
        return share
    if share:
        return f"{piece.months}个月{share}"
    months, rest = 0, []
    for first, last in by_month(piece.first, piece.last):
        days, own = monthrange(first.year, first.month)[1], (last - first).days + 1
        months += own == days
        rest += [f"{own}/{days}天"] if own != days else []
    whole = f"{months}个月" if months and (rest or months > 1 or piece.tariff.cycle > 1) else ""
    said = "又".join(filter(None, (whole, "加".join(rest))))
    return (
        f"{said}/{piece.tariff.cycle}个月" if piece.tariff.per == Tariff.Per.TERM and piece.tariff.cycle > 1 else said
    )


def _whole(piece: Piece) -> bool:
    return piece.first.day == 1 and (piece.last.year, piece.last.month) == (piece.first.year, piece.first.month)
