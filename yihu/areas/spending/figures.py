"""Planned against actual: a month and the year so far, line by line, with what is agreed to and not yet paid (FEE-15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from yihu.areas.spending.models import Budget, BudgetLine, BudgetRow, SpendRequest
from yihu.basics.money import yuan
from yihu.basics.periods import last_of
from yihu.ground.ledger.models import Account, Line, Voucher
from yihu.kernel.settings_pages.numbers import Number, declare

WARN: Final = declare(
    Number("spending.warn_percent", "预算预警", "一项支出（已付加已批）达到当月预算的百分之多少时提醒", 80, "%", 1, 100)
)
KEEPERS = ("project_manager", "finance_supervisor")  # who is warned
K = BudgetLine.Kind
DUE = Coalesce(F("audited_fen"), F("amount_fen"))
GAINED = (Account.INCOME, Account.PASS_THROUGH, Account.COMMON, Account.WAIVED)


@dataclass(frozen=True)
class Row:
    """One line of the sheet, in 分."""

    line: BudgetLine
    planned: int
    actual: int
    committed: int
    planned_so_far: int
    actual_so_far: int
    warn_percent: int

    @property
    def percent(self) -> int | None:
        """Of the month's plan; None where nothing was planned."""
        used = self.actual + self.committed if self.line.kind == K.COST else self.actual
        return used * 100 // self.planned if self.planned else None

    @property
    def over(self) -> bool:
        return self.line.kind == K.COST and self.actual + self.committed > self.planned

    @property
    def warned(self) -> bool:
        return self.line.kind == K.COST and self.percent is not None and self.percent >= self.warn_percent


def warning(row: Row, first: date) -> str:
    """What whoever keeps the budget is told when a month's share is reached; "" before."""
    used = row.actual + row.committed
    if row.planned and used * 100 < row.planned * row.warn_percent:
        return ""
    percent = f"{used * 100 // row.planned}%" if row.planned else "没有预算"
    month = f"{first:%Y年%m月}"
    return f"预算预警：{row.line} {month}已付加已批 {yuan(used)} 元，预算 {yuan(row.planned)} 元（{percent}）。"


def budget_of(community_id: int, year: int) -> Budget | None:
    rows = Budget.objects.filter(community_id=community_id, year=year, state=Budget.State.IN_FORCE, closed_as="")
    return rows.order_by("-pk").first()


def sheet(community_id: int, first: date, last: date, now: Any, line: int | None = None) -> list[Row]:
    """The lines in use between the first of a month and the end of one in the same year; and ``line`` in any case."""
    begin = first.replace(month=1, day=1)
    months, so_far = range(first.month, last.month + 1), range(1, last.month + 1)
    planned = _planned(community_id, first.year)
    actual = {**spent(community_id, first, last), **incomes(community_id, first, last)}
    until_now = {**spent(community_id, begin, last), **incomes(community_id, begin, last)}
    waiting, percent = committed(community_id, first, last), WARN.at(community_id, now)
    lines = BudgetLine.objects.filter(community_id=community_id).order_by("-kind", "source", "code")
    rows = [
        Row(
            one, sum(planned.get((one.pk, at), 0) for at in months), actual.get(one.pk, 0), waiting.get(one.pk, 0),
            sum(planned.get((one.pk, at), 0) for at in so_far), until_now.get(one.pk, 0), percent,
        )
        for one in lines
    ]  # fmt: skip
    return [row for row in rows if row.line.shown or row.planned_so_far or row.actual_so_far or row.line.pk == line]


def row_of(request: SpendRequest, now: Any) -> Row:
    """The month in which a request is to be spent, on its line, in use any more or not."""
    first, last = month_of(request.needed_on)
    rows = sheet(request.community_id, first, last, now, line=request.line_id)
    return next(row for row in rows if row.line.pk == request.line_id)


def _planned(community_id: int, year: int) -> Mapping[tuple[int, int], int]:
    budget = budget_of(community_id, year)
    rows = BudgetRow.objects.filter(budget=budget).values_list("line", "month", "amount") if budget else ()
    return {(line, month): amount for line, month, amount in rows}


def paid(community_id: int, first: date, last: date, **more: Any) -> Any:
    """What was paid on the lines of cost: the ledger's own lines, whose reversals count against it."""
    rows = Line.objects.filter(
        community_id=community_id, day__gte=first, day__lte=last, account=Account.PAYABLE, **more
    )
    return rows.filter(voucher__kind=Voucher.Kind.PAY, cost__isnull=False)


def costs(community_id: int, first: date, last: date) -> dict[int, int]:
    """The same on each line."""
    rows = paid(community_id, first, last).order_by().values_list("cost__budget_line")
    return {line: int(total) for line, total in rows.annotate(total=Sum("amount"))}


def spent(community_id: int, first: date, last: date) -> dict[int, int]:
    """What was paid on each line of cost, and what was taken off on the line of 手续费."""
    found = costs(community_id, first, last)
    line = BudgetLine.objects.filter(community_id=community_id, fees=True).values_list("pk", flat=True).first()
    if line is not None:
        found[line] = int(fees(community_id, first, last).aggregate(total=Sum("amount", default=0))["total"])
    return found


def fees(community_id: int, first: date, last: date) -> Any:
    """手续费 that the bank, the card terminal and the channels took: the ledger's own lines, by the day of the books."""
    return Line.objects.filter(community_id=community_id, account=Account.FEE, day__gte=first, day__lte=last)


def agreed(community_id: int, first: date, last: date, **more: Any) -> list[tuple[SpendRequest, int]]:
    """The requests that were agreed to for these days, each with what of it is not paid yet."""
    rows = SpendRequest.objects.filter(
        community_id=community_id, state=SpendRequest.State.APPROVED, needed_on__gte=first, needed_on__lte=last, **more
    )
    spent = Sum(
        F("claims__payable__amount") - F("claims__payable__left"), filter=Q(claims__payable__voided_by__isnull=True)
    )
    found = [(one, max(0, one.amount_fen - int(one.used or 0))) for one in rows.annotate(used=spent).order_by("pk")]
    return [(one, left) for one, left in found if left]


def committed(community_id: int, first: date, last: date) -> dict[int, int]:
    """The same on each line."""
    found: dict[int, int] = {}
    for one, left in agreed(community_id, first, last):
        found[one.line_id] = found.get(one.line_id, 0) + left
    return found


def billed(community_id: int, first: date, last: date, **more: Any) -> Any:
    """What was billed on the income side, and what was let off of it: the ledger's own lines."""
    kinds = (Voucher.Kind.CHARGE, Voucher.Kind.WAIVE)
    rows = Line.objects.filter(
        community_id=community_id, day__gte=first, day__lte=last, voucher__kind__in=kinds, **more
    )
    return rows.filter(account__in=GAINED)


def incomes(community_id: int, first: date, last: date) -> dict[int, int]:
    """What was billed of each income line's fee item, less what was let off."""
    rows = billed(community_id, first, last).order_by().values_list("item")
    by_item = {item: -int(total) for item, total in rows.annotate(total=Sum("amount"))}
    lines = BudgetLine.objects.filter(community_id=community_id, kind=K.INCOME).values_list("pk", "item")
    return {line: by_item.get(item, 0) for line, item in lines}


def month_of(day: date) -> tuple[date, date]:
    return day.replace(day=1), last_of(day)
