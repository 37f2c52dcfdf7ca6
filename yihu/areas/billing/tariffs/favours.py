"""A price for one unit alone is no way around an agreement: less than its neighbours pay is agreed to by two people (FEE-02)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yihu.areas.billing.tariffs.fitting import fitting
from yihu.areas.billing.tariffs.known import prices_of, profiles
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.ground.estate.models import UnitArea

FIGURES = {Kind.GROSS: "gross_area", Kind.NET: "net_area", Kind.BILLING: "billing_area"}


def why_not_less(new: Tariff, kinds: Sequence[str]) -> str:
    """Why one person cannot set this price, or "". ``kinds``: those that it would take the place of."""
    if new.unit_id is None:
        return ""
    day, once = new.from_on, new.cycle == Tariff.Cycle.ONCE
    others = [
        one
        for one in prices_of(new.community_id, kinds, day, day)
        if one.item_id == new.item_id and one.unit_id is None and (one.cycle == Tariff.Cycle.ONCE) == once
    ]
    found = fitting(others, new.unit_id, profiles(new.community_id, [new.unit_id])[new.unit_id], day, day)
    usual = found[0].tariff if found else None
    if usual is None or _a_month(new, new) >= _a_month(usual, new):
        return ""
    return (
        f"{new.scope_words} 的{new.item}现在按 {usual.scope_words} {usual.price_words}，只给这一户定得更低，一个人不能定："
        "请登记收费约定，由另一人审批。"
    )


def _a_month(one: Tariff, of: Tariff) -> Decimal:
    """What it comes to in a month for the unit of another, by its lowest step; a piece counts as one."""
    rate = min(step.price for step in one.ladder)
    if one.per == Tariff.Per.TERM and one.cycle:
        rate /= one.cycle
    if one.kind not in AREAS:
        return rate
    areas = UnitArea.objects.filter(unit=of.unit_id, from_on__lte=of.from_on).order_by("-from_on")
    area: Decimal | None = areas.values_list(FIGURES[Kind(one.kind)], flat=True).first()
    return rate * (area or 1)
