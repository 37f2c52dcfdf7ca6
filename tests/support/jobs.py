"""Jobs for the tests: how they stand, and as if time had passed."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from yihu.kernel.models.jobs import Heartbeat


def statuses():
    return sorted(DBTaskResult.objects.values_list("status", flat=True))


def later(seconds):
    return timezone.now() + timedelta(seconds=seconds)


def grow_old(worker_silent_for=60):
    """As if the running tasks had begun, and their workers last been heard of, a while ago."""
    then = timezone.now() - timedelta(seconds=worker_silent_for)
    DBTaskResult.objects.filter(status="RUNNING").update(started_at=then)
    Heartbeat.objects.update(seen_at=then)
