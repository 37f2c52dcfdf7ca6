"""欠费清单: who is late with how much, by how long, unit by unit (FEE-10). One question to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q, Sum

from yihu.ground.ledger.balances import AGES
from yihu.ground.ledger.models import Charge

SPANS = tuple(label for most, label in AGES if most != 0)  # what is not due yet is nobody's arrears
BOUNDS = tuple(most for most, _ in AGES if most != 0)


@dataclass(frozen=True)
class Late:
    """One payer's arrears for one unit, in 分, by age."""

    unit: str
    building: str
    party: int
    name: str
    since: date
    spans: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.spans)


def late_payers(community: Any, day: date, *, building: Any = None, item: Any = None, atleast: int = 0) -> list[Late]:
    """The greatest debt first. ``atleast``: days for which the oldest of it has been due."""
    rows = Charge.objects.filter(community=community, open__gt=0, due_on__lt=day)
    if building:
        rows = rows.filter(unit__building=building)
    if item:
        rows = rows.filter(item=item)
    totals, before = {}, 0
    for place, most in enumerate(BOUNDS):
        within = Q(due_on__lt=day - timedelta(days=before))
        if most is not None:
            within &= Q(due_on__gte=day - timedelta(days=most))
        totals[f"age{place}"] = Sum("open", filter=within, default=0)
        before = most or 0
    found = (
        rows.values("unit", "unit__label", "unit__building__code", "party", "party__name")
        .annotate(since=Min("due_on"), **totals)
        .order_by()
    )
    late = [
        Late(
            row["unit__label"] or "", row["unit__building__code"] or "", row["party"], row["party__name"], row["since"],
            tuple(int(row[f"age{place}"]) for place in range(len(BOUNDS))),
        )
        for row in found
    ]  # fmt: skip
    kept = [one for one in late if (day - one.since).days > atleast]
    return sorted(kept, key=lambda one: (-one.total, one.unit, one.party))
