"""What the one search box finds here: units and people, each only where the person may see them."""

from __future__ import annotations

from typing import Any

from yihu.ground.estate.finding import find_parties, find_units, find_vehicles, owners_of, units_of
from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.search import Hit

SEE = "estate.see"


def units(text: str, person: Any, limit: int) -> list[Hit]:
    """Everybody on staff finds a unit by its number; only those who may see households read who lives there."""
    grants = grants_of(person)
    found = find_units(text, grants.communities, limit)
    seen = [unit for unit in found if grants.may(SEE, unit.community_id)]
    owners = owners_of(seen)
    return [
        Hit(kind="unit", title=unit.label, subtitle=_place(unit, owners.get(unit.pk, [])), url=unit.get_absolute_url())
        for unit in found
    ]


def _place(unit: Any, names: list[str]) -> str:
    return " · ".join(filter(None, (str(unit.cluster or unit.community), "、".join(names))))


def parties(text: str, person: Any, limit: int) -> list[Hit]:
    """People by name, initials, company or telephone. A hit goes to the unit if there is only one."""
    found = find_parties(text, grants_of(person).communities_with(SEE), limit)
    stays = units_of(found)
    return [_hit(party, stays[party.pk]) for party in found]


def _hit(party: Any, stays: list[Any]) -> Hit:
    places = "、".join(f"{stay.unit.label} {stay.get_role_display()}" for stay in stays[:3])
    subtitle = " · ".join(filter(None, (places, str(party.phone))))
    units = {stay.unit_id: stay.unit for stay in stays}
    url = party.get_absolute_url()
    if len(units) == 1:  # who was found is who is calling
        url = f"{next(iter(units.values())).get_absolute_url()}?party={party.pk}"
    return Hit(kind="party", title=party.name, subtitle=subtitle, url=url)


def vehicles(text: str, person: Any, limit: int) -> list[Hit]:
    """A plate leads to its household, or to whoever's it is."""
    found = find_vehicles(text, grants_of(person).communities_with(SEE), limit)
    return [
        Hit(
            kind="vehicle",
            title=one.plate,
            subtitle=" · ".join(
                filter(None, (one.unit.label if one.unit else "", one.party.name if one.party else ""))
            ),
            url=(one.unit or one.party).get_absolute_url(),
        )
        for one in found
        if one.unit or one.party
    ]


search.provider("unit", "房屋", units)
search.provider("party", "客户", parties)
search.provider("vehicle", "车辆", vehicles)
