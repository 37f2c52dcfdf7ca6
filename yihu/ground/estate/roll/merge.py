"""What a row of the roll changes about a unit that is there already. Compares three ways: what the roll said last,
what stands now, what the roll says today. What a person changed meanwhile is kept, unless he ticks it off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from yihu.ground.estate.models import (
    Building,
    Cluster,
    Community,
    Occupancy,
    ParkingSpace,
    Party,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.ground.estate.naming import UnitName
from yihu.ground.estate.roll import headings
from yihu.ground.estate.roll.problems import problem
from yihu.ground.estate.roll.rows import AREAS, DATES, PERSONAL, Person, Row
from yihu.kernel.importing.declare import Plan
from yihu.kernel.importing.problems import Problem

OF_UNIT: Final = ("kind", "use", "remark", *DATES)
OF_PARTY: Final = ("phone", "phone2", "id_no", "contact_name", "mailing_address")
_ROLES: Final = {"owners": "owner", "lessees": "lessee", "emergency": "emergency"}
_LABELS: Final = {"owners": "业主姓名", "lessees": "租户姓名", "emergency": "紧急联系人"}


def canonical(value: Any) -> Any:
    """A value as it is compared and remembered."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return "" if value is None else value


@cache
def _personal(name: str) -> Any:
    return Party._meta.get_field(name)


def blind(name: str, value: Any) -> str:
    """A personal value as it is compared and remembered: its blind index."""
    return _personal(name).blind(_personal(name).masked(value), "index") if value else ""


def said_of_unit(row: Row) -> dict[str, Any]:
    """What the roll says of the unit itself, as it is remembered; empty cells say nothing."""
    told = {name: canonical(getattr(row, name)) for name in (*OF_UNIT, *AREAS, "lease_from", "lease_to")}
    told |= {name: [person.name for person in getattr(row, name)] for name in _ROLES}
    told |= {"parking": row.parking, "plates": row.plates, **row.terms}
    return {name: value for name, value in told.items() if value}


@dataclass
class Standing:
    """What is known of the places and people that some rows speak of."""

    community: Community
    today: date
    clusters: dict[str, Cluster] = field(default_factory=dict)
    buildings: dict[tuple[str, str], Building] = field(default_factory=dict)
    units: dict[tuple[str, ...], Unit] = field(default_factory=dict)
    areas: dict[int, UnitArea] = field(default_factory=dict)
    people: dict[tuple[int, str], list[Occupancy]] = field(default_factory=lambda: defaultdict(list))
    parties: dict[tuple[str, str], Party] = field(default_factory=dict)  # by name and number
    vehicles: dict[str, Vehicle] = field(default_factory=dict)
    spaces: dict[str, ParkingSpace] = field(default_factory=dict)

    def party(self, person: Person) -> Party | None:
        """The party with this name and number; a name alone never makes two people one."""
        return self.parties.get((person.name, person.id_no)) if person.id_no else None

    def unit(self, key: tuple[str, ...]) -> Unit | None:
        return self.units.get(key)


def standing(community: Community, rows: Sequence[Row], today: date) -> Standing:
    """Everything the rows may touch, in a handful of queries."""
    found = Standing(community, today)
    if community.pk is None:  # a community that a dry run only imagines
        return found
    found.clusters = {cluster.code: cluster for cluster in Cluster.objects.filter(community=community)}
    of_rows = {row.key[:2] for row in rows}
    known = Building.objects.filter(community=community).select_related("cluster")
    found.buildings = {
        (building.cluster.code if building.cluster else "", building.code): building for building in known
    }
    buildings = [building for at, building in found.buildings.items() if at in of_rows]
    units = list(Unit.objects.filter(community=community, building__in=buildings)) if buildings else []
    names = {building.pk: at for at, building in found.buildings.items()}
    found.units = {(*names[unit.building_id], unit.entrance, unit.room): unit for unit in units}
    _match_without_zeros(found, rows)
    touched = {row.key for row in rows}
    pks = [unit.pk for key, unit in found.units.items() if key in touched]
    if pks:
        for area in UnitArea.objects.filter(unit__in=pks, from_on__lte=today).order_by("from_on"):
            found.areas[area.unit_id] = area
        current = Occupancy.objects.filter(unit__in=pks, role__in=_ROLES.values()).on(today) | Occupancy.objects.filter(
            unit__in=pks, role="lessee"
        )
        for occupancy in current.select_related("party", "lease").order_by("place", "id"):
            found.people[occupancy.unit_id, occupancy.role].append(occupancy)
    _find_people_and_things(found, rows)
    return found


