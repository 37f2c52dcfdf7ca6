"""A sheet's figures on the screen: each opens the records behind it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from django.urls import NoReverseMatch, reverse

from yihu.areas.duties.printing import LAYOUTS, Layout, chart, shown, title_of
from yihu.kernel.models import Record

# where the records behind a figure are listed, by its key; "" where nobody lists them
Address = Callable[[str], str]


def figures_panel(sheet: Any, person: Any) -> dict[str, Any]:
    """A panel with a template of its own; a signed sheet shows what was frozen."""
    found = shown(sheet, person)
    title = "数据" if sheet.snapshot else "数据（签字后不再变动）"
    return {"title": title, **panel_of(found, LAYOUTS[type(sheet)], lambda key: _address(sheet, key))}


def panel_of(found: dict[str, Any], layout: Layout, address: Address) -> dict[str, Any]:
    """Any figures in the order of a layout, for ``duties/_figures.html``."""
    urls = _urls(found)
    return {
        "template": "duties/_figures.html",
        "groups": [
            {"title": title, "figures": [{**one, "url": _behind(one, address)} for one in found[name]]}
            for name, title in layout.groups
            if name in found
        ],
        "tables": [_table(table, address) for table in found.get("tables", [])],
        "trends": [_trend(trend, address) for trend in found.get("trends", [])],
        "lists": [
            {"title": title, "lines": [{**line, "url": urls.get(line["number"], "")} for line in found["lists"][name]]}
            for name, title in layout.lists
            if name in found["lists"]
        ],
        "hidden": found["hidden"],
        "until": found["at"].replace("T", " ")[:16],
    }


def _table(table: dict[str, Any], address: Address) -> dict[str, Any]:
    rows = [
        {"label": row["label"], "cells": [{**cell, "url": _behind(cell, address)} for cell in row["cells"]]}
        for row in table["rows"]
    ]
    return {**table, "rows": rows}


def _trend(trend: dict[str, Any], address: Address) -> dict[str, Any]:
    """The drawing as a picture of its own, and what it shows as a table: one line for each point of time."""
    drawn = base64.b64encode(chart(trend).svg.encode()).decode()
    rows = [
        {
            "label": point["label"],
            "cells": [
                {
                    "text": one["texts"][place],
                    "url": address(f"trend.{one['key']}.{point['key']}") if one["values"][place] else "",
                }
                for one in trend["series"]
            ],
        }
        for place, point in enumerate(trend["points"])
    ]
    return {
        "title": title_of(trend),
        "picture": f"data:image/svg+xml;base64,{drawn}",
        "headings": [one["label"] for one in trend["series"]],
        "rows": rows,
    }


def _behind(figure: dict[str, Any], address: Address) -> str:
    return address(figure["key"]) if figure["value"] and figure.get("key") else ""


def _address(sheet: Any, key: str) -> str:
    """The front that lists the records behind a figure may have been left out."""
    try:
        return reverse("reports:day_records", args=[sheet.number, key])
    except NoReverseMatch:
        return ""


def _urls(found: dict[str, Any]) -> dict[str, str]:
    numbers = {line["number"] for lines in found["lists"].values() for line in lines}
    return {record.number: record.get_absolute_url() for record in Record.objects.filter(number__in=numbers)}
