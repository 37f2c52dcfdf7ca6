"""维修资金: dividing what was used or earned, the balances of the units, the ledger F90."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, Sum

from yihu.areas.spending.models import FundEntry, FundVoucher
from yihu.basics.money import MoneyError, fen, share, yuan
from yihu.ground.estate.finding import find_units
from yihu.ground.estate.models import Unit, UnitArea

Sort = FundVoucher.Sort
TWO_THIRDS: Final = Decimal("66.67")
HALF: Final = Decimal(50)


def why_no_vote(told: Any) -> str:
    """民法典第278条: owners of two thirds by area and by number take part, and more than half of these agree, both ways."""
    if told["joined_area"] < TWO_THIRDS or told["joined_owners"] < TWO_THIRDS:
        return "参与表决的业主，面积和人数都要达到三分之二（66.67%）以上，才能使用维修资金（民法典第278条）。"
    if told["agreed_area"] <= HALF or told["agreed_owners"] <= HALF:
        return "同意的要超过参与表决面积和人数的一半，才能使用维修资金（民法典第278条）。"
    return ""


def read_lines(text: str, community_id: int) -> tuple[list[list[int]], list[str]]:
    """Each unit's amount as typed (A1-1-0101 12,345.00): pairs of unit and 分, and what cannot be read."""
    rows = [row for row in (line.strip() for line in text.splitlines()) if row]
    labels = {row.replace("：", " ").replace("\t", " ").rpartition(" ")[0].strip() for row in rows}
    known = dict(Unit.objects.filter(community_id=community_id, label__in=labels).values_list("label", "pk"))
    found: dict[int, int] = {}
    wrong: list[str] = []
    for row in rows:
        room, _, figure = row.replace("：", " ").replace("\t", " ").rpartition(" ")
        unit = known.get(room.strip()) or _meant(room.strip(), community_id)
        amount = _amount(figure)
        if unit is None:
            wrong.append(f"“{row[:30]}”：没有找到这一户，请写成“A1-1-0101 12345.00”。")
        elif amount <= 0:
            wrong.append(f"“{row[:30]}”：金额要大于零，最多两位小数。")
        elif unit in found:
            wrong.append(f"“{row[:30]}”：这一户写了两次。")
        else:
            found[unit] = amount
    return [[unit, amount] for unit, amount in found.items()], wrong


def _meant(room: str, community_id: int) -> int | None:
    found = [unit for unit in find_units(room, [community_id]) if not unit.rank] if room else []  # type: ignore[attr-defined]
    return found[0].pk if len(found) == 1 else None


def _amount(figure: str) -> int:
    try:
        return fen(figure)
    except MoneyError:
        return 0


def divide_use(amount: int, units: Sequence[Any], day: date) -> tuple[list[list[int]], str]:
    """By building area, as the owners bear it; refused where a unit has less than its part."""
    areas: dict[int, Decimal] = {}
    for row in UnitArea.objects.filter(unit__in=[unit.pk for unit in units], from_on__lte=day).order_by("from_on"):
        if row.gross_area:
            areas[row.unit_id] = row.gross_area
    without = [str(unit) for unit in units if unit.pk not in areas]
    if not units or without:
        return [], f"{'、'.join(without[:5])} 没有登记建筑面积，请先补上。" if without else "这个范围里没有房屋。"
    parts = share(amount, [areas[unit.pk] for unit in units])
    held = lowest([unit.pk for unit in units], day)
    short = [f"{unit}（余 {yuan(held.get(unit.pk, 0))}，应摊 {yuan(part)}）" for unit, part in zip(units, parts, strict=True) if held.get(unit.pk, 0) < part]  # fmt: skip
    if short:
        return [], f"{len(short)} 户余额不够，要先补交：{'、'.join(short[:5])}。"
    return [[unit.pk, -part] for unit, part in zip(units, parts, strict=True) if part], ""


