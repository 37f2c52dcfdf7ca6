"""The one place that is asked for permission. The answer comes from whoever registered: ``ground.staff`` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol


class Grants(Protocol):
    """What one person may do today; loaded once per request."""

    @property
    def communities(self) -> frozenset[int]: ...
    def may(self, capability: str, community_id: int | None = None) -> bool: ...
    def communities_with(self, capability: str) -> frozenset[int]: ...
    def posts(self, community_id: int) -> frozenset[str]: ...
    def teams(self, community_id: int) -> frozenset[str]: ...
    @property
    def former(self) -> Mapping[tuple[int, str], date]: ...
    def deputises(self) -> frozenset[int]: ...
    def absentees(self) -> list[Any]: ...
    def alone(self) -> Grants: ...


class Authority(Protocol):
    """Posts, capabilities and deputies."""

    def grants(self, person: Any) -> Grants: ...
    def holders(self, community_id: int, post_code: str) -> list[Any]: ...
    def people_with(self, community_id: int, capability: str) -> Any: ...
    def team_people(self, community_id: int, team: str) -> list[Any]: ...
    def with_stand_ins(self, community_id: int, person: Any) -> list[Any]: ...
    def post_title(self, post_code: str) -> str: ...
    def team_title(self, team: str) -> str: ...
    def system(self) -> Any: ...


_registered: list[Authority] = []


def set_authority(authority: Authority) -> None:
    _registered[:] = [authority]


def authority() -> Authority:
    if not _registered:
        raise RuntimeError("no Authority is registered; ground.staff does it when its app is ready")
    return _registered[0]


def grants_of(person: Any) -> Grants:
    return authority().grants(person)


def is_system(person: Any) -> bool:
    return bool(getattr(person, "is_system", False))


def distinct(people: Iterable[Any]) -> list[Any]:
    """Each person once, in order."""
    seen: dict[int, Any] = {}
    for person in people:
        seen.setdefault(person.pk, person)
    return list(seen.values())
