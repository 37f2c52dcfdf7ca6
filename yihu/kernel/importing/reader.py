"""Opens a workbook or a text table that somebody hands in. Trusts nothing: neither its name, nor its size, nor its shape.

The reading itself happens in a process of its own with little memory and little time: a workbook made to burst its
reader ends that process and not the one that answers people. This file is that process's whole program.
"""

from __future__ import annotations

import csv
import io
import pickle
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

import python_calamine

MAX_FILE_BYTES: Final = 20 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_SHEETS: Final = 100
MAX_SECONDS: Final = 120
MAX_MEMORY: Final = 1024 * 1024 * 1024
MAX_ROWS: Final = 60_000
MAX_COLUMNS: Final = 120
MAX_CELLS: Final = 3_000_000
MAX_CELL_TEXT: Final = 1_000

Cell = Any  # str, float, bool, date, datetime, or a Mark


class Unreadable(Exception):
    """The file as a whole cannot be taken. Holds the sentence for the person and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


class Mark(str):
    """A cell that holds no value that may be taken over; the text says why."""


NO_RESULT: Final = Mark("公式没有计算结果")
WITH_ERROR: Final = Mark("公式出错")
TOO_LONG: Final = Mark(f"内容超过 {MAX_CELL_TEXT} 个字")


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows from the first line on, as the file numbers them."""

    name: str
    rows: list[list[Cell]]
    visible: bool = True


@dataclass
class Workbook:
    sheets: list[Sheet] = field(default_factory=list)


def read(content: bytes, name: str) -> Workbook:
    """The sheets of an .xlsx, .xls or .csv file. Raises Unreadable with a sentence."""
    if not content:
        raise Unreadable("文件是空的。", "请重新选择文件。")
    if len(content) > MAX_FILE_BYTES:
        raise Unreadable(
            f"文件有 {len(content) // 1024 // 1024} MB，超过 {MAX_FILE_BYTES // 1024 // 1024} MB。",
            "请分成几个文件导入。",
        )
    try:
        reader = subprocess.run(
            [sys.executable, "-I", __file__, name], input=content, capture_output=True, timeout=MAX_SECONDS, check=True
        )
        sheets, refusal = pickle.loads(reader.stdout)
    except (subprocess.SubprocessError, pickle.UnpicklingError, EOFError) as error:
        raise Unreadable(
            "文件过大或已损坏，读不出来。", "请在 Excel 中只保留要导入的表，另存为 .xlsx 后再上传。"
        ) from error
    if refusal:
        raise Unreadable(*refusal)
    return Workbook([Sheet(sheet, [_marked(row) for row in rows], visible) for sheet, rows, visible in sheets])


def _marked(row: list[Cell]) -> list[Cell]:
    """Marks travel between the processes as one-element tuples."""
    if any(type(cell) is tuple for cell in row):
        return [Mark(cell[0]) if type(cell) is tuple else cell for cell in row]
    return row


