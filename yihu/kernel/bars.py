"""回避: who must not see a record, neither a person (with whoever stands in for him) nor a whole team.

Everything that hangs together by links is kept from the same people. A team's bar means everybody who has belonged to the
team at any time since the matter happened: its members of that day, who joined it later, and who has left it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.authority import Grants, authority, grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.models.link import Barred, Link
from yihu.kernel.sight import in_teams

# -- asking ---------------------------------------------------------------------------------------------------------


def against(person: Any) -> Q:
    """The bars that keep this person out: his own, those of whom he stands in for, and those of their teams, which do not
    let go of who has left the team.
    """
    grants = grants_of(person)
    found = Q(person_id__in=[person.pk, *sorted(grants.deputises())])
    found |= in_teams(grants.teams, grants.communities)
    for (community_id, team), last in sorted(grants.former.items()):
        found |= Q(community_id=community_id, team=team, since__lt=_over(last))
    return found


def _over(last: date) -> datetime:
    """When a day in the office is over."""
    return datetime.combine(last + timedelta(days=1), time(0), OFFICE_ZONE)


def without(rows: Any, person: Any, column: str = "pk") -> Any:
    """The rows without those whose record (named by ``column``) the person is barred from."""
    return rows.exclude(Exists(Barred.objects.filter(against(person), record_id=OuterRef(column))))


def is_barred(person: Any, record_id: int) -> bool:
    """Whether the person, somebody in whose place he stands, or their team must not see the record."""
    return Barred.objects.filter(against(person), record_id=record_id).exists()


def barred_among(person: Any, record_ids: Iterable[int]) -> set[int]:
    """Those of the records that the person is barred from."""
    held = Barred.objects.filter(against(person), record_id__in=list(record_ids))
    return set(held.values_list("record_id", flat=True))


def let_in(people: Iterable[Any], record_id: int) -> list[Any]:
    """Those of the people who are not barred from the record."""
    asked, held = list(people), _held(record_id)
    return [person for person in asked if not _meant(person, held)] if held else asked


class _Bar(NamedTuple):
    person: int | None
    place: int | None
    team: str
    since: datetime | None


def _held(record_id: int) -> list[_Bar]:
    rows = Barred.objects.filter(record_id=record_id).values_list("person_id", "community_id", "team", "since")
    return [_Bar(*row) for row in rows]


def _meant(person: Any, held: list[_Bar]) -> bool:
    grants = authority().grants(person)
    whom = {person.pk, *grants.deputises()}
    return any(bar.person in whom or _of_team(grants, bar) for bar in held)


def _of_team(grants: Grants, bar: _Bar) -> bool:
    if bar.place is None or bar.since is None:
        return False
    last = grants.former.get((bar.place, bar.team))
    return bar.team in grants.teams(bar.place) or (last is not None and bar.since < _over(last))


# -- barring --------------------------------------------------------------------------------------------------------


def bar_person(commanding: Any, record: Any, person: Any, why: str) -> None:
    """Keep a person from a record and from all that hangs together with it."""
    _spread(commanding, connected(record.pk), [_bar(why, person_id=person.pk)])


def bar_team(commanding: Any, record: Any, team: str, why: str, since: datetime | None = None) -> None:
    """Keep everybody who belongs to the team, belonged to it at any time since the matter happened (unsaid: since the record
    was opened), or joins it later, from a record and from all that hangs together with it.
    """
    bar = _bar(why, community_id=record.community_id, team=team, since=since or record.opened_at)
    _spread(commanding, connected(record.pk), [bar])


def join(commanding: Any, origin: Any, target: Any, *, one_way: bool = False) -> None:
    """Two records were tied: who is barred from one is barred from the other (``one_way``: not back from the target)."""
    ends = [origin.pk] if one_way else [origin.pk, target.pk]
    rows = Barred.objects.filter(record_id__in=ends)
    held = rows.values("record_id", "person_id", "community_id", "team", "since", "why")
    for bar in list(held):
        whom = {name: value for name, value in bar.items() if name != "record_id"}
        _spread(commanding, connected(bar["record_id"]), [whom])


def keep_from_the_barred(record: Any) -> None:
    """What somebody must not see can't be put into his hands, nor into those of his team."""
    held = _held(record.pk) if record.handler_id or record.team else []
    if held and record.handler_id and _meant(record.handler, held):
        raise Refused(f"这件事{record.handler}须回避，请另选责任人。")
    if record.team and record.team in {bar.team for bar in held}:
        raise Refused(f"这件事{authority().team_title(record.team)}须回避，请另选责任部门。")


def connected(pk: int) -> set[int]:
    """The record and all that is linked to it, however far; not from what rests on several back to each of them."""
    found, fresh = {pk}, {pk}
    while fresh:
        back = Link.objects.filter(target_id__in=fresh).exclude(why=Link.Why.BASIS)
        pairs = Link.objects.filter(origin_id__in=fresh) | back
        fresh = {end for pair in pairs.values_list("origin_id", "target_id") for end in pair} - found
        found |= fresh
    return found


def _bar(
    why: str,
    *,
    person_id: int | None = None,
    community_id: int | None = None,
    team: str = "",
    since: datetime | None = None,
) -> dict[str, Any]:
    return {"person_id": person_id, "community_id": community_id, "team": team, "since": since, "why": why[:120]}


def _spread(commanding: Any, records: Iterable[int], held: list[dict[str, Any]]) -> None:
    everywhere = sorted(records)
    bars = [Barred(record_id=pk, at=commanding.at, **bar) for bar in held for pk in everywhere]
    Barred.objects.bulk_create(bars, ignore_conflicts=True)
    for bar in held:
        if bar["team"]:  # known already, and now from an earlier day on
            same = Barred.objects.filter(community_id=bar["community_id"], team=bar["team"], record_id__in=everywhere)
            same.filter(since__gt=bar["since"]).update(since=bar["since"])
    _take_out_of_hands(commanding, everywhere)


def _take_out_of_hands(commanding: Any, records: list[int]) -> None:
    """What one who must keep away has in hand is taken out of it, and the journal says so."""
    rows: Any = apps.get_model("kernel", "Record").objects  # the record's own module imports this one
    for record in rows.filter(pk__in=records, closed_at__isnull=True).select_related("handler").order_by("pk"):
        if record.handler_id and is_barred(record.handler, record.pk):
            named = str(record.handler)
            commanding.note(record, f"{named} 须回避，责任人待定", {"handler": [named, ""]}, step="bar")
            rows.filter(pk=record.pk).update(handler=None)
        if record.team and Barred.objects.filter(record_id=record.pk, team=record.team).exists():
            named = authority().team_title(record.team)
            commanding.note(record, f"{named} 须回避，责任部门待定", {"team": [named, ""]}, step="bar")
            rows.filter(pk=record.pk).update(team="")
