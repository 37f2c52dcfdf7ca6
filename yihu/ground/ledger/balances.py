"""What the lines add up to, on any day: balances, statements, ages, and the identities that must hold (design §7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from yihu.ground.ledger.models import Account, Charge, Line, Voucher
from yihu.ground.ledger.models.postings import MONEY

Kind = Voucher.Kind
SPENT = (Account.EXPENSE, Account.COMMON_COST, Account.PASS_THROUGH)
LIMITATION = (
    3 * 365
)  # days; a claim may be barred after three years (民法典第188条), so said a day early rather than late
AGES = (
    (0, "未到期"), (30, "30 天内"), (90, "31–90 天"), (180, "91–180 天"), (365, "181–365 天"), (LIMITATION, "1–3 年"), (None, "三年以上"),
)  # fmt: skip


def trial_balance(community: Any, day: date) -> dict[str, int]:
    """Each account's balance at the end of the day; they add up to nothing."""
    rows = Line.objects.filter(community=community, day__lte=day).values_list("account")
    return {account: total for account, total in rows.annotate(total=Sum("amount")).order_by("account") if total}


@dataclass(frozen=True)
class Identities:
    """The three sentences that hold at every moment, in 分."""

    charged: int
    applied: int
    arrears: int
    received: int
    given_back: int
    credits: int
    unidentified: int
    deposits: int
    incurred: int
    paid: int
    payable: int

    @property
    def hold(self) -> bool:
        kept = self.applied + self.credits + self.unidentified + self.deposits
        taken = self.charged == self.applied + self.arrears and self.received - self.given_back == kept
        return taken and self.incurred == self.paid + self.payable


def identities(community: Any, day: date) -> Identities:
    """Net charges = applied + arrears; received − given back = applied + credits + unidentified + deposits; spent for
    others' bills = paid + payable."""
    rows = Line.objects.filter(community=community, day__lte=day)

    def total(*accounts: str, kinds: Iterable[str] = ()) -> int:
        found = rows.filter(account__in=accounts)
        if kinds:
            found = found.filter(voucher__kind__in=list(kinds))
        return int(found.aggregate(total=Sum("amount"))["total"] or 0)

    return Identities(
        charged=total(Account.RECEIVABLE, kinds=(Kind.CHARGE, Kind.WAIVE, Kind.OFFSET, Kind.TRANSFER)),
        applied=-total(Account.RECEIVABLE, kinds=(Kind.ALLOCATE, Kind.DEDUCT)),
        arrears=total(Account.RECEIVABLE),
        received=total(*MONEY, kinds=(Kind.RECEIPT,)),
        given_back=-total(*MONEY, kinds=(Kind.REFUND, Kind.RETURN)),
        credits=-total(Account.CREDIT),
        unidentified=-total(Account.UNIDENTIFIED),
        deposits=-total(Account.DEPOSIT),
        incurred=total(*SPENT, kinds=(Kind.SPEND,)),
        paid=-total(*MONEY, kinds=(Kind.PAY,)),
        payable=-total(Account.PAYABLE),
    )


def open_charges(day: date, **whose: Any) -> QuerySet[Charge]:
    """What was owed at the end of a day, with ``owed`` in 分."""
    until = Q(lines__account=Account.RECEIVABLE, lines__day__lte=day)
    rows = Charge.objects.filter(**whose).annotate(owed=Sum("lines__amount", filter=until))
    return rows.exclude(owed=0).filter(owed__isnull=False).select_related("item", "unit").order_by("due_on", "pk")


def ages(day: date, **whose: Any) -> list[tuple[str, int]]:
    """Arrears by how long they have been due, each in 分."""
    found = dict.fromkeys((label for _, label in AGES), 0)
    for charge in open_charges(day, **whose):
        late = (day - charge.due_on).days
        label = next(label for most, label in AGES if most is None or late <= most)
        found[label] += charge.owed  # type: ignore[attr-defined]
    return list(found.items())


@dataclass(frozen=True)
class Statement:
    """对账单: what stood at first, each movement, what stands now; a debt is positive, in 分."""

    before: int
    lines: list[Any]
    after: int


def statement(first: date, last: date, **whose: Any) -> Statement:
    """Of a party or a unit: debts and payments between two days; money in our hands counts against the debt."""
    rows = Line.objects.filter(account__in=(Account.RECEIVABLE, Account.CREDIT), **whose)
    before = int(rows.filter(day__lt=first).aggregate(total=Sum("amount"))["total"] or 0)
    found = rows.filter(day__gte=first, day__lte=last).select_related("voucher", "item", "charge__item")
    lines = list(found.order_by("day", "pk"))
    moved: dict[int, int] = defaultdict(int)
    for line in lines:
        moved[line.voucher_id] += line.amount
    # his own money used for his own debt moves nothing between him and us
    told = [line for line in lines if moved[line.voucher_id]]
    return Statement(before, told, before + sum(line.amount for line in told))
