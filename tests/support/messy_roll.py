"""Rolls of owners for the tests: whole invented estates, and small workbooks written cell by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from yihu.demo.roll import SMALL, ClusterPlan, write_roll

HEAD = ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "身份证号", "联系电话", "交房日期", "使用情况"]
ROW = ["A1", "1", "0101", 89.52, "赵晓禾", "", "13800138112", "2009.5.16", "自住"]

# Right check digits, a district that does not exist.
IDS = ("119901198001010012", "119901198001010039", "119901198001010055")


def small_roll(seed: int = 7, clusters: Sequence[ClusterPlan] = SMALL) -> bytes:
    """Two clusters with all the usual mess, 32 units."""
    kept = io.BytesIO()
    write_roll(kept, seed=seed, clusters=clusters)
    return kept.getvalue()


def row(**told: Any) -> list[Any]:
    """The usual row with some cells told otherwise, by their headings."""
    return [told.get(heading, cell) for heading, cell in zip(HEAD, ROW, strict=True)]


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], touch: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with these rows; ``touch`` may do more to it (merge cells, hide sheets, write formulas)."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, "strings_to_urls": False}
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell)
                elif cell not in ("", None):
                    sheet.write(line, place, cell)
    if touch:
        touch(book)
    book.close()
    return kept.getvalue()


def table(*rows: Sequence[Any], head: Sequence[Any] = HEAD, sheet: str = "A组团") -> bytes:
    """One sheet: headings and rows."""
    return workbook({sheet: [head, *rows]})


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part of its archive changed or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return kept.getvalue()


def upload(content: bytes, name: str = "业主名册.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