def _match_without_zeros(found: Standing, rows: Sequence[Row]) -> None:
    """101 in this file is the 0101 of the last one, if only one unit can be meant."""
    if not found.units:
        return
    near: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for key in found.units:
        near[key[0], *UnitName(*key).folded()].append(key)
    asked: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        asked[row.key[0], *UnitName(*row.key).folded()].append(row)
    for folded, some in asked.items():
        there = near.get(folded, [])
        if len(some) == 1 and len(there) == 1 and some[0].key not in found.units:
            found.units[some[0].key] = found.units[there[0]]


def _find_people_and_things(found: Standing, rows: Sequence[Row]) -> None:
    community = found.community
    if (
        not Party.objects.filter(community=community).exists()
        and not Vehicle.objects.filter(community=community).exists()
    ):
        return
    indexes = {blind("id_no", person.id_no) for row in rows for _, person in row.people() if person.id_no}
    plates = {plate for row in rows for plate in row.plates}
    codes = {code for row in rows for code in row.parking}
    for party in Party.objects.filter(community=community, id_no_index__in=indexes):
        found.parties[party.name, party.id_no] = party
    for vehicle in Vehicle.objects.filter(community=community, plate__in=plates).select_related("unit"):
        found.vehicles[vehicle.plate] = vehicle
    for space in ParkingSpace.objects.filter(community=community, code__in=codes).select_related("unit"):
        found.spaces[space.code] = space


@dataclass
class Change:
    """What one row does. ``unit`` is None where the row makes one."""

    row: Row
    unit: Unit | None = None
    of_unit: dict[str, Any] = field(default_factory=dict)
    of_area: dict[str, Any] = field(default_factory=dict)
    of_parties: list[tuple[Party, dict[str, Any]]] = field(default_factory=list)
    of_lease: dict[str, Any] = field(default_factory=dict)
    of_terms: dict[str, Any] = field(default_factory=dict)
    joining: list[tuple[str, int, Person]] = field(default_factory=list)
    leaving: list[Occupancy] = field(default_factory=list)
    plates: list[str] = field(default_factory=list)
    parking: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.unit is None:
            return "created"
        parts = (
            self.of_unit,
            self.of_area,
            self.of_parties,
            self.of_lease,
            self.of_terms,
            self.joining,
            self.leaving,
            self.plates,
            self.parking,
        )
        return "updated" if any(parts) else "unchanged"

    def labels(self) -> list[str]:
        """What was changed, in words, for the journal."""
        names = [
            *self.of_unit,
            *self.of_area,
            *self.of_lease,
            *self.of_terms,
            *(name for _, sets in self.of_parties for name in sets),
        ]
        words = [headings.BY_NAME[name].label for name in names if name in headings.BY_NAME]
        words += [
            "业主" if role == "owner" else "租户" if role == "lessee" else "紧急联系人" for role, _, _ in self.joining
        ]
        words += ["车牌号"] * bool(self.plates) + ["车位号"] * bool(self.parking)
        return list(dict.fromkeys(words))


def plan(
    community: Community, rows: Sequence[Row], today: date, ticked: Mapping[int, Iterable[str]] | None = None
) -> Plan:
    """Figures and warnings for the preview; writes nothing."""
    told = Plan()
    there = standing(community, rows, today)
    for change in changes(there, rows, today, ticked or {}):
        setattr(told, change.outcome, getattr(told, change.outcome) + 1)
        told.kept += len(change.kept)
        told.problems += change.problems
    return told


