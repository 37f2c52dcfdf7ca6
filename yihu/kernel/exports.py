"""The one writer for tables that leave the program: formulas defused, personal data masked, who and when on every page.

Rows are read as they are written, so that a long list takes no more memory than a short one. The caller journals it.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.exceptions import FileCreateError

from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.errors import Refused
from yihu.kernel.masked import Masked
from yihu.kernel.personal import shut

logger = logging.getLogger(__name__)

MAX_ROWS = 50_000
LONGEST_CELL = 32_000  # Excel drops a text of more than 32,767 characters without a word
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# the full-width signs count too: some programs read them as the others
_FORMULA = re.compile("[\\s\u3000]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True)
class Column:
    """A heading and how its values look. ``kind``: text (free text, masked), code (numbers and names of ours, as they
    are), number, money (integer 分, shown in 元), date, moment."""

    label: str
    kind: str = "text"
    width: int = 0


def write_xlsx(
    title: str,
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[Any]],
    *,
    by: Any,
    now: datetime,
    limit: int = MAX_ROWS,
) -> IO[bytes]:
    """An Excel workbook as an open temporary file, at its beginning; closing it removes it."""
    known = [_column(column) for column in columns]
    with _room_on_disk():
        file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115
        try:
            _write_book(file, title, known, rows, _stamp(by, now), limit)
        except BaseException:
            file.close()
            raise
        file.seek(0)
    return file


def in_the_clear(value: Any) -> str:
    """A personal value for a table whose leaving somebody else has allowed: the record of that leave is the journal of it."""
    if not isinstance(value, Masked):
        return str(value)
    if value._subject is not None and shut(None, value._subject):
        return str(value)
    return str(value) if value._clear is None else value._clear


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    plain = _UNSEEN.sub("", text)
    if len(plain) > LONGEST_CELL:
        plain = plain[:LONGEST_CELL] + "…"
    return f"'{plain}" if _FORMULA.match(text) or _FORMULA.match(plain) else plain


def _column(column: Column | str) -> Column:
    return column if isinstance(column, Column) else Column(column)


def _stamp(by: Any, now: datetime) -> str:
    return f"导出人：{by}　导出时间：{moments.stamp(now)}　含个人信息，请勿外传"


def _limited(rows: Iterable[Sequence[Any]], limit: int) -> Iterator[Sequence[Any]]:
    for count, row in enumerate(rows, start=1):
        if count > limit:
            raise Refused(f"要导出的超过 {limit} 行，请缩小范围（例如按月份或按楼栋）后分几次导出。")
        yield row


@contextmanager
def _room_on_disk() -> Iterator[None]:
    try:
        yield
    except (OSError, FileCreateError) as error:
        logger.warning("an export could not be written: %s", error)
        raise Refused("导出没有完成：服务器的磁盘满了或写不进去。请稍后再试，并告诉管理员。") from error


def _write_book(
    file: IO[bytes], title: str, columns: list[Column], rows: Iterable[Sequence[Any]], stamp: str, limit: int
) -> None:
    with tempfile.TemporaryDirectory(prefix="yihu-export-") as folder:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy-mm-dd"}
        )
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", defused(title))[:31].strip() or "导出")
        try:
            _write_sheet(book, sheet, title, columns, rows, stamp, limit)
            book.close()
        except BaseException:
            sheet.row_data_fh.close()  # what the library leaves open when it is not finished
            raise


def _write_sheet(
    book: Any, sheet: Any, title: str, columns: list[Column], rows: Iterable[Sequence[Any]], stamp: str, limit: int
) -> None:
    looks = {kind: book.add_format(look) for kind, look in _LOOKS.items()}
    book.set_properties({"title": defused(title), "comments": stamp})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_footer(f"&L{stamp.replace('&', '&&')}&R第 &P 页，共 &N 页")
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width or _WIDTHS.get(column.kind, 24))
    sheet.write_string(0, 0, defused(title), looks["title"])
    sheet.write_string(1, 0, defused(stamp), looks["stamp"])
    for place, column in enumerate(columns):
        sheet.write_string(2, place, defused(column.label), looks["heading"])
    line = 2
    for line, row in enumerate(_limited(rows, limit), start=3):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, line, place, _plain(column, value), looks)
    sheet.write_string(line + 1, 0, defused(f"共 {line - 2} 行　{stamp}"), looks["stamp"])


def _write_cell(
    sheet: Any, line: int, place: int, value: str | int | float | date | datetime, looks: dict[str, Any]
) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, place, value, looks["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, looks["date"])
    elif isinstance(value, Yuan):
        sheet.write_number(line, place, value, looks["money"])
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value, looks["number"])
    elif value:
        sheet.write_string(line, place, value, looks["text"])


class Yuan(float):
    """An amount in 元 on its way to a cell; the sum was made in 分."""


def _plain(column: Column, value: Any) -> str | int | float | date | datetime:
    """The value as a cell may hold it: a finite number, a day, a moment of the office, or harmless text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date) and value.year < 1900:
        return value.isoformat()  # Excel's days begin with that year
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    if isinstance(value, int) and column.kind == "money":
        return Yuan(Decimal(value) / 100)
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, int | float) and -_EXACT < value < _EXACT:
        return value
    if isinstance(value, Masked) or column.kind == "code":
        return defused(str(value))
    return defused(mask_free_text(str(value)))


_EXACT = 10**15
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "stamp": {"font_color": "#808080", "font_size": 9},
    "heading": {"bold": True, "bottom": 1, "bg_color": "#F2F2F2"},
    "text": {"text_wrap": True, "valign": "top"},
    "number": {"valign": "top"},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"},
}
_WIDTHS = {"code": 18, "number": 10, "money": 14, "date": 12, "moment": 17}
