"""The same cause again and again. A front that knows the complaints counts them; it registers here how."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Repeat:
    """Valid complaints of one business month about one department, of one class of cause."""

    month: str
    team: str
    cause: str
    cause_word: str
    numbers: tuple[str, ...]


Count = Callable[[Any, datetime], Iterable[Repeat]]
_counted_by: list[Count] = []


def count_by(count: Count) -> None:
    """``count(community, now)`` → every group of this business month and the last one, however small."""
    _counted_by[:] = [count]


def repeats(community: Any, now: datetime, often: int) -> list[Repeat]:
    return [one for count in _counted_by for one in count(community, now) if len(one.numbers) >= often]
