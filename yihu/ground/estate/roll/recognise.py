"""Finds out what a workbook's sheets and columns are. What it cannot tell is a question to the person, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yihu.basics.identity import check_id, mask_free_text, mask_id, mask_phone, normal_phone
from yihu.ground.estate.roll import cells, headings, places
from yihu.ground.estate.roll.headings import SKIP
from yihu.ground.estate.roll.problems import Problem, problem
from yihu.ground.estate.roll.reader import Cell, Mark, Sheet, Workbook, column_letters

_LOOK_AT: Final = 40  # lines among which the headings must stand
_SAMPLES: Final = 4
_GENERIC_SHEET: Final = re.compile(r"(sheet|表|工作表)\s*\d*", re.IGNORECASE)
_OFFICE: Final = re.compile("写字楼|办公|商务楼|租户台账")
_SHOP: Final = re.compile("商铺|门面|店铺|商业街")

# What a person may say of a whole sheet, as the key "工作表!" in the mapping.
SHEET: Final = "!"


@dataclass
class Column:
    """One column as it was recognised. ``field`` is "" while it is a question."""

    index: int
    heading: str
    field: str
    samples: list[str] = field(default_factory=list)
    guess: str = ""

    @property
    def letters(self) -> str:
        return column_letters(self.index + 1)


@dataclass
class Layout:
    """How one sheet is read."""

    sheet: Sheet
    header: int
    columns: list[Column]
    cluster: places.ClusterName = places.NO_CLUSTER
    building: str = ""
    kind: str = "home"
    left_out: bool = False
    groups: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Column]:
        return [column for column in self.columns if column.field == name]

    def has(self, name: str) -> bool:
        return any(column.field == name for column in self.columns)


@dataclass
class Recognised:
    layouts: list[Layout]
    questions: list[Problem]
    notes: list[Problem]


def recognise(book: Workbook, mapping: Mapping[str, str] | None = None) -> Recognised:
    """Every sheet's headings and cluster. ``mapping`` is what a person said: {"表头": field}, {"工作表!表头": field},
    {"工作表!": cluster or "skip"}.
    """
    said = _Said(mapping or {})
    found = Recognised([], [], [])
    for sheet in book.sheets:
        if not sheet.visible:
            if _is_table(sheet):
                found.notes.append(problem("hidden_sheet", sheet=sheet.name))
            continue
        if said.of_sheet(sheet.name) == SKIP:
            found.layouts.append(Layout(sheet, 0, [], left_out=True))
            continue
        layout = _layout(sheet, said)
        if layout is None:
            if _is_table(sheet):
                found.questions.append(problem("no_heading", sheet=sheet.name, value=_first_words(sheet)))
            elif any(any(row) for row in sheet.rows):
                found.notes.append(problem("sheet_left_out", sheet=sheet.name, value=_first_words(sheet)))
            continue
        found.layouts.append(layout)
        found.questions += _questions(layout)
    found.questions += said.unused(found.layouts)
    return found


class _Said:
    """The person's words, looked up by sheet and heading."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.words = {}
        self.wrong: list[Problem] = []
        for key, word in mapping.items():
            sheet, mark, heading = key.rpartition(SHEET)
            if mark and not heading:
                self.words[sheet, None] = word if word in ("", SKIP) or headings.said(word) != SKIP else SKIP
                continue
            name = headings.said(word)
            if name:
                self.words[sheet, headings.plain(heading)] = name
            elif word:
                labels = "、".join(known.label for known in headings.FIELDS)
                self.wrong.append(problem("unknown_target", word, labels, column=heading or key, value=word))
        self.met: set[tuple[str, str | None]] = set()

    def of_sheet(self, sheet: str) -> str:
        for key in ((sheet, None), ("", headings.plain(sheet))):
            if key in self.words and (key[1] is None or self.words[key] in (SKIP, "cluster")):
                self.met.add(key)
                return sheet if self.words[key] == "cluster" else self.words[key]
        return ""

    def of(self, sheet: str, heading: str, letters: str) -> str:
        for place in (sheet, ""):
            for key in ((place, headings.plain(heading)), (place, letters.lower())):
                if key[1] and key in self.words:
                    self.met.add(key)
                    return self.words[key]
        return ""

    def unused(self, layouts: list[Layout]) -> list[Problem]:
        sheets = {layout.sheet.name for layout in layouts}
        strays = [key for key in self.words if key not in self.met and (key[1] is not None or key[0] not in sheets)]
        return self.wrong + [problem("column_not_there", column=f"{sheet}{heading or ''}") for sheet, heading in strays]


