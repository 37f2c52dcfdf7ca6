"""Finds units and people by what a clerk types: a room however it is written, a name, initials, a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from yihu.basics import rooms
from yihu.basics.identity import normal_id, normal_phone
from yihu.basics.numerals import half_width
from yihu.basics.text import without_unseen
from yihu.ground.estate.models import Occupancy, Party, PartyKey, Unit, Vehicle
from yihu.ground.estate.models.keys import LONGEST, key_of
from yihu.ground.estate.models.people import backwards_of
from yihu.kernel.personal import match, match_last4

LIMIT = 8
ENOUGH = 200  # rows that one look-up gives at most, before they are ranked
LAST = "\U0010ffff"  # the last character of all
_PLATE = re.compile(r"[\u4e00-\u9fff]?(?=[A-Z0-9]*[0-9])[A-Z0-9]{4,8}[\u4e00-\u9fff]?")
_SIGNS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def find_units(text: str, communities: Iterable[int], limit: int = LIMIT) -> list[Unit]:
    """Units that may be meant, those meant exactly first: a1 1 101, 12-2-301, 12号楼2单元301, A0201, or a beginning.

    A room number that fits several units gives them all; which one is meant is asked of the person.
    """
    text, places = without_unseen(text)[:60], sorted(communities)
    exactly, begun = _exactly(text), _beginning(text)
    if not places or not (exactly or begun):
        return []
    units = Unit.objects.filter(community_id__in=places)
    lookups = [(units.filter(found), ("community_id", "sort_key")) for found in exactly]
    lookups += [(units.filter(begun), ("search_key",))] if begun else []
    found = Unit.objects.filter(pk__in=_first_of(lookups, max(limit, ENOUGH)))
    meant = reduce(or_, exactly, Q(pk__in=[]))
    rank = Case(When(meant, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(found.annotate(rank=rank).select_related("community", "cluster").order_by("rank", "sort_key")[:limit])


def _first_of(lookups: Iterable[tuple[QuerySet[Any], tuple[str, ...]]], enough: int, column: str = "pk") -> RawSQL:
    """The first few of each look-up, in the order of the index that answers it, so that none reads more than these."""
    parts, told = [], []
    for number, (rows, order) in enumerate(lookups):
        sql, params = rows.order_by(*order).values_list(column)[:enough].query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS look{number}")
        told += params
    return RawSQL(" UNION ALL ".join(parts), told)


def _from(name: str, beginning: str) -> Q:
    """What begins so, as a range of an index."""
    return Q(**{f"{name}__gte": beginning, f"{name}__lt": f"{beginning}{LAST}"})


def _exactly(text: str) -> list[Q]:
    """Look-ups, each answered by one index."""
    found: list[Q] = []
    for key in rooms.candidates(text):
        building, entrance, room = key.folded()
        if entrance:
            # A-1-101 may also be cluster, building and room
            here = [
                Q(search_key=f"{building} {entrance} {room}"),
                Q(cluster__code__iexact=key.building, search_key=f"{entrance} {room}"),
            ]
        elif building:
            here = [
                Q(search_key=f"{building} {room}"),
                _from("search_key", f"{building} ") & Q(room_key=room),
                Q(door_key=f"{building} {room}"),
            ]
        else:
            here = [Q(room_key=room)]
        found += [one & Q(cluster__code__iexact=key.cluster) for one in here] if key.cluster else here
    if not found and (named := rooms.fold(text)):
        found = [Q(room_key=named)]
    return found


def _beginning(text: str) -> Q | None:
    """Somebody who is still typing: a1-1-0 begins a1-1-01 …"""
    words = _SIGNS.sub(" ", half_width(text).lower()).split()
    folded = [rooms.RoomKey("", "", word).folded()[2] for word in words]
    if not folded or not all(folded) or not any(character.isdigit() for character in folded[-1]):
        return None
    return _from("search_key", " ".join(folded))


def find_parties(text: str, communities: Iterable[int], limit: int = LIMIT) -> list[Party]:
    """People and firms by name, initials or pinyin, by a full telephone or ID number, or by its last four digits."""
    text, places = without_unseen(text)[:60].strip(), sorted(communities)
    if not text or not places:
        return []
    plain = half_width(text)
    digits = re.sub(r"[\s\-]", "", plain)
    if (numbered := _by_number(digits)) is not None:
        found = Party.objects.filter(numbered, community_id__in=places, locked_at__isnull=True)
    elif digits.isdecimal():
        return []
    else:
        found = _by_name(plain, places, max(limit, ENOUGH))
    return list(found.select_related("community").order_by("name", "pk")[:limit])


def _by_number(digits: str) -> Q | None:
    if re.fullmatch(r"[0-9]{3}[0-9Xx]", digits):
        return (
            match_last4(Party, "phone", digits)
            | match_last4(Party, "phone2", digits)
            | match_last4(Party, "id_no", digits)
        )
    if re.fullmatch(r"\+?[0-9]{7,}[Xx]?|[0-9A-Za-z]{18}", digits):
        found = match(Party, "id_no", normal_id(digits))
        if normal_phone(digits):
            found |= match(Party, "phone", digits) | match(Party, "phone2", digits)
        return found
    return None


def _by_name(plain: str, places: list[int], enough: int) -> QuerySet[Party]:
    """Any part of a name is the beginning of a key; what is longer than a key is looked for in the names so found."""
    asked = key_of(plain)
    typed = {asked} | ({re.sub(r"[\s']", "", asked)} if plain.isascii() else set())
    keys = PartyKey.objects.filter(community_id__in=places)
    lookups = [(keys.filter(_from("key", one[:LONGEST])), ("key",)) for one in sorted(typed) if one]
    if not lookups:
        return Party.objects.none()
    found = Party.objects.filter(pk__in=_first_of(lookups, enough, "party_id"))
    if len(asked) > LONGEST:
        spelt = Q(name_initials__contains=re.sub(r"[\s']", "", asked)) if plain.isascii() else Q()
        found = found.filter(Q(name__icontains=plain) | Q(contact_name__icontains=plain) | spelt)
    return found


def find_vehicles(text: str, communities: Iterable[int], limit: int = LIMIT) -> list[Vehicle]:
    """Vehicles by the whole plate or by how it ends, as people say it: 京A12345, A12345, 2345."""
    plate, places = without_unseen(text)[:20], sorted(communities)
    ending = backwards_of(plate)
    if not places or not _PLATE.fullmatch(ending[::-1]):
        return []
    rows = Vehicle.objects.filter(_from("ending", ending), community_id__in=places)
    return list(rows.select_related("unit", "party", "community").order_by("ending", "pk")[:limit])


def units_of(parties: Iterable[Party]) -> dict[int, list[Occupancy]]:
    """Where these people are, those who are there today first; one query."""
    pks = [party.pk for party in parties]
    stays: dict[int, list[Occupancy]] = {pk: [] for pk in pks}
    found = (
        Occupancy.objects.filter(party__in=pks).select_related("unit").order_by("unit__sort_key", "pk") if pks else []
    )
    today = timezone.localdate()
    for stay in sorted(found, key=lambda stay: stay.to_on is not None and stay.to_on < today):
        stays[stay.party_id].append(stay)
    return stays


def owners_of(units: Iterable[Unit]) -> dict[int, list[str]]:
    """The names of today's owners, or of the lessees where no owner is known; one query."""
    pks = [unit.pk for unit in units]
    names: dict[tuple[int, str], list[str]] = {}
    stays = Occupancy.objects.filter(unit__in=pks, role__in=("owner", "lessee")).on(timezone.localdate()) if pks else []
    for unit_id, role, name in (
        stays.order_by("place", "pk").values_list("unit_id", "role", "party__name") if pks else ()
    ):
        names.setdefault((unit_id, role), []).append(name)
    return {pk: names.get((pk, "owner")) or names.get((pk, "lessee")) or [] for pk in pks}


