"""A report as the page, the paper and the export take it: blocks of rows under the same heads, each figure with its address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yihu.basics.money import yuan
from yihu.kernel.exports import Column


@dataclass(frozen=True)
class Head:
    """``kind``: money (分), count, text, rate."""

    label: str
    kind: str = "money"

    @property
    def numeric(self) -> bool:
        return self.kind != "text"


@dataclass(frozen=True)
class Cell:
    value: Any
    url: str = ""
    kind: str = "money"
    sub: str = ""

    @property
    def text(self) -> str:
        if self.kind == "money":
            return yuan(self.value) if self.value else "0.00" if self.value == 0 else ""
        return str(self.value) if self.value is not None else ""

    @property
    def link(self) -> str:
        """A figure of nothing has nothing behind it."""
        return self.url if self.value not in (0, "", None, "—") else ""


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    sub: str = ""
    url: str = ""


@dataclass
class Block:
    """``first``: the head of the column of labels."""

    title: str
    first: str
    rows: list[Row]
    total: Row | None = None
    next_url: str = ""
    counted: str = ""
    empty: str = "没有。"


@dataclass
class Sheet:
    """``wide``: a long list, printed by the page. ``figures``: (label, text, small words, address) above the tables."""

    name: str
    title: str
    period: str
    heads: tuple[Head, ...]
    blocks: list[Block] = field(default_factory=list)
    figures: list[dict[str, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    form: Any = None
    back: tuple[str, str] = ("", "")
    left_off: int = 0
    query: str = ""

    def cells(self, values: Sequence[Any], urls: Sequence[str] = (), subs: Sequence[str] = ()) -> tuple[Cell, ...]:
        """One row's values under the heads."""
        urls, subs = [*urls, *[""] * len(values)], [*subs, *[""] * len(values)]
        return tuple(
            Cell(value, url, head.kind, sub)
            for head, value, url, sub in zip(self.heads, values, urls, subs, strict=False)
        )

    @property
    def columns(self) -> list[Column]:
        kinds = {"money": "money", "count": "number", "rate": "code", "text": "text"}
        several = [Column("分组", "code")] if len(self.blocks) > 1 else []
        first = self.blocks[0].first if len(self.blocks) == 1 else "名称"
        return [*several, Column(first, "text"), *(Column(head.label, kinds[head.kind]) for head in self.heads)]

    def lines(self) -> Iterator[list[Any]]:
        """The rows of an export: what the page says, the small words and what stands above the tables too."""
        several = len(self.blocks) > 1
        for block in self.blocks:
            for row in [*block.rows, *([block.total] if block.total else [])]:
                cells = (f"{cell.text}　{cell.sub}" if cell.sub else cell.value for cell in row.cells)
                yield [*([block.title] if several else []), f"{row.label}　{row.sub}" if row.sub else row.label, *cells]
        for one in self.figures:
            told = [one["text"], one["sub"], *[""] * len(self.heads)][: len(self.heads)]
            yield [*(["页首"] if several else []), one["label"], *told]
