"""What has to be done regularly, declared in code; the table only remembers when each is due next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.jobs.queue import Job, job
from yihu.kernel.models.jobs import Firing, Schedule

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DECLARED: dict[str, Timetable] = {}


@dataclass(frozen=True)
class Timetable:
    """A job and its rule. ``after`` gives the first due time later than an instant, so a schedule that slept
    through ten due times is run once and then keeps its hours."""

    name: str
    job: Job[[], Any]
    every: timedelta | None
    daily: time | None

    @property
    def rule(self) -> str:
        return f"daily {self.daily:%H:%M}" if self.daily else f"every {self.every}"

    def after(self, now: datetime) -> datetime:
        if self.every is not None:
            return EPOCH + ((now - EPOCH) // self.every + 1) * self.every
        office = now.astimezone(OFFICE_ZONE)
        due = datetime.combine(office.date(), self.daily or time(0), OFFICE_ZONE)
        return due if due > office else due + timedelta(days=1)


def schedule(
    name: str, *, every: timedelta | None = None, daily: str | None = None
) -> Callable[[Callable[[], Any] | Job[[], Any]], Job[[], Any]]:
    """Declare that a job (or a plain function, which becomes one) runs every so often or daily at an office hour."""
    if (every is None) == (daily is None):
        raise ValueError(f"schedule {name!r}: give either every= or daily=")
    if every is not None and every <= timedelta(0):
        raise ValueError(f"schedule {name!r}: every= must be longer than nothing")

    def declare(task: Callable[[], Any] | Job[[], Any]) -> Job[[], Any]:
        found = task if isinstance(task, Job) else job()(task)
        table = Timetable(name, found, every, time.fromisoformat(daily) if daily else None)
        if name in DECLARED and DECLARED[name].job.module_path != found.module_path:
            raise ValueError(f"schedule {name!r} is declared twice")
        DECLARED[name] = table
        return found

    return declare


def sync_schedules(now: datetime) -> None:
    """At a worker's start: find the declarations (``jobs.py`` of each app) and give each its row. A changed rule
    counts from now; only a start does this, so that an old and a new worker side by side do not quarrel."""
    autodiscover_modules("jobs")
    for table in DECLARED.values():
        fresh = {"rule": table.rule, "next_run": table.after(now)}
        row, _ = Schedule.objects.get_or_create(name=table.name, defaults=fresh)
        if row.rule != table.rule:
            Schedule.objects.filter(name=table.name, rule=row.rule).update(**fresh)


def put_off(name: str, until: datetime) -> None:
    """Let a schedule sleep until then, e.g. its bells while history is being written. Its hours stay as declared."""
    waking = {"next_run": until}
    Schedule.objects.update_or_create(
        name=name, defaults=waking, create_defaults={"rule": DECLARED[name].rule, **waking}
    )


def fire_due(now: datetime) -> int:
    """Put a task in the queue for each schedule that is due. Only reads while none is."""
    due = Schedule.objects.filter(next_run__lte=now, name__in=DECLARED).values_list("name", "next_run")
    return sum(_fire(DECLARED[name], next_run, now) for name, next_run in list(due))


def _fire(table: Timetable, due: datetime, now: datetime) -> bool:
    """Advance and enqueue in one transaction; of several workers one wins. The constraint on Firing holds even if
    somebody has set ``next_run`` back by hand."""
    with transaction.atomic():
        rows = Schedule.objects.filter(name=table.name, next_run=due)
        if not rows.update(next_run=table.after(now), last_run=due):
            return False
        _, first = Firing.objects.get_or_create(schedule=table.name, due_at=due)
        if first:
            table.job.using(key=f"schedule:{table.name}").enqueue()  # slow runs do not pile up
        return first
