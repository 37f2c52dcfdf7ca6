"""A roll between file and life: read, checked, laid out row by row where a person can look at it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

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


def stage(run: RollImport, handed_in: HandedIn, today: date) -> None:
    """Lay out the rows and problems of a run, with what going live would do to each; sets the run's figures."""
    RollRow.objects.filter(run=run).delete()
    RollProblem.objects.filter(run=run).delete()
    roll = handed_in.roll
    plan = merge.plan(run.community, roll.rows, today) if not roll.errors else merge.Plan()
    RollRow.objects.bulk_create(
        [_staged(run, position, row) for position, row in enumerate(roll.rows)], batch_size=_BATCH
    )
    _write_problems(run, [*roll.problems, *plan.problems])
    run.rows = len(roll.rows)
    run.created, run.updated, run.unchanged, run.kept = plan.created, plan.updated, plan.unchanged, plan.kept
    run.errors = len(roll.errors)
    run.warnings = len(roll.problems) - run.errors + len(plan.problems)
    # Written beside the step: what was recognised is no fact that the journal should repeat.
    RollImport.objects.filter(pk=run.pk).update(clusters=handed_in.clusters(), questions=_columns(handed_in.recognised))


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


def _write_problems(run: RollImport, problems: Iterable[Problem]) -> None:
    RollProblem.objects.bulk_create(
        [
            RollProblem(
                run=run, severity=found.severity, kind=found.kind, cluster=found.cluster, sheet=found.sheet,
                row_no=found.row, column=found.column[:60], value=found.value[:120], reason=found.reason[:200],
                remedy=found.remedy[:200],
            )
            for found in problems
        ],
        batch_size=_BATCH,
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
