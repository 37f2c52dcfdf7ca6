"""Draws the notices of a month up from the ledger, in the order of the deliverers' rounds; the same number of queries for any number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from yihu.areas.billing.notices.models import Notice, NoticeBatch, NoticeLine, Round
from yihu.areas.billing.notices.reckoning import Draft, Open, drafts
from yihu.ground.estate.models import Unit
from yihu.ground.ledger import ahead
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.ledger.pay_days import PAY_BY

MANY = 500
LAST = 10**6  # buildings that nobody is to go to come last


def drafts_of(batch: Any, at: Any, units: Sequence[int | None] | None = None) -> list[Draft]:
    """What the ledger says now, for the whole community or for some units."""
    here = Charge.objects.filter(community_id=batch.community_id, reversal__isnull=True)
    charges, settled = here.exclude(open=0), here.filter(open=0, due_on__gte=timezone.localdate(at))
    settled = settled.filter(pk__in=ahead.uses().values("charge"))  # before anything was asked
    receipts = Receipt.objects.filter(community_id=batch.community_id, left__gt=F("bound"), party__isnull=False)
    if units is not None:
        charges, settled = charges.filter(_of(units)), settled.filter(_of(units))
        receipts = receipts.filter(party__in=charges.values("party"))
    columns = ("pk", "party", "unit", "from_on", "due_on", "open", f"basis__{PAY_BY}")
    rows = charges.order_by("unit__sort_key", "unit", "party", "pk").values_list(*columns)
    of_these = Q(charge__open__gt=0) | Q(charge__in=settled)
    in_hand = receipts.order_by("pk").values_list("party", "unit", F("left") - F("bound"))
    return drafts(
        (_open(*row) for row in chain(rows, settled.values_list(*columns))), in_hand,
        drawn_on=timezone.localdate(at), month_ends=batch.month.last, pay_by=batch.pay_by,
        used=ahead.met(batch.community_id, of_these),
    )  # fmt: skip


def _open(
    pk: int, party: int, unit: int | None, from_on: date, due_on: date, left: int, given: str | None
) -> Open:  # fmt: skip
    """By its own day of payment, where it was made late."""
    return Open(pk, party, unit, from_on, max(due_on, date.fromisoformat(given)) if given else due_on, left)


def _of(units: Sequence[int | None]) -> Any:
    found = Q(unit__in=[pk for pk in units if pk is not None])
    return found | Q(unit__isnull=True) if None in units else found


@dataclass(frozen=True)
class Way:
    """Who goes to a unit, and when on his round."""

    steward: int
    position: int


def rounds_of(community_id: int) -> dict[int, Way]:
    """By building."""
    rows = Round.objects.filter(community_id=community_id, shown=True)
    return {row.building_id: Way(row.steward_id, row.position) for row in rows}


def in_order(batch: Any, found: Iterable[Draft]) -> list[Draft]:
    """As the deliverers walk: one pile after the other, building by building, door by door."""
    listed = list(found)
    ways = rounds_of(batch.community_id)
    doors = {
        pk: (building, key)
        for pk, building, key in Unit.objects.filter(community_id=batch.community_id).values_list(
            "pk", "building_id", "sort_key"
        )
    }

    def place(draft: Draft) -> tuple[Any, ...]:
        building, key = doors.get(draft.unit or 0, (0, "\uffff"))
        way = ways.get(building, Way(LAST, LAST))
        return way.steward, way.position, key, draft.unit or 0, draft.party

    return sorted(listed, key=place)


def draw(batch: NoticeBatch, at: Any) -> None:
    """All notices anew; what was drawn before and never printed is gone."""
    Notice.objects.filter(batch=batch).delete()
    found = in_order(batch, drafts_of(batch, at))
    write(batch, found, first=1)
    batch.count, batch.due_fen, batch.drawn_at = len(found), sum(one.due for one in found), at


def write(batch: NoticeBatch, found: Sequence[Draft], *, first: int, replaces: Notice | None = None) -> list[Notice]:
    """Rows for drafts, numbered from ``first``; the first of them stands in the place of ``replaces``."""
    notices = [
        Notice(
            batch=batch, seq=seq, number=f"{batch.number}-{seq:04d}", party_id=one.party, unit_id=one.unit,
            month_fen=one.month, arrears_fen=one.arrears, credit_fen=one.credit, due_fen=one.due, pay_by=batch.pay_by,
            replaces=replaces if seq == first else None,
        )
        for seq, one in enumerate(found, first)
    ]  # fmt: skip
    notices = Notice.objects.bulk_create(notices, batch_size=MANY)
    NoticeLine.objects.bulk_create(
        (
            NoticeLine(notice=notice, charge_id=line.charge, amount=line.amount, prior=line.prior, used=line.used)
            for notice, one in zip(notices, found, strict=True)
            for line in one.lines
        ),
        batch_size=MANY,
    )
    return notices
