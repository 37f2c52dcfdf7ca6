"""Jobs: queue, transactions, retries, keys. One process; see test_workers."""

import logging
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.kernel import job_samples as samples
from tests.support.jobs import later, statuses
from yihu.kernel.jobs import (
    current_task_id,
    dead_letters,
    fire_due,
    job,
    retry_by_hand,
    run_waiting,
    sync_schedules,
)
from yihu.kernel.jobs.claims import take_next
from yihu.kernel.jobs.progress import stopping
from yihu.kernel.jobs.runner import back_off, take_back
from yihu.kernel.models.jobs import TaskKey

PHONE = "13812345678"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def said():
    samples.SAID.clear()
    yield samples.SAID
    stopping.clear()


class TestQueue:
    def test_a_job_runs_with_what_it_was_given_and_its_follow_ups_run_too(self, said):
        samples.say_and_go_on.enqueue(words=["一", "二", "三"])
        assert said == []
        assert run_waiting() == 3
        assert said == ["一", "二", "三"]

    def test_limit_says_how_many_run(self, said):
        samples.say_and_go_on.enqueue(words=["一", "二", "三"])
        assert run_waiting(limit=2) == 2
        assert said == ["一", "二"]

    def test_its_result_can_be_asked_for_through_the_tasks_api(self):
        waiting = samples.say.enqueue(word="好")
        run_waiting()
        waiting.refresh()
        assert (waiting.status, waiting.return_value, waiting.attempts) == ("SUCCESSFUL", "好", 1)

    def test_the_task_id_is_known_inside_and_only_there(self, said):
        result = samples.say_own_id.enqueue()
        run_waiting()
        assert said == [result.id]
        with pytest.raises(RuntimeError, match="no task"):
            current_task_id()

    def test_only_json_may_be_given_and_returned(self):
        with pytest.raises(TypeError):
            samples.say.enqueue(word=timezone.now())
        assert not DBTaskResult.objects.exists()
        samples.answer_with_an_object.enqueue()
        with pytest.raises(TypeError):
            run_waiting()

    def test_what_is_for_later_waits(self, said):
        samples.say.using(run_after=later(60)).enqueue(word="稍后")
        assert run_waiting() == 0
        assert run_waiting(now=later(61)) == 1

    @override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}})
    def test_another_backend_is_one_setting_away(self, said):
        result = samples.say_own_id.using(key="same").enqueue()
        assert (result.status, said) == ("SUCCESSFUL", [result.id])
        assert not DBTaskResult.objects.exists()
        with pytest.raises(RuntimeError):
            current_task_id()


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    def test_a_job_is_there_when_the_transaction_is_and_not_before(self):
        other = connection.copy()
        seen = []

        def look():
            with other.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {DBTaskResult._meta.db_table}")
                seen.append(cursor.fetchone()[0])

        with transaction.atomic():
            samples.say.enqueue(word="一起")
            look()
        look()
        other.close()
        assert seen == [0, 1]

    @pytest.mark.parametrize("key", ["", "same"])
    def test_what_is_rolled_back_was_never_asked_for(self, key):
        with transaction.atomic():
            samples.say.using(key=key).enqueue(word="没有")
            transaction.set_rollback(True)
        assert (DBTaskResult.objects.count(), TaskKey.objects.count()) == (0, 0)

    def test_an_idle_worker_only_reads(self):
        sync_schedules(timezone.now())
        samples.say.using(run_after=later(60)).enqueue(word="稍后")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert take_next(timezone.now(), "w/1") is None
            assert fire_due(timezone.now()) == 0
            assert take_back(timedelta(seconds=30), "w", ()) == 0
        assert {query["sql"].split()[0] for query in asked} == {"SELECT"}


