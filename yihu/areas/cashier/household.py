"""One payer before the cashier: what he owes, line by line; his money in our hands; his deposits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Sum

from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger.models import Charge, Deposit, Line, Receipt

ROLES = {role: place for place, role in enumerate(Occupancy.Role.values)}
MOST = 500


@dataclass(frozen=True)
class Payer:
    """Somebody who may pay for a unit, and what he owes for everything here, in 分."""

    party: Any
    role: str
    owed: int


def payers_of(unit: Any, day: date) -> list[Payer]:
    """Who is of the unit today, and whoever else still owes for it; owners first."""
    stays = sorted(
        Occupancy.objects.on(day).filter(unit=unit).select_related("party"),
        key=lambda stay: (ROLES[stay.role], stay.place, stay.pk),
    )
    found: dict[int, tuple[Any, str]] = {}
    for stay in stays:
        found.setdefault(stay.party_id, (stay.party, stay.get_role_display()))
    owing = Charge.objects.filter(unit=unit).exclude(open=0).values("party")
    for party in Party.objects.filter(pk__in=owing).exclude(pk__in=found).order_by("pk"):
        found[party.pk] = (party, "已不在户内")
    owed = dict(
        Charge.objects.filter(party__in=found, community_id=unit.community_id, open__gt=0)
        .values_list("party").annotate(Sum("open"))
    )  # fmt: skip
    return [Payer(party, role, int(owed.get(pk, 0))) for pk, (party, role) in found.items()]


def chosen(payers: list[Payer], pk: int | None) -> Payer | None:
    """The one who was asked for, else the first who owes something, else the first."""
    asked = next((one for one in payers if one.party.pk == pk), None)
    return asked or next((one for one in payers if one.owed), payers[0] if payers else None)


def owed_by(party: Any) -> list[Charge]:
    """What is not settled, the earlier due first; adjustments in his favour among them."""
    rows = Charge.objects.filter(party=party, community_id=party.community_id).exclude(open=0)
    return list(rows.select_related("item", "unit").order_by("due_on", "pk")[:MOST])


def credits_of(party: Any) -> list[Receipt]:
    rows = Receipt.objects.filter(party=party, community_id=party.community_id, left__gt=0)
    return list(rows.order_by("received_at", "pk"))


def deposits_of(party: Any) -> list[Deposit]:
    rows = Deposit.objects.filter(party=party, community_id=party.community_id, left__gt=0)
    return list(rows.select_related("item", "receipt").order_by("pk"))


def seen_of(party: Any) -> int:
    """How far the payer's account had come when the cashier saw it: whatever moved since is shown before money is taken."""
    return Line.objects.filter(party=party).aggregate(last=Max("pk"))["last"] or 0