def occupancy_counts(community: Any) -> list[dict[str, Any]]:
    """Per cluster: units, handed over, renovation ever begun, moved in, and the shares of those handed over (MOV-06)."""
    counted = (
        Unit.objects.filter(community=community)
        .values("cluster__code", "cluster__name")
        .annotate(
            units=Count("pk"),
            handed_over=Count("handed_over_on"),
            renovating=Count("renovation_begun_on"),
            moved_in=Count("moved_in_on"),
        )
        .order_by("cluster__code")
    )
    return [
        {
            "code": row["cluster__code"] or "",
            "name": row["cluster__name"] or "（不分组团）",
            **{name: row[name] for name in ("units", "handed_over", "renovating", "moved_in")},
        }
        for row in counted
    ]


def gaps(community: Any) -> dict[str, tuple[str, QuerySet[Unit]]]:
    """What the records lack, each as a list of units to be worked off: code → (title, units)."""
    today = timezone.localdate()
    here = Occupancy.objects.filter(role__in=("owner", "lessee"), unit__community=community).on(today)
    lessees = Occupancy.objects.filter(role="lessee", unit__community=community)
    over, let = lessees.filter(to_on__lt=today).exclude(unit__use=Unit.Use.VACANT), lessees.on(today)
    units = Unit.objects.filter(community=community)

    def lived_in(stays: QuerySet[Occupancy]) -> QuerySet[Unit]:
        return units.filter(pk__in=stays.values("unit"))

    return {
        "name": (
            "缺业主姓名",
            units.exclude(pk__in=here.values("unit")).exclude(kind=Unit.Kind.OFFICE, use=Unit.Use.VACANT),
        ),
        "phone": ("缺联系电话", lived_in(here.filter(place=0, party__phone="", party__phone2=""))),
        "id": ("证件号待核", lived_in(here.filter(party__id_doubtful=True))),
        "lease": ("租约已到期", units.filter(pk__in=over.values("unit")).exclude(pk__in=let.values("unit"))),
        "use": ("缺使用情况", units.filter(use="")),
        "verified": ("未核对", units.filter(verified_on=None)),
    }
