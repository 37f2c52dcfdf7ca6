"""Work in the background: declared with Django's Tasks API, kept in the same database and transaction as the data.

    @job(retries=5)
    def remind(record_id: int) -> None: ...

    remind.enqueue(record_id=7)                              # joins the caller's transaction
    remind.using(key="remind:7").enqueue(record_id=7)        # at most one waiting task with this key

    @schedule("sweep-clocks", every=timedelta(minutes=1))    # or daily="08:30", office time
    def sweep_clocks() -> None: ...

A job may run twice (a worker dies after the work, before the note that it is done): it acts as 系统 and gives
``current_task_id()`` to its command as the key. Arguments and return values are plain JSON and never personal data.
"""

from yihu.kernel.jobs.health import Health, dead_letters, jobs_health, retry_by_hand
from yihu.kernel.jobs.progress import Stopping, checkpoint, current_progress, follow, in_chunks
from yihu.kernel.jobs.queue import Job, current_task_id, job
from yihu.kernel.jobs.runner import run_due, run_waiting
from yihu.kernel.jobs.schedule import fire_due, schedule, sync_schedules
from yihu.kernel.jobs.worker import work

__all__ = [
    "Health",
    "Job",
    "Stopping",
    "checkpoint",
    "current_progress",
    "current_task_id",
    "dead_letters",
    "fire_due",
    "follow",
    "in_chunks",
    "job",
    "jobs_health",
    "retry_by_hand",
    "run_due",
    "run_waiting",
    "schedule",
    "sync_schedules",
    "work",
]