def _layout(sheet: Sheet, said: _Said) -> Layout | None:
    header = _header(sheet, said)
    if header is None:
        return None
    head = [_heading(cell) for cell in sheet.rows[header]]
    above = [_heading(cell) for cell in sheet.rows[header - 1]] if header else []
    below = [_heading(cell) for cell in sheet.rows[header + 1]] if header + 1 < len(sheet.rows) else []
    groups: list[str] = []
    last = header
    if _continues(head, below):
        groups, head, last = (
            _spread(head),
            [low or high for low, high in zip(_fill(below, len(head)), head, strict=False)],
            header + 1,
        )
    elif len({cell for cell in above if cell}) > 1 and not _continues(above, above):
        groups, head = (
            _spread(_fill(above, len(head))),
            [low or high for low, high in zip(head, _fill(above, len(head)), strict=False)],
        )
    layout = Layout(sheet, last, [], groups=groups)
    rows = sheet.rows[last + 1 :]
    for index in range(max([len(head), *(len(row) for row in rows[:200])])):
        heading = head[index] if index < len(head) else ""
        samples = _samples(rows, index)
        if not heading and not samples:
            continue
        group = groups[index] if index < len(groups) else ""
        told = said.of(sheet.name, heading, column_letters(index + 1))
        name = told or headings.known(heading, group)
        guess = "" if name else _guess(rows, index)
        shown = [] if name == SKIP else [_shown(sample, name or guess) for sample in samples]
        if name or samples:
            layout.columns.append(Column(index, heading or f"第 {column_letters(index + 1)} 列", name, shown, guess))
    _settle(layout)
    _name_sheet(layout, header, said)
    return layout


def _header(sheet: Sheet, said: _Said) -> int | None:
    """The line with the most known headings; it must tell the room and something besides."""
    best, most = None, 1
    for at, row in enumerate(sheet.rows[:_LOOK_AT]):
        found = set()
        for index, cell in enumerate(row):
            heading = _heading(cell)
            if heading:
                found.add(said.of(sheet.name, heading, column_letters(index + 1)) or headings.known(heading))
        found -= {"", SKIP}
        if len(found) > most and found & {"room", "entrance", "building"}:
            best, most = at, len(found)
    return best


def _heading(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) and not isinstance(cell, Mark) and len(cell) <= 60 else ""


def _continues(head: list[str], below: list[str]) -> bool:
    """Whether the next line holds headings as well (业主信息 above, 姓名 and 电话 below)."""
    names = [headings.known(cell) for cell in below]
    return sum(bool(name) for name in names) >= 2 and any(
        low and low != high for low, high in zip(below, _fill(head, len(below)), strict=False)
    )


def _fill(row: list[str], width: int) -> list[str]:
    return row[:width] + [""] * (width - len(row))


def _spread(row: list[str]) -> list[str]:
    """The heading of a group stands over its first column only."""
    spread, group = [], ""
    for cell in row:
        group = cell or group
        spread.append(group)
    return spread


def _samples(rows: list[list[Cell]], index: int) -> list[str]:
    found: dict[str, None] = {}
    for row in rows[:400]:
        if index < len(row) and not isinstance(row[index], Mark) and (text := cells.written(row[index])[:40]):
            found[text] = None
            if len(found) == _SAMPLES:
                break
    return list(found)


