"""The moves of a task between waiting, running and done. Each is a compare-and-set on its state and its attempts.

A task's ``worker_ids`` name who held it, one entry per attempt; the last one holds it now. An attempt that was taken
for dead and comes back finds another list there and changes nothing.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from yihu.kernel.models.jobs import Heartbeat, Progress, TaskKey

READY, RUNNING, FAILED, SUCCESSFUL = (
    TaskResultStatus.READY,
    TaskResultStatus.RUNNING,
    TaskResultStatus.FAILED,
    TaskResultStatus.SUCCESSFUL,
)
Row: TypeAlias = "DBTaskResult[..., Any]"
GIVEN_UP = "没有做完，系统已经记下，请告诉管理员。"


class WorkerLost(Exception):
    """The process that ran the task is gone."""


@dataclass(frozen=True)
class Claim:
    """One attempt at one task."""

    task_id: UUID
    holders: tuple[str, ...]

    @property
    def attempt(self) -> int:
        return len(self.holders)

    @property
    def holder(self) -> str:
        return self.holders[-1] if self.holders else ""

    def succeed(self, value: Any) -> bool:
        with transaction.atomic():
            if not self._move(status=SUCCESSFUL, return_value=value, exception_class_path="", traceback=""):
                return False
            TaskKey.objects.filter(task_id=self.task_id).delete()
            Progress.objects.filter(pk=self.task_id, finished=False).update(finished=True)
        return True

    def fail(self, error: BaseException) -> bool:
        """For good: the row stays, an administrator sees it, a page that follows the task is told."""
        with transaction.atomic():
            if not self._move(status=FAILED, return_value=None, **_told(error)):
                return False
            Progress.objects.filter(pk=self.task_id).update(finished=True, failed=True, sentence=GIVEN_UP)
        return True

    def again(self, error: BaseException, run_after: datetime) -> bool:
        return self._wait(self.holders, run_after=run_after, **_told(error))

    def give_back(self) -> bool:
        """Unfinished through no fault of its own: another may take it at once, and this attempt does not count."""
        return self._wait(self.holders[:-1], run_after=get_date_max())

    def _wait(self, holders: Collection[str], **changes: Any) -> bool:
        try:
            with transaction.atomic():
                if not self._move(status=READY, worker_ids=list(holders), **changes):
                    return False
                TaskKey.objects.filter(task_id=self.task_id).update(waiting=F("key"))
        except IntegrityError:
            return self.succeed({"left_to": "another task with this key, which waits already"})
        return True

    def _move(self, *, status: str, **changes: Any) -> bool:
        if status in (FAILED, SUCCESSFUL):
            changes["finished_at"] = Now()
        held = DBTaskResult.objects.filter(pk=self.task_id, status=RUNNING, worker_ids=list(self.holders))
        return bool(held.update(status=status, **changes))


def waiting(now: datetime) -> QuerySet[Row]:
    """What is due, the most urgent first."""
    due = Q(run_after__lte=now) | Q(run_after=get_date_max())
    return DBTaskResult.objects.filter(due, status=READY)


def take_next(now: datetime, holder: str) -> Claim | None:
    """Claim one task. Looks first: with nothing to do it takes no lock, which on SQLite would be everybody's lock."""
    for task_id, holders in waiting(now).values_list("pk", "worker_ids")[:10]:
        claim = Claim(task_id, (*holders, holder))
        with transaction.atomic():
            if _key_is_free(task_id) and _claimed(claim, holders):
                TaskKey.objects.filter(task_id=task_id).update(waiting=None)
                return claim
    return None


def _key_is_free(task_id: UUID) -> bool:
    """Not while a transaction that has just asked for the same key is still open (see ``Job.enqueue``)."""
    keys = TaskKey.objects.filter(task_id=task_id).values_list("pk")
    return not keys or bool(keys.select_for_update(skip_locked=True))


def _claimed(claim: Claim, holders: list[str]) -> bool:
    unclaimed = DBTaskResult.objects.filter(pk=claim.task_id, status=READY, worker_ids=holders)
    return bool(unclaimed.update(status=RUNNING, started_at=Now(), worker_ids=list(claim.holders)))


def beat(worker: str, threads: int) -> None:
    """The database's clock, not ours: two machines need not agree on the time to agree on who is alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(worker=worker, threads=threads, started_at=Now(), seen_at=Now())],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=["seen_at"],
    )


def orphans(lost_after: timedelta, worker: str = "", held: Collection[str] = ()) -> Iterator[Claim]:
    """Running tasks whose worker has been silent for so long, and those that ``worker`` itself lost hold of
    (the database went away between the claim and its answer, or just when the end should have been written)."""
    silent = Now() - lost_after
    running = list(DBTaskResult.objects.filter(status=RUNNING, started_at__lt=silent).values_list("pk", "worker_ids"))
    if not running:
        return
    alive = set(Heartbeat.objects.filter(seen_at__gte=silent).values_list("worker", flat=True))
    for task_id, holders in running:
        claim = Claim(task_id, tuple(holders))
        process = claim.holder.rpartition("/")[0]
        lost_hold = process == worker and claim.holder not in held
        if process not in alive or lost_hold:
            yield claim


def _told(error: BaseException) -> dict[str, str]:
    """What went wrong and where, without the exception's words: they may quote what a person typed."""
    lines: list[str] = []
    link: BaseException | None = error
    while link is not None and len(lines) < 200:
        lines += [*traceback.format_tb(link.__traceback__), f"{_path(link)}\n"]
        link = link.__cause__ or link.__context__
    return {"exception_class_path": _path(error), "traceback": "".join(lines)}


def _path(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
