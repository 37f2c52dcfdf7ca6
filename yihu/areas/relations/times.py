"""The hours of the looks and the end of a promised day."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from yihu.basics.worktime import OFFICE_ZONE

DAY_ENDS = time(17, 30)
USUAL = {"forum": "09:00 13:00 18:00", "box": "09:00"}
_HOUR = re.compile(r"([01]?\d|2[0-3])[:：]?([0-5]\d)?")


def day_end(day: date) -> datetime:
    """When a day's promise is due."""
    return datetime.combine(day, DAY_ENDS, OFFICE_ZONE)


def hours_of(words: str) -> list[time]:
    """``"9 13:00、18"`` as hours of the day, in order. Raises ValueError for what is none."""
    found = set()
    for word in re.split(r"[\s,，、;；]+", words.strip()):
        match = _HOUR.fullmatch(word)
        if match is None:
            raise ValueError(word)
        found.add(time(int(match[1]), int(match[2] or 0)))
    return sorted(found)


def in_words(hours: list[time]) -> str:
    return " ".join(f"{hour:%H:%M}" for hour in hours)
