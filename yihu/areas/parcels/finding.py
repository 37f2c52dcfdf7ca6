"""Whoever comes for a parcel says a code, the end of its number, a room or a name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.areas.parcels.models import TAIL, ParcelCustody
from yihu.areas.parcels.rules import folded
from yihu.ground.estate.finding import find_parties, find_units, units_of
from yihu.kernel.authority import grants_of

MOST = 60


def here(person: Any, community: Any) -> Any:
    """What lies here, as far as the person may see it."""
    return ParcelCustody.objects.seen_by(person).filter(held_in=community).select_related("unit", "party")


def by_code(typed: str, person: Any, community: Any) -> Any:
    code = folded(typed)
    return here(person, community).filter(code=code, state=ParcelCustody.State.HELD).first() if code else None


def by_words(typed: str, person: Any, community: Any) -> list[Any]:
    """Those whose number ends so, and those of the households that may be meant."""
    number, units = folded(typed), [unit.pk for unit in find_units(typed, [community.pk])]
    if grants_of(person).may("estate.see", community.pk):
        stays = units_of(find_parties(typed, [community.pk]))
        units += [stay.unit_id for some in stays.values() for stay in some]
    meant = Q(unit__in=units)
    if len(number) >= TAIL:
        meant |= Q(tracking_no__endswith=number)
    return list(here(person, community).filter(meant).order_by("unit__sort_key", "shelf", "pk")[:MOST])


def of_unit(unit: int, person: Any, community: Any) -> list[Any]:
    return list(here(person, community).filter(unit=unit).order_by("shelf", "pk")[:MOST])
