"""What background work keeps beside the tasks of django-tasks-db: heartbeats, keys, schedules, progress."""

from __future__ import annotations

import uuid

from django.db import models

__all__ = ["Firing", "Heartbeat", "Progress", "Schedule", "TaskKey"]


class Heartbeat(models.Model):
    """One row per living worker process. A worker that goes in good order takes its row with it."""

    worker = models.CharField(max_length=64, primary_key=True)
    threads = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class TaskKey(models.Model):
    """The uniqueness key of a task. ``waiting`` repeats the key only while the task waits, so that the database
    itself allows one waiting task per key and any number of running or finished ones."""

    task_id = models.UUIDField(unique=True)
    key = models.CharField(max_length=120)
    waiting = models.CharField(max_length=120, unique=True, null=True)  # empty texts would collide, NULLs do not

    def __str__(self) -> str:
        return self.key


class Schedule(models.Model):
    """When a schedule declared in code is due next. The rule is kept to notice that the code has changed it."""

    name = models.CharField(max_length=80, primary_key=True)
    rule = models.CharField(max_length=40)
    next_run = models.DateTimeField(db_index=True)
    last_run = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Firing(models.Model):
    """A due time that has been answered with a task; the constraint makes a second answer impossible."""

    schedule = models.CharField(max_length=80)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="firing_once")]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d %H:%M}"


class Progress(models.Model):
    """How far a long task has come, under the task's own id. ``done`` is also the place where it goes on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    sentence = models.CharField(max_length=200, blank=True, default="")
    finished = models.BooleanField(default=False)
    failed = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

    @property
    def percent(self) -> int:
        return 100 if self.finished and not self.failed else min(99, 100 * self.done // max(1, self.total))