class TestRetry:
    def test_a_failure_is_tried_again_later_and_then_good(self, said):
        samples.fail_once.enqueue()
        assert run_waiting(raising=False) == 1
        assert (statuses(), run_waiting()) == (["READY"], 0)
        assert run_waiting(now=later(10)) == 1
        assert (statuses(), said) == (["SUCCESSFUL"], ["try", "try"])

    def test_run_waiting_shows_a_test_what_went_wrong(self):
        samples.fail_once.enqueue()
        with pytest.raises(OSError, match="busy"):
            run_waiting()
        assert statuses() == ["READY"]

    def test_waits_grow_and_differ(self):
        waits = [back_off(n).total_seconds() for n in range(1, 20)]
        assert 4 <= waits[0] <= 6
        assert 32 <= waits[3] <= 48
        assert 3600 <= waits[-1] <= 5400
        assert len({back_off(3) for _ in range(10)}) > 1

    @pytest.mark.logs_errors
    def test_the_last_failure_is_seen_but_does_not_say_about_whom(self, caplog):
        task = samples.fail_over.enqueue(contact=f"{PHONE}x")
        with caplog.at_level(logging.DEBUG):
            for hour in range(5):
                run_waiting(now=later(3600 * hour), raising=False)
        [row] = dead_letters()
        assert str(row.pk) == task.id
        assert row.exception_class_path == "builtins.LookupError"
        assert "fail_over" in row.traceback
        assert "ValueError" in row.traceback
        assert [record.levelname for record in caplog.records if record.name == "yihu.jobs"] == [
            "WARNING",
            "WARNING",
            "ERROR",
        ]
        assert PHONE not in row.traceback + caplog.text

    @pytest.mark.logs_errors
    def test_an_administrator_tries_it_again(self, said):
        task = samples.fail_over.enqueue(contact="abc")
        assert retry_by_hand(task.id) is False
        for hour in range(3):
            run_waiting(now=later(3600 * hour), raising=False)
        DBTaskResult.objects.update(args_kwargs={"args": [], "kwargs": {"contact": "7"}})
        assert retry_by_hand(task.id) is True
        assert retry_by_hand(task.id) is False
        run_waiting()
        assert (statuses(), list(dead_letters())) == (["SUCCESSFUL"], [])

    @pytest.mark.logs_errors
    def test_a_job_whose_code_is_gone_ends_as_a_failure(self):
        samples.say.enqueue(word="好")
        DBTaskResult.objects.update(task_path="tests.kernel.gone.say")
        for hour in range(8):
            run_waiting(now=later(7200 * hour), raising=False)
        assert statuses() == ["FAILED"]


class TestKey:
    def test_one_waits_and_the_second_is_the_first(self, said):
        first = samples.say.using(key="unit:7").enqueue(word="一")
        second = samples.say.using(key="unit:7").enqueue(word="二")
        other = samples.say.using(key="unit:8").enqueue(word="三")
        assert first.id == second.id != other.id
        run_waiting()
        assert sorted(said) == ["一", "三"]

    def test_one_that_has_begun_does_not_count_as_waiting(self):
        samples.say.using(key="unit:7").enqueue(word="一")
        begun = take_next(timezone.now(), "w/1")
        samples.say.using(key="unit:7").enqueue(word="二")
        assert statuses() == ["READY", "RUNNING"]
        begun.succeed(None)
        assert run_waiting() == 1
        assert not TaskKey.objects.exists()

    def test_a_failure_leaves_the_work_to_the_one_that_waits(self):
        samples.say.using(key="unit:7").enqueue(word="一")
        begun = take_next(timezone.now(), "w/1")
        second = samples.say.using(key="unit:7").enqueue(word="二")
        assert begun.again(OSError(), later(1))
        assert DBTaskResult.objects.get(status="READY").pk == DBTaskResult.objects.get(pk=second.id).pk
        assert run_waiting(now=later(60)) == 1

    def test_a_retry_holds_its_key(self):
        first = samples.say.using(key="unit:7").enqueue(word="一")
        take_next(timezone.now(), "w/1").again(OSError(), later(60))
        assert samples.say.using(key="unit:7").enqueue(word="二").id == first.id

    @pytest.mark.logs_errors
    def test_by_hand_there_are_not_two_either(self):
        failing = samples.say.using(key="unit:7").enqueue(word="一")
        take_next(timezone.now(), "w/1").fail(OSError())
        samples.say.using(key="unit:7").enqueue(word="二")
        assert retry_by_hand(failing.id) is False
        assert statuses() == ["FAILED", "READY"]


def test_a_job_must_stand_at_the_top_of_its_module():
    with pytest.raises(Exception, match="module level"):

        @job()
        def inside():
            return None