def changes(there: Standing, rows: Sequence[Row], today: date, ticked: Mapping[int, Iterable[str]]) -> list[Change]:
    """One change per row, in order. ``ticked``: by row number in ``rows``, the fields to be overwritten all the same."""
    seen: set[int] = set()
    found = []
    for position, row in enumerate(rows):
        unit = there.unit(row.key)
        change = Change(row, unit)
        if unit is None:
            change.joining = _placed(row)
            _claim_things(there, change)
        else:
            _Merger(there, change, today, set(ticked.get(position, ())), seen).merge()
        found.append(change)
    return found


def _placed(row: Row) -> list[tuple[str, int, Person]]:
    return [
        (role, place, person)
        for name, role in _ROLES.items()
        for place, person in enumerate(getattr(row, name))
    ]  # fmt: skip


def _claim_things(there: Standing, change: Change) -> None:
    """Plates and spaces that no other unit holds."""
    for name, known, column in (("plates", there.vehicles, "车牌号"), ("parking", there.spaces, "车位号")):
        for thing in getattr(change.row, name):
            held = known.get(thing)
            if held is None:
                getattr(change, name).append(thing)
            elif held.unit_id is None or change.unit is None or held.unit_id != change.unit.pk:
                change.problems.append(
                    _problem(change, "taken_by_other", held.unit or "他人", column=column, value=thing)
                )


def _problem(change: Change, kind: str, *words: Any, column: str, value: Any = "") -> Problem:
    row = change.row
    return problem(kind, *words, sheet=row.sheet, row=row.row_no, column=column, value=value, part=row.key[0])


