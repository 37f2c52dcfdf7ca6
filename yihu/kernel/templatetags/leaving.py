"""The ways out of a list, and where one of them is asked for, the list itself (``kernel/screens/leaving.py``).

``{% leaving %}`` under the table that ``kernel/_table.html`` draws; ``{% leaves %} … {% endleaves %}`` around a table that a
page draws itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string

from yihu.kernel.screens.drawn_tables import Drawn
from yihu.kernel.screens.leaving import Leaving, Sheet, asked, scope_of, sheet_of, ways

register = template.Library()
LINKS = "kernel/_leaving.html"


@register.inclusion_tag(LINKS, takes_context=True)
def leaving(context: Context) -> dict[str, Any]:
    request = _request(context)
    if request is None:
        return {"ways_out": []}
    known: Any = context.flatten()
    if asked(request):
        raise Leaving(sheet_of(known), str(known.get("next_url") or ""))
    return {"ways_out": _ways(request, known)}


@register.tag
def leaves(parser: Parser, token: Token) -> template.Node:
    inside = parser.parse(("endleaves",))
    parser.delete_first_token()
    return _Leaves(inside)


class _Leaves(template.Node):
    def __init__(self, inside: NodeList) -> None:
        self.nodelist = inside

    def render(self, context: Context) -> str:
        drawn, request = self.nodelist.render(context), _request(context)
        if request is None:
            return drawn
        known: Any = context.flatten()
        if asked(request):
            table = Drawn(drawn)
            heads, numeric = tuple(word for word, _ in table.heads), tuple(figure for _, figure in table.heads)
            sheet = Sheet(
                str(known.get("title") or ""), heads, numeric, table.rows, scope_of(known), bool(known.get("stays"))
            )
            raise Leaving(sheet, str(known.get("next_url") or ""))
        return drawn + render_to_string(LINKS, {"ways_out": _ways(request, known)})


def _request(context: Context) -> HttpRequest | None:
    """A page without one (a letter, a test) has no ways out; nor has a page that nobody has signed in for."""
    request = getattr(context, "request", None) or context.get("request")
    signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
    return request if signed_in else None


def _ways(request: HttpRequest, known: Mapping[str, Any]) -> list[dict[str, str]]:
    """``exported``, or an export's own address: the page has a workbook of its own."""
    exported = bool(known.get("exported") or known.get("export_url") or (known.get("screen") or {}).get("export_url"))
    return ways(request, stays=bool(known.get("stays")), exported=exported)
