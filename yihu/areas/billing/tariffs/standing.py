"""By which prices a month is billed, item by item: whoever drew up its bills can tell whether they are still the same (FEE-20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from hashlib import sha256

from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.plan import FARTHEST, RECKONED, groups_in
from yihu.basics.months import Month
from yihu.basics.worktime import add_months


def prices_in(community_id: int, month: Month, sources: Collection[str]) -> dict[str, str]:
    """For each item a digest over the prices of the days that this month bills; later prices do not count. Two questions."""
    found: dict[int, list[str]] = defaultdict(list)
    if "tariffs" in sources:
        around = add_months(month.first, -FARTHEST), add_months(month.last, FARTHEST)
        for group in groups_in(known.prices_of(community_id, RECKONED, *around), month):
            for one in group.tariffs:
                _note(found, one, group.first, group.last)
    if "meters" in sources:
        for one in known.prices_of(community_id, (Kind.METER,), *month.business):
            _note(found, one, *month.business)
    return {str(item): sha256(" ".join(sorted(told)).encode()).hexdigest()[:16] for item, told in found.items()}


def _note(found: dict[int, list[str]], one: Tariff, first: date, last: date) -> None:
    if one.from_on <= last and (one.to_on is None or one.to_on >= first):
        found[one.item_id].append(f"{one.pk}:{max(one.from_on, first)}:{min(one.to_on or last, last)}")
