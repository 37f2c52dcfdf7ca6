"""What stands in a collector's till: the receipts of one day that no daily close holds yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min

from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.closing_rule import oldest_open_day, open_receipts
from yihu.basics.money import yuan
from yihu.basics.worktime import SERVICE, due_at
from yihu.ground.ledger.models import Receipt
from yihu.kernel.calendars import office


@dataclass(frozen=True)
class Till:
    """The receipts of a day, in the order of their numbers; ``reds``: what was taken back meanwhile of earlier closes, for
    which a right receipt is written today without any money coming in."""

    day: date | None
    receipts: Sequence[Any]
    reds: Sequence[RedLetter] = ()

    @property
    def valid(self) -> list[Any]:
        return [one for one in self.receipts if one.voided_by_id is None]

    @property
    def voids(self) -> list[str]:
        return [one.number for one in self.receipts if one.voided_by_id is not None]

    @property
    def taken_back(self) -> list[str]:
        return [f"{one.receipt.number}（红冲 -{yuan(one.amount)}）" for one in self.reds if one.receipt]

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.valid) - sum(one.amount for one in self.reds)

    def methods(self) -> list[tuple[str, str, int, int]]:
        """Each way of paying that occurred: its code, its word, how many receipts, how much in 分, less what was taken back."""
        found = []
        for method, word in Receipt.Method.choices:
            rows = [one.amount for one in self.valid if one.method == method]
            back = [one.amount for one in self.reds if one.receipt and one.receipt.method == method]
            if rows or back:
                found.append((str(method), str(word), len(rows), sum(rows) - sum(back)))
        return found

    @property
    def token(self) -> str:
        """Tells whether anything came or went since a page showed this till."""
        return f"{self.day}/{len(self.receipts)}/{len(self.voids)}/{self.total}/{len(self.reds)}"


def till_of(community_id: int, collector: Any, record: Any = None) -> Till:
    """What the record holds already (it came back to be counted anew), else the collector's oldest open day."""
    if record is not None and record.pk is not None:
        held = Receipt.objects.filter(closed_in_id=record.pk).annotate(taken_on=Min("lines__day")).order_by("number")
        if rows := list(held):
            return Till(record.day, rows, list(record.reds.select_related("receipt").order_by("pk")))
        day = record.day
    else:
        day = oldest_open_day(community_id, collector)
    rows = list(open_receipts(community_id, collector=collector).filter(taken_on=day)) if day else []
    return Till(day, rows, _reds(community_id, collector, day) if day else ())


def _reds(community_id: int, collector: Any, day: date) -> list[RedLetter]:
    """A cheque that came back is no money of this till: it left the account."""
    found = RedLetter.objects.filter(
        community_id=community_id, state__in=RedLetter.STANDS, way=RedLetter.Way.RED, counted_in__isnull=True,
        receipt__collector=collector, receipt__closed_in__isnull=False, approved_at__date__lte=day,
    ).exclude(why=RedLetter.Why.BOUNCED)  # fmt: skip
    return list(found.select_related("receipt").order_by("pk"))


def desk_closes(community_id: int, at: datetime) -> datetime:
    """The money of a day is handed over before the desk closes; after that, on the next day that it is open."""
    return due_at(SERVICE, at, office=office(community_id, at))