def divide_interest(amount: int, community_id: int, day: date) -> tuple[list[list[int]], str]:
    """By what each unit has."""
    held = {unit: balance for unit, balance in balances_here(community_id, day).items() if balance > 0}
    if not held:
        return [], "还没有一户有余额，利息分不下去。"
    units = Unit.objects.filter(pk__in=held).order_by("sort_key", "pk")
    parts = share(amount, [held[unit.pk] for unit in units])
    return [[unit.pk, part] for unit, part in zip(units, parts, strict=True) if part], ""


def balances(units: Sequence[int], day: date) -> dict[int, int]:
    rows = FundEntry.objects.filter(unit__in=units, day__lte=day).order_by().values_list("unit")
    return {unit: int(total) for unit, total in rows.annotate(total=Sum("amount"))}


def lowest(units: Sequence[int], day: date) -> dict[int, int]:
    """The least that each unit has from that day on: what is dated back must not use what was used since."""
    least = balances(units, day)
    running = dict(least)
    later = FundEntry.objects.filter(unit__in=units, day__gt=day).order_by().values_list("day", "unit")
    for _, unit, total in later.annotate(total=Sum("amount")).order_by("day"):
        running[unit] = running.get(unit, 0) + int(total)
        least[unit] = min(least.get(unit, 0), running[unit])
    return least


def balances_here(community_id: int, day: date) -> dict[int, int]:
    rows = FundEntry.objects.filter(community_id=community_id, day__lte=day).order_by().values_list("unit")
    return {unit: int(total) for unit, total in rows.annotate(total=Sum("amount"))}


@dataclass(frozen=True)
class Held:
    """One unit's row of the ledger, in 分."""

    unit: Any
    opening: int
    paid: int
    used: int
    interest: int

    @property
    def balance(self) -> int:
        return self.opening + self.paid + self.interest - self.used

    @property
    def low(self) -> bool:
        """Below three tenths of what was paid in first: the owner has to top it up (办法第17条)."""
        first = self.opening + self.paid
        return first > 0 and self.balance * 10 < first * 3


def uses(community: Any, day: date, building: Any = None) -> list[tuple[FundVoucher, int, int]]:
    """What the fund was used for by that day: the project with its vote, how much of it these units bore, and how many."""
    rows = FundEntry.objects.filter(community=community, day__lte=day, sort=Sort.USED)
    if building is not None:
        rows = rows.filter(unit__building=building)
    told = rows.order_by().values_list("voucher").annotate(total=Sum("amount"), units=Count("unit"))
    borne = {voucher: (-total, units) for voucher, total, units in told}
    return [(one, *borne[one.pk]) for one in FundVoucher.objects.filter(pk__in=borne).order_by("day", "pk")]


def vote_words(one: FundVoucher) -> str:
    """The vote as the law counts it, by area and by number (民法典第278条)."""
    if one.vote_on is None:
        return ""
    return (
        f"{one.vote_on:%Y-%m-%d} 表决：参与面积 {one.joined_area}%、人数 {one.joined_owners}%，"
        f"其中同意面积 {one.agreed_area}%、人数 {one.agreed_owners}%"
    )


def ledger(community: Any, day: date, building: Any = None) -> list[Held]:
    """Every unit that has an entry, in the order of the rooms."""
    rows = FundEntry.objects.filter(community=community, day__lte=day)
    if building is not None:
        rows = rows.filter(unit__building=building)
    sums = {sort: Sum("amount", filter=Q(sort=sort), default=0) for sort in Sort.values}
    found = {row.pop("unit"): row for row in rows.order_by().values("unit").annotate(**sums)}
    units = Unit.objects.filter(pk__in=found).select_related("building").order_by("sort_key", "pk")
    return [
        Held(unit, found[unit.pk]["opening"], found[unit.pk]["paid"], -found[unit.pk]["used"], found[unit.pk]["interest"])
        for unit in units
    ]  # fmt: skip
