"""Looks through a community's customers: who is entered twice, whose telephone is dead, what is missing. A fixed number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.utils import timezone

from yihu.areas.households.models import Finding
from yihu.ground.contact.models import CallBack
from yihu.ground.estate.finding import gaps
from yihu.ground.estate.models import Occupancy, Party

TRIES = 3  # attempts in a row that nobody answered
CROWD = 12  # one number or name on more cards than this is a switchboard, not a person
K = Finding.Kind


def look_through(community: Any) -> list[Finding]:
    """What is there to be tidied today; pairs that somebody has called different people stay so."""
    different = Finding.objects.filter(tidying__community=community, result=Finding.Result.DIFFERENT)
    settled = {frozenset(pair) for pair in different.values_list("party_id", "other_id")}
    stays = list(
        Occupancy.objects.on(timezone.localdate())
        .filter(unit__community=community)
        .values_list("party_id", "unit_id", "role", "place")
    )
    units: dict[int, set[int]] = defaultdict(set)
    for party, unit, _, _ in stays:
        units[party].add(unit)
    people = {party.pk: party for party in Party.objects.filter(community=community, pk__in=list(units))}
    found = [one for one in _twins(people, units) if frozenset((one.party_id, one.other_id)) not in settled]
    first = {(party, unit) for party, unit, role, place in stays if role in ("owner", "lessee") and place == 0}
    for party_pk, unit_pk in sorted(first):
        party = people[party_pk]
        if not party.phone and not party.phone2:
            found.append(_one(K.NO_PHONE, party, unit_pk))
        if party.id_doubtful:
            found.append(_one(K.DOUBTFUL, party, unit_pk))
    found += [
        _one(K.DEAD, people[pk], min(units[pk]), f"连续 {TRIES} 次回访未接通")
        for pk in _dead(community)
        if pk in people
    ]
    found += [
        Finding(kind=K.NO_OWNER, unit=unit, named=unit.label)
        for unit in gaps(community)["name"][1].order_by("sort_key")
    ]
    return found


def _one(kind: str, party: Party, unit_pk: int | None, why: str = "") -> Finding:
    return Finding(kind=kind, party=party, unit_id=unit_pk, named=party.name, why=why)


def _twins(people: dict[int, Party], units: dict[int, set[int]]) -> Iterator[Finding]:
    """The same ID number; the same name with a telephone or a unit in common. Two different ID numbers are two people."""
    groups: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for pk, party in sorted(people.items()):
        if party.id_no_index:
            groups["证件号相同", party.id_no_index].append(pk)
        for index in {party.phone_index, party.phone2_index} - {""}:
            groups["姓名、电话相同", (party.name, index)].append(pk)
        for unit in units[pk]:
            groups["同一房屋里姓名相同", (party.name, unit)].append(pk)
    seen: set[tuple[int, int]] = set()
    for (why, _), pks in groups.items():
        for pair in combinations(pks, 2) if len(pks) <= CROWD else ():
            one, two = people[pair[0]], people[pair[1]]
            two_people = one.id_no_index and two.id_no_index and one.id_no_index != two.id_no_index
            if pair in seen or two_people:
                continue
            seen.add(pair)
            named = " / ".join(dict.fromkeys((one.name, two.name)))
            yield Finding(kind=K.TWIN, party=one, other=two, unit_id=min(units[one.pk]), named=named, why=why)


def _dead(community: Any) -> list[int]:
    """People whom the last attempts did not reach."""
    calls = CallBack.objects.filter(community=community, record__party__isnull=False).order_by("-at", "-pk")
    last: dict[int, list[str]] = defaultdict(list)
    for party, outcome in calls.values_list("record__party_id", "outcome"):
        if len(last[party]) < TRIES:
            last[party].append(outcome)
    missed = [CallBack.Outcome.MISSED] * TRIES
    return sorted(party for party, outcomes in last.items() if outcomes == missed)
