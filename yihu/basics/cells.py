"""Cells of a workbook or a text file, as messy as offices write them, turned into values.

A cell is what a reader gives: text, a number (every number may come as a float), a date, a truth value, nothing. What
cannot be read raises CellError with a sentence for the list of errors; nothing is guessed.
"""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from yihu.basics.identity import normal_id, normal_phone
from yihu.basics.names import COMPOUND_SURNAMES
from yihu.basics.numerals import CHINESE_DIGITS, chinese_number, half_width
from yihu.basics.text import without_unseen

Cell = str | int | float | bool | Decimal | date | time | timedelta | None

_NOTHING = frozenset(("", "-", "--", "—", "——", "－", "/", "\\", "无", "暂无", "空", "n/a", "N/A", "NULL", "null"))

_LONGEST = 200  # characters of a cell that holds a day, an area, a phone or names


class CellError(ValueError):
    """A cell that cannot be read; its text is a sentence with the value and, where possible, the remedy."""


def text(cell: Cell) -> str:
    """The cell as one line of text: whole numbers without ".0", dates as 2009-09-19, without unseen signs."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time(0) else f"{cell:%Y-%m-%d %H:%M}"
    plain = without_unseen(re.sub(r"\s+", " ", str(cell)))
    return unicodedata.normalize("NFC", re.sub(r" +", " ", plain)).strip()


def _number_text(number: float) -> str:
    if not math.isfinite(number):
        return ""
    return str(int(number)) if number == int(number) else format(Decimal(repr(number)), "f")


def blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell: no text, or one of the signs for nothing such as -, / and 无."""
    return text(cell) in _NOTHING


def _short(cell: Cell) -> str:
    """The text of a cell that holds one value; a whole book in it is refused before anybody reads it."""
    value = text(cell)
    if len(value) > _LONGEST:
        raise CellError(f"{_shown(cell)}有{len(value)}个字，太长了，请核对。")
    return value


def _shown(cell: Cell) -> str:
    value = text(cell)
    return f"“{value[:30]}…”" if len(value) > 30 else f"“{value}”"


# Days

_YEARS = range(1900, 2101)
_FIRST_SERIAL, _LAST_SERIAL = 367, 73_415  # 1901-01-01 and 2100-12-31, as workbooks count days
_DATE = re.compile(
    r"([0-9]{4})\s*(?:[年./\-—–·]|\s)\s*([0-9]{1,2})\s*(?:[月./\-—–·]|\s)\s*([0-9]{1,2})\s*[日号]?"
    r"(?:[\sT]+(?:[0-9]{1,2}[:时][0-9]{0,2}.*|上午.*|下午.*))?"
)
_MONTH_ONLY = re.compile(r"[0-9]{4}\s*[年./\-]\s*[0-9]{1,2}\s*月?")
_CHINESE_DATE = re.compile(f"([{CHINESE_DIGITS}]+)(?=[年月日号])")


def day(cell: Cell) -> date | None:
    """The day in a cell, None for a blank one.

    Reads dates, day numbers of workbooks, 20090919, 2009年9月19日, 2009.6.12, 2009/08/12, 2009-6-12, in full-width
    digits and Chinese numerals too. Raises CellError for anything else: a year of two digits, a month without its day,
    the 30th of February.
    """
    if isinstance(cell, datetime):
        return _plausible(cell.date(), cell)
    if isinstance(cell, date):
        return _plausible(cell, cell)
    if blank(cell):
        return None
    if isinstance(cell, bool | time | timedelta):
        raise CellError(f"{_shown(cell)}不是日期，请写成 2009-09-19。")
    written = _CHINESE_DATE.sub(_as_digits, half_width(_short(cell)))
    if re.fullmatch(r"[0-9]{5}" if isinstance(cell, str) else r"[0-9]{3,5}(\.[0-9]+)?", written):
        counted = int(float(written))
        if _FIRST_SERIAL <= counted <= _LAST_SERIAL:
            return date(1899, 12, 30) + timedelta(days=counted)
    found = _DATE.fullmatch(written) or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", written)
    if found:
        try:
            return _plausible(date(*map(int, found.groups())), cell)
        except ValueError as impossible:
            if isinstance(impossible, CellError):
                raise
            raise CellError(f"{_shown(cell)}：没有这一天，请核对。") from None
    if _MONTH_ONLY.fullmatch(written):
        raise CellError(f"{_shown(cell)}没有写明是哪一天，请写成 2009-09-19。")
    raise CellError(f"{_shown(cell)}不是能读懂的日期，请写成 2009-09-19。")


