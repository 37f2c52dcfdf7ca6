"""A sheet of readings as it comes in: swaps, dials that went round, misreads, nobody at home. All invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support.messy_roll import workbook

HEAD = ("房号", "表号", "表类", "上次读数", "本次读数", "倍率", "备注")
SHEET = "2026年10月20日抄表"
LINES: tuple[tuple[Any, ...], ...] = (
    ("A1-1-0101", "水1", "水", 6273.5, 6293.1, 1, None),
    ("A1-1-0101", "电1", "电", 5047, 5441, 1, None),
    ("A1-1-0102", "电2", "电", 838, None, 1, "家中无人"),
    ("A1-1-0201", "电3", "电", 2762, 2727.3, 1, None),
    ("A1-1-0202", "水4", "水", 9990, 10.9, 1, "表走一圈"),
    ("A1-1-0301", "水5", "水", 9990, 9999.9, 1, "表走一圈"),
    ("A1-1-0302", "电6", "电", 4002, 129, 1, "换表:旧表止数4131.0,新表起数0"),
    ("A1-1-0401", "电7", "电", "1,186.9度", 1203.4, 40, "换表:旧表止数1190,新表起数1200"),
    ("A1-9-9999", "水8", "水", 10, 12, 1, None),
    ("A1-1-0101", "电1", "电", 5047, 5441, 1, None),
    ("A1-1-0402", "电9", "电", 100, "看不清", 1, None),
    ("合计", None, None, None, 99999, None, None),
)
ROOMS = ("0102", "0201", "0202", "0301", "0302", "0401", "0402")


def sheet(lines: Sequence[Sequence[Any]] = LINES, name: str = SHEET, head: Sequence[str] = HEAD) -> bytes:
    return workbook({name: [head, *lines]})