class _Merger:
    """One row against its unit."""

    def __init__(self, there: Standing, change: Change, today: date, ticked: set[str], seen: set[int]) -> None:
        assert change.unit is not None
        self.there, self.change, self.today, self.ticked, self.seen = there, change, today, ticked, seen
        self.unit, self.row = change.unit, change.row
        self.before = self.unit.as_rolled

    def merge(self) -> None:
        for name in OF_UNIT:
            self._field(name, self.unit, getattr(self.row, name), self.change.of_unit)
        area = self.there.areas.get(self.unit.pk)
        for name in AREAS:
            self._field(name, area, getattr(self.row, name), self.change.of_area)
        for name, role in _ROLES.items():
            self._people(name, role)
        self._lease()
        self._things()

    def _free(self, name: str, mine: Any, theirs: Any, base: Any, masked: str | None = None) -> bool:
        """Whether the roll may set the field: it says something new, and nobody changed the field since it last spoke.

        ``masked``: what stands now, for a personal value that is compared by its blind index.
        """
        if not theirs or mine == theirs:
            return False
        if mine == (base or type(theirs)()) or name in self.ticked:
            return True
        label = _LABELS.get(name) or headings.BY_NAME[name].label
        self.change.kept.append(name)
        stands, told = (_words(mine), _words(theirs)) if masked is None else (masked, "（已填）")
        self.change.problems.append(_problem(self.change, "kept", stands or "空", column=label, value=told))
        return False

    def _field(self, name: str, holder: Any, theirs: Any, sets: dict[str, Any]) -> None:
        mine = canonical(getattr(holder, name, None))
        if self._free(name, mine, canonical(theirs), self.before.get(name)):
            sets[name] = theirs

    def _people(self, name: str, role: str) -> None:
        people: list[Person] = getattr(self.row, name)
        current = self.there.people.get((self.unit.pk, role), [])
        if role == "lessee":
            current = [
                one for one in current if one.to_on is None or one.to_on >= self.today or _as_rolled(one, self.before)
            ]
        mine, theirs = [one.party.name for one in current], [person.name for person in people]
        if self._free(name, mine, theirs, self.before.get(name)):
            self._exchange(role, people, current)
        by_name = {one.party.name: one.party for one in current}
        for person in people:
            if person.name in by_name:
                self._party(person, by_name[person.name])

    def _exchange(self, role: str, people: list[Person], current: list[Occupancy]) -> None:
        """People come and go; one who keeps his number and only changes his name stays the same party."""
        staying = {person.name for person in people} & {one.party.name for one in current}
        leaving = [one for one in current if one.party.name not in staying]
        joining = [(place, person) for place, person in enumerate(people) if person.name not in staying]
        for one in list(leaving):
            same = [pair for pair in joining if _same_number(one.party, pair[1]) and self.there.party(pair[1]) is None]
            if len(same) == 1 and one.party.pk not in self.seen:
                joining.remove(same[0])
                leaving.remove(one)
                self._party(same[0][1], one.party, renamed=True)
        self.change.leaving += leaving
        self.change.joining += [(role, place, person) for place, person in joining]
        if leaving and role in ("owner", "lessee"):
            kind, column = ("owner_changed", "业主姓名") if role == "owner" else ("lessee_changed", "租户姓名")
            gone = "、".join(one.party.name for one in leaving)
            self.change.problems.append(
                _problem(self.change, kind, gone, column=column, value="、".join(person.name for _, person in joining))
            )

    def _party(self, person: Person, party: Party, renamed: bool = False) -> None:
        if party.pk in self.seen:
            return
        self.seen.add(party.pk)
        sets: dict[str, Any] = {"name": person.name} if renamed else {}
        for name in OF_PARTY:
            theirs = getattr(person, name)
            if name in PERSONAL:
                mine = getattr(party, f"{name}_index")
                if self._free(name, mine, blind(name, theirs), party.as_rolled.get(name), str(getattr(party, name))):
                    sets[name] = theirs
            elif self._free(name, getattr(party, name), theirs, party.as_rolled.get(name)):
                sets[name] = theirs
        if sets:
            self.change.of_parties.append((party, sets))

    def _lease(self) -> None:
        if not self.row.lessees:
            return
        names = {person.name for person in self.row.lessees} - {
            person.name for role, _, person in self.change.joining if role == "lessee"
        }
        held = [one for one in self.there.people.get((self.unit.pk, "lessee"), []) if one.party.name in names]
        for name, column in (("lease_from", "from_on"), ("lease_to", "to_on")):
            theirs = getattr(self.row, name)
            if held and self._free(
                name, canonical(getattr(held[-1], column)), canonical(theirs), self.before.get(name)
            ):
                self.change.of_lease[name] = (held[-1], column, theirs)
        for name, amount in self.row.terms.items() if held else ():
            if self._free(
                name, getattr(getattr(held[-1], "lease", None), name, None) or 0, amount, self.before.get(name)
            ):
                self.change.of_terms[name] = (held[-1], amount)

    def _things(self) -> None:
        """New plates and spaces are added; one that a person took away does not come back by itself."""
        fresh = Change(self.row, self.unit)
        _claim_things(self.there, fresh)
        self.change.problems += fresh.problems
        for name in ("plates", "parking"):
            gone = [thing for thing in getattr(fresh, name) if thing in self.before.get(name, ())]
            column = "车牌号" if name == "plates" else "车位号"
            if gone and ("plate" if name == "plates" else "parking") not in self.ticked:
                self.change.kept.append("plate" if name == "plates" else "parking")
                self.change.problems.append(
                    _problem(self.change, "kept", "已删去", column=column, value="、".join(gone))
                )
                setattr(fresh, name, [thing for thing in getattr(fresh, name) if thing not in gone])
        self.change.plates, self.change.parking = fresh.plates, fresh.parking


def _as_rolled(occupancy: Occupancy, before: Mapping[str, Any]) -> bool:
    """A lease that ran out on the day the roll gave still is the roll's lease."""
    return canonical(occupancy.to_on) == before.get("lease_to") and occupancy.party.name in before.get("lessees", ())


def _same_number(party: Party, person: Person) -> bool:
    for name in ("id_no", "phone"):
        mine = getattr(party, f"{name}_index")
        if mine and mine == blind(name, getattr(person, name)):
            return True
    return False


def _words(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)
