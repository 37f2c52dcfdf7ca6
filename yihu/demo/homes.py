"""Whom the demo's people may be: the households that the roll brought in."""

from __future__ import annotations

from yihu.demo.plan import Home
from yihu.ground.estate.models import Occupancy, Unit

OWNER, LESSEE = Occupancy.Role.OWNER, Occupancy.Role.LESSEE


def homes() -> list[Home]:
    """Every unit of the rolls in which somebody is known, in the order of the rolls."""
    people: dict[int, dict[str, tuple[int, str]]] = {}
    stays = Occupancy.objects.filter(role__in=(OWNER, LESSEE), roll__isnull=False, unit__roll__isnull=False)
    for unit_id, role, party_id, name in stays.order_by("unit_id", "place", "pk").values_list(
        "unit_id", "role", "party_id", "party__name"
    ):
        people.setdefault(unit_id, {}).setdefault(role, (party_id, name))
    rows = Unit.objects.filter(pk__in=people, handed_over_on__isnull=False) | Unit.objects.filter(
        pk__in=people, kind=Unit.Kind.OFFICE
    )
    found = []
    for unit in rows.select_related("community", "building").order_by("pk"):
        here = people[unit.pk]
        owner = here.get(OWNER) or here[LESSEE]
        found.append(Home(unit.pk, unit.label, unit.community.code, str(unit.building), owner, here.get(LESSEE)))
    return found
