"""What the prices make of a month: the first source of the billing run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.tariffs.known import learn
from yihu.areas.billing.tariffs.plan import plan
from yihu.basics.months import Month


class TariffSource:
    """Areas, households, fixed amounts, quantities and rents by their prices; meters and shared costs have their own."""

    slug = "tariffs"
    label = "收费标准"

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterator[Reckoned | Oddity]:
        groups = plan(community_id, month)
        if not groups:
            return
        first, last = min(group.first for group in groups), max(group.last for group in groups)
        for one in learn(community_id, units, first, last).values():
            for group in groups:
                yield from group.reckon(one)
