"""Answers the kernel's question "may this person?" from posts, grants and deputies in force today."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yihu.ground.staff.codes import DEPARTMENT_NAMES, POST_TITLES
from yihu.ground.staff.models import Account, Deputy, Grant, Post, in_force
from yihu.kernel.authority import distinct

SYSTEM_USERNAME = "system"
SYSTEM_NAME = "系统"


@dataclass(frozen=True)
class PersonsGrants:
    """What one person may do today. ``own`` are the posts held, ``stood_in`` those of the people stood in for.

    ``former``: the departments that he (or whom he stands in for) has left, each with the last day there.
    """

    day: date
    places: dict[int, Any] = field(default_factory=dict)
    own: dict[int, frozenset[str]] = field(default_factory=dict)
    stood_in: dict[int, dict[str, frozenset[int]]] = field(default_factory=dict)
    departments: dict[int, frozenset[str]] = field(default_factory=dict)
    capabilities: dict[int, frozenset[str]] = field(default_factory=dict)
    former: dict[tuple[int, str], date] = field(default_factory=dict)
    person_id: int = 0
    absent: tuple[Account, ...] = ()

    @property
    def communities(self) -> frozenset[int]:
        return frozenset(self.places)

    def may(self, capability: str, community_id: int | None = None) -> bool:
        if community_id is None:
            return any(capability in held for held in self.capabilities.values())
        return capability in self.capabilities.get(community_id, frozenset())

    @cached_property
    def _by_capability(self) -> dict[str, frozenset[int]]:
        """Every register asks on every page; who holds a post in five hundred communities is looked through once."""
        found: dict[str, set[int]] = defaultdict(set)
        for community_id, held in self.capabilities.items():
            for capability in held:
                found[capability].add(community_id)
        return {capability: frozenset(places) for capability, places in found.items()}

    def communities_with(self, capability: str) -> frozenset[int]:
        return self._by_capability.get(capability, frozenset())

    def posts(self, community_id: int) -> frozenset[str]:
        return self.own.get(community_id, frozenset()) | frozenset(self.stood_in.get(community_id, ()))

    def own_posts(self, community_id: int) -> frozenset[str]:
        return self.own.get(community_id, frozenset())

    def teams(self, community_id: int) -> frozenset[str]:
        return self.departments.get(community_id, frozenset())

    def deputises(self) -> frozenset[int]:
        return frozenset(one.pk for one in self.absent)

    def absentees(self) -> list[Account]:
        """The people themselves for whom this person stands in."""
        return list(self.absent)

    def alone(self) -> PersonsGrants:
        """What the person may do without standing in for anybody."""
        return _grants_of(self.person_id, self.day, alone=True) if self.absent else self


@dataclass(frozen=True)
class SystemGrants(PersonsGrants):
    """The program itself: everything, everywhere."""

    @property
    def communities(self) -> frozenset[int]:
        return frozenset(apps.get_model("estate", "Community").objects.values_list("pk", flat=True))

    def may(self, capability: str, community_id: int | None = None) -> bool:
        return True

    def communities_with(self, capability: str) -> frozenset[int]:
        return self.communities


# who knows what an account that is no person may do: (account, day) -> the communities, and what it may do in each of them
MachineSource = Callable[[Account, date], tuple[Iterable[Any], frozenset[str]]]
_machines: list[MachineSource] = []


def machines_by(source: MachineSource) -> None:
    """Tell who answers for accounts of other programs; without an answer they may do nothing."""
    _machines[:] = [source]


class StaffAuthority:
    """Registered with the kernel when the app is ready."""

    def __init__(self) -> None:
        self._system: Account | None = None

    def grants(self, person: Any) -> PersonsGrants:
        """Two queries once per request: the request's own account object keeps the answer."""
        today = timezone.localdate()
        kept = person.__dict__.get("_grants") if hasattr(person, "__dict__") else None
        if kept is not None and kept.day == today:
            return kept
        grants = self._load(person, today)
        if isinstance(person, Account):
            person.__dict__["_grants"] = grants
        return grants

    def _load(self, person: Any, today: date) -> PersonsGrants:
        if getattr(person, "is_system", False):
            return SystemGrants(today)
        if person.pk is None or not person.is_active:
            return PersonsGrants(today)
        if person.is_machine:
            return _machine_grants(person, today)
        return _grants_of(person.pk, today)

    def holders(self, community_id: int, post_code: str) -> list[Account]:
        """Who holds the post today, then who stands in for them."""
        return _with_stand_ins(Q(community_id=community_id, code=post_code))

    def team_people(self, community_id: int, team: str) -> list[Account]:
        """Who belongs to the department today, then who stands in for them."""
        return _with_stand_ins(Q(community_id=community_id, department__code=team))

    def with_stand_ins(self, community_id: int, person: Account) -> list[Account]:
        """The person, if he holds any post here today, and who stands in for him."""
        return _with_stand_ins(Q(community_id=community_id, account_id=person.pk))

    def people_with(self, community_id: int, capability: str) -> QuerySet[Account]:
        """Everybody who may do it in the community today, by a post of his own or as a deputy."""
        today = timezone.localdate()
        granted = Grant.objects.filter(Q(community__isnull=True) | Q(community_id=community_id), capability=capability)
        posts = Post.objects.filter(
            in_force(today), community_id=community_id, code__in=granted.values("post_code"), account__is_active=True
        )
        standing_in = Deputy.objects.filter(
            in_force(today), Exists(posts.filter(account=OuterRef("absent"))), stand_in=OuterRef("pk")
        )
        return (
            Account.objects.people()
            .filter(Exists(posts.filter(account=OuterRef("pk"))) | Exists(standing_in), is_active=True)
            .order_by("initials", "pk")
        )

    def post_title(self, post_code: str) -> str:
        return POST_TITLES.get(post_code, post_code)

    def team_title(self, team: str) -> str:
        return DEPARTMENT_NAMES.get(team, team)

    def system(self) -> Account:
        """The account 系统, which does what nobody in particular does. Nobody can sign in to it."""
        if self._system is None:
            self._system = _get_or_make_system()
        return copy.copy(self._system)

    def forget_system(self) -> None:
        """After a database was made or emptied."""
        self._system = None


