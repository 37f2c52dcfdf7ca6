"""A line of the statement tied to a voucher of the books, whichever way the money went: tied, untied, written down."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from yihu.areas.cashier.banking.models import BankLine, LinePayment
from yihu.kernel.errors import Conflict, Refused

BOOK = "banking.bankline"


def tied() -> Coalesce:
    """What of a voucher some line is already, in 分: for a question that asks for vouchers."""
    rows = LinePayment.objects.filter(voucher=OuterRef("pk"), held=True).order_by().values("voucher")
    return Coalesce(Subquery(rows.annotate(total=Sum("amount")).values("total")), 0)


def write_down(books: Any, line: BankLine, sentence: str) -> None:
    """Into the book of the line: who did what."""
    books.commanding.note(books.commanding.book(BOOK, line.pk), f"{books.by} {sentence}", step="banking")


def tie(books: Any, line: BankLine, voucher: int, amount: int, sentence: str) -> None:
    """``amount`` of the line, in 分, is this voucher's money."""
    LinePayment.objects.create(line=line, voucher_id=voucher, amount=amount)
    write_down(books, line, sentence)


def untie(ties: QuerySet[LinePayment], pk: int, why: str) -> LinePayment:
    """One of ``ties`` was wrong: the line and the voucher wait again. Refused without a reason, Conflict where it is gone."""
    if not why.strip():
        raise Refused("请写明为什么对错了。")
    held = ties.filter(pk=pk).first()
    if held is None:
        raise Conflict("这一笔刚刚已经撤销，请刷新看看。", [])
    LinePayment.objects.filter(pk=pk).update(held=False)
    return held