def _read_here(content: bytes, name: str) -> Workbook:
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content, _look_into(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(content, {})
    if PurePath(name).suffix.lower() in (".xlsx", ".xls", ".xlsm"):
        raise Unreadable("文件已损坏，或者不是 Excel 工作簿。", "请在 Excel 中打开原表，另存为 .xlsx 后再上传。")
    return Workbook([Sheet(PurePath(name).stem[:31] or "表", _text_rows(content))])


# ---------------------------------------------------------------------------------------------------------- workbooks

_CELL_WITH_CONTENT = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"(?:[^>]*[^/>])?>')
_WITHOUT_RESULT = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_WITH_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
_PIECE: Final = 1 << 20
_OVERLAP: Final = 4_096

Marks = dict[tuple[int, int], Mark]


def _look_into(content: bytes) -> dict[str, Marks]:
    """Refuse what would not fit into memory, before anything is unpacked at once.

    Gives the cells whose formula gave no result, by the name of the sheet's part.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise Unreadable("这个文件不是 Excel 工作簿。", "请上传 .xlsx、.xls 或 .csv 文件。")
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise _too_big()
            sheets = [part for part in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename)]
            for part in parts:
                if part not in sheets:
                    for _ in _pieces(archive, part):
                        pass
            marks, cells = {}, 0
            for part in sheets:
                marks[part.filename], count = _measure(archive, part)
                cells += count
            if cells > MAX_CELLS:
                raise _too_big()
            return marks
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error
    except (EOFError, OSError, ValueError) as error:
        raise _damaged() from error


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[Marks, int]:
    """How far the cells of a sheet reach, how many they are, and which hold no value."""
    marks: Marks = {}
    cells, tail = 0, b""
    for piece in _pieces(archive, part):
        cells += piece.count(b"<c ") + piece.count(b"<c>")
        text = tail + piece
        for column, row in _CELL_WITH_CONTENT.findall(text):
            if int(row) > MAX_ROWS:
                raise Unreadable(f"表格超过 {MAX_ROWS} 行。", "请删除表格下方多余的内容，或分成几个文件。")
            if column_number(column.decode()) > MAX_COLUMNS:
                raise Unreadable(f"表格超过 {MAX_COLUMNS} 列。", "请删除表格右侧多余的列。")
        marks |= {_place(found.decode()): NO_RESULT for found in _WITHOUT_RESULT.findall(text)}
        marks |= {_place(found.decode()): WITH_ERROR for found in _WITH_ERROR.findall(text)}
        tail = text[-_OVERLAP:]
    return marks, cells


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    unpacked = 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            unpacked += len(piece)
            if unpacked > MAX_UNPACKED_BYTES:
                raise _too_big()
            yield piece


def _workbook(content: bytes, marks: dict[str, Marks]) -> Workbook:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > MAX_SHEETS:
            raise Unreadable(f"工作簿超过 {MAX_SHEETS} 张工作表。", "请只保留要导入的工作表。")
        parts = _sheet_parts(content) if any(marks.values()) else {}
        sheets = []
        for known in book.sheets_metadata:
            if known.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(known.name)
            rows = _grid(sheet)
            for (row, column), mark in marks.get(parts.get(known.name, ""), {}).items():
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = mark
            sheets.append(Sheet(known.name, rows, known.visible == python_calamine.SheetVisibleEnum.Visible))
        return Workbook(sheets)
    except python_calamine.PasswordError as error:
        raise Unreadable("文件有密码保护，打不开。", "请在 Excel 中取消密码，另存后再上传。") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise _damaged() from error


def _grid(sheet: Any) -> list[list[Cell]]:
    if sheet.height > MAX_ROWS:
        raise Unreadable(f"工作表“{sheet.name}”超过 {MAX_ROWS} 行。", "请删除表格下方多余的内容，或分成几个文件。")
    if sheet.width > MAX_COLUMNS:
        raise Unreadable(f"工作表“{sheet.name}”超过 {MAX_COLUMNS} 列。", "请删除表格右侧多余的列。")
    rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # One value written across several rows holds for each of them; across columns it is a title.
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in range(top + 1, min(bottom + 1, len(rows))):
                rows[row][left] = rows[top][left]
    return rows


def _sheet_parts(content: bytes) -> dict[str, str]:
    """Which part of the archive holds which sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", links):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[found.get("Id", "")] = "xl/" + found.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
    parts = {}
    for tag in re.findall(r"<sheet\b[^>]*>", book):
        found = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        name = (
            found.get("name", "").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
        )
        parts[name] = targets.get(found.get("r:id", ""), "")
    return parts


def _damaged() -> Unreadable:
    return Unreadable("文件已损坏，打不开。", "请在 Excel 中打开原表，另存为 .xlsx 后再上传。")


def _too_big() -> Unreadable:
    return Unreadable("文件解压后过大，不像一张表格。", "请只保留要导入的工作表，另存后再上传。")


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters) - 1


# --------------------------------------------------------------------------------------------------------------- text


def _text_rows(content: bytes) -> list[list[Cell]]:
    text = _decoded(content)
    sample = "\n".join(text.splitlines()[:20])
    separator = max(",\t;", key=sample.count)
    if sample.count(separator) == 0:
        raise Unreadable("这个文件不是表格。", "请上传 .xlsx、.xls 或 .csv 文件。")
    rows: list[list[Cell]] = []
    # The module's own limit would end a long cell with an error that names no place.
    csv.field_size_limit(MAX_FILE_BYTES)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            if len(rows) >= MAX_ROWS:
                raise Unreadable(f"表格超过 {MAX_ROWS} 行。", "请分成几个文件导入。")
            if len(row) > MAX_COLUMNS:
                raise Unreadable(f"第 {len(rows) + 1} 行超过 {MAX_COLUMNS} 列。", "请删除多余的列。")
            rows.append(list(row))
    except csv.Error as error:
        raise Unreadable("文件的引号或换行不成对，读不下去。", "请用 Excel 打开后另存为 .xlsx 再上传。") from error
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        break
    raise Unreadable("这个文件不是表格，或者文字编码认不出。", "请用 Excel 打开后另存为 .xlsx 再上传。")


# ------------------------------------------------------------------------------------------------------ the own process


def _portable(cell: Cell) -> Cell:
    if isinstance(cell, str):
        if len(cell) > MAX_CELL_TEXT:
            cell = TOO_LONG
        if isinstance(cell, Mark):
            return (str(cell),)
    return cell


def _main() -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the time limit alone holds
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: Any
    try:
        book = _read_here(sys.stdin.buffer.read(), sys.argv[1])
        sheets = [
            (sheet.name[:60], [[_portable(cell) for cell in row] for row in sheet.rows], sheet.visible)
            for sheet in book.sheets
        ]
        answer = (sheets, None)
    except Unreadable as refused:
        answer = (None, (refused.reason, refused.remedy))
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    _main()
