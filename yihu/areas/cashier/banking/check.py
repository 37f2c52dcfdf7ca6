"""Reads every line of a statement, follows its running balance, and says what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from yihu.areas.cashier.banking import headings
from yihu.areas.cashier.banking.lines import Line
from yihu.areas.cashier.banking.problems import problem
from yihu.basics.cells import CellError
from yihu.basics.money import MoneyError, fen, yuan
from yihu.basics.numerals import half_width
from yihu.kernel.importing import cells
from yihu.kernel.importing.checking import Checked, SheetReader
from yihu.kernel.importing.recognise import Recognised, Shape

_FOOTER: Final = re.compile(
    r"^(合计|小计|总计|共计|本页|承前页|期初|期末|上期|本期)|^共\s*\d+\s*[条笔]|^第\s*\d+\s*页|(制表|打印|复核)[人时].*:|^(注|说明):"
)
_IN_BRACKETS: Final = re.compile(r"^\((.*)\)$")

STATEMENT: Final = Shape(
    title="银行流水",
    words=headings.WORDS,
    told_by=frozenset({"on", "summary", "came", "amount", "balance"}),
    must=("on",),
)


def check(recognised: Recognised, today: date) -> Checked:
    """Every line of every sheet, in the order of time."""
    found = Checked(problems=[*recognised.questions, *recognised.notes])
    for layout in recognised.layouts:
        if not layout.left_out and layout.has("on"):
            part = Checked()
            _LineReader(layout, part, today).read()
            found.lines += part.lines
            found.problems += part.problems
            found.rows += _once(_in_order(part.rows), found)
    if not found.rows and not found.errors:
        found.problems.append(problem("nothing_found", "流水", "交易日期"))
    return found


def _in_order(rows: list[Line]) -> list[Line]:
    """Oldest first: some banks print the newest line first."""
    if len(rows) > 1 and rows[0].on != rows[-1].on:
        return rows if rows[0].on < rows[-1].on else rows[::-1]
    return rows if _gaps(rows) <= _gaps(rows[::-1]) else rows[::-1]


def _gaps(rows: Sequence[Line]) -> int:
    return sum(not after.follows(before) for before, after in pairwise(rows))


def _once(rows: list[Line], found: Checked) -> list[Line]:
    """Each line once; one that is equal to another is a second one only where the running balance says so."""
    kept: list[Line] = []
    seen: dict[Any, list[Line]] = {}
    for line in rows:
        equal = seen.setdefault(line.same, [])
        if equal and line.balance is not None and not line.follows(kept[-1]):
            found.problems.append(problem("bank_twice", equal[0].row_no, sheet=line.sheet, row=line.row_no))
            continue
        if kept and not line.follows(kept[-1]):
            should = (kept[-1].balance or 0) + line.amount
            words = (yuan(should), yuan(line.balance or 0), yuan((line.balance or 0) - should))
            found.problems.append(problem("bank_gap", *words, sheet=line.sheet, row=line.row_no, column="余额"))
        line.again = len(equal)
        equal.append(line)
        kept.append(line)
    found.problems += [
        problem("bank_put_in", sheet=line.sheet, row=line.row_no, column="余额") for line in _put_in(kept)
    ]
    return kept


def _put_in(kept: list[Line]) -> list[Line]:
    """Where the balance is torn because something was put in: two lines go on from one balance at which only one ends; or a
    line joins nothing at all, and what stands before and after it join each other."""
    ends = Counter(line.balance for line in kept)
    starts = Counter(_before(line) for line in kept)
    torn = [place for place in range(1, len(kept)) if not kept[place].follows(kept[place - 1])]
    begins = {_before(kept[place]): place for place in torn}
    forks = [place for place in torn if starts[_before(kept[place])] > ends[_before(kept[place])] > 0]
    alone = [
        place for place in torn if begins.get(kept[place - 1].balance, 0) > place and not ends[_before(kept[place])]
    ]
    return [kept[place] for place in sorted({*forks, *alone})]


def _before(line: Line) -> int | None:
    return None if line.balance is None else line.balance - line.amount


def amount_of(cell: Any) -> int | None:
    """A cell's amount in 分; None for a blank one. (1,234.50) is negative, as accountants write it."""
    if not cells.holds_value(cell):
        return None
    try:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return fen(Decimal(str(round(cell, 6))))
        written = half_width(str(cell)).strip()
        if written in ("-", "--", "—"):
            return None
        bracketed = _IN_BRACKETS.match(written)
        return -fen(bracketed[1]) if bracketed else fen(written)
    except MoneyError as error:
        raise CellError(str(cell)) from error


class _LineReader(SheetReader):
    words, key, footer = headings.WORDS, "on", _FOOTER
    longest = {"payer_name": 80, "summary": 200}

    def row(self) -> Line | None:
        moment = self.value("on", cells.moment, "bank_day")
        if not self.has("on"):
            self.wrong("bank_no_day", column="on")
        amount = self._amount()
        if moment is None or moment.day is None or not amount:
            return None
        if moment.day > self.today:
            self.wrong("bank_to_come", column="on", value=moment.day)
        payer_name = self.text("payer_name")
        if not payer_name:
            self.wrong("missing_payer", column="payer_name")
        return Line(
            self.layout.sheet.name, self.row_no, moment.day, amount, self.value("balance", amount_of, "bank_amount"),
            payer_name, self.text("summary"),
        )  # fmt: skip

    def _amount(self) -> int:
        came, went, moved = (self.value(name, amount_of, "bank_amount") or 0 for name in ("came", "went", "amount"))
        if came and went:
            self.wrong("bank_two_amounts", column="came")
        way = self.text("way")
        if way and way not in headings.OUT | headings.IN:
            self.wrong("bank_way", column="way", value=way)
        moved = -abs(moved) if way in headings.OUT else moved
        found = came - abs(went) + moved
        if not found and not any(found.row == self.row_no for found in self.checked.problems):
            self.wrong("bank_no_amount", column="came")
        return int(found)
