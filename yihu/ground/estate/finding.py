"""Finds units and people by what a clerk types: a room however it is written, a name, initials, a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from yihu.basics import rooms
from yihu.basics.identity import normal_id, normal_phone
from yihu.basics.numerals import half_width
from yihu.basics.text import without_unseen
from yihu.ground.estate.models import Occupancy, Party, Unit
from yihu.kernel.personal import match, match_last4

LIMIT = 8
_SIGNS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def find_units(text: str, communities: Iterable[int], limit: int = LIMIT) -> list[Unit]:
    """Units that may be meant, those meant exactly first: a1 1 101, 12-2-301, 12号楼2单元301, A0201, or a beginning.

    A room number that fits several units gives them all; which one is meant is asked of the person.
    """
    text = without_unseen(text)[:60]
    exact, begun = _exactly(text), _beginning(text)
    if exact is None and begun is None:
        return []
    nothing = Q(pk__in=[])
    rank = Case(When(exact or nothing, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Unit.objects.filter(community_id__in=list(communities)).filter((exact or nothing) | (begun or nothing))
    return list(found.annotate(rank=rank).select_related("community", "cluster").order_by("rank", "sort_key")[:limit])


def _exactly(text: str) -> Q | None:
    found = None
    for key in rooms.candidates(text):
        building, entrance, room = key.folded()
        here = Q(room_key=room)
        if entrance:
            here &= Q(search_key=f"{building} {entrance} {room}")
            # A-1-101 may also be cluster, building and room
            here |= Q(cluster__code__iexact=key.building, search_key=f"{entrance} {room}")
        elif building:
            of_building = Q(search_key=f"{building} {room}") | Q(search_key__startswith=f"{building} ")
            here &= of_building | Q(search_key__endswith=f" {building} {room}")
        if key.cluster:
            here &= Q(cluster__code__iexact=key.cluster)
        found = here if found is None else found | here
    if found is None and (named := rooms.fold(text)):
        found = Q(room_key=named)
    return found


def _beginning(text: str) -> Q | None:
    """Somebody who is still typing: a1-1-0 begins a1-1-01 …"""
    words = _SIGNS.sub(" ", half_width(text).lower()).split()
    folded = [rooms.RoomKey("", "", word).folded()[2] for word in words]
    if not folded or not all(folded) or not any(character.isdigit() for character in folded[-1]):
        return None
    return Q(search_key__startswith=" ".join(folded))


def find_parties(text: str, communities: Iterable[int], limit: int = LIMIT) -> list[Party]:
    """People and firms by name, initials or pinyin, by a full telephone or ID number, or by its last four digits."""
    condition = _meant(without_unseen(text)[:60].strip())
    if condition is None:
        return []
    found = Party.objects.filter(condition, community_id__in=list(communities)).select_related("community")
    return list(found.order_by("name", "pk")[:limit])


def _meant(text: str) -> Q | None:
    if not text:
        return None
    plain = half_width(text)
    digits = re.sub(r"[\s\-]", "", plain)
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
    if digits.isdecimal():
        return None
    if plain.isascii():
        letters = re.sub(r"[\s']", "", plain.lower())
        return (
            Q(name_initials__startswith=letters) | Q(name_initials__contains=f" {letters}") | Q(name__icontains=plain)
        )
    return Q(name__icontains=plain) | Q(contact_name__icontains=plain)


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
    here = Occupancy.objects.filter(role__in=("owner", "lessee"), unit__community=community).on(timezone.localdate())
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
        "use": ("缺使用情况", units.filter(use="")),
        "verified": ("未核对", units.filter(verified_on=None)),
    }
