"""Tills whose money has been at the bank since before the program booked it: by the books it lies in the till for ever."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Sum

from yihu.areas.cashier.applying.models import RedLetter, TillClose
from yihu.areas.cashier.applying.models.till import CASH_LIKE
from yihu.ground.ledger.models import Receipt, Voucher


@dataclass(frozen=True)
class Lying:
    """A till and what of it the books still have in hand, in 分."""

    till: TillClose
    cash: int
    cheque: int

    @property
    def total(self) -> int:
        return self.cash + self.cheque


def waiting(community: Any, through: date | None = None) -> list[Lying]:
    """Those with the number of a slip and no voucher that carried them, the oldest first. A cheque that bounced meanwhile has
    left the account and the books."""
    carried = Voucher.objects.filter(
        record_id=OuterRef("pk"), kind=Voucher.Kind.CARRY, reverses__isnull=True, reversed_by__isnull=True
    )
    done = (TillClose.State.RECEIVED, TillClose.State.READ)
    rows = TillClose.objects.filter(~Exists(carried), community=community, state__in=done).exclude(bank_slip="")
    if through is not None:
        rows = rows.filter(day__lte=through)
    tills = list(rows.select_related("collector").order_by("day", "pk"))
    sums, back = _counted(rows), _bounced(rows)
    found = [
        Lying(one, sums[one.pk, Receipt.Method.CASH], sums[one.pk, Receipt.Method.CHEQUE] - back[one.pk])
        for one in tills
    ]
    return [one for one in found if one.total > 0]


def _counted(tills: Any) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = defaultdict(int)
    lines = TillClose.objects.filter(pk__in=tills.values("pk"), lines__method__in=CASH_LIKE)
    for pk, method, counted in lines.values_list("pk", "lines__method", "lines__counted"):
        found[pk, method] += counted
    return found


def _bounced(tills: Any) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    letters = RedLetter.objects.filter(
        receipt__closed_in__in=tills.values("pk"), receipt__method=Receipt.Method.CHEQUE, why=RedLetter.Why.BOUNCED,
        state__in=RedLetter.STANDS,
    )  # fmt: skip
    for pk, total in letters.order_by().values_list("receipt__closed_in").annotate(total=Sum("receipt__amount")):
        found[pk] = total
    return found
