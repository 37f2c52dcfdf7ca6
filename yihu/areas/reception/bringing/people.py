"""Which unit a room in the register means, and who of it was calling: asked for many lines at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from yihu.areas.reception.bringing.lines import Line
from yihu.areas.reception.forms import RELATION_OF
from yihu.areas.reception.models import Contact
from yihu.basics import rooms
from yihu.ground.estate.models import Occupancy, Unit

_MANY = 400


@lru_cache(maxsize=4096)
def _readings(room: str) -> tuple[tuple[str, str], ...]:
    """The keys of the units that the text may mean, each with the cluster it names."""
    return tuple(
        dict.fromkeys((" ".join(filter(None, key.folded())), key.cluster.upper()) for key in rooms.candidates(room))
    )


class Places:
    """The units and people that some lines speak of."""

    def __init__(self, community: Any, wanted: Iterable[str]) -> None:
        self.found: dict[str, list[int]] = {}
        self.people: dict[int, list[Occupancy]] = defaultdict(list)
        self._asked: set[int] = set()
        wanted = list(wanted)
        if community.pk is None:
            return
        for first in range(0, len(wanted), _MANY):
            self._look(community, wanted[first : first + _MANY])

    def _look(self, community: Any, wanted: list[str]) -> None:
        keys = {key for room in wanted for key, _ in _readings(room)}
        here: dict[str, list[tuple[int, str]]] = defaultdict(list)
        units = Unit.objects.filter(community=community, search_key__in=keys)
        for pk, key, cluster in units.values_list("pk", "search_key", "cluster__code"):
            here[key].append((pk, (cluster or "").upper()))
        for room in wanted:
            for key, cluster in _readings(room):
                meant = [pk for pk, own in here.get(key, ()) if not cluster or own in ("", cluster)]
                if meant:
                    self.found[room] = meant
                    break

    def trouble(self, room: str) -> str:
        """Why no unit can be told from the room, as a kind of problem; "" where one can."""
        meant = self.found.get(room, [])
        return "" if len(meant) == 1 else "which_room" if meant else "unknown_room"

    def unit(self, room: str) -> int | None:
        meant = self.found.get(room, [])
        return meant[0] if len(meant) == 1 else None

    def caller(self, unit: int | None, line: Line) -> tuple[int | None, str]:
        """The party of that name on the unit, and how he stands to it. What the register says itself goes before."""
        if line.relation == Contact.Relation.ANONYMOUS:
            return None, line.relation
        if unit is None or not line.caller_name:
            return None, line.relation or (Contact.Relation.OWNER if unit or line.room else Contact.Relation.VISITOR)
        for stay in self._of(unit):
            if stay.party.name == line.caller_name:
                return stay.party_id, line.relation or RELATION_OF.get(stay.role, Contact.Relation.FAMILY)
        return None, line.relation or Contact.Relation.OWNER

    def _of(self, unit: int) -> list[Occupancy]:
        if unit not in self._asked:
            wanted = {meant[0] for meant in self.found.values() if len(meant) == 1} - self._asked
            self._asked |= wanted
            for stay in Occupancy.objects.filter(unit__in=wanted).select_related("party").order_by("place", "pk"):
                self.people[stay.unit_id].append(stay)
        return self.people[unit]
