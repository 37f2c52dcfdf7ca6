"""Declaring a job and putting it in the queue."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ParamSpec, Self, TypeVar

from django.db import transaction
from django.dispatch import receiver
from django_tasks.base import Task, TaskResult
from django_tasks.signals import log_task_finished, task_finished, task_started
from django_tasks_db.backend import DatabaseBackend

from yihu.kernel.models.jobs import TaskKey

T = TypeVar("T")
P = ParamSpec("P")

# The library's own line carries the exception's message, in which a name or a phone may stand. The runner writes ours.
task_finished.disconnect(log_task_finished)

_running: ContextVar[tuple[str, ...]] = ContextVar("running tasks", default=())


@dataclass(frozen=True, kw_only=True)
class Job(Task[P, T]):
    """A task of the Tasks API with what our worker adds to it. Another backend runs it too: there its own retries
    hold, and a key is only a wish, since it saves work and never guards it."""

    retries: int = 5
    key: str = ""

    def using(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | None = None,
        backend: str | None = None,
        key: str | None = None,
    ) -> Self:
        changed = Task.using(self, priority=priority, queue_name=queue_name, run_after=run_after, backend=backend)
        return changed if key is None else replace(changed, key=key)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> TaskResult[T]:
        backend = self.get_backend()
        if not self.key or not isinstance(backend, DatabaseBackend):
            return Task.enqueue(self, *args, **kwargs)
        with transaction.atomic():
            # Written even if a task waits already: the lock on the row keeps that task from starting before our
            # transaction ends, or it would run without seeing what we are about to commit.
            mine = uuid.uuid4()
            TaskKey.objects.bulk_create(
                [TaskKey(task_id=mine, key=self.key, waiting=self.key)],
                update_conflicts=True,
                unique_fields=["waiting"],
                update_fields=["key"],
            )
            waiting = TaskKey.objects.get(waiting=self.key)
            if waiting.task_id != mine:
                return backend.get_result(str(waiting.task_id))
            result = Task.enqueue(self, *args, **kwargs)
            TaskKey.objects.filter(pk=waiting.pk).update(task_id=result.id)
            return result


def job(*, retries: int = 5, priority: int = 0) -> Callable[[Callable[P, T]], Job[P, T]]:
    """Make a module-level function a job. It is tried ``retries`` times more after the first failure."""

    def declare(function: Callable[P, T]) -> Job[P, T]:
        return Job(func=function, retries=retries, priority=priority)

    return declare


def current_task_id() -> str:
    """The id of the task that runs now: the key of its command, the same in every attempt."""
    running = _running.get()
    if not running:
        raise RuntimeError("no task is running here")
    return running[-1]


@receiver(task_started, dispatch_uid="yihu.jobs")
def _enter(task_result: TaskResult[Any], **kwargs: Any) -> None:
    _running.set((*_running.get(), str(task_result.id)))


@receiver(task_finished, dispatch_uid="yihu.jobs")
def _leave(task_result: TaskResult[Any], **kwargs: Any) -> None:
    leave(str(task_result.id))


def leave(task_id: str) -> None:
    """Forget a task that no longer runs; harmless when it has been forgotten already."""
    _running.set(tuple(other for other in _running.get() if other != task_id))
