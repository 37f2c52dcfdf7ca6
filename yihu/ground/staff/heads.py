"""Who leads which department of a community today: by the posts of ``codes.HEADS``, else the project manager."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.ground.staff.codes import DEPARTMENTS, HEADS
from yihu.ground.staff.models import Department, Post, in_force
from yihu.kernel.authority import Grants, authority
from yihu.kernel.sight import Sight, in_teams
from yihu.kernel.who import Who

LAST = "project_manager"


def heads_of(community_id: int, department: str) -> list[Any]:
    """Who answers for the department, then who stands in for them."""
    found = [one for post in HEADS.get(department, ()) for one in authority().holders(community_id, post)]
    return found or authority().holders(community_id, LAST)


def led_by(grants: Grants, community_id: int) -> set[str]:
    """The departments for which a person answers, himself or standing in."""
    return _led_in(grants, [community_id])[community_id]


def _led_in(grants: Grants, communities: Iterable[int]) -> dict[int, set[str]]:
    """The same for many communities, with one question for those where he answers for what nobody leads."""
    held = {place: grants.posts(place) for place in communities}
    led = {
        place: {department for department, heads in HEADS.items() if posts & set(heads)}
        for place, posts in held.items()
    }  # fmt: skip
    if last := [place for place, posts in held.items() if LAST in posts]:
        there = Q(community_id__in=last, account__is_active=True) & in_force(timezone.localdate())
        filled: dict[int, set[str]] = defaultdict(set)
        for place, code in Post.objects.filter(there).values_list("community_id", "code"):
            filled[place].add(code)
        for place in last:
            led[place] |= {code for code, _ in DEPARTMENTS if not filled[place] & set(HEADS.get(code, ()))}
    return led


def _led(person: Any, grants: Grants) -> Q:
    led = _led_in(grants, grants.communities)
    return in_teams(led.__getitem__, led)


def _is_head(person: Any, record: Any, grants: Grants) -> bool:
    return bool(record.team) and record.team in led_by(grants, record.community_id)


head = Who(_is_head, "责任部门的主管")
my_department = Sight(_led)


def department_name(community_id: int, code: str) -> str:
    """The department as this community calls it."""
    return str(dict(departments(community_id)).get(code, code))


def departments(community_id: int) -> list[tuple[str, str]]:
    """The departments of a community under their own names, as choices."""
    rows = Department.objects.filter(community_id=community_id).order_by("pk")
    return list(rows.values_list("code", "name"))
