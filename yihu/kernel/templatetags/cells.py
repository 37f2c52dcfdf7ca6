"""The cells of a table's row, and the moment that comes nearer. Most of a page's marks are these, so they are written here
and not by a template for each: ``{% cells row %}`` where a row has ``url`` and ``cells``, ``{% due iso text css %}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.safestring import SafeString

register = template.Library()
Cell = Mapping[str, Any]  # kind and name; may have text, iso, css, sub, label, numeric


@register.simple_tag
def due(iso: str, text: str = "", css: str = "") -> SafeString:
    """``text`` stands there until the script speaks; ``css``: due-soon, due-late, due-paused, due-done."""
    return SafeString(_due(_marked(iso), _marked(text), _marked(css)))


@register.simple_tag
def cells(row: Mapping[str, Any]) -> SafeString:
    url = _marked(row.get("url") or "")
    return SafeString("\n        ".join(_td(cell, place == 0, url) for place, cell in enumerate(row["cells"])))


def _marked(value: Any) -> str:
    """As it may stand in a page, between quotation marks too. A third of a list's time was Django's own way to this, which
    asks of each word whether it is lazy."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _td(cell: Cell, first: bool, url: str) -> str:
    kind, label = cell["kind"], cell.get("label")
    numeric = " num" if cell.get("numeric") else ""
    said = f' data-label="{_marked(label)}"' if label else ""
    inside = _inside(cell, url if first or kind == "number" else "")
    return f'<td class="cell-{_marked(kind)} col-{_marked(cell["name"])}{numeric}"{said}>{inside}</td>'


def _inside(cell: Cell, url: str) -> str:
    kind, text, iso = cell["kind"], cell.get("text", ""), cell.get("iso", "")
    if text in ("", None) and not iso:
        return ""
    text, iso, css = _marked(text if isinstance(text, str) else localize(text)), _marked(iso), cell.get("css", "")
    if kind == "state":
        text = f'<span class="state {_marked(css)}">{text}</span>'
    elif kind == "due":
        text = _due(iso, text, _marked(css)) if iso else f'<span class="due {_marked(css)}">{text}</span>'
    elif kind == "time":
        text = f'<time datetime="{iso}">{text}</time>'
    elif kind == "badge":
        text = f'<span class="badge {_marked(css)}">{text}</span>'
    elif url:
        text = f'<a href="{url}">{text}</a>'
    sub = cell.get("sub")
    return f'{text}<span class="sub">{_marked(sub)}</span>' if sub else text


def _due(iso: str, text: str, css: str) -> str:
    return f'<time class="due {css}" datetime="{iso}" data-due="{iso}">{text}</time>'
