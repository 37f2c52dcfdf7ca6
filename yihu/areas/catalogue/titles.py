"""房屋权属清册 (F40, ARC-17): title numbers of our own, areas and holders of the estate. No telephone, no identity number."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from yihu.areas.catalogue.models import UnitTitle
from yihu.ground.estate.models import Occupancy, Unit


def unit_rows(building: Any) -> list[dict[str, Any]]:
    """The units of one building in their order; four questions, however many there are."""
    owners = (
        Occupancy.objects.on(timezone.localdate()).filter(role=Occupancy.Role.OWNER).select_related("party").order_by("place", "pk")
    )  # fmt: skip
    units = list(
        Unit.objects.filter(building=building)
        .prefetch_related("areas", Prefetch("occupancies", queryset=owners, to_attr="owners"))
        .order_by("sort_key", "pk")
    )
    titles = {row.unit_id: row for row in UnitTitle.objects.filter(unit__building=building)}
    return [_row(unit, titles.get(unit.pk)) for unit in units]


def _row(unit: Any, title: UnitTitle | None) -> dict[str, Any]:
    area = unit.area
    return {
        "pk": unit.pk,
        "unit": str(unit),
        "title_no": title.title_no if title else "",
        "holder": "、".join(_holder(one) for one in unit.owners),
        "area": f"{area.gross_area}" if area and area.gross_area else "",
        "since": f"{title.since}" if title and title.since else "",
        "remark": title.remark if title else "",
    }


def _holder(one: Any) -> str:
    share = f" {one.share * 100:.2f}".rstrip("0").rstrip(".") + "%" if one.share and one.share < 1 else ""
    return f"{one.party.name}{share}"
