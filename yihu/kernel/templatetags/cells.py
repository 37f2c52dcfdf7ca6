"""The cells of a table's row, and the moment that comes nearer. Most of a page's marks are these, so they are written here
and not by a template for each: ``{% cells row %}`` where a row has ``url`` and ``cells``, ``{% due iso text css %}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
Cell = Mapping[str, Any]  # kind and name; may have text, iso, css, sub, label, numeric


@register.simple_tag
def due(iso: str, text: str = "", css: str = "") -> SafeString:
    """``text`` stands there until the script speaks; ``css``: due-soon, due-late, due-paused, due-done."""
    return format_html('<time class="due {}" datetime="{}" data-due="{}">{}</time>', css, iso, iso, text)


@register.simple_tag
def cells(row: Mapping[str, Any]) -> SafeString:
    url = row.get("url")
    return format_html_join(
        "\n        ", "{}", ((_td(cell, place == 0, url),) for place, cell in enumerate(row["cells"]))
    )


def _td(cell: Cell, first: bool, url: str | None) -> SafeString:
    numeric = " num" if cell.get("numeric") else ""
    label = format_html(' data-label="{}"', cell["label"]) if cell.get("label") else ""
    inside = _inside(cell, url if first or cell["kind"] == "number" else None)
    return format_html('<td class="cell-{} col-{}{}"{}>{}</td>', cell["kind"], cell["name"], numeric, label, inside)


def _inside(cell: Cell, url: str | None) -> SafeString | str:
    kind, css, iso = cell["kind"], cell.get("css", ""), cell.get("iso", "")
    if cell.get("text") in ("", None) and not iso:
        return ""
    text = conditional_escape(localize(cell.get("text", "")))
    if kind == "state":
        text = format_html('<span class="state {}">{}</span>', css, text)
    elif kind == "due":
        text = due(iso, text, css) if iso else format_html('<span class="due {}">{}</span>', css, text)
    elif kind == "time":
        text = format_html('<time datetime="{}">{}</time>', iso, text)
    elif kind == "badge":
        text = format_html('<span class="badge {}">{}</span>', css, text)
    elif url:
        text = format_html('<a href="{}">{}</a>', url, text)
    return format_html('{}<span class="sub">{}</span>', text, cell["sub"]) if cell.get("sub") else text
