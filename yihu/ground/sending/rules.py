"""When a message may leave: the community's hours of rest, its limit per customer and day, what is sent by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from yihu.kernel.calendars import parameter

NAME = "sending.rules"
QUIET = ("21:00", "08:00")
PER_DAY = 5


@dataclass(frozen=True)
class Rules:
    begins: time
    ends: time
    per_day: int
    ways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def value(self) -> dict[str, object]:
        """As the Parameter keeps it."""
        return {
            "quiet": [f"{self.begins:%H:%M}", f"{self.ends:%H:%M}"],
            "per_day": self.per_day,
            "ways": {code: list(ways) for code, ways in self.ways.items() if ways},
        }


def rules_of(community_id: int, at: datetime) -> Rules:
    """What the company has set; unasked, nothing is sent by itself."""
    value = parameter(NAME, community_id, at) or {}
    begins, ends = value.get("quiet", QUIET)
    return Rules(
        time.fromisoformat(begins),
        time.fromisoformat(ends),
        int(value.get("per_day", PER_DAY)),
        {code: tuple(ways) for code, ways in value.get("ways", {}).items()},
    )


def rest_until(now: datetime, begins: time, ends: time) -> datetime | None:
    """The end of the rest in which ``now`` lies, or None. From 21:00 to 08:00 runs over midnight; equal ends: no rest."""
    if begins == ends:
        return None
    local = timezone.localtime(now)
    clock = local.time()
    within = begins <= clock < ends if begins < ends else (clock >= begins or clock < ends)
    if not within:
        return None
    day = local.date() if clock < ends else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, ends))
