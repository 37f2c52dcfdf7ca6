"""Worker processes on one database: never twice, taken over after kill -9, ended in good order. Real processes."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.kernel import job_samples as samples
from yihu.kernel.jobs import jobs_health, sync_schedules
from yihu.kernel.models import JournalEntry, Sequence
from yihu.kernel.models.jobs import Firing, Heartbeat, Schedule

LOST = 2.0  # seconds of silence after which a worker counts as dead here
PATIENCE = 45.0  # this machine may be busy
pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """The tests' own database, as a worker process has to be told of it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["YIHU_DATABASE_URL"])._replace(path=f"/{name}").geturl()


@dataclass
class Office:
    """A folder to meet in, and the worker processes started by one test."""

    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "YIHU_DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        argv = [sys.executable, "-m", "django", "work", f"--lost-after={LOST}", *options]
        with (self.folder / "workers.log").open("ab") as log:
            worker = subprocess.Popen(argv, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def lines(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text().split() if file.exists() else []

    def hold(self) -> str:
        (self.folder / "hold").touch()
        return str(self.folder)

    def release(self) -> None:
        (self.folder / "hold").unlink()

    def until(self, what: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > deadline or any(worker.poll() == 1 for worker in self.workers):
                pytest.fail((self.folder / "workers.log").read_text()[-4000:] or "nothing happened")
            time.sleep(0.05)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    for worker in office.workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(10)


def statuses() -> Counter[str]:
    return Counter(DBTaskResult.objects.filter(task_path__contains="job_samples").values_list("status", flat=True))


def payments() -> int:
    return JournalEntry.objects.filter(book__register="test.till").count()


def killed_at_work(office: Office, hold: str) -> None:
    """A worker has begun a task and is gone without a word."""
    samples.pay_once.enqueue(folder=office.hold(), hold=hold)
    first = office.start()
    office.until(lambda: office.lines("arrived"))
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    office.release()


@pytest.mark.parametrize("hold", ["before the commit", "after the commit"])
def test_a_second_worker_takes_over_after_kill_9_and_the_effect_is_there_once(office, hold):
    killed_at_work(office, hold)
    assert (statuses(), payments()) == ({"RUNNING": 1}, 1 if hold == "after the commit" else 0)
    office.start()
    office.until(lambda: statuses() == {"SUCCESSFUL": 1})
    assert payments() == 1
    [task] = DBTaskResult.objects.filter(task_path__contains="job_samples")
    assert office.lines("attempts") == [str(task.pk)] * 2
    assert len({holder.rpartition("/")[0] for holder in task.worker_ids}) == 2


def test_control_without_takeover_the_task_stays_undone(office):
    killed_at_work(office, "before the commit")
    office.start("--lost-after=0")
    samples.sign_in.enqueue(folder=str(office.folder))
    office.until(lambda: len(office.lines("attempts")) == 2)  # the second worker is awake and does what it finds
    time.sleep(2.5 * LOST)
    assert (statuses(), payments()) == ({"RUNNING": 1, "SUCCESSFUL": 1}, 0)


def test_three_workers_run_each_task_and_each_due_schedule_once(office):
    sync_schedules(timezone.now())
    due = timezone.now() - timedelta(hours=1)
    Schedule.objects.filter(name="tidy-jobs").update(next_run=due)
    for _ in range(3):
        office.start("--threads=2")
    office.until(lambda: jobs_health(timezone.now()).workers == 3)
    with transaction.atomic():
        for _ in range(60):
            samples.sign_in.enqueue(folder=str(office.folder))
    office.until(lambda: len(office.lines("attempts")) >= 60 and statuses() == {"SUCCESSFUL": 60})
    assert len(office.lines("attempts")) == len(set(office.lines("attempts"))) == 60
    office.until(lambda: DBTaskResult.objects.filter(task_path__endswith="tidy_jobs", status="SUCCESSFUL").exists())
    assert DBTaskResult.objects.filter(task_path__endswith="tidy_jobs").count() == 1
    assert Firing.objects.filter(schedule="tidy-jobs", due_at=due).count() == 1
    assert len({holder for [holder] in DBTaskResult.objects.values_list("worker_ids", flat=True)}) > 1


def test_a_task_that_is_asked_for_again_waits_for_the_one_who_asks(office):
    """Or it would run on what was there before, and what is being written now would never be looked at."""
    Sequence.objects.create(key="figure", last=1)
    waiting = samples.read_figure.using(key="figure").enqueue(key="figure")
    samples.sign_in.enqueue(folder=str(office.folder))
    with transaction.atomic():
        assert samples.read_figure.using(key="figure").enqueue(key="figure").id == waiting.id
        office.start()
        if connection.vendor == "postgresql":  # where one who writes does not keep the others from writing
            office.until(lambda: statuses() == {"SUCCESSFUL": 1, "READY": 1})
        time.sleep(4)
        Sequence.objects.filter(key="figure").update(last=2)
    office.until(lambda: statuses() == {"SUCCESSFUL": 2})
    assert DBTaskResult.objects.get(pk=waiting.id).return_value == 2


def test_once_does_what_is_due_and_ends(office):
    samples.sign_in.enqueue(folder=str(office.folder))
    samples.sign_in.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(folder=str(office.folder))
    assert office.start("--once").wait(PATIENCE) == 0
    assert statuses() == {"SUCCESSFUL": 1, "READY": 1}
    assert not Heartbeat.objects.exists()


def test_asked_to_end_it_finishes_what_it_has_in_hand(office):
    samples.finish_slowly.enqueue(folder=str(office.folder))
    worker = office.start()
    office.until(lambda: office.lines("attempts"))
    samples.sign_in.enqueue(folder=str(office.folder))
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert statuses() == {"SUCCESSFUL": 1, "READY": 1}
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("sample", [samples.look_up_often, samples.never_look_up])
def test_asked_to_end_it_gives_back_what_takes_too_long(office, sample):
    sample.enqueue(folder=office.hold())
    worker = office.start("--grace=1")
    office.until(lambda: office.lines("attempts"))
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert statuses() == {"READY": 1}
    assert DBTaskResult.objects.filter(status="READY").get().worker_ids == []
    office.release()
    assert office.start("--once").wait(PATIENCE) == 0
    assert statuses() == {"SUCCESSFUL": 1}


def test_a_worker_started_early_wakes_for_a_new_task_within_a_second(office):
    office.start()
    office.until(lambda: Heartbeat.objects.exists())
    time.sleep(1)
    asked = timezone.now()
    samples.sign_in.enqueue(folder=str(office.folder))
    office.until(lambda: statuses() == {"SUCCESSFUL": 1})
    begun = DBTaskResult.objects.get(task_path__endswith="sign_in").started_at
    assert begun - asked < timedelta(seconds=3)  # one in life; the machine that tests is busy
