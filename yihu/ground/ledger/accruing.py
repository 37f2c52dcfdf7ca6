"""What a debt paid late costs is owed before anybody has written it down (domain.md §5.5).

Who knows the contracts says how much; the ledger posts it before money goes to the debt, or when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yihu.ground.ledger.models import Charge


@dataclass(frozen=True)
class Accrual:
    """The late fee of one bill that is not in the books yet, in 分; negative where too much was posted."""

    principal: Charge
    from_on: date
    to_on: date
    amount: int
    part: str
    words: str
    basis: Any


Reckons = Callable[[int, Sequence[Charge], date], list[Accrual]]
_asked: list[Reckons] = []


def reckoned_by(reckons: Reckons) -> None:
    """``reckons(community_id, charges, day)``: what these bills have cost beyond what is posted, at the end of a day."""
    _asked.append(reckons)


def accrued(community_id: int, charges: Sequence[Charge], day: date) -> list[Accrual]:
    return [one for reckons in _asked for one in reckons(community_id, charges, day)]
