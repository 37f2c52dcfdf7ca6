"""Tells whoever takes a call about a unit that something is off there just now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yihu.areas.outages.models import Outage, touching
from yihu.ground.estate.standing import Standing, stands_over


@stands_over
def outages_over(community_id: int, unit: Any, person: Any) -> Iterable[Standing]:
    rows = Outage.objects.seen_by(person).filter(
        community_id=community_id, closed_at__isnull=True, state__in=Outage.STANDING
    )
    for outage in rows.filter(touching(unit)).order_by("begins_at", "pk"):
        word = outage.get_supply_display()
        yield Standing(record=outage, word=word, asked=f"来电询问{word}", said=outage.said)
