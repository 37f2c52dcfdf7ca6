"""A table that a page has drawn itself, read back from it: its heads and rows as they stand on the screen."""

from __future__ import annotations

from html.parser import HTMLParser

from django.utils.dateparse import parse_datetime

from yihu.kernel import moments

DUMB = {"form", "button", "select", "details", "script", "svg"}  # what is there to be clicked
BELOW = "sub"  # small words under a cell's own


class Drawn(HTMLParser):
    """``heads``: those with words on the screen, with whether they are figures; ``rows``: the cells under them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.heads: list[tuple[str, bool]] = []
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span, self._numeric, self._in_head = 1, False, False
        self._silent: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._all: list[tuple[str, bool]] = []
        self.feed(html)
        shown = [place for place, (word, _) in enumerate(self._all) if word]
        self.heads = [self._all[place] for place in shown]
        full = [row + [""] * (len(self._all) - len(row)) for row in self.rows]
        self.rows = [[row[place] for place in shown] for row in full]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        classes = (named.get("class") or "").split()
        if tag in DUMB or "hush" in classes:
            self._silent.append(tag)
        elif self._silent:
            self._silent += [tag] if tag == self._silent[-1] else []
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._cell, self._numeric = [], "num" in classes
            self._span = int(named.get("colspan") or 1)
        elif tag == "time":
            moment = parse_datetime(named.get("datetime") or "")
            if moment is not None and self._cell is not None:
                self._cell.append(moments.stamp(moment))
                self._silent.append(tag)
        elif tag == "span" and BELOW in classes and self._cell is not None:
            self._cell.append("（")
            self._open.append((tag, True))
        elif tag == "span":
            self._open.append((tag, False))
        elif tag in ("br", "div", "p") and self._cell:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "thead":
            self._in_head = False
        elif tag == "span" and self._open:
            if self._open.pop()[1] and self._cell is not None:
                self._cell.append("）")
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr" and self._row is not None:
            if not self._in_head and any(self._row):
                self.rows.append(self._row)
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split()).replace(" （", "（").replace("（）", "")
        self._cell = None
        if self._in_head:
            self._all += [(text, self._numeric)] * self._span
        elif self._row is not None:
            self._row += [text] + [""] * (self._span - 1)
