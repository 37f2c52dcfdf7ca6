"""Bank statements for the tests: invented payers, a running balance, as banks export them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from yihu.basics.money import fen, yuan

HEAD = ("交易日期", "对方户名", "摘要", "收入金额", "余额")
PAID = (
    ("2026-11-02", "赵业主", "A1-1-0101物业费", "322.74"),
    ("2026-11-02", "钱途", "", "1,031.33"),
    ("2026-11-03", "孙大圣", "赵业主交物业费", "115.12"),
    ("2026-11-03", "", "物业费", "35,941.00"),
)


def rows(*paid: Sequence[str], start: int = 81233456) -> list[Sequence[str]]:
    """Each with the balance after it."""
    told, balance = [], start
    for on, name, summary, amount in paid or PAID:
        balance += fen(amount)
        told.append((on, name, summary, amount, yuan(balance)))
    return told


def table(lines: Sequence[Sequence[str]], head: Sequence[str] = HEAD, encoding: str = "gb18030") -> bytes:
    kept = io.StringIO()
    csv.writer(kept).writerows([head, *lines])
    return kept.getvalue().encode(encoding)


def statement(*paid: Sequence[str], **more: str) -> bytes:
    return table(rows(*paid), **more)  # type: ignore[arg-type]


def long_statement(count: int) -> bytes:
    """Many lines, forty a day from the first of January on."""
    told = (
        (f"2026-{1 + at // 1120:02d}-{1 + at // 40 % 28:02d}", f"付款人{at % 977}", f"A1-1-{at % 30 + 1:02d}01物业费", f"{at % 4000 + 1}.{at % 100:02d}")
        for at in range(count)
    )  # fmt: skip
    return statement(*told)
