"""How far a month's round has come: as it stands while it is open, as it was when it ended."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.households.models import VerifyRound
from yihu.areas.households.standing import STALE_MONTHS
from yihu.basics.shares import percent
from yihu.ground.estate.verifying import stale, verified_in


def progress(record: Any) -> dict[str, Any]:
    """Verified this month, all units, the rate (更新率), and what is still on the list."""
    if record.state == VerifyRound.State.SHUT:
        return {"done": record.done, "units": record.units, "rate": record.rate, "left": record.left}
    done, units = verified_in(record.community_id, record.first_on, record.last_on)
    return {"done": done, "units": units, "rate": percent(done, units), "left": left(record).count()}


def left(record: Any) -> Any:
    now = timezone.now()
    return stale(record.community_id, timezone.localdate(now), STALE_MONTHS.at(record.community_id, now))
