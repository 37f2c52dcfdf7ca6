"""Finds out what a workbook's sheets and columns are. What it cannot tell is a question to the person, never a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any, Final

from yihu.basics.identity import mask_free_text, mask_id, mask_phone
from yihu.kernel.importing import cells
from yihu.kernel.importing.headings import SKIP, Words, plain
from yihu.kernel.importing.problems import Problem, problem
from yihu.kernel.importing.reader import Cell, Mark, Sheet, Workbook, column_letters

_LOOK_AT: Final = 40  # lines among which the headings must stand
_SAMPLES: Final = 4

# What a person may say of a whole sheet, as the key "工作表!" in the mapping.
SHEET: Final = "!"


@dataclass
class Column:
    """One column as it was recognised. ``field`` is "" while it is a question."""

    index: int
    heading: str
    field: str
    samples: list[str] = made(default_factory=list)
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
    about: Any = None  # what the sheet as a whole is about, as the sort of file sees it
    left_out: bool = False
    groups: list[str] = made(default_factory=list)

    def of(self, name: str) -> list[Column]:
        return [column for column in self.columns if column.field == name]

    def has(self, name: str) -> bool:
        return any(column.field == name for column in self.columns)


def _nothing(*told: Any) -> Any:
    return None


@dataclass(frozen=True)
class Shape:
    """How one sort of file is recognised.

    ``told_by``: a line of headings holds one of these, and ``must`` be there all. ``settle`` turns fields by what stands
    beside them; ``about`` reads sheet name, titles and what a person said of the sheet. ``of_sheet`` names the field that
    a person may say of a sheet instead of a column, with the words in which the page asks for it.
    """

    title: str  # what such a file is called
    words: Words
    told_by: frozenset[str]
    must: tuple[str, ...]
    settle: Callable[[Layout], None] = _nothing
    about: Callable[[Layout, Sequence[str], str], Any] = _nothing
    of_sheet: str = ""
    sheet_help: str = ""
    looks: Sequence[tuple[str, Callable[[str], bool]]] = ()  # what values look like, as a proposal


@dataclass
class Recognised:
    layouts: list[Layout]
    questions: list[Problem]
    notes: list[Problem]


def recognise(shape: Shape, book: Workbook, mapping: Mapping[str, str] | None = None) -> Recognised:
    """Every sheet's headings. ``mapping`` is what a person said: {"表头": field}, {"工作表!表头": field},
    {"工作表!": what the sheet is about, or "skip"}.
    """
    said = _Said(shape, mapping or {})
    found = Recognised([], [], [])
    for sheet in book.sheets:
        if not sheet.visible:
            if _is_table(sheet):
                found.notes.append(problem("hidden_sheet", sheet=sheet.name))
            continue
        if said.of_sheet(sheet.name) == SKIP:
            found.layouts.append(Layout(sheet, 0, [], left_out=True))
            continue
        layout = _layout(shape, sheet, said)
        if layout is None:
            if _is_table(sheet):
                found.questions.append(problem("no_heading", sheet=sheet.name, value=_first_words(sheet)))
            elif any(any(row) for row in sheet.rows):
                found.notes.append(problem("sheet_left_out", shape.title, sheet=sheet.name, value=_first_words(sheet)))
            continue
        found.layouts.append(layout)
        found.questions += _questions(shape, layout)
    found.questions += said.unused(found.layouts)
    return found


class _Said:
    """The person's words, looked up by sheet and heading."""

    def __init__(self, shape: Shape, mapping: Mapping[str, str]) -> None:
        self.shape = shape
        self.words: dict[tuple[str, str | None], str] = {}
        self.wrong: list[Problem] = []
        for key, word in mapping.items():
            sheet, mark, heading = key.rpartition(SHEET)
            if mark and not heading:
                self.words[sheet, None] = word if word in ("", SKIP) or shape.words.said(word) != SKIP else SKIP
                continue
            name = shape.words.said(word)
            if name:
                self.words[sheet, plain(heading)] = name
            elif word:
                labels = "、".join(known.label for known in shape.words.fields)
                self.wrong.append(problem("unknown_target", word, labels, column=heading or key, value=word))
        self.met: set[tuple[str, str | None]] = set()

    def of_sheet(self, sheet: str) -> str:
        for key in ((sheet, None), ("", plain(sheet))):
            if key in self.words and (key[1] is None or self.words[key] in (SKIP, self.shape.of_sheet)):
                self.met.add(key)
                return sheet if self.words[key] == self.shape.of_sheet else self.words[key]
        return ""

    def of(self, sheet: str, heading: str, letters: str) -> str:
        for place in (sheet, ""):
            for key in ((place, plain(heading)), (place, letters.lower())):
                if key[1] and key in self.words:
                    self.met.add(key)
                    return self.words[key]
        return ""

    def unused(self, layouts: list[Layout]) -> list[Problem]:
        sheets = {layout.sheet.name for layout in layouts}
        strays = [key for key in self.words if key not in self.met and (key[1] is not None or key[0] not in sheets)]
        return self.wrong + [problem("column_not_there", column=f"{sheet}{heading or ''}") for sheet, heading in strays]


