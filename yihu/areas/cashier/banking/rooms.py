"""Which units the words of a transfer may mean, asked for many lines at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q

from yihu.basics import rooms
from yihu.basics.numerals import half_width
from yihu.ground.estate.models import Unit

_ROOM: Final = re.compile(
    r"(?:[A-Za-z]组团)?[A-Za-z]{0,2}[0-9]{1,7}[A-Za-z]?(?:(?:号楼|单元|[-–—#/栋幢座号楼])[A-Za-z]?[0-9]{1,6})*(?:[室号户])?"
)
_MANY = 200
_MOST_ENTRANCES = 12


def spoken(text: str) -> list[rooms.RoomKey]:
    """Every reading of every room number in the text; a bare number is a date or a sum as often as a room."""
    found: list[rooms.RoomKey] = []
    for match in _ROOM.finditer(half_width(text)):
        found += [key for key in rooms.candidates(match[0]) if key.building]
    return found


def units_named(community_id: int, texts: Iterable[str]) -> dict[str, list[int]]:
    """For each text the units that it may mean: exactly one, or the same room in each entrance of a building."""
    read = {text: keys for text in set(texts) if (keys := spoken(text))}
    wanted: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    places = {key.folded() for keys in read.values() for key in keys}
    for some in _some(sorted(places)):
        asked = Q(pk__in=[])
        for building, entrance, room in some:
            asked |= Q(search_key=" ".join(filter(None, (building, entrance, room))))
            if not entrance:
                asked |= Q(search_key__startswith=f"{building} ", room_key=room)
        for pk, key in Unit.objects.filter(asked, community_id=community_id).values_list("pk", "search_key"):
            parts = key.split(" ")
            wanted[parts[0], " ".join(parts[1:-1]), parts[-1]].add(pk)
            wanted[parts[0], "", parts[-1]].add(pk)
    told = {}
    for text, keys in read.items():
        found = [pk for key in keys for pk in sorted(wanted.get(key.folded(), ()))]
        told[text] = list(dict.fromkeys(found))[:_MOST_ENTRANCES]
    return {text: found for text, found in told.items() if found}


def _some(places: list[Any]) -> Iterable[list[Any]]:
    return (places[first : first + _MANY] for first in range(0, len(places), _MANY))
