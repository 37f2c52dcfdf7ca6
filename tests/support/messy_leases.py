"""A tower's list of lessees as offices write it: dates in four spellings, full-width numbers, prices with their units."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.messy_roll import workbook

HEAD = [
    "楼层", "单元号", "租赁面积㎡", "租户名称", "统一社会信用代码", "联系人", "联系电话", "租期起", "租期止",
    "物业费单价(元/㎡·月)", "空调费单价(元/㎡·月)", "装修保证金(元)", "状态",
]  # fmt: skip
CURRENT = [2.0, "A0201", 195.23, "晴川设计有限公司", "", "罗博远", "１３８８８１４０５１１", date(2026, 3, 30), "2028.11.28", 18.0, "6元/㎡·月", "20,000", "在租"]  # fmt: skip
OVER = [2.0, "A0202", 129.98, "白石书店", "", "赵小棠", "139-0013-9223", "2023年9月3日", "2026/08/31", 16.5, 6.0, 5000.0, "在租"]  # fmt: skip
EMPTY = [2.0, "A0203", 114.07, "", "", "", "", "", "", 18.0, 6.0, "", "空置"]


def lease_book(*rows: list[Any], head: list[str] = HEAD) -> bytes:
    """With its title, and a sum beneath that is no row."""
    told = rows or (CURRENT, OVER, EMPTY)
    return workbook({"租户台账": [["写字楼租户台账(A座)"], head, *told, ["", "合计", 439.28]]})


def lease(row: list[Any] = CURRENT, **told: Any) -> list[Any]:
    """The row with some cells told otherwise, by the beginning of their headings."""
    return [
        next((value for name, value in told.items() if heading.startswith(name)), cell)
        for heading, cell in zip(HEAD, row, strict=True)
    ]
