"""What one sort of file says of itself. The mechanism around it (reading, recognising, staging, preview, going live in
slices, progress, taking back, command line, pages) is the same for every sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from yihu.kernel.importing.checking import Checked
from yihu.kernel.importing.problems import Problem
from yihu.kernel.importing.recognise import Recognised, Shape


@dataclass
class Plan:
    """What a file would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return bool(self.created or self.updated or self.kept)


class Import:
    """One sort of file. Its run is a register; ``word`` is the file in sentences, ``unit`` what is counted."""

    model: ClassVar[Any]
    word: ClassVar[str]
    unit: ClassVar[str]
    file_label: ClassVar[str]
    gaps: ClassVar[str] = ""  # where the warnings are worked off afterwards
    shape: ClassVar[Shape]
    in_one_breath: ClassVar[int] = 0  # rows up to which a file goes live as a whole
    slice: ClassVar[int] = 500

    def check(self, recognised: Recognised, today: date) -> Checked:
        """Every row of every sheet, with what is wrong."""
        raise TypeError(f"{type(self).__name__} does not say how rows are checked")

    def plan(self, community: Any, rows: Sequence[Any], today: date) -> Plan:
        """Figures and warnings for the preview; writes nothing. The community may be one that is only imagined."""
        raise TypeError(f"{type(self).__name__} does not say what its rows do")

    def place(self, run: Any) -> Any:
        """What the lines of a run belong to, as ``plan`` is told it: the community, or something in it."""
        return run.community

    def to_staged(self, row: Any) -> tuple[dict[str, Any], str]:
        """The row as JSON without personal values, and the personal values as one text that is to be sealed."""
        raise TypeError(f"{type(self).__name__} does not say how rows are kept")

    def from_staged(self, sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Any:
        raise TypeError(f"{type(self).__name__} does not say how rows are kept")

    def write(self, run: Any, staged: Sequence[Any], rows: Sequence[Any], today: date, commanding: Any) -> None:
        """Make some rows live, and say on each staged row what became of it."""
        raise TypeError(f"{type(self).__name__} does not say how rows go live")

    def hindrances(self, run: Any) -> list[str]:
        """What has come to stand on a batch since; each in a few words. Empty: it may be taken back."""
        return []

    def take_back(self, run: Any, commanding: Any) -> None:
        """Remove what the run made and set back what it changed."""
        raise TypeError(f"{type(self).__name__} does not say how it is taken back")

    def beside(self, checked: Any) -> dict[str, Any]:
        """More columns of the run, out of what was checked."""
        return {}

    def told(self, checked: Any) -> dict[str, Any]:
        """The same for the command line."""
        return {}

    def tick(self, run: Any, ticked: Mapping[tuple[str, int | None], Iterable[str]]) -> None:
        """Note the columns (by sheet and row) that overwrite what a person corrected."""

    def named(self, name: str) -> Any:
        """The community of that name, or an unsaved one where there is none yet."""
        raise TypeError(f"{type(self).__name__} does not say where it belongs")

    def found(self, name: str) -> Any:
        """The community of that name, made where there is none yet."""
        raise TypeError(f"{type(self).__name__} does not say where it belongs")

    def table(self, relation: str) -> Any:
        """The model of the run's ``file``, ``staged`` rows or ``problems``."""
        return self.model._meta.get_field(relation).related_model

    @property
    def kind(self) -> str:
        return str(self.model._meta.label_lower)


_imports: dict[str, Import] = {}


def importing(declared: type[Import]) -> type[Import]:
    """Register a declaration."""
    _imports[declared.model._meta.label_lower] = declared()
    return declared


def import_of(run_or_kind: Any) -> Import:
    return _imports[run_or_kind if isinstance(run_or_kind, str) else run_or_kind._meta.label_lower]


def is_import(kind: str) -> bool:
    return kind in _imports
