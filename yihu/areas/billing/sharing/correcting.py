"""What a corrected sheet changes of bills that were posted: the difference, payer by payer, on the next bill (FEE-13, FEE-20).

The bills stay. What hangs now is compared with what was billed for the same pool and time, whatever corrections went before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from yihu.areas.billing.reckoned import Reckoned
from yihu.areas.billing.sharing.models import PoolMonth, PoolShare
from yihu.areas.billing.tariffs import prices as pricing
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.worktime import add_months, month_day
from yihu.ground.ledger.models import Charge

NOTICED = 3  # months in which a correction is looked for by the runs that follow it
RULE = "share_correction"


def differences(community_id: int, month: Month, units: Sequence[int]) -> Iterator[Reckoned]:
    """Some five questions, and one for each correction."""
    found = [one for one in _corrected(community_id, month) if _was_billed(one)]
    if not found:
        return
    people = pricing.households(community_id, units, min(one.from_on for one in found), max(one.to_on for one in found))
    parts: dict[tuple[int, int], int] = {
        (month_id, unit): amount
        for month_id, unit, amount in PoolShare.objects.filter(month__in=found, unit__in=units).values_list(
            "month_id", "unit_id", "amount"
        )
    }
    for one in found:
        billed = _billed(one, units)
        for unit in units:
            share = parts.get((one.pk, unit), 0)
            if share or unit in billed:
                yield from _of(one, unit, share, billed.get(unit, {}), month, people)


def _corrected(community_id: int, month: Month) -> list[Any]:
    """Corrections that were published not long before the end of this month, of months before it."""
    rows = PoolMonth.objects.filter(
        community_id=community_id, live=True, state=PoolMonth.State.PUBLISHED, corrects__isnull=False, month__lt=month.first,
        posted_from__gte=add_months(month.first, -NOTICED), posted_from__lte=month.last,
    )  # fmt: skip
    return list(rows.select_related("pool").order_by("pk"))


def _was_billed(one: Any) -> bool:
    """Where nobody was billed yet, the month's own run bills what hangs now."""
    rows = Charge.objects.filter(item=one.pool.item_id, from_on__gte=one.from_on, to_on__lte=one.to_on)
    return rows.filter(part=one.pool.name[:40], reversal__isnull=True, community=one.community_id).exists()


def _bills(one: Any, units: Sequence[int]) -> Iterator[tuple[int, int, int, Any]]:
    """Unit, payer, amount and rule of each bill that stands in the books for this pool and month."""
    numbers = set(PoolMonth.objects.filter(pool=one.pool_id, month=one.month).values_list("number", flat=True))
    rows = Charge.objects.filter(
        unit__in=units, item=one.pool.item_id, from_on__gte=one.from_on, to_on__lte=one.to_on, reversal__isnull=True
    )
    for unit, party, amount, basis in rows.values_list("unit", "party", "amount", "basis"):
        if (basis or {}).get("month") in numbers:
            yield unit, party, amount, basis.get("rule")


def _billed(one: Any, units: Sequence[int]) -> dict[int, dict[int, int]]:
    """By unit and payer."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for unit, party, amount, _ in _bills(one, units):
        found[unit][party] += amount
    return found


def made_up_for(one: Any, units: Sequence[int]) -> set[int]:
    """Units that had no bill of this month and were billed their part as a difference: they are not billed it once more."""
    rules: dict[int, set[Any]] = defaultdict(set)
    for unit, _, _, rule in _bills(one, units):
        rules[unit].add(rule)
    return {unit for unit, found in rules.items() if found == {RULE}}


def _of(
    one: Any, unit: int, share: int, billed: dict[int, int], month: Month, people: dict[int, Any]
) -> Iterable[Reckoned]:
    payers = people[unit].payers(one.pool.item_id, one.from_on, one.to_on) if share and unit in people else []
    if share and (not payers or any(payer.party is None for payer in payers)):
        return  # the month's own check asks for the payer
    should: dict[int, int] = defaultdict(int)
    for payer, amount in pricing.split(share, payers) if share else ():
        should[payer.party] += amount
    for party in sorted({*should, *billed}):
        less = should.get(party, 0) - billed.get(party, 0)
        if less:
            said = (
                f"{one.pool.name} {one.month_word}更正公示：应摊 {yuan(should.get(party, 0))}元，"
                f"已出账 {yuan(billed.get(party, 0))}元"
            )
            basis = {
                "rule": RULE, "pool": one.pool_id, "month": one.number, "should": should.get(party, 0),
                "billed": billed.get(party, 0), "why": one.why_corrected,
            }  # fmt: skip
            yield Reckoned(
                party, unit, one.pool.item_id, one.from_on, one.to_on, _due(one, month), less, said[:200],
                f"更正{one.number}-{party}"[:40], basis,
            )  # fmt: skip


def _due(one: Any, month: Month) -> date:
    later = add_months(month.first, one.pool.due_months)
    return month_day(later.year, later.month, one.pool.due_day)
