"""What moved on the accounts, as a book-keeper writes it down: by day and kind of voucher, debit and credit, reversals in red."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from yihu.basics.months import Month
from yihu.ground.ledger.models import Account, CostItem, FeeItem, Line, Voucher

RED = Case(When(voucher__reverses__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
KINDS = [kind.value for kind in Voucher.Kind]
ACCOUNTS = [account.value for account in Account]


@dataclass(frozen=True)
class Movement:
    """One account with one item of it, on one day, by one kind of voucher; in 分. A reversal stands on the side of what it
    takes back, with the other sign (红字)."""

    day: date
    kind: str
    red: bool
    account: str
    item: int | None
    cost: int | None
    debit: int
    credit: int

    @property
    def month(self) -> Month:
        return Month.of(self.day)

    @property
    def place(self) -> tuple[date, int, bool]:
        """In which order they are written down."""
        return self.day, KINDS.index(self.kind), self.red


def movements(community: Any, first: date, last: date, *of: Q, monthly: bool = False) -> list[Movement]:
    """All of them between two days (or those ``of`` them), in the order of days, kinds and accounts. ``monthly``: of each
    month together, under its first day."""
    when = TruncMonth("day") if monthly else F("day")
    rows = Line.objects.filter(*of, community=community, day__gte=first, day__lte=last).annotate(red=RED, when=when)
    up, down = (Sum("amount", filter=side, default=0) for side in (Q(amount__gt=0), Q(amount__lt=0)))
    keys = ("when", "voucher__kind", "red", "account", "item", "cost")
    sums: dict[tuple[Any, ...], tuple[int, int]] = {}
    for day, kind, red, *place, plus, minus in rows.order_by().values_list(*keys).annotate(plus=up, minus=down):
        debit, credit = (minus, -plus) if red else (plus, -minus)
        key = (day, kind, bool(red), *_sub_account(*place))
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + debit, before[1] + credit
    found = [Movement(*key, *both) for key, both in sums.items()]
    return sorted(found, key=lambda one: (one.place, ACCOUNTS.index(one.account), one.item or 0, one.cost or 0))


def _sub_account(account: str, item: int | None, cost: int | None) -> tuple[str, int | None, int | None]:
    """What we owe is one account: for what it was paid stands on the line for the budget, not for the books."""
    return (account, None, None) if account == Account.PAYABLE else (account, item, cost)


@dataclass(frozen=True)
class Names:
    """What the sub-accounts are called."""

    items: dict[int, FeeItem]
    costs: dict[int, CostItem]

    def of(self, item: int | None, cost: int | None) -> str:
        if cost is not None:
            return self.costs[cost].name
        return self.items[item].name if item is not None else ""

    def full(self, account: str, item: int | None, cost: int | None) -> str:
        sub = self.of(item, cost)
        return f"{Account(account).label}—{sub}" if sub else str(Account(account).label)


def names(community: Any) -> Names:
    items, costs = (model._default_manager.filter(community=community) for model in (FeeItem, CostItem))
    return Names({one.pk: one for one in items}, {one.pk: one for one in costs})


def balances(community: Any, day: date, *of: Q) -> dict[tuple[str, int | None, int | None], int]:
    """What stands on each sub-account (or ``of`` these lines) at the end of a day; a debit is positive."""
    rows = Line.objects.filter(*of, community=community, day__lte=day).order_by().values_list("account", "item", "cost")
    found: dict[tuple[str, int | None, int | None], int] = {}
    for *place, total in rows.annotate(total=Sum("amount")):
        sub = _sub_account(*place)
        found[sub] = found.get(sub, 0) + total
    return {sub: total for sub, total in found.items() if total}


def turnover(rows: Iterable[Movement]) -> tuple[int, int]:
    """Debit and credit of these."""
    kept = list(rows)
    return sum(one.debit for one in kept), sum(one.credit for one in kept)