def _shown(sample: str, name: str) -> str:
    mask = {"phone": mask_phone, "id": mask_id}.get(headings.PERSONAL.get(name, ""), mask_free_text)
    return mask(sample)


def _guess(rows: list[list[Cell]], index: int) -> str:
    """What the values look like, as a proposal on the page; never taken without being asked for."""
    values = [row[index] for row in rows[:60] if index < len(row) and row[index] not in ("", None)]
    texts = [cells.written(value) for value in values if not isinstance(value, Mark)]
    if not texts:
        return ""
    checks = (
        ("phone", lambda text: bool(normal_phone(text)) and len(text) >= 7),
        ("id_no", lambda text: len(text) == 18 and not check_id(text)),
        ("plate", lambda text: bool(re.fullmatch("[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}", text))),
    )
    for name, looks in checks:
        if sum(looks(text) for text in texts) * 2 > len(texts):
            return name
    return ""


def _settle(layout: Layout) -> None:
    """What headings mean beside each other: 单元号 alone is the room, a second 电话 the other number."""
    if (
        not layout.has("room")
        and len(layout.of("entrance")) == 1
        and _looks_like_rooms(layout, layout.of("entrance")[0])
    ):
        layout.of("entrance")[0].field = "room"
    if not layout.has("owner") and layout.has("lessee"):
        for plain, theirs in headings.OF_LESSEE.items():
            if not layout.has(theirs):
                for column in layout.of(plain):
                    column.field = theirs
    for first, second in (("phone", "phone2"),):
        twice = layout.of(first)
        if len(twice) == 2 and not layout.has(second):
            twice[1].field = second


def _looks_like_rooms(layout: Layout, column: Column) -> bool:
    return bool(column.samples) and all(re.search(r"\d{3}", sample) for sample in column.samples)


def _name_sheet(layout: Layout, header: int, said: _Said) -> None:
    """Cluster, building and kind, from what the sheet and its title are called."""
    sheet = layout.sheet
    first = layout.header - header
    titles = [_heading(cell) for row in sheet.rows[: layout.header - first] for cell in row]
    told = said.of_sheet(sheet.name)
    if told:
        layout.cluster = places.cluster_of(told)
    elif not layout.has("cluster"):
        for title in (sheet.name, *titles):
            if (named := places.cluster_in(title)).code:
                layout.cluster = named
                break
    words = " ".join([sheet.name, *titles, *(column.heading for column in layout.columns)])
    layout.kind = (
        "office" if _OFFICE.search(words) else "shop" if _SHOP.search(" ".join([sheet.name, *titles])) else "home"
    )
    if not layout.has("building"):
        layout.building = next(filter(None, (places.building_in(title) for title in (sheet.name, *titles))), "")


def _questions(layout: Layout) -> list[Problem]:
    place = {"sheet": layout.sheet.name, "row": layout.header + 1}
    asked = []
    for column in layout.columns:
        if not column.field:
            asked.append(problem("unknown_column", **place, column=column.heading, value="、".join(column.samples)))
    for known in headings.FIELDS:
        columns = layout.of(known.name)
        if len(columns) > 1 and not known.repeats:
            asked += [problem("two_columns", known.label, **place, column=column.heading) for column in columns[1:]]
    if not layout.has("room"):
        asked.append(problem("no_heading", **place, value="没有房号列"))
    return asked


def _is_table(sheet: Sheet) -> bool:
    """At least five lines with three filled cells or more."""
    return sum(sum(cell not in ("", None) for cell in row) >= 3 for row in sheet.rows[:400]) >= 5


def _first_words(sheet: Sheet) -> str:
    return next((mask_free_text(_heading(cell)) for row in sheet.rows[:20] for cell in row if _heading(cell)), "")
