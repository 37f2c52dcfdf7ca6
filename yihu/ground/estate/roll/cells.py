"""What stands in a roll's cell, beyond what every cell can hold: several numbers, things, shares, marks."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from yihu.basics import cells
from yihu.basics.cells import CellError
from yihu.basics.identity import normal_id, normal_phone
from yihu.basics.numerals import half_width
from yihu.ground.estate.roll.reader import Mark

# What people write where a day has not come yet.
_NOT_YET: Final = re.compile(
    "[未待没](?:办理?|有)?(?:交房|收房|收楼|交楼|交付|接房|入伙|装修|办理|入住|验收|交|办)(?:手续)?"
)
_NOTHING: Final = frozenset(("没有", "未知", "不详", "未登记", "未填", "none", "na", "null", "暂无"))
_BETWEEN: Final = re.compile(r"[、，,;；/|\n]+")
_BETWEEN_THINGS: Final = re.compile(r"[、，,;；/|\s]+")
_BETWEEN_PHONES: Final = re.compile(r"[、，,;；/|\n]+|\s{2,}|(?<=[0-9]{7})\s+(?=1[0-9]{10})")
_ONE_PERSON: Final = re.compile("[\u3400-\u9fff]{2,4}")
_FIRM: Final = re.compile(
    r"公司|事务所|集团|中心|工作室|银行|支行|学校|医院|商行|经营部|委员会|合伙|[厂店部社局院所馆]$"
)


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


def area(cell: Any) -> Decimal | None:
    return cells.area(cell) if _holds_value(cell) else None


@lru_cache(maxsize=512, typed=True)  # whole buildings were handed over on one day
def day(cell: Any) -> date | None:
    if not _holds_value(cell) or (isinstance(cell, str) and _NOT_YET.fullmatch(cell.strip())):
        return None
    return cells.day(cell)


def names(cell: Any) -> list[str]:
    if isinstance(cell, str) and _ONE_PERSON.fullmatch(cell) and cell not in _NOTHING:
        return [cell]
    return list(dict.fromkeys(cells.names(cell))) if _holds_value(cell) else []


def is_firm(name: str) -> bool:
    return bool(_FIRM.search(name))


def phones(cell: Any) -> list[str]:
    """The numbers in one cell, each in its one form; what is no number comes as it was written."""
    if not _holds_value(cell):
        return []
    if normal := normal_phone(word(cell)):
        return [normal]
    parts = [part.strip() for part in _BETWEEN_PHONES.split(half_width(_lines(cell)))]
    return list(dict.fromkeys(normal_phone(part) or part[:40] for part in parts if part))


def id_numbers(cell: Any) -> list[str]:
    """The identity or credit numbers in one cell; a number that was stored as such has lost its end (CellError)."""
    if not _holds_value(cell):
        return []
    if not isinstance(cell, str):
        return [cells.identity(cell)]
    return list(dict.fromkeys(filter(None, (normal_id(part)[:40] for part in _BETWEEN.split(_lines(cell))))))


def things(cell: Any) -> list[str]:
    """Plates or parking spaces in one cell."""
    if not _holds_value(cell):
        return []
    return list(dict.fromkeys(part.upper() for part in _BETWEEN_THINGS.split(half_width(_lines(cell))) if part))


def share(cell: Any) -> Decimal | None:
    """A part of the whole: 50%, 0.5, 1/2."""
    told = word(cell)
    if not told:
        return None
    try:
        over, _, under = told.removesuffix("%").partition("/")
        part = Decimal(over) / Decimal(under or (100 if told.endswith("%") else 1))
        part = part.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    except (InvalidOperation, ZeroDivisionError) as error:
        raise CellError(told) from error
    if not 0 < part <= 1:
        raise CellError(told)
    return part


def _holds_value(cell: Any) -> bool:
    return bool(word(cell))


def _lines(cell: Any) -> str:
    """The text with its line breaks, which part one thing from the next."""
    if isinstance(cell, str):
        return "\n".join(cells.text(line) for line in cell.splitlines())
    return cells.text(cell)
