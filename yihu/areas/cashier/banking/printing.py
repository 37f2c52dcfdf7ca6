"""What stands on the month's bank reconciliation."""

from __future__ import annotations

from datetime import date
from typing import Any

from yihu.areas.cashier.banking.reconciling import month_of
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel.prints.declare import Print

MOST = 500


def sheet(community: Any, first: date) -> dict[str, Any]:
    month = month_of(community, first)
    return {
        "community": community.name,
        "month": f"{first.year} 年 {first.month} 月",
        "figures": [list(row) for row in month.figures],
        "only_bank": _rows(month.only_bank),
        "only_books": _rows(month.only_books),
        "out_bank": _rows(month.out_bank),
        "out_books": _rows(month.out_books),
        "left_out": max(map(len, (month.only_bank, month.only_books, month.out_bank, month.out_books))) - MOST,
        "holds": month.holds,
    }


def _rows(rows: list[tuple[date, str, str, int]]) -> list[list[str]]:
    return [
        [f"{on:%m-%d}", mask_free_text(who), mask_free_text(words), yuan(amount)]
        for on, who, words, amount in rows[:MOST]
    ]


RECONCILIATION = Print("reconciliation", "银行对账单", data=sheet, of_one=False)
