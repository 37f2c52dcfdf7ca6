"""What one area does because of another's step: jobs enqueued in the same transaction, done once per entry and reaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any, Any], None]
When = Callable[[Any], bool]

_reactions: dict[str, dict[str, tuple[Reaction, When]]] = {}


def always(record: Any) -> bool:
    return True


def reacts_to(event: str, *, when: When = always) -> Callable[[Reaction], Reaction]:
    """Declare ``function(record, commanding)`` for ``"repairs.workorder.close"`` or, for any register, ``"*.closed"``.

    ``when`` looks at the record's own columns as the step leaves them: where it says no, no job is put in the queue. What
    it says may no longer hold when the job runs; the function asks again.
    """

    def declare(function: Reaction) -> Reaction:
        _reactions.setdefault(event, {})[f"{function.__module__}.{function.__name__}"] = (function, when)
        return function

    return declare


def names_for(events: list[str]) -> list[str]:
    return [name for event in events for name in _reactions.get(event, {})]


def wanted(events: list[str], record: Any) -> list[str]:
    """The reactions that have something to do for the record as it stands now."""
    return [name for event in events for name, (_, when) in _reactions.get(event, {}).items() if when(record)]


def reaction(name: str) -> Reaction:
    return next(found[name][0] for found in _reactions.values() if name in found)
