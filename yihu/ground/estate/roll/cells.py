"""What stands in a roll's cell, beyond what every file's cell can hold: days to come, areas, things, shares."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from yihu.basics import cells
from yihu.basics.cells import CellError
from yihu.basics.money import MoneyError, fen
from yihu.basics.numerals import half_width
from yihu.kernel.importing.cells import NoValue, holds_value, id_numbers, lines, names, phones, word, written

# What people write where a day has not come yet.
_NOT_YET: Final = re.compile(
    "[未待没](?:办理?|有)?(?:交房|收房|收楼|交楼|交付|接房|入伙|装修|办理|入住|验收|交|办)(?:手续)?"
)
_BETWEEN_THINGS: Final = re.compile(r"[、，,;；/|\s]+")
_PER: Final = re.compile(r"(?<=[元0-9])\s*/.*$")
_FIRM: Final = re.compile(
    r"公司|事务所|集团|中心|工作室|银行|支行|学校|医院|商行|经营部|委员会|合伙|[厂店部社局院所馆]$"
)


def area(cell: Any) -> Decimal | None:
    return cells.area(cell) if holds_value(cell) else None


@lru_cache(maxsize=512, typed=True)  # whole buildings were handed over on one day
def day(cell: Any) -> date | None:
    if not holds_value(cell) or (isinstance(cell, str) and _NOT_YET.fullmatch(cell.strip())):
        return None
    return cells.day(cell)


def amount(cell: Any) -> int | None:
    """元 as 分; a price per square metre or month may say so: 18元/㎡·月."""
    told = _PER.sub("", word(cell))
    if not told:
        return None
    try:
        found = fen(Decimal(str(cell)) if isinstance(cell, int | float) else told)
    except (MoneyError, InvalidOperation) as error:
        raise CellError(told) from error
    if found < 0:
        raise CellError(told)
    return found


def is_firm(name: str) -> bool:
    return bool(_FIRM.search(name))


def things(cell: Any) -> list[str]:
    """Plates or parking spaces in one cell."""
    if not holds_value(cell):
        return []
    return list(dict.fromkeys(part.upper() for part in _BETWEEN_THINGS.split(half_width(lines(cell))) if part))


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


__all__ = [
    "NoValue",
    "amount",
    "area",
    "day",
    "id_numbers",
    "is_firm",
    "names",
    "phones",
    "share",
    "things",
    "word",
    "written",
]
