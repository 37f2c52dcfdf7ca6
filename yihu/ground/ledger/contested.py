"""Bills that their payer contests: money that is used without anybody's click waits until somebody has decided.

Who keeps the disputes says which; whoever uses money by itself asks here first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from yihu.ground.ledger.models import Charge

Contested = Callable[[int], Any]
_asked: list[Contested] = []


def contested_by(contested: Contested) -> None:
    """``contested(community_id)``: the contested bills, as a question to the database that gives their numbers."""
    _asked.append(contested)


def uncontested(community_id: int, charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """Without them, and without what their lateness costs."""
    for contested in _asked:
        found = contested(community_id)
        charges = charges.exclude(pk__in=found).exclude(principal__in=found)
    return charges
