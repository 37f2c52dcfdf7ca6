"""Ten calls about one burst pipe are one job, seven about one outage one complaint: what is open already and may be what the
caller is calling about.

An area that has such matters registers here what it has; the desk asks while the call is being typed, and ties the call
to the matter instead of opening a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What is known of a call while it is typed; ``category``: what kind of call it is, "" as long as nobody has said."""

    community_id: int
    person: Any
    unit: Any = None
    words: str = ""
    place: dict[str, str] = field(default_factory=dict)  # more fields of the form, as they were typed
    number: str = ""  # one job asked for by its number
    category: str = ""


@dataclass(frozen=True)
class Job:
    """One open matter: how it stands, who is on it, how many called about it, until when it is promised.

    ``category`` is what a call about it is; ``word`` says how it began, ``many`` who is in it. ``urges``: this caller may
    urge it. ``tie(act, call)`` is what tying a call to it means beyond the link.
    """

    record: Any
    where: str
    what: str
    who: str
    many: str
    urged: int = 0
    promised_at: datetime | None = None
    category: str = "repair"
    word: str = "报修"
    urges: bool = True
    tie: Callable[[Any, Any], None] | None = None


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
