"""What stands in a file's cell, beyond what every cell can hold: marks, several names and several numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from yihu.basics import cells
from yihu.basics.cells import CellError
from yihu.basics.identity import normal_id, normal_phone
from yihu.basics.numerals import half_width
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.importing.reader import Mark

_NOTHING: Final = frozenset(("没有", "未知", "不详", "未登记", "未填", "none", "na", "null", "暂无"))
_BETWEEN: Final = re.compile(r"[、，,;；/|\n]+")
_BETWEEN_PHONES: Final = re.compile(r"[、，,;；/|\n]+|\s{2,}|(?<=[0-9]{7})\s+(?=1[0-9]{10})")
_CLOCK: Final = re.compile(
    r"(?P<half>上午|下午|晚上|早上|中午|傍晚|凌晨|晚)?\s*(?P<hour>[0-9]{1,2})\s*(?:[:时点])\s*(?P<minute>[0-9]{1,2})?\s*分?(?::[0-9]{1,2}(?:\.[0-9]+)?)?\s*$"
)
_ONE_PERSON: Final = re.compile("[\u3400-\u9fff]{2,4}")


class NoValue(CellError):
    """The cell holds a mark instead of a value: a formula without a result, a text beyond all measure."""


@lru_cache(maxsize=512, typed=True)  # a cell is asked several times in a row, and 自住 stands in every second one
def word(cell: Any) -> str:
    """One line of text in which signs and digits are half-width, or "" for 无, — and the like."""
    if isinstance(cell, Mark):
        raise NoValue(str(cell))
    if isinstance(cell, str) and cell.isascii() and cell.isalnum():
        return "" if cell.lower() in _NOTHING else cell
    if cells.blank(cell):
        return ""
    written = half_width(cells.text(cell))
    return "" if written.lower() in _NOTHING else written


def written(cell: Any) -> str:
    """The cell as it may be shown, whatever it holds."""
    return str(cell) if isinstance(cell, Mark) else cells.text(cell)


@dataclass(frozen=True)
class Moment:
    """What a cell tells of a moment: a day, a time of day, or both."""

    day: date | None
    clock: time | None

    def at(self, clock: time | None) -> datetime | None:
        """The moment in office time; without a time of day its midnight."""
        return None if self.day is None else datetime.combine(self.day, clock or time(0), OFFICE_ZONE)


def moment(cell: Any) -> Moment | None:
    """2026-10-21 09:17, 2026年10月21日 9时17分, 下午3:05, a workbook's own date and time; None for a blank cell."""
    if isinstance(cell, datetime):
        return Moment(cell.date(), cell.time().replace(second=0, microsecond=0))
    if isinstance(cell, time):
        return Moment(None, cell.replace(second=0, microsecond=0))
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60 % 1440
        return Moment(None, time(minutes // 60, minutes % 60))
    if not holds_value(cell):
        return None
    told = word(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell % 1:
        minutes = round(cell % 1 * 1440) % 1440
        return Moment(cells.day(int(cell)) if cell >= 1 else None, time(minutes // 60, minutes % 60))
    found = _CLOCK.search(told)
    if found is None:
        return Moment(cells.day(cell), None)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] in ("下午", "晚上", "傍晚", "晚") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise CellError(told)
    before = told[: found.start()].rstrip("T ")
    return Moment(cells.day(before) if before else None, time(hour, minute))


def names(cell: Any) -> list[str]:
    if isinstance(cell, str) and _ONE_PERSON.fullmatch(cell) and cell not in _NOTHING:
        return [cell]
    return list(dict.fromkeys(cells.names(cell))) if holds_value(cell) else []


def phones(cell: Any) -> list[str]:
    """The numbers in one cell, each in its one form; what is no number comes as it was written."""
    if not holds_value(cell):
        return []
    if normal := normal_phone(word(cell)):
        return [normal]
    parts = [part.strip() for part in _BETWEEN_PHONES.split(half_width(lines(cell)))]
    return list(dict.fromkeys(normal_phone(part) or part[:40] for part in parts if part))


def id_numbers(cell: Any) -> list[str]:
    """The identity or credit numbers in one cell; a number that was stored as such has lost its end (CellError)."""
    if not holds_value(cell):
        return []
    if not isinstance(cell, str):
        return [cells.identity(cell)]
    return list(dict.fromkeys(filter(None, (normal_id(part)[:40] for part in _BETWEEN.split(lines(cell))))))


def holds_value(cell: Any) -> bool:
    """Whether the cell says anything; raises NoValue for a mark."""
    return bool(word(cell))


def lines(cell: Any) -> str:
    """The text with its line breaks, which part one thing from the next."""
    if isinstance(cell, str):
        return "\n".join(cells.text(line) for line in cell.splitlines())
    return cells.text(cell)