def _machine_grants(account: Account, today: date) -> PersonsGrants:
    """Another program holds no post and stands in for nobody; it may do what it was let in for, where it was let in."""
    communities, capabilities = _machines[0](account, today) if _machines else ((), frozenset())
    places = {community.pk: community for community in communities}
    return PersonsGrants(today, places, capabilities=dict.fromkeys(places, capabilities), person_id=account.pk)


def _grants_of(account_id: int, today: date, *, alone: bool = False) -> PersonsGrants:
    absent = Deputy.objects.filter(in_force(today), stand_in_id=account_id).values("absent")
    whose = Q(account_id=account_id)
    if not alone:
        whose |= Q(account__in=absent, account__is_active=True)
    left = Q(to_on__lt=today, department__isnull=False)
    posts = Post.objects.filter(in_force(today) | left, whose).select_related("account", "community", "department")

    places: dict[int, Any] = {}
    own: dict[int, set[str]] = defaultdict(set)
    stood_in: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    departments: dict[int, set[str]] = defaultdict(set)
    others: dict[int, Account] = {}
    held: dict[str, set[int]] = defaultdict(set)
    former: dict[tuple[int, str], date] = {}
    for post in posts:
        if post.to_on is not None and post.to_on < today:
            team = (post.community_id, post.department.code)
            former[team] = max(post.to_on, former.get(team, post.to_on))
            continue
        places[post.community_id] = post.community
        held[post.code].add(post.community_id)
        if post.department:
            departments[post.community_id].add(post.department.code)
        if post.account_id == account_id:
            own[post.community_id].add(post.code)
        else:
            stood_in[post.community_id][post.code].add(post.account_id)
            others[post.account_id] = post.account

    return PersonsGrants(
        day=today,
        places=places,
        own=_frozen(own),
        stood_in={place: _frozen(codes) for place, codes in stood_in.items()},
        departments=_frozen(departments),
        capabilities=_frozen(_capabilities(held)),
        former={team: last for team, last in former.items() if team[1] not in departments.get(team[0], ())},
        person_id=account_id,
        absent=tuple(others[pk] for pk in sorted(others)),
    )


def _capabilities(held: dict[str, set[int]]) -> dict[int, set[str]]:
    """By community, what these posts may do; a grant without a community holds in all of them."""
    found: dict[int, set[str]] = defaultdict(set)
    grants = Grant.objects.filter(post_code__in=held) if held else Grant.objects.none()
    for code, capability, community_id in grants.values_list("post_code", "capability", "community_id"):
        for place in held[code] if community_id is None else held[code] & {community_id}:
            found[place].add(capability)
    return found


def _frozen(sets: dict[Any, set[Any]]) -> dict[Any, frozenset[Any]]:
    return {key: frozenset(values) for key, values in sets.items()}


def _with_stand_ins(condition: Q) -> list[Account]:
    """Mostly nobody is away: then this costs two plain queries, which every step that tells a post has to pay."""
    today = timezone.localdate()
    posts = Post.objects.filter(condition, in_force(today), account__is_active=True).select_related("account")
    holders = distinct(post.account for post in posts.order_by("account__initials", "account_id"))
    deputies = Deputy.objects.filter(in_force(today), absent__in=[one.pk for one in holders])
    standing_in = set(deputies.values_list("stand_in_id", flat=True)) - {one.pk for one in holders}
    if not standing_in:
        return holders
    return [*holders, *Account.objects.filter(pk__in=standing_in, is_active=True).order_by("initials", "pk")]


def _get_or_make_system() -> Account:
    found = Account.objects.filter(is_system=True).first()
    if found:
        return found
    with transaction.atomic():
        made, _ = Account.objects.get_or_create(
            username=SYSTEM_USERNAME,
            defaults={
                "name": SYSTEM_NAME,
                "is_system": True,
                "must_change_password": False,
                "password": "!",  # unusable: no password ever fits
            },
        )
    return made
