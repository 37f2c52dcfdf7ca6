"""The sheet's figures on the screen: each opens the records behind it."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from yihu.areas.duties.printing import GROUPS, LISTS, shown
from yihu.kernel.models import Record


def figures_panel(sheet: Any, person: Any) -> dict[str, Any]:
    """A panel with a template of its own; a signed sheet shows what was frozen."""
    found = shown(sheet, person)
    urls = _urls(found)
    return {
        "title": "当日数据" if sheet.snapshot else "当日数据（签字后不再变动）",
        "template": "duties/_figures.html",
        "groups": [
            {"title": title, "figures": [{**one, "url": _behind(sheet, one)} for one in found[name]]}
            for name, title in GROUPS
        ],
        "lists": [
            {"title": title, "lines": [{**line, "url": urls.get(line["number"], "")} for line in found["lists"][name]]}
            for name, title in LISTS
        ],
        "hidden": found["hidden"],
        "until": found["at"].replace("T", " ")[:16],
    }


def _behind(sheet: Any, figure: dict[str, Any]) -> str:
    """Where the records behind a figure are listed; the front that shows them may have been left out."""
    if not figure["value"]:
        return ""
    try:
        return reverse("reports:day_records", args=[sheet.number, figure["key"]])
    except NoReverseMatch:
        return ""


def _urls(found: dict[str, Any]) -> dict[str, str]:
    numbers = {line["number"] for lines in found["lists"].values() for line in lines}
    return {record.number: record.get_absolute_url() for record in Record.objects.filter(number__in=numbers)}
