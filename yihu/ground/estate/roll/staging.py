"""A roll between file and life: read, checked, laid out row by row where a person can look at it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from yihu.ground.estate.models import RollFile, RollImport, RollProblem, RollRow
from yihu.ground.estate.roll import merge, reader, rows
from yihu.ground.estate.roll.check import Roll, check, figures
from yihu.ground.estate.roll.problems import Problem, problem
from yihu.ground.estate.roll.recognise import Recognised, recognise
from yihu.ground.estate.roll.rows import Row
from yihu.kernel import sealing

_KIND: Final = "roll"
_FILE: Final = "estate_rollfile.sealed"
_ROW: Final = "estate_rollrow.sealed"
_BATCH: Final = 500
# A file up to this size is read while the person waits: about three thousand rows, a second.
AT_ONCE: Final = 350 * 1024


@dataclass(frozen=True)
class HandedIn:
    """A file that somebody handed in, and what is in it."""

    name: str
    sha256: str
    recognised: Recognised
    roll: Roll

    @property
    def needs_mapping(self) -> bool:
        return bool(self.recognised.questions)

    def clusters(self) -> list[dict[str, Any]]:
        """Per cluster: units, handed over, renovation ever begun, moved in."""
        counts = figures(self.roll.rows)
        return [
            {"code": code, "name": name or "（不分组团）", **counts[code]} for code, name in self.roll.clusters.items()
        ]


class ReadUpload(SimpleUploadedFile):
    """A file that was read before it was handed in, so that nobody reads it twice."""

    def __init__(self, content: bytes, handed_in: HandedIn) -> None:
        super().__init__(handed_in.name, content)
        self.handed_in = handed_in


def hand_in(content: bytes, name: str, mapping: Mapping[str, str], today: date) -> HandedIn:
    """Read, recognise and check a file. What cannot be read at all is a problem like every other."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        recognised = recognise(reader.read(content, name), mapping)
    except reader.Unreadable as unreadable:
        told = problem("unreadable_file", unreadable.reason, unreadable.remedy)
        return HandedIn(name, digest, Recognised([], [], []), Roll(problems=[told]))
    return HandedIn(name, digest, recognised, check(recognised, today))


def keep_file(run: RollImport, content: bytes) -> None:
    sealed = sealing.seal(base64.b85encode(content).decode(), _KIND, _FILE)
    RollFile.objects.update_or_create(run=run, defaults={"sealed": sealed})


def kept_file(run: RollImport) -> bytes:
    return base64.b85decode(sealing.unseal(RollFile.objects.get(run=run).sealed, _FILE))


@dataclass(frozen=True)
class Layout:
    """What is to be written of a file: rows, problems, and the run's own columns."""

    rows: list[RollRow]
    problems: list[RollProblem]
    figures: dict[str, int]
    beside: dict[str, Any]


def lay_out(run: RollImport, handed_in: HandedIn, today: date) -> Layout:
    """The rows and problems of a run, and what going live would do; nothing is written yet."""
    roll = handed_in.roll
    plan = merge.plan(run.community, roll.rows, today) if not roll.errors else merge.Plan()
    found = [*roll.problems, *plan.problems]
    figures = {
        "rows": len(roll.rows), "created": plan.created, "updated": plan.updated, "unchanged": plan.unchanged, "kept": plan.kept,
        "errors": len(roll.errors), "warnings": len(found) - len(roll.errors),
    }  # fmt: skip
    return Layout(
        [_staged(run, position, row) for position, row in enumerate(roll.rows)],
        [_told(run, problem) for problem in found],
        figures,
        {"clusters": handed_in.clusters(), "questions": _columns(handed_in.recognised)},
    )


def stage(run: RollImport, handed_in: HandedIn, today: date) -> None:
    """Lay out a file of ordinary size within the step that hands it in; sets the run's figures."""
    layout = lay_out(run, handed_in, today)
    clear(run)
    RollRow.objects.bulk_create(layout.rows, batch_size=_BATCH)
    RollProblem.objects.bulk_create(layout.problems, batch_size=_BATCH)
    for name, figure in layout.figures.items():
        setattr(run, name, figure)
    # Written beside the step: what was recognised is no fact that the journal should repeat.
    RollImport.objects.filter(pk=run.pk).update(**layout.beside)


def clear(run: RollImport) -> None:
    for model in (RollRow, RollProblem):
        model.objects.filter(run=run)._raw_delete(using=run._state.db)


def _staged(run: RollImport, position: int, row: Row) -> RollRow:
    values, secret = rows.to_staged(row)
    return RollRow(
        run=run, position=position, sheet=row.sheet, row_no=row.row_no, values=values,
        sealed=sealing.seal(secret, _KIND, _ROW),
    )  # fmt: skip


def unstaged(staged: RollRow) -> Row:
    """The row again, as it was read from the sheet."""
    return rows.from_staged(staged.sheet, staged.row_no, staged.values, sealing.unseal(staged.sealed, _ROW))


def forget_personal(run: RollImport) -> None:
    """Once a run is decided, neither the file nor the sealed values are needed any more."""
    RollFile.objects.filter(run=run).delete()
    RollRow.objects.filter(run=run).exclude(sealed="").update(sealed="")


def _told(run: RollImport, found: Problem) -> RollProblem:
    return RollProblem(
        run=run, severity=found.severity, kind=found.kind, cluster=found.cluster, sheet=found.sheet, row_no=found.row,
        column=found.column[:60], value=found.value[:120], reason=found.reason[:200], remedy=found.remedy[:200],
    )  # fmt: skip


def _columns(recognised: Recognised) -> list[dict[str, Any]]:
    """The sheets and columns as they were recognised, for the page on which a person corrects them."""
    return [
        {
            "sheet": layout.sheet.name,
            "cluster": layout.cluster.name,
            "left_out": layout.left_out,
            "has_cluster_column": layout.has("cluster"),
            "columns": [
                {"heading": column.heading, "letters": column.letters, "field": column.field, "guess": column.guess,
                 "samples": column.samples}
                for column in layout.columns
            ],
        }
        for layout in recognised.layouts
    ] + [
        {"sheet": found.sheet, "cluster": "", "left_out": False, "has_cluster_column": False, "columns": []}
        for found in recognised.questions
        if found.kind == "no_heading" and found.sheet not in {layout.sheet.name for layout in recognised.layouts}
    ]  # fmt: skip
