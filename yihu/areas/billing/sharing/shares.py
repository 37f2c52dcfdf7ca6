"""A month's pool reckoned from its record: the sum in 分, the parts, and both in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yihu.areas.billing.meters.history import usages
from yihu.areas.billing.meters.models import Meter
from yihu.areas.billing.sharing.members import members, units_of
from yihu.areas.billing.sharing.models import PoolMonth, PoolShare, SharePool
from yihu.areas.billing.sharing.reckon import CannotShare, Metered, Part, divide, plain, price_of_one
from yihu.basics.money import yuan
from yihu.basics.months import Month


@dataclass(frozen=True)
class Reckoning:
    """What the record comes to now: the amount in 分 and each unit's part."""

    amount: int
    parts: Sequence[Part]


def amount_of(month: PoolMonth) -> int:
    """In 分. Refused where the figures cannot be."""
    if month.pool.origin == SharePool.Origin.INVOICE:
        amount = (month.invoice_fen or 0) - month.less_fen
    else:
        metered = Metered(*month.figures, month.price or Decimal(0))
        if metered.quantity < 0:
            raise CannotShare(["分表和其它用量合计比总表还多，请核对读数；确有差额的填在“差额调整”里并写明原因。"])
        amount = metered.amount
    if amount <= 0:
        raise CannotShare(["要分摊的金额是零，没有可摊的。"])
    return amount


def reckon(month: PoolMonth) -> Reckoning:
    """Everything anew from the record's figures and the households' files; writes nothing."""
    assert month.to_on is not None
    amount = amount_of(month)
    used = use_of_units(month.pool, Month.of(month.month)) if month.pool.method == SharePool.Method.USAGE else None
    return Reckoning(amount, divide(amount, members(month.pool, month.to_on, used), month.pool.rule))


@dataclass(frozen=True)
class MasterRead:
    """What the master meter and those below it measured, and which of them has no reading yet."""

    total: Decimal
    subs: Decimal
    words: str


def read_meter(pool: SharePool, month: Month) -> MasterRead | None:
    """None where the master itself has not been read."""
    assert pool.meter is not None
    below = list(pool.meter.subs.filter(shown=True).order_by("walk_key", "pk"))
    found = usages([pool.meter.pk, *(one.pk for one in below)], month)
    master = found.get(pool.meter.pk)
    if master is None or not master.complete:
        return None
    missing = [str(one) for one in below if one.pk not in found or not found[one.pk].complete]
    words = f"{pool.meter} 的读数；下面 {len(below)} 只分表"
    words += f"，其中 {len(missing)} 只还没有读数：{'、'.join(missing[:3])}" if missing else "都已抄"
    subs = sum((found[one.pk].total for one in below if one.pk in found), Decimal(0))
    return MasterRead(master.total, subs, words)


def use_of_units(pool: SharePool, month: Month) -> dict[int, Decimal]:
    """Each unit's use by its own meters of the kind; a unit without such a meter uses nothing, one without a reading is
    left out and asked for."""
    meters = list(Meter.objects.filter(unit__in=units_of(pool), kind=pool.usage_kind, shown=True))
    found = usages([one.pk for one in meters], month)
    used = dict.fromkeys(units_of(pool).values_list("pk", flat=True), Decimal(0))
    unread = {one.unit_id for one in meters if one.pk not in found or not found[one.pk].complete}
    for one in meters:
        if one.pk in found and one.unit_id is not None:
            used[one.unit_id] += found[one.pk].total
    return {unit: quantity for unit, quantity in used.items() if unit not in unread}


def keep(month: PoolMonth, found: Reckoning) -> None:
    """The parts as they stand now, in place of those before."""
    month.amount_fen, month.method_words = found.amount, month.pool.method_words
    month.base_total = plain(sum((part.weight for part in found.parts), Fraction()))
    month.price_of_one = price_of_one(found.amount, found.parts)
    month.shares.all().delete()
    PoolShare.objects.bulk_create(
        [
            PoolShare(
                month=month, unit_id=part.unit, base=plain(part.base), factor=plain(part.factor), weight=plain(part.weight),
                amount=part.amount, words=part.words[:200],
            )
            for part in found.parts
        ],
        batch_size=1000,
    )  # fmt: skip


def was_of(month: PoolMonth, rows: Sequence[PoolShare]) -> list[dict[str, Any]]:
    """Unit by unit what hung before, what hangs now, and the difference; units of either."""
    old = {row.unit_id: row for row in PoolShare.objects.filter(month=month.corrects_id).select_related("unit")}
    new = {row.unit_id: row for row in rows}
    units = sorted((row.unit for row in {**old, **new}.values()), key=lambda unit: (unit.sort_key, unit.pk))
    told = []
    for unit in units:
        was, now = (side[unit.pk].amount if unit.pk in side else 0 for side in (old, new))
        told.append({
            "unit": str(unit), "was": yuan(was), "now": yuan(now), "differs": signed(now - was), "was_fen": was, "now_fen": now,
        })  # fmt: skip
    return told


def signed(amount: int) -> str:
    """+3.20, −3.20, or a dash."""
    return f"{'+' if amount > 0 else '−'}{yuan(abs(amount))}" if amount else "—"


def sum_in_words(month: PoolMonth) -> str:
    """How the pool's own amount came about, for the wall."""
    pool = month.pool
    if pool.origin == SharePool.Origin.INVOICE:
        said = f"供应方账单 {yuan(month.invoice_fen or 0)} 元"
        if month.total and pool.measure:
            each = plain(Fraction(month.invoice_fen or 0, 100) / Fraction(month.total))
            said += f"（{plain(month.total)}{pool.measure}，平均 {each} 元/{pool.measure}）"
        if not month.less_fen:
            return said  # the bill is the sum: nothing is said twice
        return f"{said} − {month.why_less} {yuan(month.less_fen)} 元 = {yuan(month.amount_fen)} 元"
    total, subs, other, difference = month.figures
    said = f"总表 {plain(total)} − 分表 {plain(subs)}"
    said += f" − 其它 {plain(other)}" if other else ""
    said += (
        f" {'+' if difference > 0 else '−'} 差额 {plain(abs(difference))}（{month.why_different}）"
        if difference
        else ""
    )
    price = plain(month.price or Decimal(0))
    shared = f"{plain(month.quantity)}{pool.measure}"
    return f"{said} = {shared}；{shared} × {price} 元 = {yuan(month.amount_fen)} 元"


def table(month: PoolMonth) -> dict[str, Any]:
    """The published calculation: every unit's line, and the sums at its foot."""
    rows = list(month.shares.select_related("unit").order_by("unit__sort_key", "unit_id"))
    before = was_of(month, rows) if month.corrects_id is not None else []
    return {
        "was": before,
        "was_total": yuan(sum(one["was_fen"] for one in before)),
        "differs": signed(sum(one["now_fen"] - one["was_fen"] for one in before)),
        "unit_word": {"area": "㎡", "household": "户", "lift": "份", "heads": "人", "fixed": "份"}.get(
            month.pool.method, month.pool.measure
        ),
        "rows": [
            {"unit": str(row.unit), "base": row.base, "factor": row.factor, "weight": row.weight, "amount": yuan(row.amount)}
            for row in rows
        ],
        "with_factor": any(row.factor != "1" for row in rows),
        "weight": month.base_total,
        "amount": yuan(sum(row.amount for row in rows)),
        "count": len(rows),
    }  # fmt: skip
