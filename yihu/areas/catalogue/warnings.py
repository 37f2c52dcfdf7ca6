"""How many days before its end a contract is spoken of (ARC-16): 60 and 30, or what the company says."""

from __future__ import annotations

from datetime import datetime

from yihu.kernel.calendars import parameter

EXPIRY_DAYS = "catalogue.expiry_days"
DEFAULT = (60, 30)


def expiry_days(community_id: int, at: datetime) -> tuple[int, int]:
    """First and last warning, in days before the last day."""
    first, last = parameter(EXPIRY_DAYS, community_id, at, DEFAULT)
    return int(first), int(last)