def _layout(shape: Shape, sheet: Sheet, said: _Said) -> Layout | None:
    words = shape.words
    header = _header(shape, sheet, said)
    if header is None:
        return None
    head = [_heading(cell) for cell in sheet.rows[header]]
    above = [_heading(cell) for cell in sheet.rows[header - 1]] if header else []
    below = [_heading(cell) for cell in sheet.rows[header + 1]] if header + 1 < len(sheet.rows) else []
    groups: list[str] = []
    last = header
    if _continues(words, head, below):
        groups, head, last = (
            _spread(head),
            [low or high for low, high in zip(_fill(below, len(head)), head, strict=False)],
            header + 1,
        )
    elif len({cell for cell in above if cell}) > 1 and not _continues(words, above, above):
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
        name = told or words.known(heading, group)
        guess = "" if name else _guess(shape, rows, index)
        shown = [] if name == SKIP else [_shown(words, sample, name or guess) for sample in samples]
        if name or samples:
            layout.columns.append(Column(index, heading or f"第 {column_letters(index + 1)} 列", name, shown, guess))
    shape.settle(layout)
    titles = [_heading(cell) for row in sheet.rows[:header] for cell in row]
    layout.about = shape.about(layout, titles, said.of_sheet(sheet.name))
    return layout


def _header(shape: Shape, sheet: Sheet, said: _Said) -> int | None:
    """The line with the most known headings; it must tell what a row is about and something besides."""
    best, most = None, 1
    for at, row in enumerate(sheet.rows[:_LOOK_AT]):
        found = set()
        for index, cell in enumerate(row):
            heading = _heading(cell)
            if heading:
                found.add(said.of(sheet.name, heading, column_letters(index + 1)) or shape.words.known(heading))
        found -= {"", SKIP}
        if len(found) > most and found & shape.told_by:
            best, most = at, len(found)
    return best


def _heading(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) and not isinstance(cell, Mark) and len(cell) <= 60 else ""


def _continues(words: Words, head: list[str], below: list[str]) -> bool:
    """Whether the next line holds headings as well (业主信息 above, 姓名 and 电话 below)."""
    names = [words.known(cell) for cell in below]
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


def _shown(words: Words, sample: str, name: str) -> str:
    mask = {"phone": mask_phone, "id": mask_id}.get(words.personal.get(name, ""), mask_free_text)
    return mask(sample)


def _guess(shape: Shape, rows: list[list[Cell]], index: int) -> str:
    """What the values look like, as a proposal on the page; never taken without being asked for."""
    values = [row[index] for row in rows[:60] if index < len(row) and row[index] not in ("", None)]
    texts = [cells.written(value) for value in values if not isinstance(value, Mark)]
    if not texts:
        return ""
    for name, looks in shape.looks:
        if sum(looks(text) for text in texts) * 2 > len(texts):
            return name
    return ""


def _questions(shape: Shape, layout: Layout) -> list[Problem]:
    place: dict[str, Any] = {"sheet": layout.sheet.name, "row": layout.header + 1}
    asked = []
    for column in layout.columns:
        if not column.field:
            asked.append(problem("unknown_column", **place, column=column.heading, value="、".join(column.samples)))
    for known in shape.words.fields:
        columns = layout.of(known.name)
        if len(columns) > 1 and not known.repeats:
            asked += [problem("two_columns", known.label, **place, column=column.heading) for column in columns[1:]]
    for name in shape.must:
        if not layout.has(name):
            asked.append(problem("no_heading", **place, value=f"没有{shape.words.label(name)}列"))
    return asked


def _is_table(sheet: Sheet) -> bool:
    """At least five lines with three filled cells or more."""
    return sum(sum(cell not in ("", None) for cell in row) >= 3 for row in sheet.rows[:400]) >= 5


def _first_words(sheet: Sheet) -> str:
    return next((mask_free_text(_heading(cell)) for row in sheet.rows[:20] for cell in row if _heading(cell)), "")
