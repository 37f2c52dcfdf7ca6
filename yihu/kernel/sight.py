"""Who sees which records: conditions over ``Record``'s own columns, declared once per register and combined with ``|``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from yihu.kernel.authority import Grants

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Sight:
    """``condition(person, grants)`` is a Q over Record's columns."""

    condition: Callable[[Any, Grants], Q]
    capabilities: frozenset[str] = frozenset()

    def __or__(self, other: Sight) -> Sight:
        return Sight(
            lambda person, grants: self.condition(person, grants) | other.condition(person, grants),
            self.capabilities | other.capabilities,
        )


def with_capability(capability: str) -> Sight:
    """Everything of the communities where the person has the capability."""

    def condition(person: Any, grants: Grants) -> Q:
        communities = grants.communities_with(capability)
        return Q(community_id__in=communities) if communities else NOTHING

    return Sight(condition, frozenset({capability}))


def in_teams(teams_of: Callable[[int], Iterable[str]], communities: Iterable[int]) -> Q:
    """What belongs to these teams of each community. Communities with the same teams are asked for at once: a post in five
    hundred is one question.
    """
    alike: dict[frozenset[str], list[int]] = defaultdict(list)
    for community_id in sorted(communities):
        alike[frozenset(teams_of(community_id))].append(community_id)
    conditions = (Q(community_id__in=places, team__in=sorted(teams)) for teams, places in alike.items() if teams)
    return reduce(or_, conditions, NOTHING)


mine = Sight(
    lambda person, grants: Q(
        handler_id__in=[person.pk, *sorted(grants.deputises())], community_id__in=grants.communities
    )
)
opened_by_me = Sight(lambda person, grants: Q(opened_by_id=person.pk, community_id__in=grants.communities))
my_team = Sight(lambda person, grants: in_teams(grants.teams, grants.communities))
