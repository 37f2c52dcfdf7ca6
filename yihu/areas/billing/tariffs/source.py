"""What the prices make of a month: the first source of the billing run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.tariffs.known import among, learn
from yihu.areas.billing.tariffs.late_entry import OURS, RULE
from yihu.areas.billing.tariffs.plan import Group, plan
from yihu.basics.months import Month
from yihu.ground.ledger.models import Charge

SETTLED = "settled"


class TariffSource:
    """Areas, households, fixed amounts, quantities and rents by their prices; meters and shared costs have their own."""

    slug = "tariffs"
    label = "收费标准"

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterator[Reckoned | Oddity]:
        groups = plan(community_id, month)
        if not groups:
            return
        first, last = min(group.first for group in groups), max(group.last for group in groups)
        settled = _settled(units, groups, first, last)
        for one in learn(community_id, units, first, last).values():
            for group in groups:
                if (one.unit, group.item.pk, group.first, group.last) in settled:
                    said = f"{one.label} {group.item} {group.first:%Y-%m-%d} 至 {group.last:%Y-%m-%d} 已由“补收与更正”出过，没有再出。"
                    yield Oddity(one.unit, SETTLED, said)
                else:
                    yield from group.reckon(one)


def _settled(
    units: Sequence[int], groups: Sequence[Group], first: date, last: date
) -> set[tuple[int, int, date, date]]:
    """Of a household that was left out of a month, what a later month has made up for: it is not billed once more when the
    month is drawn up again (FEE-20). Where bills of the month stand, the run itself sees that they do."""
    items = {group.item.pk for group in groups}
    rows = Charge.objects.filter(
        among("unit", units), item__in=items, from_on__gte=first, to_on__lte=last, reversal__isnull=True
    ).order_by()
    keys = ("unit", "item", "from_on", "to_on")
    made_up = set(rows.filter(basis__rule=RULE).values_list(*keys))
    if not made_up:
        return set()
    others = rows.filter(unit__in={unit for unit, *_ in made_up}).values_list(*keys, "basis__rule")
    stand = {(unit, item, begin) for unit, item, begin, _, rule in others if rule in OURS and rule != RULE}
    return {
        key for key in made_up
        if not any((unit, item) == key[:2] and key[2] <= begin <= key[3] for unit, item, begin in stand)
    }  # fmt: skip
