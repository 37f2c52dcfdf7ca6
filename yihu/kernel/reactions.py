"""What one area does because of another's step: jobs enqueued in the same transaction, done once per entry and reaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any, Any], None]

_reactions: dict[str, dict[str, Reaction]] = {}


def reacts_to(event: str) -> Callable[[Reaction], Reaction]:
    """Declare ``function(record, commanding)`` for ``"repairs.workorder.close"`` or, for any register, ``"*.closed"``."""

    def declare(function: Reaction) -> Reaction:
        _reactions.setdefault(event, {})[f"{function.__module__}.{function.__name__}"] = function
        return function

    return declare


def names_for(events: list[str]) -> list[str]:
    return [name for event in events for name in _reactions.get(event, {})]


def reaction(name: str) -> Reaction:
    return next(found[name] for found in _reactions.values() if name in found)
