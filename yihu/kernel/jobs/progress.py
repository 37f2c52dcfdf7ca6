"""Long jobs: work in short transactions, say how far it has come, stop when asked and go on there later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from yihu.kernel.jobs.queue import current_task_id
from yihu.kernel.models.jobs import Progress

T = TypeVar("T")

TARGET = 0.5  # seconds a chunk should hold the write lock; two are the most that others are asked to wait
BREATH = 0.12  # seconds between two chunks: who waits for SQLite's lock looks for it every tenth of a second
stopping = threading.Event()  # set when this worker process has been asked to end


class Stopping(BaseException):
    """Raised inside a job to hand it back: the worker is to end, and the job goes on in another one. Like the
    interpreter's own endings no ``Exception``: a job that forgives its errors must not forgive this."""


def checkpoint() -> None:
    """A long job calls this where it can be left and taken up again."""
    if stopping.is_set():
        raise Stopping


def follow(task_id: str, total: int = 0, sentence: str = "正在排队") -> Progress:
    """For the one who enqueues, in the same transaction: what a page polls under the task's id."""
    return Progress.objects.create(pk=task_id, total=total, sentence=sentence)


def current_progress() -> Progress:
    """For the job: its own row, with the place an earlier attempt came to."""
    return Progress.objects.get_or_create(pk=current_task_id())[0]


def in_chunks(
    items: Sequence[T], write: Callable[[Sequence[T]], object], *, sentence: str = "", size: int = 20
) -> None:
    """Write ``items`` slice by slice, once per job, each slice in its own transaction together with the place reached.

    The place is moved by compare-and-set before the slice is written: an attempt that was taken for dead waits there
    and then gives up, so every slice is written once, whoever crashed when. Slices grow or shrink towards half a
    second. ``durable`` refuses to run inside a longer transaction, where none of this would hold.
    """
    progress = current_progress()
    done = progress.done
    while done < len(items):
        checkpoint()
        began, slice_ = time.monotonic(), items[done : done + size]
        with transaction.atomic(durable=True):
            words = {"sentence": sentence} if sentence else {}
            moved = Progress.objects.filter(pk=progress.pk, done=done).update(
                done=done + len(slice_), total=len(items), changed_at=timezone.now(), **words
            )
            if not moved:
                raise RuntimeError("another attempt at this task is at work")
            write(slice_)
        done += len(slice_)
        took = max(time.monotonic() - began, 0.001)
        size = max(1, min(2 * size, int(size * TARGET / took)))
        if done < len(items):
            stopping.wait(BREATH)
