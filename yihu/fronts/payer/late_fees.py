"""What being late has cost, beside the bills on the payer's page: posted or not yet; what may be paid for itself, as at the till."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils import timezone

from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.payers import Due
from yihu.basics.money import yuan
from yihu.fronts.payer.bills import lines_of
from yihu.fronts.payer.papers import Paper
from yihu.ground.ledger.accruing import Accrual
from yihu.ground.ledger.models import Charge


@dataclass(frozen=True)
class LateFees:
    """``accrued`` by bill: what is not posted yet; a posted one is a charge of its own among ``charges``."""

    charges: Sequence[Any]
    accrued: Mapping[int, Accrual]

    @classmethod
    def of(cls, paper: Paper, due: Due) -> LateFees:
        return cls([line.charge for line in lines_of(paper)], {one.principal.pk: one for one in due.fees})

    @property
    def sum(self) -> int:
        """What of them is to be paid now, in 分."""
        posted = sum(max(0, one.open) for one in self.charges if one.principal_id)
        return posted + sum(one.amount for one in self.accrued.values())

    @property
    def grows(self) -> bool:
        """Whether tomorrow may cost more: they are reckoned to this day, and their bill is open."""
        today, late = timezone.localdate(), [one for one in self.charges if one.principal_id]
        owed = [one for one in late if one.open > 0 and self.bills.get(one.principal_id, 1)]
        return bool(self.accrued) or any(one.to_on == today for one in owed)

    @cached_property
    def bills(self) -> dict[int, int]:
        """What is open of each bill itself. A late fee whose bill is not on this paper is one of them."""
        here = {one.pk for one in self.charges}
        return {one.pk: max(0, one.open) for one in self.charges if one.principal_id not in here}

    @cached_property
    def late(self) -> dict[int, int]:
        """By bill: what being late with it has cost and is not paid, posted or not: posting it changes none of it."""
        found = {pk: one.amount for pk, one in self.accrued.items()}
        for one in self.charges:
            if one.principal_id in self.bills and one.open > 0:
                found[one.principal_id] = found.get(one.principal_id, 0) + one.open
        return {pk: amount for pk, amount in found.items() if amount > 0}

    @property
    def stood(self) -> str:
        """The open sums bill by bill, as the form carries them: what was chosen is paid as it stood on the screen."""
        return "-".join(
            f"{amount}{f'+{self.late[pk]}' if pk in self.late else ''}" for pk, amount in self.bills.items()
        )

    def choices(self) -> list[tuple[str, int, int]]:
        """What may be named for itself: ("line" or "late", its bill, 分)."""
        found = []
        for pk, amount in self.bills.items():
            found += [("line", pk, amount)] if amount else []
            found += [("late", pk, self.late[pk])] if pk in self.late else []
        return found


def order_fees_to(order: PayOrder) -> date | None:
    """To which day the late fees in an order are reckoned; None where there are none."""
    found: date | None = Charge.objects.filter(pk__in=order.charges, principal__isnull=False, amount__gt=0).aggregate(
        last=Max("to_on")
    )["last"]
    return found


def choice_of(name: str, pk: int, amount: int) -> dict[str, Any]:
    """A box on the page."""
    return {"name": name, "value": pk, "words": f"选{'违约金' if name == 'late' else '这一笔'} {yuan(amount)} 元"}
