"""A file between being handed in and life: read, checked, laid out row by row where a person can look at it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from yihu.kernel import sealing
from yihu.kernel.importing import reader
from yihu.kernel.importing.checking import Checked
from yihu.kernel.importing.collecting import without_collecting
from yihu.kernel.importing.declare import Import, Plan, import_of
from yihu.kernel.importing.problems import ERROR, Problem, problem
from yihu.kernel.importing.recognise import Recognised, recognise
from yihu.kernel.jobs import checkpoint

_BATCH: Final = 500
_SLICE: Final = 2_000  # staged rows in one transaction of a long file
# A file up to this size is read while the person waits: about three thousand rows, a second.
AT_ONCE: Final = 350 * 1024


@dataclass(frozen=True)
class HandedIn:
    """A file that somebody handed in, and what is in it."""

    name: str
    sha256: str
    recognised: Recognised
    checked: Any

    @property
    def needs_mapping(self) -> bool:
        return bool(self.recognised.questions)


class ReadUpload(SimpleUploadedFile):
    """A file that was read before it was handed in, so that nobody reads it twice."""

    def __init__(self, content: bytes, handed_in: HandedIn) -> None:
        super().__init__(handed_in.name, content)
        self.handed_in = handed_in


def hand_in(importing: Import, content: bytes, name: str, mapping: Mapping[str, str], today: date) -> HandedIn:
    """Read, recognise and check a file. What cannot be read at all is a problem like every other."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        book = reader.read(content, name)
    except reader.Unreadable as unreadable:
        told = problem("unreadable_file", unreadable.reason, unreadable.remedy)
        return HandedIn(name, digest, Recognised([], [], []), Checked(problems=[told]))
    with without_collecting():
        recognised = recognise(importing.shape, book, mapping)
        checked = importing.check(recognised, today)
    for layout in recognised.layouts:
        layout.sheet.rows.clear()  # what is checked is not needed as cells any more
    return HandedIn(name, digest, recognised, checked)


def keep_file(run: Any, content: bytes) -> None:
    table = import_of(run).table("file")
    sealed = sealing.seal(base64.b85encode(content).decode(), _kind(run), _place(table))
    table.objects.update_or_create(run=run, defaults={"sealed": sealed})


def kept_file(run: Any) -> bytes:
    table = import_of(run).table("file")
    return base64.b85decode(sealing.unseal(table.objects.get(run=run).sealed, _place(table)))


def _kind(run: Any) -> str:
    return str(run._meta.model_name.removesuffix("import"))


def _place(table: Any) -> str:
    return f"{table._meta.db_table}.sealed"


@dataclass(frozen=True)
class Layout:
    """What is to be written of a file: rows, problems, and the run's own columns."""

    run: Any
    rows: list[Any]
    problems: list[Problem]
    figures: dict[str, int]
    beside: dict[str, Any]

    def tables(self) -> Iterator[tuple[Any, Iterator[Any]]]:
        """The rows of the two tables; each is made (and sealed) only when it is written."""
        importing = import_of(self.run)
        table = importing.table("staged")
        yield table, (_staged(importing, table, self.run, position, row) for position, row in enumerate(self.rows))
        table = importing.table("problems")
        yield table, (_told(table, self.run, problem) for problem in self.problems)


def lay_out(run: Any, handed_in: HandedIn, today: date) -> Layout:
    """The rows and problems of a run, and what going live would do; nothing is written yet."""
    importing, checked = import_of(run), handed_in.checked
    plan = importing.plan(importing.place(run), checked.rows, today) if not checked.errors else Plan()
    found = [*checked.problems, *plan.problems]
    errors = sum(one.severity == ERROR for one in found)
    figures = {
        "rows": len(checked.rows), "created": plan.created, "updated": plan.updated, "unchanged": plan.unchanged, "kept": plan.kept,
        "errors": errors, "warnings": len(found) - errors,
    }  # fmt: skip
    beside = {**importing.beside(checked), "questions": _columns(handed_in.recognised)}
    return Layout(run, checked.rows, found, figures, beside)


def stage(run: Any, handed_in: HandedIn, today: date) -> None:
    """Lay out a file of ordinary size within the step that hands it in; sets the run's figures."""
    layout = lay_out(run, handed_in, today)
    clear(run)
    for table, rows in layout.tables():
        for some in _batches(rows, _BATCH):
            table.objects.bulk_create(some)
    for name, figure in layout.figures.items():
        setattr(run, name, figure)
    # Written beside the step: what was recognised is no fact that the journal should repeat.
    type(run).objects.filter(pk=run.pk).update(**layout.beside)


def stage_slowly(layout: Layout) -> None:
    """The same for a long file: each slice of rows holds the lock only for a moment."""
    with transaction.atomic():
        clear(layout.run)
    for table, rows in layout.tables():
        for some in _batches(rows, _SLICE):
            checkpoint()
            with transaction.atomic():
                table.objects.bulk_create(some, batch_size=_BATCH)


def _batches(rows: Iterator[Any], size: int) -> Iterable[list[Any]]:
    while some := list(islice(rows, size)):
        yield some


def clear(run: Any) -> None:
    for relation in ("staged", "problems"):
        import_of(run).table(relation).objects.filter(run=run)._raw_delete(using=run._state.db)


def _staged(importing: Import, table: Any, run: Any, position: int, row: Any) -> Any:
    values, secret = importing.to_staged(row)
    return table(
        run=run, position=position, sheet=row.sheet, row_no=row.row_no, values=values,
        sealed=sealing.seal(secret, _kind(run), _place(table)),
    )  # fmt: skip


def unstaged(importing: Import, staged: Any) -> Any:
    """The row again, as it was read from the sheet."""
    secret = sealing.unseal(staged.sealed, _place(type(staged)))
    return importing.from_staged(staged.sheet, staged.row_no, staged.values, secret)


def forget_personal(run: Any) -> None:
    """Once a run is decided, neither the file nor the sealed values are needed any more."""
    importing = import_of(run)
    importing.table("file").objects.filter(run=run).delete()
    importing.table("staged").objects.filter(run=run).exclude(sealed="").update(sealed="")


def _told(table: Any, run: Any, found: Problem) -> Any:
    return table(
        run=run, severity=found.severity, kind=found.kind, part=found.part, sheet=found.sheet, row_no=found.row,
        column=found.column[:60], value=found.value[:120], reason=found.reason[:200], remedy=found.remedy[:200],
    )  # fmt: skip


def _columns(recognised: Recognised) -> list[dict[str, Any]]:
    """The sheets and columns as they were recognised, for the page on which a person corrects them."""
    return [
        {
            "sheet": layout.sheet.name,
            "about": "" if layout.about is None else str(layout.about),
            "left_out": layout.left_out,
            "columns": [
                {"heading": column.heading, "letters": column.letters, "field": column.field, "guess": column.guess,
                 "samples": column.samples}
                for column in layout.columns
            ],
        }
        for layout in recognised.layouts
    ] + [
        {"sheet": found.sheet, "about": "", "left_out": False, "columns": []}
        for found in recognised.questions
        if found.kind == "no_heading" and found.sheet not in {layout.sheet.name for layout in recognised.layouts}
    ]  # fmt: skip
