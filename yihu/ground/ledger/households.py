"""What stands between us and a household, or one payer: owed, in hand, kept as deposit. For whoever shows it beside a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Sum, Value
from django.utils import timezone

from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.ground.ledger.posting import SEE
from yihu.kernel.authority import grants_of

ARREARS = "ledger.arrears"


@dataclass(frozen=True)
class Owing:
    """One payer of a unit: what he owes for it, and since when something is due."""

    party: int
    name: str
    amount: int
    since: date

    def late(self, day: date) -> bool:
        return self.since < day


@dataclass(frozen=True)
class Standing:
    """One unit's money, in 分."""

    owing: list[Owing]
    credit: int
    deposits: int

    @property
    def owed(self) -> int:
        return sum(one.amount for one in self.owing)


def standing_of(unit: Any) -> Standing:
    """Two questions: who owes what for the unit, and what of its money is in our hands."""
    rows = Charge.objects.filter(unit=unit).exclude(open=0).values_list("party", "party__name")
    owing = [
        Owing(party, name, amount, since)
        for party, name, amount, since in rows.annotate(total=Sum("open"), since=Min("due_on")).order_by("since", "party")
    ]  # fmt: skip
    known = {"unit": unit, "left__gt": 0}
    credit = Receipt.objects.filter(**known, party__isnull=False).values_list(Value("credit")).annotate(Sum("left"))
    kept = Deposit.objects.filter(**known).values_list(Value("deposit")).annotate(Sum("left"))
    held = dict(credit.order_by().union(kept.order_by(), all=True))
    return Standing(owing, int(held.get("credit") or 0), int(held.get("deposit") or 0))


def arrears_word(unit: Any, person: Any) -> str:
    """有欠费 for those who answer the telephone but keep no books: that something is due, not how much (domain §6.3)."""
    if not grants_of(person).may(ARREARS, unit.community_id):
        return ""
    due = Charge.objects.filter(unit=unit, open__gt=0, due_on__lt=timezone.localdate()).exists()
    return "有欠费，金额请客户问收费处" if due else ""


def sees_money(person: Any, community_id: int) -> bool:
    return grants_of(person).may(SEE, community_id)
