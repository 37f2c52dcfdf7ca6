"""Jobs: how far one is, and what an administrator sees of them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.kernel import job_samples as samples
from tests.support.jobs import grow_old, later, statuses
from yihu.kernel.jobs import (
    follow,
    jobs_health,
    run_waiting,
)
from yihu.kernel.jobs.claims import beat, take_next
from yihu.kernel.jobs.health import tidy_jobs
from yihu.kernel.jobs.progress import stopping
from yihu.kernel.models import Sequence
from yihu.kernel.models.jobs import Heartbeat, Progress

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def said():
    samples.SAID.clear()
    yield samples.SAID
    stopping.clear()


class TestProgress:
    def test_a_page_sees_how_far_it_is_and_that_it_is_done(self):
        task = samples.count_up.enqueue(upto=1000)
        follow(task.id, sentence="正在排队")
        assert (Progress.objects.get().percent, Progress.objects.get().sentence) == (0, "正在排队")
        run_waiting()
        bar = Progress.objects.get(pk=task.id)
        assert (bar.done, bar.total, bar.sentence, bar.finished, bar.failed, bar.percent) == (
            1000,
            1000,
            "正在计数",
            True,
            False,
            100,
        )
        assert Sequence.objects.get(key="counted").last == 500500

    def test_it_goes_on_where_it_stumbled_and_writes_nothing_twice(self):
        task = samples.count_up.enqueue(upto=100, stumble_at=50)
        run_waiting(raising=False)
        bar = Progress.objects.get(pk=task.id)
        assert 0 < bar.done < 50
        assert not bar.finished
        run_waiting(now=later(60))
        assert Sequence.objects.get(key="counted").last == 5050

    def test_it_is_handed_back_between_two_slices_when_the_worker_must_end(self):
        samples.count_up.enqueue(upto=100)
        stopping.set()
        assert run_waiting(limit=1) == 1
        row = DBTaskResult.objects.get()
        assert (row.status, row.worker_ids) == ("READY", [])
        stopping.clear()
        run_waiting()
        assert Sequence.objects.get(key="counted").last == 5050

    def test_of_two_attempts_at_once_one_gives_up(self):
        samples.count_up.enqueue(upto=100, overtaken_at=1)
        with pytest.raises(RuntimeError, match="another attempt"):
            run_waiting()
        assert Sequence.objects.get(key="counted").last == sum(range(1, 21))

    @pytest.mark.logs_errors
    def test_the_page_is_told_when_it_failed_for_good(self):
        task = samples.fail_over.enqueue(contact="abc")
        follow(task.id)
        for hour in range(3):
            run_waiting(now=later(3600 * hour), raising=False)
        bar = Progress.objects.get()
        assert (bar.finished, bar.failed) == (True, True)
        assert "管理员" in bar.sentence

    def test_it_refuses_to_hold_everybody_up_in_one_long_transaction(self):
        """What a transaction around all slices would do; the tests' own one does not count."""
        samples.count_up_in_one_go.enqueue(upto=10)
        with pytest.raises(RuntimeError, match="durable"):
            run_waiting()


class TestHealth:
    def test_it_counts_what_an_administrator_asks_first(self):
        now = timezone.now()
        assert jobs_health(now).well is False
        beat("w", 2)
        samples.say.enqueue(word="一")
        samples.say.using(run_after=now + timedelta(hours=1)).enqueue(word="二")
        seen = jobs_health(now + timedelta(seconds=20))
        assert (seen.waiting, seen.running, seen.failed, seen.workers, seen.well) == (1, 0, 0, 1, True)
        assert timedelta(seconds=15) < seen.oldest_waiting < timedelta(seconds=21)
        assert jobs_health(now + timedelta(hours=2)).waiting == 2
        assert jobs_health(now + timedelta(hours=2)).workers == 0

    @pytest.mark.logs_errors
    def test_what_went_well_is_tidied_away_and_failures_stay(self):
        samples.say.enqueue(word="好")
        samples.say.enqueue(word="坏")
        samples.say.enqueue(word="新")
        take_next(timezone.now(), "w/1").fail(OSError())
        run_waiting(limit=1)
        DBTaskResult.objects.exclude(status="READY").update(finished_at=timezone.now() - timedelta(days=9))
        beat("gone", 1)
        grow_old(worker_silent_for=9 * 24 * 3600)
        run_waiting()
        tidy_jobs.func()
        assert statuses() == ["FAILED", "SUCCESSFUL"]
        assert not Heartbeat.objects.exists()
