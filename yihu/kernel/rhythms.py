"""What comes round by itself: a record is opened for each turn, and its own clocks then say who is late.

An area declares it in ``schedules.py``. Opening is keyed by the turn, so asking twice opens nothing twice, and a turn
that passed while the machine slept is opened when it wakes, as long as ``turns`` still names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record
from yihu.kernel.jobs import schedule
from yihu.kernel.models import Command


@dataclass(frozen=True)
class Turn:
    """One time round. ``name`` tells it from the others of its rhythm and community, e.g. ``2026-11-03/09:00``."""

    name: str
    opens_at: datetime
    data: Mapping[str, Any]


Turns = Callable[[Any, datetime], Iterable[Turn]]
_rhythms: dict[str, tuple[type, Turns]] = {}


def rhythm(name: str, model: type) -> Callable[[Turns], Turns]:
    """Declare ``turns(community, now)``: the turns of today, those still to come included; none where it is not kept."""

    def declare(turns: Turns) -> Turns:
        _rhythms[name] = (model, turns)
        return turns

    return declare


def come_round(now: datetime, only: str = "") -> list[Any]:
    """Open what is due and not yet open, in every community; returns what was opened now."""
    communities = list(apps.get_model("estate.Community")._default_manager.order_by("pk"))
    due = [
        (f"{name}:{community.pk}:{turn.name}", model, community, turn)
        for name, (model, turns) in _rhythms.items()
        if only in ("", name)
        for community in communities
        for turn in turns(community, now)
        if turn.opens_at <= now
    ]
    system = authority().system()
    asked = Command.objects.filter(by=system, key__in=[key for key, *_ in due])
    before = set(asked.values_list("key", flat=True))
    return [
        open_record(model(community=community), by=system, key=key, data=dict(turn.data), at=now)
        for key, model, community, turn in due
        if key not in before
    ]


@schedule("come-round", every=timedelta(minutes=5))
def open_what_is_due() -> None:
    """Each five minutes: day sheets, checks and whatever else comes round."""
    come_round(timezone.now())
