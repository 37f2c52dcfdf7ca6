"""《记账凭证》 on half a sheet, and 《科目汇总表》 of the month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipLine
from yihu.basics.money import rmb_capitals, yuan
from yihu.ground.ledger.models import Account
from yihu.ground.ledger.surplus import Whose, differences
from yihu.kernel import moments
from yihu.kernel.prints.declare import Print


def slip(told: Any, by: Any) -> dict[str, Any]:
    return dict(told)


def slips(book: MonthBook, rows: Iterable[Slip]) -> list[dict[str, Any]]:
    """What stands on each of them."""
    return [_sheet(book, one) for one in rows]


def _sheet(book: MonthBook, one: Slip) -> dict[str, Any]:
    return {
        "community": book.community.name,
        "number": one.full_number,
        "qr": one.full_number,
        "title": "记账凭证",
        "day": f"{one.day.year} 年 {one.day.month} 月 {one.day.day} 日",
        "red": one.red,
        "papers": str(one.papers),
        "lines": [
            [one.words if line.place == 1 else "", str(line.get_account_display()), line.name, _yuan(line.debit), _yuan(line.credit)]
            for line in one.lines.all()
        ],
        "total": yuan(one.total),
        "capitals": rmb_capitals(one.total),
        "drawn": str(book.drawn_by or ""),
        "signed": str(book.signed_by or ""),
    }  # fmt: skip


def _yuan(amount: int) -> str:
    return yuan(amount) if amount else ""


def summary(book: MonthBook, by: Any) -> dict[str, Any]:
    """科目汇总表: the month's debit and credit of each account, added up from the slips."""
    sums: dict[str, list[int]] = {}
    for line in SlipLine.objects.filter(slip__book=book):
        both = sums.setdefault(line.account, [0, 0])
        both[0] += line.debit
        both[1] += line.credit
    order = [account.value for account in Account]
    rows = [[str(Account(name).label), *map(yuan, sums[name])] for name in sorted(sums, key=order.index)]
    total = [sum(both[side] for both in sums.values()) for side in (0, 1)]
    left = differences(book.community_id, book.last, book.first)
    return {
        "community": book.community.name,
        "number": book.number,
        "period": f"{book.first:%Y-%m-%d} 至 {book.last:%Y-%m-%d}",
        "slips": f"记字第 0001 号至第 {book.slip_count:04d} 号，共 {book.slip_count} 张" if book.slip_count else "没有凭证",
        "lines": [*rows, ["合计", *map(yuan, total)]],
        "office": f"{yuan(left[Whose.OFFICE])} 元",
        "owners": f"{yuan(left[Whose.OWNERS])} 元",
        "queries": [
            [str(one.slip), one.question, one.answer or "（还没有答复）"] for one in book.queries.select_related("slip").order_by("pk")
        ],
        "drawn": str(book.drawn_by or ""),
        "drawn_at": moments.formal(book.drawn_at),
        "signed": str(book.signed_by or ""),
        "signed_at": moments.formal(book.signed_at),
    }  # fmt: skip


SLIP = Print("slip", "记账凭证", data=slip, paper="a5-landscape", of_one=False)
