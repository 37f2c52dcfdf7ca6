"""The records behind a figure, of whatever register, as the table that every list uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.kernel.forms import is_row_number
from yihu.kernel.models import Record
from yihu.kernel.screens.cells import due_css, state_cell, when

PAGE = 50
COLUMNS = (
    ("number", "单号"),
    ("state", "状态"),
    ("summary", "事项"),
    ("unit", "房号"),
    ("kind", "类别"),
    ("handler", "责任人"),
    ("next_due_at", "最近时限"),
    ("opened_at", "登记时间"),
)


def table(numbers: list[str], person: Any, data: Mapping[str, str], title: str) -> dict[str, Any]:
    """The context of ``kernel/_table.html``: those of the numbers that the person may see, newest first."""
    now, seen = timezone.now(), Record.objects.seen_by(person).filter(number__in=numbers)
    start = int(data["from"]) if is_row_number(data.get("from", "")) else 0
    start = min(start, len(numbers))
    rows = list(seen.select_related("unit", "handler").order_by("-opened_at", "-id")[start : start + PAGE + 1])
    more = len(rows) > PAGE
    count = start + min(len(rows), PAGE) if not more else seen.count()
    query = {name: value for name, value in data.items() if name != "from" and value}
    out_of_sight = len(set(numbers)) - seen.count()
    return {
        "screen": {"title": title},
        "columns": [{"label": label, "name": name, "numeric": False} for name, label in COLUMNS],
        "rows": [_row(record, now) for record in rows[:PAGE]],
        "next_url": f"?{urlencode({**query, 'from': start + PAGE})}" if more else None,
        "total_text": f"共 {count} 件" + (f"，另有 {out_of_sight} 件不在您可查阅的范围内" if out_of_sight else ""),
        "empty_text": f"没有您可查阅的记录，另有 {out_of_sight} 件。" if out_of_sight else "没有这样的记录。",
    }


def _row(record: Any, now: Any) -> dict[str, Any]:
    due = record.next_due_at if record.closed_at is None else None
    cells = {
        "number": {"kind": "number", "text": record.number},
        "state": state_cell(record),
        "summary": {"kind": "text", "text": mask_free_text(record.summary)},
        "unit": {"kind": "text", "text": str(record.unit or "公共区域")},
        "kind": {"kind": "text", "text": record.procedure.title},
        "handler": {"kind": "person", "text": str(record.handler or "")},
        "next_due_at": {
            "kind": "due", "text": when(due, now), "iso": due.isoformat() if due else "", "css": due_css(due, now),
        },
        "opened_at": {"kind": "time", "text": when(record.opened_at, now), "iso": record.opened_at.isoformat()},
    }  # fmt: skip
    return {
        "url": record.get_absolute_url(),
        "late": bool(due and due <= now),
        "cells": [{"name": name, **cells[name]} for name, _ in COLUMNS],
    }
