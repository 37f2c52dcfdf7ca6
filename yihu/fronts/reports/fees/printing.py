"""Any fee report on A4 across."""

from __future__ import annotations

from typing import Any

from yihu.fronts.reports.fees.sheets import Row
from yihu.kernel.prints.declare import Print


def fees(told: Any, by: Any) -> dict[str, Any]:
    sheet, community = told
    return {
        "title": sheet.title,
        "community": community.name,
        "number": "",
        "period": sheet.period,
        "figures": [[one["label"], f"{one['text']}　{one['sub']}"] for one in sheet.figures],
        "heads": [[head.label, head.kind] for head in sheet.heads],
        "blocks": [
            {
                "title": block.title if len(sheet.blocks) > 1 else "",
                "first": block.first,
                "lines": [_line(row) for row in [*block.rows, *([block.total] if block.total and block.rows else [])]],
                "empty": block.empty,
            }
            for block in sheet.blocks
        ],
        "left_off": sheet.left_off,
        "notes": list(sheet.notes),
    }


def _line(row: Row) -> list[str]:
    cells = [f"{cell.text}\n{cell.sub}" if cell.sub else cell.text for cell in row.cells]
    return [f"{row.label}　{row.sub}" if row.sub else row.label, *cells]


FEES = Print("fees", "收费报表", data=fees, template="reports/prints/fees.typ", paper="a4-landscape", of_one=False)
