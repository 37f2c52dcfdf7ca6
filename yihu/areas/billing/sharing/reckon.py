"""Dividing a shared cost: what the pool is, how heavy each unit weighs, who gets the odd 分 (domain.md §5.2). No database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yihu.basics.money import round_half_up, share, yuan

AREA, HOUSEHOLD, USAGE, LIFT, HEADS, FIXED = "area", "household", "usage", "lift", "heads", "fixed"
BY_OCCUPANCY = (AREA, HOUSEHOLD, LIFT)  # methods in which an empty unit may weigh less than an occupied one
FLOORS_IN_A_BAND = 5
_ROOM = re.compile(r"(?:(-|[bB]|地下)?)(\d{3,5})(?!\d)")
_UNITS = {AREA: "㎡", HOUSEHOLD: "户", LIFT: "份", HEADS: "人", FIXED: "份"}


class CannotShare(Exception):
    """The pool cannot be divided yet; ``problems`` says unit by unit what is missing and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Metered:
    """Master meter − Σ sub-meters − other identified use ± difference, at one price in 元."""

    total: Decimal
    subs: Decimal
    other: Decimal
    difference: Decimal
    price: Decimal

    @property
    def quantity(self) -> Decimal:
        return self.total - self.subs - self.other + self.difference

    @property
    def amount(self) -> int:
        """In 分, rounded once."""
        return round_half_up(Fraction(self.quantity) * Fraction(self.price) * 100)


@dataclass(frozen=True)
class Rule:
    """How a pool is divided. ``vacant_percent``: what an empty unit weighs of an occupied one."""

    method: str
    vacant_percent: int = 100
    first_floor_free: bool = False
    measure: str = ""


@dataclass(frozen=True)
class Member:
    """A unit as the sharing sees it. ``code`` orders the units; occupied begins with the fit-out."""

    unit: int
    code: str
    label: str
    area: Decimal | None = None
    floor: int | None = None
    occupied: bool = True
    heads: int = 0
    usage: Decimal | None = None
    parts: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """What one unit bears. ``base`` is its figure, ``weight`` what counts after every coefficient."""

    unit: int
    label: str
    base: Decimal
    factor: Fraction
    weight: Fraction
    amount: int
    words: str


def floor_of(room: str) -> int | None:
    """The floor that a room number tells: 0101 is 1, 1203 is 12, B101 is −1; None where it tells none."""
    found = _ROOM.search(room)
    if not found:
        return None
    floor = int(found[2][:-2])
    return -floor if found[1] else floor or None


def band_of(floor: int) -> int:
    """Bands of five floors, half-open: 1–5 is the first, 6–10 the second. Floor 5 stands in the first only."""
    return max(1, -(-floor // FLOORS_IN_A_BAND))


def lift_coefficient(floor: int) -> Fraction:
    """1 + (N − 1) × 0.2 for the Nth band."""
    return 1 + Fraction(band_of(floor) - 1, 5)


def divide(amount: int, members: Sequence[Member], rule: Rule) -> list[Part]:
    """Every unit's part in 分; they add up to the amount exactly. Odd 分 go to the largest remainders, ties to the
    lower unit code. Raises CannotShare with everything that is missing, all at once."""
    known = sorted(members, key=lambda member: (member.code, member.unit))
    problems = [said for member in known if (said := _missing(member, rule))]
    if not known:
        problems = ["这个范围里没有要分摊的房屋，请核对方案的范围。"]
    if problems:
        raise CannotShare(problems)
    weighed = [(member, *_weight(member, rule)) for member in known]
    taking_part = [(member, base, factor) for member, base, factor in weighed if base and factor]
    if not taking_part:
        raise CannotShare(["各户的分摊基数合计是零，没有人可以分摊，请核对方案和房屋资料。"])
    weights = [Fraction(base) * factor for _, base, factor in taking_part]
    whole = sum(weights, Fraction())
    return [
        Part(
            member.unit, member.label, base, factor, weight, one,
            _words(amount, whole, member, base, factor, one, rule),
        )
        for (member, base, factor), weight, one in zip(taking_part, weights, share(amount, weights), strict=True)
    ]  # fmt: skip


def _missing(member: Member, rule: Rule) -> str:
    if rule.method == AREA and not member.area:
        return f"{member.label} 没有登记面积，请先在房屋资料里补上。"
    if rule.method == LIFT and member.floor is None:
        return f"{member.label} 从房号看不出楼层，请改用别的分摊办法，或改正房号。"
    if rule.method == USAGE and member.usage is None:
        return f"{member.label} 这个月没有用量，请先抄表。"
    return ""


def _weight(member: Member, rule: Rule) -> tuple[Decimal, Fraction]:
    """The unit's figure and its coefficient."""
    base = {
        AREA: member.area, HOUSEHOLD: Decimal(1), LIFT: Decimal(1), USAGE: member.usage, HEADS: Decimal(member.heads),
        FIXED: member.parts,
    }[rule.method] or Decimal(0)  # fmt: skip
    factor = Fraction(1)
    if rule.method == LIFT:
        assert member.floor is not None  # _missing has asked
        factor = Fraction(0) if rule.first_floor_free and member.floor == 1 else lift_coefficient(member.floor)
    if rule.method in BY_OCCUPANCY and not member.occupied:
        factor *= Fraction(rule.vacant_percent, 100)
    return base, factor


def _words(amount: int, whole: Fraction, member: Member, base: Decimal, factor: Fraction, one: int, rule: Rule) -> str:
    """The sum as the payer may do it again: 1,000.00元 × 128.36㎡ ÷ 4,012.50㎡ = 31.99元."""
    unit = _UNITS.get(rule.method, rule.measure)
    mine = f"{plain(base)}{unit}"
    if rule.method == LIFT:
        assert member.floor is not None
        mine = f"{member.floor}层系数{plain(lift_coefficient(member.floor))}"
    if rule.method in BY_OCCUPANCY and not member.occupied and rule.vacant_percent != 100:
        mine += f"×空置{rule.vacant_percent}%"
    return f"{yuan(amount)}元 × {mine} ÷ 合计{plain(whole)}{unit} = {yuan(one)}元"


def plain(number: Decimal | Fraction, places: int = 6) -> str:
    """A figure without needless noughts, thousands apart."""
    text = f"{Decimal(number.numerator) / Decimal(number.denominator) if isinstance(number, Fraction) else number:,.{places}f}"
    return text.rstrip("0").rstrip(".")


def price_of_one(amount: int, parts: Sequence[Part]) -> str:
    """元 for one ㎡, household or share, to six places: what stands on the wall as the unit price."""
    whole = sum((part.weight for part in parts), Fraction())
    return plain(Fraction(amount, 100) / whole) if whole else ""
