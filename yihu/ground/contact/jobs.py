"""Ten calls about one burst pipe are one job: what is open already and may be what the caller is calling about.

An area that carries out jobs registers here what it has; the desk asks while the call is being typed, and ties the call
to the job instead of opening a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What is known of a call while it is typed."""

    community_id: int
    person: Any
    unit: Any = None
    words: str = ""
    place: dict[str, str] = field(default_factory=dict)  # more fields of the form, as they were typed
    number: str = ""  # one job asked for by its number


@dataclass(frozen=True)
class Job:
    """One open job: how it stands, who is on it, how many called about it, until when it is promised."""

    record: Any
    where: str
    what: str
    who: str
    callers: int
    urged: int
    promised_at: datetime | None


Source = Callable[[Asked], Iterable[Job]]
_sources: list[Source] = []


def offers_jobs(source: Source) -> Source:
    """Register ``source(asked)``: the jobs that fit, likeliest first, and only what the person sees."""
    _sources.append(source)
    return source


def jobs(asked: Asked) -> list[Job]:
    return [found for source in _sources for found in source(asked)]


def job_as(number: str, community_id: int, person: Any) -> Job | None:
    """The one of this number, if a call may still be tied to it."""
    asked = Asked(community_id, person, number=number)
    return next((found for found in jobs(asked) if found.record.number == number), None)
