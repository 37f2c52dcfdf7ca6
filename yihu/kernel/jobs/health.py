"""How the background work is doing, and what an administrator can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from yihu.kernel.jobs.claims import FAILED, READY, RUNNING, SUCCESSFUL, Row, waiting
from yihu.kernel.jobs.schedule import schedule
from yihu.kernel.models.jobs import Firing, Heartbeat, Progress, TaskKey

LOST_AFTER = timedelta(seconds=30)
KEEP = timedelta(days=2)  # sweeps run every minute: what went well is soon of no interest
BATCH = 500


@dataclass(frozen=True)
class Health:
    """For the admin page and /readyz."""

    waiting: int
    oldest_waiting: timedelta
    running: int
    failed: int
    workers: int

    @property
    def well(self) -> bool:
        return self.workers > 0 and self.oldest_waiting < timedelta(minutes=5)


def jobs_health(now: datetime) -> Health:
    due = waiting(now)
    at_once = due.filter(run_after=get_date_max()).aggregate(first=Min("enqueued_at"))["first"]
    later = due.exclude(run_after=get_date_max()).aggregate(first=Min("run_after"))["first"]
    oldest = min((moment for moment in (at_once, later) if moment), default=now)
    return Health(
        waiting=due.count(),
        oldest_waiting=max(now - oldest, timedelta(0)),
        running=DBTaskResult.objects.filter(status=RUNNING).count(),
        failed=DBTaskResult.objects.filter(status=FAILED).count(),
        workers=Heartbeat.objects.filter(seen_at__gt=now - LOST_AFTER).count(),
    )


def dead_letters() -> QuerySet[Row]:
    """Tasks that failed for good, the latest first. They stay until somebody has looked at them."""
    return DBTaskResult.objects.filter(status=FAILED).order_by("-finished_at")


def retry_by_hand(task_id: UUID | str) -> bool:
    """Put a failed task back with all its attempts. False if it has not failed (any more), or if another task with
    its key waits already and will do the work."""
    try:
        with transaction.atomic():
            failed = DBTaskResult.objects.filter(pk=task_id, status=FAILED)
            if not failed.update(status=READY, worker_ids=[], run_after=get_date_max(), finished_at=None):
                return False
            TaskKey.objects.filter(task_id=task_id).update(waiting=F("key"))
            Progress.objects.filter(pk=task_id).update(finished=False, failed=False, sentence="")
    except IntegrityError:
        return False
    return True


@schedule("tidy-jobs", daily="03:40")
def tidy_jobs() -> None:
    """Remove what nobody will ask for again, little by little; failures stay."""
    before = timezone.now() - KEEP
    for rows in (
        DBTaskResult.objects.filter(status=SUCCESSFUL, finished_at__lt=before),
        Firing.objects.filter(due_at__lt=before),
        Progress.objects.filter(finished=True, failed=False, changed_at__lt=before),
        Heartbeat.objects.filter(seen_at__lt=before),
    ):
        while some := list(rows.values_list("pk", flat=True)[:BATCH]):
            rows.model._default_manager.filter(pk__in=some).delete()
