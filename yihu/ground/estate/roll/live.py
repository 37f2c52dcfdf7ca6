"""Makes staged rows live, set by set: places first, then people, then who lives where, then what they park.

A roll of ordinary size goes live in one transaction of about a second, so that it is there as a whole or not at all. A
very long one goes in slices of some hundred rows, each with the mark that it is done: what breaks off goes on there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from yihu.basics.identity import check_id
from yihu.basics.names import search_words
from yihu.ground.estate.models import (
    Building,
    Cluster,
    Community,
    Lease,
    Occupancy,
    ParkingSpace,
    Party,
    RollImport,
    RollRow,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.ground.estate.models.leases import AMOUNTS
from yihu.ground.estate.models.places import SINCE_EVER
from yihu.ground.estate.naming import LABEL_WITH_CLUSTER, UnitName
from yihu.ground.estate.roll import merge, places
from yihu.ground.estate.roll.merge import Change, Standing
from yihu.ground.estate.roll.rows import AREAS, DATES, PERSONAL, Person, Row
from yihu.kernel.models import Book

_BATCH: Final = 500


class Writer:
    """Writes the changes of some rows. ``staged`` stands beside ``rows``, one for one."""

    def __init__(
        self,
        run: RollImport,
        staged: Sequence[RollRow],
        rows: Sequence[Row],
        today: date,
        cluster_names: dict[str, str],
    ) -> None:
        self.run, self.staged, self.rows, self.today = run, staged, rows, today
        self.community: Community = run.community
        self.cluster_names = cluster_names
        self._look()
        if changing := [change for change in self.changes if change.outcome == "updated"]:
            self._hold(changing)
            self._look()
        self.pairs = list(zip(staged, self.changes, strict=True))

    def _look(self) -> None:
        self.there: Standing = merge.standing(self.community, self.rows, self.today)
        ticked = {position: row.ticked for position, row in enumerate(self.staged) if row.ticked}
        self.changes = merge.changes(self.there, self.rows, self.today, ticked)

    def _hold(self, changing: Sequence[Change]) -> None:
        """Keep what will be changed from those who are correcting it by hand, in the order in which they take it: the
        journal first, then the row. What they have corrected a moment ago is seen by the second look.
        """
        held = {
            Unit: {change.unit.pk for change in changing if change.unit is not None},
            Party: {party.pk for change in changing for party, _ in change.of_parties},
        }
        for model, pks in held.items():
            book = {"register": model._meta.label_lower}
            Book.objects.bulk_create([Book(object_id=str(pk), **book) for pk in sorted(pks)], ignore_conflicts=True)
            list(Book.objects.select_for_update().filter(object_id__in=map(str, pks), **book).order_by("pk"))
            list(model.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))

    def write(self) -> list[tuple[Unit, list[str]]]:
        """Everything, and the marks on the staged rows. Gives the units that were there before, with what changed."""
        self._places()
        made = self._units()
        self._areas(made)
        self._people()
        self._things()
        altered = self._altered()
        self._mark()
        return altered

    # -- places ----------------------------------------------------------------------------------------------------

    def _places(self) -> None:
        keys = dict.fromkeys(change.row.key[:2] for change in self.changes if change.unit is None)
        for code in dict.fromkeys(code for code, _ in keys if code and code not in self.there.clusters):
            name = self.cluster_names.get(code) or places.cluster_of(code).name
            cluster = Cluster.objects.create(community=self.community, code=code, name=name[:60], roll=self.run)
            self.there.clusters[code] = cluster
        fresh = [
            Building(
                community=self.community, cluster=self.there.clusters.get(cluster), code=code, name=_building_name(code), roll=self.run
            )
            for cluster, code in keys
            if (cluster, code) not in self.there.buildings
        ]  # fmt: skip
        Building.objects.bulk_create(fresh, batch_size=_BATCH)
        for building in fresh:
            self.there.buildings[building.cluster.code if building.cluster else "", building.code] = building

    def _units(self) -> list[Change]:
        made = [(staged, change) for staged, change in self.pairs if change.unit is None]
        pattern = self.community.unit_label_format
        codes = [code for _, code in self.there.buildings]
        if len(set(codes)) < len(codes) and "{cluster}" not in pattern:
            pattern = LABEL_WITH_CLUSTER  # numbers begin again in each cluster: 1-1-101 would name two units
        for staged, change in made:
            row = change.row
            building = self.there.buildings[row.key[:2]]
            unit = Unit(
                community_id=self.community.pk, cluster_id=building.cluster_id, building_id=building.pk,
                entrance=row.key[2], room=row.key[3], kind=row.kind, use=row.use, remark=row.remark,
                as_rolled=merge.said_of_unit(row), roll_id=self.run.pk, roll_row_id=staged.pk,
                **{name: getattr(row, name) for name in DATES},
            )  # fmt: skip
            unit.be_called(UnitName(*row.key), pattern)
            change.unit = unit
            staged.outcome = "created"
        Unit.objects.bulk_create([change.unit for _, change in made], batch_size=_BATCH)
        return [change for _, change in made]

    def _areas(self, made: Sequence[Change]) -> None:
        UnitArea.objects.bulk_create(
            [
                UnitArea(
                    unit_id=change.unit.pk, from_on=SINCE_EVER, roll_id=self.run.pk,
                    **{name: getattr(change.row, name) for name in AREAS},
                )
                for change in made
                if any(getattr(change.row, name) for name in AREAS)
            ],
            batch_size=_BATCH,
        )  # fmt: skip

    # -- people ----------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        fresh: list[Party] = []
        stays: list[tuple[Occupancy, Party]] = []
        leases: list[Lease] = []
        for staged, change in self.pairs:
            moving_in = staged.outcome != "created"
            for role, place, person in change.joining:
                party = self._party(person, fresh)
                since, until = self._dates(role, change.row, moving_in)
                stay = Occupancy(
                    unit_id=change.unit.pk, role=role, place=place, share=person.share, from_on=since, to_on=until,
                    roll_id=self.run.pk,
                )  # fmt: skip
                stays.append((stay, party))
                if role == "lessee" and place == 0 and change.row.terms:
                    leases.append(Lease(occupancy=stay, roll_id=self.run.pk, **change.row.terms))
        Party.objects.bulk_create(fresh, batch_size=_BATCH)
        for stay, party in stays:
            stay.party_id = party.pk
        Occupancy.objects.bulk_create([stay for stay, _ in stays], batch_size=_BATCH)
        self._lease(leases)

    def _lease(self, leases: list[Lease]) -> None:
        for lease in leases:
            lease.occupancy_id = lease.occupancy.pk
        Lease.objects.bulk_create(leases, batch_size=_BATCH)

    def _dates(self, role: str, row: Row, moving_in: bool) -> tuple[date | None, date | None]:
        if role == "lessee":
            return row.lease_from or (self.today if moving_in else None), row.lease_to
        return (self.today if moving_in and role == "owner" else None), None

    def _party(self, person: Person, fresh: list[Party]) -> Party:
        party = self.there.party(person)
        if party is None:
            party = Party(
                community_id=self.community.pk, kind=Party.Kind.COMPANY if person.firm else Party.Kind.PERSON, name=person.name,
                name_initials=person.initials, contact_name=person.contact_name, phone=person.phone, phone2=person.phone2,
                id_no=person.id_no, id_doubtful=person.doubtful, mailing_address=person.mailing_address,
                roll_id=self.run.pk,
            )  # fmt: skip
            party.as_rolled = _remembered(party)
            fresh.append(party)
            if person.id_no:
                self.there.parties[person.name, party.id_no] = party
        return party

    def _things(self) -> None:
        vehicles, spaces = [], []
        for _, change in self.pairs:
            here = {"community_id": self.community.pk, "unit_id": change.unit.pk, "roll_id": self.run.pk}
            vehicles += [Vehicle(plate=plate, **here) for plate in change.plates]
            spaces += [ParkingSpace(code=code, **here) for code in change.parking]
        Vehicle.objects.bulk_create(vehicles, batch_size=_BATCH)
        ParkingSpace.objects.bulk_create(spaces, batch_size=_BATCH)

    # -- what was there before ---------------------------------------------------------------------------------------

    def _altered(self) -> list[tuple[Unit, list[str]]]:
        units: list[Unit] = []
        parties: list[Party] = []
        stays: list[Occupancy] = []
        areas: list[UnitArea] = []
        terms: list[Lease] = []
        told = []
        for staged, change in self.pairs:
            if staged.outcome == "created":
                continue
            staged.outcome = change.outcome
            if staged.outcome == "unchanged" or change.unit is None:
                continue
            unit = change.unit
            staged.before = {"unit": _old(unit, [*change.of_unit, "roll_row_id"]), "as_rolled": unit.as_rolled}
            staged.before["area"] = self._area(change, areas)
            staged.before["parties"] = [_alter_party(party, sets) for party, sets in change.of_parties]
            staged.before["stays"] = self._leave(change, stays)
            staged.before["terms"] = self._terms(change, terms)
            parties += [party for party, _ in change.of_parties]
            for name, value in change.of_unit.items():
                setattr(unit, name, value)
            said = merge.said_of_unit(change.row)
            unit.as_rolled = unit.as_rolled | {name: value for name, value in said.items() if name not in change.kept}
            unit.roll_row = staged
            units.append(unit)
            told.append((unit, change.labels()))
        Unit.objects.bulk_update(units, [*merge.OF_UNIT, "as_rolled", "roll_row"], batch_size=_BATCH)
        Party.objects.bulk_update(
            parties, ["name", "name_initials", "id_doubtful", "as_rolled", *merge.OF_PARTY], batch_size=_BATCH
        )
        Occupancy.objects.bulk_update(stays, ["from_on", "to_on"], batch_size=_BATCH)
        self._lease([lease for lease in terms if lease.pk is None])
        Lease.objects.bulk_update([lease for lease in terms if lease.pk is not None], list(AMOUNTS), batch_size=_BATCH)
        UnitArea.objects.bulk_create([area for area in areas if area.pk is None], batch_size=_BATCH)
        UnitArea.objects.bulk_update([area for area in areas if area.pk is not None], list(AREAS), batch_size=_BATCH)
        return told

    def _area(self, change: Change, areas: list[UnitArea]) -> dict[str, Any]:
        """A figure that was missing is filled in; one that changed holds from today, and the old one stays before it."""
        if not change.of_area or change.unit is None:
            return {}
        known = self.there.areas.get(change.unit.pk)
        gap = known is not None and all(getattr(known, name) is None for name in change.of_area)
        if known is not None and (gap or known.from_on == self.today):
            before = {"id": known.pk, **_old(known, list(change.of_area))}
        else:
            figures = {name: getattr(known, name) for name in AREAS} if known else {}
            known = UnitArea(unit=change.unit, from_on=self.today if known else SINCE_EVER, roll=self.run, **figures)
            before = {}
        for name, value in change.of_area.items():
            setattr(known, name, value)
        areas.append(known)
        return before

    def _terms(self, change: Change, terms: list[Lease]) -> dict[str, Any]:
        """The amounts that the file changes on a lease that is there, or a lease for an occupancy that had none."""
        if not change.of_terms:
            return {}
        stay = next(stay for stay, _ in change.of_terms.values())
        lease = getattr(stay, "lease", None) or Lease(occupancy=stay, roll_id=self.run.pk)
        before = {"id": lease.pk, **_old(lease, list(change.of_terms))} if lease.pk else {}
        for name, (_, amount) in change.of_terms.items():
            setattr(lease, name, amount)
        terms.append(lease)
        return before

    def _leave(self, change: Change, stays: list[Occupancy]) -> list[dict[str, Any]]:
        before = []
        for stay in change.leaving:
            before.append({"id": stay.pk, **_old(stay, ["from_on", "to_on"])})
            stay.to_on = self.today - timedelta(days=1)
            stay.from_on = min(stay.from_on, stay.to_on) if stay.from_on else None
            stays.append(stay)
        leases = {id(stay): stay for stay, _, _ in change.of_lease.values()}
        for stay in leases.values():
            before.append({"id": stay.pk, **_old(stay, ["from_on", "to_on"])})
            stays.append(stay)
        for stay, column, value in change.of_lease.values():
            setattr(stay, column, value)
        return before

    def _mark(self) -> None:
        """Say on each staged row what became of it, and forget its personal values."""
        marked = {
            outcome: [staged.pk for staged in self.staged if staged.outcome == outcome]
            for outcome in ("created", "unchanged")
        }
        whole = next((outcome for outcome, pks in marked.items() if len(pks) == len(self.staged)), "")
        if whole:
            first, last = self.staged[0].position, self.staged[-1].position
            here = RollRow.objects.filter(run=self.run, position__gte=first, position__lte=last)
            here.update(outcome=whole, sealed="")
            return
        for outcome, pks in marked.items():
            RollRow.objects.filter(pk__in=pks).update(outcome=outcome, sealed="")
        updated = [staged for staged in self.staged if staged.outcome == "updated"]
        for staged in updated:
            staged.sealed = ""
        RollRow.objects.bulk_update(updated, ["outcome", "before", "sealed"], batch_size=_BATCH)


def _building_name(code: str) -> str:
    return f"{code}号楼" if code.isdecimal() else f"{code}栋"


def _remembered(party: Party) -> dict[str, Any]:
    told = {
        name: merge.blind(name, getattr(party, name)) if name in PERSONAL else getattr(party, name)
        for name in merge.OF_PARTY
    }
    return {name: value for name, value in told.items() if value}


def _alter_party(party: Party, sets: dict[str, Any]) -> dict[str, Any]:
    before = {"id": party.pk, "as_rolled": party.as_rolled, "id_doubtful": party.id_doubtful, **_old(party, list(sets))}
    for name, value in sets.items():
        setattr(party, name, value)
    party.name_initials = search_words(party.name)[:255]
    if "id_no" in sets:
        party.id_doubtful = bool(check_id(sets["id_no"]))
    party.as_rolled = party.as_rolled | {name: value for name, value in _remembered(party).items() if name in sets}
    return before


def _old(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """Old values as JSON; personal ones sealed for their own column."""
    old: dict[str, Any] = {}
    for name in names:
        value = getattr(thing, name)
        old[name] = (
            thing._meta.get_field(name).get_prep_value(value) if name in PERSONAL else merge.canonical(value) or None
        )
    return old
