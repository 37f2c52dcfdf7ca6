"""Every list prints and leaves as a workbook, as it stands on the screen: same address, ``?as=pdf`` or ``?as=xlsx`` (RPT-04).

Whatever is drawn by ``kernel/_table.html`` has this without a word of its own; a page that draws its table itself puts it
between ``{% leaves %}`` and ``{% endleaves %}``. The page that is asked stops where its table begins and gives it out; the further pages of a
long list are asked in the same way. So nobody takes out what he does not see, and nothing is less masked than on the
screen. That it was taken out is written down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yihu.kernel import exports, moments
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.facts import plain
from yihu.kernel.prints import Print, render

EXPORT = "kernel.export"
WAYS = {"pdf": "打印本表", "xlsx": "导出本表"}
PLACES = ("after", "before", "from", "page")  # how far one has read; a list leaves from its beginning
MOST = 3000  # rows; more is no paper that anybody files
LONGEST, SHORTEST = 44, 5  # how much room a column takes, in half-width signs
AMOUNT = re.compile(r"-?\d{1,3}(,?\d{3})*(\.\d+)?")
STAYS = "内部资料，不得张贴、外传"
LIST = Print("list", "名单", data=lambda sheet, by: sheet, template="kernel/prints/list.typ", paper="a4-landscape", of_one=False)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What stands on the screen. ``scope``: under which tab; ``stays``: a list of debtors, which nobody takes out of the house."""

    title: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: list[list[str]]
    scope: str = ""
    stays: bool = False


class Leaving(Exception):
    def __init__(self, sheet: Sheet, next_url: str = "") -> None:
        super().__init__(sheet.title)
        self.sheet, self.next_query = sheet, urlsplit(next_url).query


def asked(request: HttpRequest) -> bool:
    return request.method == "GET" and request.GET.get("as") in WAYS


def ways(request: HttpRequest, *, stays: bool = False, exported: bool = False) -> list[dict[str, str]]:
    """The ways out that this person has. ``exported``: the page has a workbook of its own."""
    kept = {name: value for name, value in request.GET.items() if name not in (*PLACES, "as") and value}
    allowed = ["pdf", *(["xlsx"] if not stays and not exported and _may_export(request) else [])]
    return [{"label": WAYS[way], "url": f"{request.path}?{urlencode({**kept, 'as': way})}"} for way in allowed]


def _may_export(request: HttpRequest) -> bool:
    here = getattr(request, "community", None)
    return here is not None and grants_of(request.user).may(EXPORT, here.pk)


def sheet_of(context: Mapping[str, Any]) -> Sheet:
    """What ``kernel/_table.html`` draws."""
    columns = context.get("columns") or []
    rows = [_texts(row["cells"], len(columns)) for row in context.get("rows") or []]
    title = (context.get("screen") or {}).get("title") or context.get("title") or ""
    heads = tuple(str(column["label"]) for column in columns)
    numeric = tuple(bool(column.get("numeric")) for column in columns)
    return Sheet(str(title), heads, numeric, rows, scope_of(context), bool(context.get("stays")))


def scope_of(context: Mapping[str, Any]) -> str:
    """What the page itself says that the list is of, else the tab under which it stands."""
    return str(
        context.get("scope") or next((tab["label"] for tab in context.get("tabs") or [] if tab.get("current")), "")
    )


def _texts(cells: Sequence[Mapping[str, Any]], count: int) -> list[str]:
    texts = [_text(cell) for cell in cells][:count]
    return texts + [""] * (count - len(texts))


def _text(cell: Mapping[str, Any]) -> str:
    """As on the screen; a moment in full, for 今天 means nothing on paper."""
    moment = parse_datetime(str(cell["iso"])) if cell.get("iso") else None
    text = moments.stamp(moment) if moment is not None else str(cell.get("text") or "")
    return f"{text}（{cell['sub']}）" if text and cell.get("sub") else text or str(cell.get("sub") or "")


