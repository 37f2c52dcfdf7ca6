"""对冲: adjustments in a payer's favour settle what he owes, in the order of the law; the accountant's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from yihu.areas.cashier import household
from yihu.areas.cashier.till import CHANGED
from yihu.ground.ledger import charging, ordering
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import BILL, books
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require


@dataclass(frozen=True)
class Pair:
    """One adjustment set against one bill, in 分."""

    favour: Charge
    bill: Charge
    amount: int


def pairs(party: Any, day: date) -> list[Pair]:
    """What would be set against what: the oldest adjustment first, what is due before what is not."""
    rows = household.owed_by(party)
    owed, found = [row for row in rows if row.open > 0], []
    for favour in (row for row in rows if row.open < 0):
        for bill, amount in ordering.by_law(-favour.open, owed, day):
            found.append(Pair(favour, bill, amount))
            bill.open -= amount  # in memory only: what the next adjustment finds
    return found


def set_off(party: Any, seen: int, *, by: Any, key: str | None = None, at: datetime | None = None) -> int:
    """Gives how much, in 分. The same key again does nothing more."""
    require(by, BILL, party.community_id, "您不能对冲账单，请找会计。")
    with command(by=by, key=key, at=at, body=[party.pk, seen], verb="cashier.set_off") as commanding:
        if commanding.stored:
            return 0
        with books(commanding, party.community_id) as opened:
            if household.seen_of(party) != seen:
                raise Conflict(CHANGED.replace("没有收款。请看过下面的新数字再收。", "没有对冲。请看过新的数字再点。"))
            found = pairs(party, timezone.localdate(commanding.at))
            for pair in found:
                charging.offset(opened, pair.favour, pair.bill, pair.amount)
    if not found:
        raise Refused("没有可以对冲的：没有退补账单，或没有欠费。")
    return sum(pair.amount for pair in found)
