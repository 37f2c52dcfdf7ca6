"""What stands over a place just now (no water, no power) and answers whoever calls about it.

An area registers here what it knows; the desk and the household's file ask without knowing the area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Standing:
    """One record that holds for the place: its word (停水), what callers ask, and what they are told."""

    record: Any
    word: str
    asked: str
    said: str


Source = Callable[[int, Any, Any], Iterable[Standing]]
_sources: list[Source] = []


def stands_over(source: Source) -> Source:
    """Register ``source(community_id, unit, person)``; ``unit`` None asks for the whole community. Only what the person sees."""
    _sources.append(source)
    return source


def standing(community_id: int, unit: Any, person: Any) -> list[Standing]:
    return [found for source in _sources for found in source(community_id, unit, person)]


def standing_as(number: str, community_id: int, person: Any) -> Standing | None:
    """The one of this number, if it still stands."""
    return next((found for found in standing(community_id, None, person) if found.record.number == number), None)
