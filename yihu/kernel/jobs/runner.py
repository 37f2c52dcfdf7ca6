"""Runs claimed tasks: call, success, another try later, or failure for good."""

from __future__ import annotations

import logging
import random
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks.signals import task_finished, task_started
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from yihu.kernel.jobs.claims import Claim, Row, WorkerLost, orphans, take_next
from yihu.kernel.jobs.progress import Stopping
from yihu.kernel.jobs.queue import Job, leave
from yihu.kernel.jobs.schedule import fire_due

logger = logging.getLogger("yihu.jobs")

FIRST_WAIT, LONGEST_WAIT = 4.0, 3600.0  # seconds


def back_off(failures: int) -> timedelta:
    """4 s, 8 s, 16 s … an hour, each up to half longer, so that what failed together is not tried again together."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1)) if failures else 0.0
    return timedelta(seconds=wait * random.uniform(1.0, 1.5))


def execute(claim: Claim) -> BaseException | None:
    """Run one attempt and write down how it ended. What the job raised is returned, for tests."""
    row = DBTaskResult.objects.get(pk=claim.task_id)
    try:
        result = row.task_result
        task_started.send(sender=type(result.task.get_backend()), task_result=result)
        value = normalize_json(result.task.call(*result.args, **result.kwargs))
    except Stopping:
        claim.give_back()
    except (Exception, SystemExit) as error:
        _failed(claim, row, error)
        return error
    else:
        if claim.succeed(value):
            _announce(row)
        else:
            logger.warning("Task %s (%s) was taken over while it ran", claim.task_id, row.task_path)
    finally:
        leave(str(claim.task_id))
    return None


def take_back(lost_after: timedelta, worker: str = "", held: Collection[str] = ()) -> int:
    """Put the tasks of dead workers back in the queue, or fail them for good if they have had their attempts:
    a task that kills whoever runs it must not go round for ever."""
    count = 0
    for claim in orphans(lost_after, worker, held):
        count += _failed(claim, DBTaskResult.objects.get(pk=claim.task_id), WorkerLost(), pause=claim.attempt - 1)
    return count


def _failed(claim: Claim, row: Row, error: BaseException, pause: int | None = None) -> bool:
    name, ending = row.task_path, type(error).__name__
    if claim.attempt > _retries(row):
        final = claim.fail(error)
        if final:
            logger.error("Task %s (%s) failed for good: %s in attempt %d", row.pk, name, ending, claim.attempt)
            _announce(row)
        return final
    wait = back_off(claim.attempt if pause is None else pause)
    waits = claim.again(error, timezone.now() + wait)
    if waits:
        logger.warning(
            "Task %s (%s): %s in attempt %d, again in %d s", row.pk, name, ending, claim.attempt, wait.seconds
        )
    return waits


def _retries(row: Row) -> int:
    """A job this process cannot find may be known to a newer one, in the middle of an update: the usual retries."""
    try:
        task = row.task
    except Exception:
        return 5
    return task.retries if isinstance(task, Job) else 0


def _announce(row: Row) -> None:
    row.refresh_from_db()
    try:
        result = row.task_result
    except Exception:  # its code is gone: there is nobody to tell
        return
    task_finished.send(sender=type(result.task.get_backend()), task_result=result)


def run_waiting(limit: int = 1000, now: datetime | None = None, raising: bool = True) -> int:
    """For tests: run all that is due, follow-ups too, in this process. A job's exception is raised again once it
    has been written down as in life; ``raising=False`` goes on with the next task instead."""
    count = 0
    while count < limit and (claim := take_next(now or timezone.now(), "here/1")):
        count += 1
        error = execute(claim)
        if error is not None and raising:
            raise error
    return count


def run_due(now: datetime) -> int:
    """For tests that travel in time: fire the schedules due at ``now``, then run all that is due."""
    fire_due(now)
    return run_waiting(now=now)
