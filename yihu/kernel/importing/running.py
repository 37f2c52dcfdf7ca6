"""A file on its way into life. Acts as 系统; each slice is one command that happens once."""

from __future__ import annotations

import time
from typing import Any

from django.utils import timezone

from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.importing import staging
from yihu.kernel.importing.collecting import without_collecting
from yihu.kernel.importing.declare import Import, import_of
from yihu.kernel.jobs import checkpoint, job
from yihu.kernel.jobs.progress import BREATH, stopping

TARGET = 0.8  # seconds that a slice should hold the write lock; two are the most that others are asked to wait
IN_A_ROW = 1.5  # seconds of it between two pauses in which somebody else gets his turn


@job(retries=5)
def make_live(kind: str, run_id: int) -> None:
    """Everything that is still to be written of this run; running it again, or twice at once, changes nothing."""
    importing, system = import_of(kind), authority().system()
    size, held = importing.slice, 0.0
    while (run := _running(importing, run_id)) is not None:
        checkpoint()
        began = time.monotonic()
        with without_collecting():
            _next_slice(importing, run, system, max(size, 0 if run.rows > importing.in_one_breath else run.rows))
        took = max(time.monotonic() - began, 0.001)
        size, held = max(1, min(2 * size, int(size * TARGET / took), importing.slice)), held + took
        if held + TARGET > IN_A_ROW:
            stopping.wait(BREATH)
            held = 0.0


@job(retries=5)
def read_file(kind: str, run_id: int) -> None:
    """Read a long file beside the desk's work: the reading holds no lock, and each slice of rows only a short one."""
    importing = import_of(kind)
    run = importing.model.objects.select_related("community").filter(pk=run_id, closed_at=None).first()
    if run is None or not run.still_reading:
        return
    handed_in = staging.hand_in(importing, staging.kept_file(run), run.file_name, run.mapping, timezone.localdate())
    lay_out(run, handed_in)


def lay_out(run: Any, handed_in: staging.HandedIn) -> None:
    """Stage what a long file holds, some at a time, and say that it can be looked at."""
    importing = import_of(run)
    with without_collecting():
        layout = staging.lay_out(run, handed_in, timezone.localdate())
        staging.stage_slowly(layout)
    with command(
        by=authority().system(), key=f"{importing.kind}-read:{run.task_id}", verb=importing.kind
    ) as commanding:
        if not commanding.replayed:
            importing.model.objects.filter(pk=run.pk).update(**layout.figures, **layout.beside, task_id="")
            commanding.perform(run, "read", data={}, files={})


def _next_slice(importing: Import, run: Any, system: Any, size: int) -> None:
    staged = list(run.staged.filter(position__gte=run.done).order_by("position")[:size])
    rows = [staging.unstaged(importing, row) for row in staged]
    with command(by=system, key=f"{importing.kind}:{run.pk}:{run.done}", verb=importing.kind) as commanding:
        if commanding.replayed:
            return
        if rows:
            importing.write(run, staged, rows, timezone.localdate(), commanding)
        done = run.done + len(rows)
        importing.model.objects.filter(pk=run.pk).update(done=done)
        if done >= run.rows:
            commanding.perform(run, "finish", data={}, files={})


def _running(importing: Import, run_id: int) -> Any:
    runs = importing.model.objects.select_related("community")
    return runs.filter(pk=run_id, state=importing.model.State.RUNNING, closed_at=None).first()


def count_outcomes(run: Any) -> None:
    """What became of the rows in the end; somebody may have been faster since the preview."""
    outcomes = list(run.staged.values_list("outcome", flat=True))
    run.created, run.updated, run.unchanged = (outcomes.count(word) for word in ("created", "updated", "unchanged"))
    run.done = len(outcomes)
