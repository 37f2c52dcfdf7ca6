"""What the receivable's lines add up to, by charge, household and fee item: one question to the database each time.

A charge belongs to the month in which its service ends (21 September to 20 October is October); one that runs over more
than two months was asked for in advance and belongs to the month in which it begins. Formulas: domain.md §4. What was carried
over from before the program billed itself (``beginning``) is an old debt, whichever month it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet, Sum

from yihu.basics.months import Month
from yihu.fronts.reports.fees.beginning import begun
from yihu.ground.ledger.models import Account, Line, Voucher

Kind = Voucher.Kind
BILLED, PAID = (Kind.CHARGE, Kind.OFFSET, Kind.TRANSFER), (Kind.ALLOCATE, Kind.DEDUCT)
NAMES = ("base", "paid", "waived", "left")
EVERYTHING = Q()


def before(month: Month) -> Q:
    """Charges that belong to a month before this one. Plain comparisons of days, so that a database adds up fast."""
    longer = Q(
        charge__from_on__lt=month.first, charge__to_on__gt=month.last
    )  # from last month, over the end of this one
    return Q(charge__to_on__lt=month.first) | Q(charge__from_on__lt=month.before.first) | longer


def since(month: Month) -> Q:
    """All others: of this month or a later one."""
    ends = Q(charge__from_on__gte=month.first) | Q(charge__to_on__lte=month.last)
    return Q(charge__to_on__gte=month.first, charge__from_on__gte=month.before.first) & ends


def of(month: Month) -> Q:
    return since(month) & before(month.after)


@dataclass(frozen=True)
class Measure:
    """In 分: what was to be paid, what came in on it, what was let off, what is still owed."""

    base: int = 0
    paid: int = 0
    waived: int = 0
    left: int = 0

    def __add__(self, other: Measure) -> Measure:
        return Measure(
            self.base + other.base, self.paid + other.paid, self.waived + other.waived, self.left + other.left
        )

    @classmethod
    def of(cls, row: Mapping[str, Any], prefix: str = "") -> Measure:
        return cls(row[f"{prefix}base"], -row[f"{prefix}paid"], -row[f"{prefix}waived"], row[f"{prefix}left"])


@dataclass(frozen=True)
class Choice:
    """Months of service from first to last, looked at as the books stood at the end of a day, of a part of the estate."""

    community: Any
    first: Month
    last: Month
    day: date
    narrow: Q = EVERYTHING
    known: Month | None = None

    @cached_property
    def begun(self) -> Month:
        """The first month that the program billed itself."""
        return self.known or begun(self.community, self.day)

    @property
    def opens(self) -> Month:
        """The first of the months whose bills are current; the one after the last where none of them is."""
        return min(max(self.first, self.begun), self.last.after)

    @property
    def current(self) -> Q:
        return since(self.opens) & before(self.last.after)

    @property
    def prior(self) -> Q:
        """Debts of months before: what stood when the first month began, what was billed for them later, and what was
        carried over."""
        return before(self.opens)

    @property
    def ahead(self) -> Q:
        """Months to come."""
        return since(self.last.after)

    @property
    def service(self) -> Q:
        """All bills of the months, carried over or not."""
        return since(self.first) & before(self.last.after)

    @property
    def standing(self) -> Q:
        """The current bills, whenever they were billed, that were not taken back by the end of the day."""
        return self.current & ~Q(charge__reversal__day__lte=self.day)

    @property
    def in_time(self) -> Q:
        """The lines of a current bill up to the end of its own month."""
        if self.first == self.last:
            return Q(day__lte=self.last.last)
        month, latest = self.opens, min(self.last, Month.of(self.day))
        found = since(latest.after) if latest < self.last else Q()  # of a month that is not over all that is known
        while month <= latest:
            found |= of(month) & Q(day__lte=month.last)
            month = month.after
        return found

    @property
    def begins(self) -> date:
        return self.first.first

    def only(self, month: Month) -> Choice:
        """One month of it."""
        return replace(self, first=month, last=month, known=self.begun)


def debts(community: Any, until: date, narrow: Q = EVERYTHING) -> QuerySet[Line]:
    """The lines of the receivable up to a day."""
    return Line.objects.filter(narrow, community=community, account=Account.RECEIVABLE, day__lte=until)


def counted(begins: date | None = None, in_time: Q | None = None) -> dict[str, Q]:
    """Which lines each of the ``NAMES`` adds up. ``begins``: of old debts only what happened from that day on counts as
    paid; what stood before is their base. ``in_time``: what came in otherwise counts as not paid."""
    later = Q(day__gte=begins) if begins else Q()
    base = Q(voucher__kind__in=BILLED)
    if begins:
        base |= Q(day__lt=begins)
    paid, waived = Q(voucher__kind__in=PAID), Q(voucher__kind=Kind.WAIVE)
    told = {"base": base, "paid": paid & later, "waived": waived & later, "left": Q()}
    return told if in_time is None else {**told, "paid": told["paid"] & in_time, "left": ~paid | in_time}


def sums(
    which: Q = EVERYTHING, begins: date | None = None, prefix: str = "", in_time: Q | None = None
) -> dict[str, Sum]:
    asked = counted(begins, in_time)
    return {f"{prefix}{name}": Sum("amount", filter=which & asked[name], default=0) for name in NAMES}


def in_month(choice: Choice, prefix: str = "") -> dict[str, Sum]:
    """当月收款率 (FEE-12): of all bills of a month what was paid by its end, however late they were billed; the bills as the
    books stand at the end of the day. Of several months each one's own."""
    return sums(choice.standing, prefix=prefix, in_time=choice.in_time)


@dataclass
class Tally:
    """Several households together; a household counts as clear when nothing of it is owed any more."""

    current: Measure = Measure()
    prior: Measure = Measure()
    month: Measure = Measure()

    def __post_init__(self) -> None:
        self.homes: dict[Any, list[int]] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        current, prior = Measure.of(row, "current_"), Measure.of(row, "prior_")
        self.current, self.prior = self.current + current, self.prior + prior
        self.month = self.month + Measure.of(row, "month_")
        if row["unit_id"] is not None:
            home = self.homes.setdefault(row["unit_id"], [0, 0, 0, 0])
            for place, amount in enumerate((current.base, current.left, prior.base, prior.left)):
                home[place] += amount

    def households(self, which: str) -> tuple[int, int]:
        """How many are clear, of how many that had something to pay."""
        pairs = {"current": ((0, 1),), "prior": ((2, 3),), "both": ((0, 1), (2, 3))}[which]
        billed = [home for home in self.homes.values() if any(home[base] > 0 for base, _ in pairs)]
        return sum(all(home[left] <= 0 for _, left in pairs) for home in billed), len(billed)

    @property
    def both(self) -> Measure:
        return self.current + self.prior


def rows_of(choice: Choice) -> list[dict[str, Any]]:
    """One row for each household and fee item."""
    asked = {
        **sums(choice.current, prefix="current_"),
        **sums(choice.prior, choice.begins, prefix="prior_"),
        **in_month(choice.only(choice.last), prefix="month_"),
    }
    found = debts(choice.community, choice.day, choice.narrow).filter(before(choice.last.after))
    keys = ("unit_id", "unit__cluster_id", "unit__building_id", "item_id")
    return list(found.values(*keys).annotate(**asked).order_by())


def tally(rows: Iterable[Mapping[str, Any]], key: str = "") -> dict[Any, Tally]:
    """The households under each value of a column; all of them under None where none is named."""
    found: dict[Any, Tally] = {}
    for row in rows:
        found.setdefault(row[key] if key else None, Tally()).add(row)
    return found
