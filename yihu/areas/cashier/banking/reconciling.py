"""银行对账: a month of the bank beside the books, in and out, to the cent: what agrees, what stands only here, what only there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.cashier.banking.channels import label_of
from yihu.areas.cashier.banking.models import BankLine, Settlement
from yihu.areas.cashier.banking.outgoing import lines_out_of, payments
from yihu.areas.cashier.banking.own_money import banked
from yihu.areas.cashier.banking.taking import with_used
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Receipt


@dataclass(frozen=True)
class Month:
    """Sums in 分; ``only_bank`` and ``only_books`` are rows [day, who, words, 分]."""

    first: date
    last: date
    bank_in: int
    bank_out: int
    matched: int
    aside: int
    only_bank: list[tuple[date, str, str, int]]
    only_books: list[tuple[date, str, str, int]]
    out_matched: int
    out_aside: int
    out_bank: list[tuple[date, str, str, int]]
    out_books: list[tuple[date, str, str, int]]

    @property
    def bank_rest(self) -> int:
        return sum(row[3] for row in self.only_bank)

    @property
    def books_rest(self) -> int:
        return sum(row[3] for row in self.only_books)

    @property
    def books(self) -> int:
        return self.matched + self.books_rest

    @property
    def holds(self) -> bool:
        """What came in = what is matched + what is no payment + what is nobody's yet; what went out likewise."""
        out = self.out_matched + self.out_aside + sum(row[3] for row in self.out_bank)
        return self.bank_in == self.matched + self.aside + self.bank_rest and -self.bank_out == out

    @property
    def figures(self) -> list[tuple[str, str]]:
        return [
            ("银行收入", yuan(self.bank_in)), ("其中：已对上", yuan(self.matched)), ("其中：不是客户缴款", yuan(self.aside)),
            ("其中：银行有、账上没有", yuan(self.bank_rest)), ("账上银行收款", yuan(self.books)),
            ("其中：账上有、银行没有", yuan(self.books_rest)), ("银行支出", yuan(-self.bank_out)), ("其中：已对上付款", yuan(self.out_matched)),
            ("其中：不是账上的付款", yuan(self.out_aside)), ("其中：银行付了、账上没有", yuan(sum(row[3] for row in self.out_bank))),
            ("账上已付、银行没有", yuan(sum(row[3] for row in self.out_books))),
        ]  # fmt: skip


def month_of(community: Any, first: date) -> Month:
    """A receipt counts in the month of its line; one without a line in the month in which it was received."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    lines = BankLine.objects.filter(community=community, on__gte=first, on__lte=last)
    lines = with_used(lines).select_related("settlement").order_by("on", "pk")
    bank_in = bank_out = matched = aside = 0
    only_bank = []
    for line in lines:
        if line.amount < 0:
            bank_out += line.amount  # by its payments, below
            continue
        bank_in += line.amount
        if hasattr(line, "settlement"):
            matched += line.amount
        elif line.aside:
            aside += line.amount
        else:
            matched += line.used  # type: ignore[attr-defined]
            if rest := line.amount - line.used:  # type: ignore[attr-defined]
                only_bank.append((line.on, line.payer_name or "（未写户名）", line.summary, rest))
    return Month(
        first, last, bank_in, bank_out, matched, aside, only_bank, _only_books(community, first, last), *_out(community, first, last)
    )  # fmt: skip


def _out(community: Any, first: date, last: date) -> tuple[int, int, list[Any], list[Any]]:
    """A payment counts in the month of its line; one without a line in the month in which it was written down."""
    matched = aside = 0
    rest: list[tuple[date, str, str, int]] = []
    for line in lines_out_of(community).filter(on__gte=first, on__lte=last).order_by("on", "pk"):
        if line.aside:
            aside -= line.amount
            continue
        matched += line.used  # type: ignore[attr-defined]
        if line.used < -line.amount:  # type: ignore[attr-defined]
            rest.append((line.on, line.payer_name or "（未写户名）", line.summary, -line.amount - line.used))  # type: ignore[attr-defined]
    unpaid = [(one.day, one.payee, f"{one.kind} {one.number}", one.rest) for one in payments(community, first, last)]
    return matched, aside, rest, unpaid


def _only_books(community: Any, first: date, last: date) -> list[tuple[date, str, str, int]]:
    receipts = Receipt.objects.filter(
        community=community, method=Receipt.Method.BANK, voided_by__isnull=True, bank_tie__isnull=True,
        received_at__date__gte=first, received_at__date__lte=last,
    ).order_by("received_at", "pk")  # fmt: skip
    found = [(timezone.localdate(row.received_at), row.payer_name, row.number, row.amount) for row in receipts]
    settled = Settlement.objects.filter(community=community, line__isnull=True, day__gte=first, day__lte=last)
    found += [(row.day, label_of(row.channel), "渠道结算，还没有到账", row.net) for row in settled]
    return found + [(one.day, "缴存", one.words, one.rest) for one in banked(community, day__gte=first, day__lte=last)]
