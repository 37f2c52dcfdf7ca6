"""What the receivable's lines add up to, by charge, household and fee item: one question to the database each time.

A charge belongs to the month in which its service ends (21 September to 20 October is October); one that runs over more
than two months was asked for in advance and belongs to the month in which it begins. Formulas: domain.md §4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import ExtractMonth, ExtractYear

from yihu.areas.billing.reckoned import Month
from yihu.basics.money import round_half_up
from yihu.ground.ledger.models import Account, Line, Voucher

Kind = Voucher.Kind
BILLED, PAID = (Kind.CHARGE, Kind.OFFSET), (Kind.ALLOCATE, Kind.DEDUCT)
NAMES = ("base", "paid", "waived", "left")
DASH = "—"
EVERYTHING = Q()


def index(month: Month) -> int:
    return month.year * 12 + month.month - 1


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

    @property
    def current(self) -> Q:
        return Q(month__gte=index(self.first), month__lte=index(self.last))

    @property
    def prior(self) -> Q:
        """Debts of months before: what stood when the first month began, and what was billed for them later."""
        return Q(month__lt=index(self.first))

    @property
    def begins(self) -> date:
        return self.first.first


def percent(good: int, every: int) -> str:
    """To two places; a dash where there is nothing to divide by (domain.md §11, 14)."""
    if every <= 0:
        return DASH
    hundredths = round_half_up(Fraction(good * 10000, every))
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}%"


def debts(community: Any, until: date, narrow: Q = EVERYTHING) -> QuerySet[Line]:
    """The lines of the receivable up to a day, each with the ``month`` of its charge."""
    rows = Line.objects.filter(narrow, community=community, account=Account.RECEIVABLE, day__lte=until)
    ended = ExtractYear("charge__to_on") * 12 + ExtractMonth("charge__to_on") - 1
    begun = ExtractYear("charge__from_on") * 12 + ExtractMonth("charge__from_on") - 1
    rows = rows.annotate(begun=begun, ended=ended)
    return rows.annotate(month=Case(When(ended__gt=F("begun") + 1, then=F("begun")), default=F("ended")))


def sums(which: Q = EVERYTHING, since: date | None = None, prefix: str = "") -> dict[str, Sum]:
    """``since``: of old debts only what happened from that day on counts as paid; what stood before is their base."""
    later = Q(day__gte=since) if since else Q()
    base = Q(voucher__kind__in=BILLED)
    if since:
        base |= Q(day__lt=since)
    asked = {
        "base": base,
        "paid": Q(voucher__kind__in=PAID) & later,
        "waived": Q(voucher__kind=Kind.WAIVE) & later,
        "left": Q(),
    }
    return {f"{prefix}{name}": Sum("amount", filter=which & asked[name], default=0) for name in NAMES}


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
    due = Q(month=index(choice.last), day__lte=choice.last.last)
    asked = {
        **sums(choice.current, prefix="current_"),
        **sums(choice.prior, choice.begins, prefix="prior_"),
        **sums(due, prefix="month_"),
    }
    found = debts(choice.community, choice.day, choice.narrow).filter(month__lte=index(choice.last))
    keys = ("unit_id", "unit__cluster_id", "unit__building_id", "item_id")
    return list(found.values(*keys).annotate(**asked).order_by())


def tally(rows: Iterable[Mapping[str, Any]], key: str = "") -> dict[Any, Tally]:
    """The households under each value of a column; all of them under None where none is named."""
    found: dict[Any, Tally] = {}
    for row in rows:
        found.setdefault(row[key] if key else None, Tally()).add(row)
    return found