def taken_out(request: HttpRequest, leaving: Leaving) -> HttpResponseBase:
    """The answer to whoever asked for the list: all its pages as one paper or workbook, written down."""
    way, typed, sheet = request.GET["as"], request.GET, leaving.sheet
    if way == "xlsx" and (sheet.stays or not _may_export(request)):
        raise NotAllowed("这张表您不能导出。" if not sheet.stays else "欠费名单不导出，只可以打印内部使用。")
    rows, now = [*sheet.rows, *_further(request, leaving, way)], timezone.now()
    request.GET = typed
    _write_down(request, sheet, way)
    name = f"{sheet.title}-{timezone.localdate(now):%Y%m%d}.{way}"
    if way == "xlsx":
        columns = [exports.Column(head, "code", _width(head, place, rows)) for place, head in enumerate(sheet.heads)]
        cells = ([_value(text, sheet.numeric[place]) for place, text in enumerate(row)] for row in rows)
        file = exports.write_xlsx(f"{sheet.title} {sheet.scope}".strip(), columns, cells, by=request.user, now=now)
        return FileResponse(file, as_attachment=True, filename=name)
    pdf = render(LIST, _paper(request, sheet, rows), request.user, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="list.pdf"'
    return response


def _further(request: HttpRequest, leaving: Leaving, way: str) -> list[list[str]]:
    """The pages after the first, each asked as a reader would ask it."""
    rows: list[list[str]] = []
    match, following, known = request.resolver_match, leaving.next_query, set[str]()
    while match is not None and following and following not in known:
        known.add(following)
        request.GET = QueryDict(f"{following}&as={way}")
        following = ""
        try:
            match.func(request, *match.args, **match.kwargs)
        except Leaving as more:
            rows += more.sheet.rows
            following = more.next_query
        if len(rows) > MOST:
            raise Refused(f"这张表超过 {MOST} 行，请先筛选（例如按月份、楼栋、状态），再分几次打印或导出。")
    return rows


def _write_down(request: HttpRequest, sheet: Sheet, way: str) -> None:
    match, verb = request.resolver_match, "print" if way == "pdf" else "export"
    place = ":".join([match.view_name, *map(str, match.kwargs.values())]) if match is not None else request.path
    chosen = "，".join(f"{name}={value}" for name, value in request.GET.items() if name != "as" and value)
    with command(by=request.user, verb=verb) as writing:
        book = writing.book(f"kernel.{verb}", place[:60])
        words = f"{request.user} {'打印' if way == 'pdf' else '导出'}{sheet.title}{f'（{sheet.scope}）' if sheet.scope else ''}"
        writing.note(book, words, {"filter": ["", plain(chosen)]} if chosen else None, step=verb)


def _paper(request: HttpRequest, sheet: Sheet, rows: list[list[str]]) -> dict[str, Any]:
    widths = [_width(head, place, rows) for place, head in enumerate(sheet.heads)]
    return {
        "title": sheet.title,
        "community": str(getattr(request, "community", "") or ""),
        "number": "",
        "heads": [
            {"label": head, "width": width, "numeric": numeric}
            for head, width, numeric in zip(sheet.heads, widths, sheet.numeric, strict=True)
        ],
        "rows": rows,
        "said": "　".join(filter(None, (sheet.scope, f"共 {len(rows)} 行", STAYS if sheet.stays else ""))),
    }


def _width(head: str, place: int, rows: list[list[str]]) -> int:
    """Room for all but the longest texts, which are broken."""
    lengths = sorted(_half_widths(row[place]) for row in rows) or [0]
    usual = lengths[len(lengths) * 9 // 10]
    return max(SHORTEST, min(LONGEST, max(usual, _half_widths(head) + 1)))


def _half_widths(text: str) -> int:
    return sum(1 if sign.isascii() else 2 for sign in text)


def _value(text: str, numeric: bool) -> Any:
    return Decimal(text.replace(",", "")) if numeric and AMOUNT.fullmatch(text) else text
