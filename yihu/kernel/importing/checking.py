"""Walks down the recognised sheets of a file and reads each row's cells, saying what is wrong and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from yihu.basics.cells import CellError
from yihu.basics.identity import mask_free_text, mask_id, mask_phone, normal_phone
from yihu.basics.numerals import half_width
from yihu.basics.text import without_unseen
from yihu.kernel.importing import cells
from yihu.kernel.importing.headings import SKIP, Words
from yihu.kernel.importing.problems import Problem, problem
from yihu.kernel.importing.reader import Cell, Mark
from yihu.kernel.importing.recognise import Column, Layout

_MASKS = {"phone": mask_phone, "id": mask_id}


@dataclass
class Checked:
    """The whole file as rows and problems, in the order of the file."""

    rows: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0  # those that were taken for rows, readable or not

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]


class SheetReader:
    """One sheet of one sort of file. ``key`` is the field without which a line may be a title, a sum or a footer."""

    words: ClassVar[Words]
    key: ClassVar[str]
    footer: ClassVar[Any]
    longest: ClassVar[Mapping[str, int]] = {}

    def __init__(self, layout: Layout, checked: Any, today: date) -> None:
        self.layout, self.checked, self.today = layout, checked, today
        self.by_name: dict[str, list[Column]] = defaultdict(list)
        for column in layout.columns:
            self.by_name[column.field].append(column)
        self.telling = {column.index for column in layout.columns if column.field not in ("", SKIP)}
        self.missing = [""] * (max((column.index for column in layout.columns), default=0) + 1)
        self.head = [str(cell) for cell in layout.sheet.rows[layout.header]]
        self.row_no = 0
        self.cells: list[Cell] = []

    def read(self) -> None:
        for _ in self._lines():
            self.checked.lines += 1
            row = self.row()
            if row is not None:
                self.checked.rows.append(row)

    def row(self) -> Any:
        """The line as a row, or None where it can't be one; what is wrong is told with ``wrong``."""
        return None

    def part(self) -> str:
        """The part of the file by which problems are counted."""
        return ""

    def _lines(self) -> Iterator[None]:
        rows = self.layout.sheet.rows
        for at in range(self.layout.header + 1, len(rows)):
            self.row_no, self.cells = at + 1, rows[at] + self.missing[len(rows[at]) :]
            if not self._is_no_row():
                yield

    def _is_no_row(self) -> bool:
        """Blank lines, footers, sums, repeated headings and titles."""
        filled = [(index, cell) for index, cell in enumerate(self.cells) if cell not in ("", None) and not _blank(cell)]
        if not filled:
            return True
        if self._sums_up():
            return True
        if self.has(self.key) or any(isinstance(cell, Mark) for _, cell in filled):
            same = sum(
                isinstance(cell, str) and index < len(self.head) and cell == self.head[index] for index, cell in filled
            )
            return same >= 3 or (same == len(filled) and same > 1)
        words = [half_width(cell).strip() for _, cell in filled if isinstance(cell, str)]
        if any(self.footer.search(word) for word in words):
            return True
        return len(filled) == 1 or not any(index in self.telling for index, _ in filled)

    def _sums_up(self) -> bool:
        """合计 where the key should stand."""
        found = [self.cells[column.index] for column in self.by_name[self.key]]
        return any(isinstance(cell, str) and bool(self.footer.search(half_width(cell).strip())) for cell in found)

    def has(self, name: str) -> bool:
        return any(not _blank(self.cells[column.index]) for column in self.by_name[name])

    # -- one cell ------------------------------------------------------------------------------------------------

    def value(self, name: str, read: Callable[[Any], Any], unreadable: str, column: Column | None = None) -> Any:
        """The value of a field's column in this row, or None where it is empty or cannot be read."""
        columns = [column] if column else self.by_name[name]
        for found in columns:
            cell = self.cells[found.index]
            if cell == "":
                continue
            try:
                return read(cell)
            except cells.NoValue as mark:
                self.wrong("no_value", mark, column=name)
            except CellError:
                self.wrong(unreadable, column=name, value=cells.written(cell))
        return None

    def text(self, name: str, column: Column | None = None) -> str:
        found = self.value(name, cells.word, "no_value", column) or ""
        longest = self.longest.get(name, 60)
        if len(found) > longest:
            self.wrong("too_long", longest, column=name, value=found)
            return ""
        return str(found)

    def phones(self, name: str) -> list[str]:
        found: list[str] = []
        for column in self.by_name[name] if name else ():
            found += self.value(name, cells.phones, "no_value", column) or []
        for number in found:
            if not normal_phone(number):
                self.wrong("doubtful_phone", column=name, value=number)
        return list(dict.fromkeys(found))

    def choice(self, name: str, words: Mapping[str, str], unknown: str) -> str:
        """What an office's own word stands for; the beginning of a longer saying is enough."""
        written = self.text(name)
        if not written:
            return ""
        found = words.get(written) or next(
            (value for word, value in words.items() if len(word) > 1 and written.startswith(word)), ""
        )
        if not found:
            self.wrong(unknown, column=name, value=written)
        return found

    def wrong(self, kind: str, *words: Any, column: str, value: Any = "") -> None:
        personal = "" if kind.startswith("missing") else self.words.personal.get(column, "")
        mask = _MASKS.get(personal, mask_free_text)
        known = self.by_name[column]
        self.checked.problems.append(
            problem(
                kind,
                *words,
                sheet=self.layout.sheet.name,
                row=self.row_no,
                column=known[0].heading if known else self.words.label(column),
                value=mask(str(value)),
                part=self.part(),
            )
        )


def _blank(cell: Cell) -> bool:
    if not isinstance(cell, str | None) or isinstance(cell, Mark):
        return False
    return not cell or (not cell[0].isalnum() and not without_unseen(cell).strip())
