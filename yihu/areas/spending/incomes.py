"""What the ledger says of a book between two days: billed and received of each fee item, paid of each line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from yihu.areas.spending import figures
from yihu.areas.spending.models import BudgetLine, Statement
from yihu.ground.ledger.models import Account, FeeItem, Line, Voucher

Kind, Book = Voucher.Kind, Statement.Book
EVER = date(1900, 1, 1)
NATURE = {Book.OFFICE: FeeItem.Nature.INCOME, Book.COMMON: FeeItem.Nature.COMMON}


def items_of(community_id: int, book: str) -> list[FeeItem]:
    return list(FeeItem.objects.filter(community_id=community_id, nature=NATURE[Book(book)]).order_by("pk"))


def received(community_id: int, first: date, last: date, **more: Any) -> Any:
    """Money that settled a bill: the ledger's own lines; what was taken back counts against it."""
    rows = Line.objects.filter(
        community_id=community_id, day__gte=first, day__lte=last, account=Account.RECEIVABLE, **more
    )
    return rows.filter(voucher__kind__in=(Kind.ALLOCATE, Kind.DEDUCT))


def reckon(community_id: int, book: str, first: date, last: date) -> dict[str, Any]:
    """The statement as it stands now, in 分: rows of income, rows of cost, what stood before."""
    items = items_of(community_id, book)
    in_bills = _by_item(figures.billed(community_id, first, last, item__in=items))
    in_money = _by_item(received(community_id, first, last, item__in=items))
    income = [
        {"pk": item.pk, "name": item.name, "billed": in_bills.get(item.pk, 0), "received": in_money.get(item.pk, 0)}
        for item in items if in_bills.get(item.pk) or in_money.get(item.pk)
    ]  # fmt: skip
    lines = lines_of(community_id, book)
    paid = figures.costs(community_id, first, last)
    costs = [{"pk": line.pk, "name": line.name, "amount": paid[line.pk]} for line in lines if paid.get(line.pk)]
    return {
        "income": income,
        "costs": costs + _fees(community_id, book, first, last),
        "before": _balance(community_id, items, lines, first - timedelta(days=1)) if book == Book.COMMON else None,
    }


def fee_of(community_id: int, book: str, first: date, last: date) -> int:
    """手续费 are the office's cost: what was taken off the common income would be a claim on one of its lines."""
    rows = figures.fees(community_id, first, last) if book == Book.OFFICE else Line.objects.none()
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def _fees(community_id: int, book: str, first: date, last: date) -> list[dict[str, Any]]:
    """A row of cost that stands on no line of the budget."""
    amount = fee_of(community_id, book, first, last)
    return [{"account": Account.FEE.value, "name": str(Account.FEE.label), "amount": amount}] if amount else []


def _balance(community_id: int, items: Sequence[FeeItem], lines: Any, day: date) -> int:
    """What was left of the common income at the end of a day."""
    money, paid = parts_of(community_id, items, lines, day)
    return sum(money.values()) - sum(paid.values())


def parts_of(
    community_id: int, items: Sequence[FeeItem], lines: Any, day: date
) -> tuple[dict[int, int], dict[int, int]]:
    """The same by fee item and by line."""
    paid = figures.costs(community_id, EVER, day)
    ours = {line.pk: paid[line.pk] for line in lines if paid.get(line.pk)}
    return _by_item(received(community_id, EVER, day, item__in=items)), ours


def lines_of(community_id: int, book: str) -> Any:
    rows = BudgetLine.objects.filter(community_id=community_id, kind=BudgetLine.Kind.COST, source=book)
    return rows.order_by("code")


def _by_item(rows: Any) -> dict[int, int]:
    found = rows.order_by().values_list("item").annotate(total=Sum("amount"))
    return {item: -int(total) for item, total in found}


def sums(told: Any) -> dict[str, int]:
    """The totals of a statement, and what is left."""
    billed = sum(row["billed"] for row in told.get("income", ()))
    money = sum(row["received"] for row in told.get("income", ()))
    cost = sum(row["amount"] for row in told.get("costs", ()))
    before = told.get("before")
    return {
        "billed": billed,
        "received": money,
        "costs": cost,
        "left": money - cost,
        "after": (before or 0) + money - cost,
    }
