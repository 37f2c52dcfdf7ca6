"""Until which day a bill may be paid: its month's, or the later one that whoever was billed late was given (domain.md §5.5)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

PAY_BY: Final = "pay_by"  # in a bill's basis: the day that whoever is billed late was given; late fees begin after it


def own_day(charge: Any) -> date | None:
    """The day that was given to whoever was billed late, or to whom a bill was turned, where it is later than the month's."""
    given = (charge.basis or {}).get(PAY_BY)
    day = date.fromisoformat(given) if given else charge.due_on
    return day if day > charge.due_on else None


def pay_day(charge: Any) -> date:
    """Until which day a posted bill may be paid in time: late fees begin after it, and every paper that names a day names
    this one. It never takes a bill's own time away."""
    return own_day(charge) or charge.due_on


def beside(charge: Any, day: date) -> date | None:
    """Its own day where a paper names another for all of its bills."""
    own = own_day(charge)
    return own if own != day else None