def _as_digits(found: re.Match[str]) -> str:
    try:
        return str(chinese_number(found[1]))
    except ValueError:
        return found[1]


def _plausible(value: date, cell: Cell) -> date:
    if value.year not in _YEARS:
        raise CellError(f"{_shown(cell)}的年份不可信，请核对。")
    return value


# Areas

_AREA = re.compile(
    r"((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)(?:㎡|M2|M²|平方米|平方|平米|平|方)?", re.I
)
_LARGEST_AREA = 1_000_000


def area(cell: Cell) -> Decimal | None:
    """The area in a cell in m² with two decimals (further ones are rounded half up), None for a blank one.

    Reads numbers, 89.52㎡, " 96.15 ", 89.52平方米. Raises CellError for anything else, for zero, for a negative area
    and for more than a million m².
    """
    if blank(cell):
        return None
    found = _AREA.fullmatch(half_width(_short(cell)).replace(" ", ""))
    if not found or isinstance(cell, bool | date | time | timedelta):
        raise CellError(f"{_shown(cell)}不是能读懂的面积，请只写数字，例如 89.52。")
    square_metres = Decimal(found[1].replace(",", ""))
    if not 0 < square_metres <= _LARGEST_AREA:
        raise CellError(f"{_shown(cell)}：面积应大于0、不超过{_LARGEST_AREA}平方米，请核对。")
    return square_metres.quantize(Decimal("0.01"), ROUND_HALF_UP)


# People

_DIGITS_KEPT = 10**15  # a workbook keeps fifteen digits of a number; further ones have become noughts


def phone(cell: Cell) -> str:
    """The phone number in a cell in its one form, "" for a blank one. Raises CellError when it is no phone number."""
    if blank(cell):
        return ""
    written = _short(cell)
    number = normal_phone(written)
    if not number or (not isinstance(cell, str) and not written.isdecimal()):
        raise CellError(f"{_shown(cell)}不是能读懂的电话号码，请核对。")
    return number


def identity(cell: Cell) -> str:
    """The identity number or credit code in a cell, in capitals without blanks, "" for a blank one; not checked.

    Raises CellError when the workbook holds it as a number, because its last digits are then lost.
    """
    if blank(cell):
        return ""
    if isinstance(cell, int | float) and abs(cell) >= _DIGITS_KEPT:
        raise CellError(f"{_shown(cell)}被存成了数字，末几位已经丢失，请把单元格改为文本格式后重新填写。")
    return normal_id(text(cell))


_BETWEEN_PEOPLE = re.compile(r"[、,，;；/／|](?![^(（]*[)）])|\n")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_COMPANY = re.compile(r"公司|集团|中心|银行|学校|医院|合作社|工作室|[厂店所行社院馆局队会站部]$|[A-Za-z0-9(（]")


def names(cell: Cell) -> list[str]:
    """The names in a cell in order: co-owners are parted at 、 , ; and / and, between Chinese names, at blanks.

    A company with blanks or brackets stays whole, 王　伟 is one person, and so is 欧阳 娜. Blank cells hold nobody.
    Raises CellError for a text too long to be names.
    """
    if blank(cell):
        return []
    whole = _short(cell)
    parts = _BETWEEN_PEOPLE.split(cell.strip()) if isinstance(cell, str) else [whole]
    return [name for part in parts if not blank(part) for name in _people(text(part))]


def _people(written: str) -> list[str]:
    parts = written.split(" ")
    if len(parts) == 1 or _COMPANY.search(written) or not all(_HAN.fullmatch(part) for part in parts):
        return [written]
    if len(parts) == 2 and (len(parts[0]) == 1 or parts[0] in COMPOUND_SURNAMES) and len(parts[1]) <= 2:
        return ["".join(parts)]  # a surname set apart
    if all(len(part) == 1 for part in parts) and len(parts) <= 4:
        return ["".join(parts)]  # 王　小　伟
    return parts if all(2 <= len(part) <= 4 for part in parts) else [written]
