"""Jobs: queue, retries, keys, schedules, progress, and what an administrator sees. One process; see test_workers."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks.signals import task_enqueued
from django_tasks_db.models import DBTaskResult

from tests.kernel import job_samples as samples
from yihu.kernel.jobs import (
    current_task_id,
    dead_letters,
    fire_due,
    follow,
    job,
    jobs_health,
    retry_by_hand,
    run_due,
    run_waiting,
    schedule,
    sync_schedules,
)
from yihu.kernel.jobs import schedule as declare
from yihu.kernel.jobs.claims import beat, take_next
from yihu.kernel.jobs.health import tidy_jobs
from yihu.kernel.jobs.progress import stopping
from yihu.kernel.jobs.runner import back_off, take_back
from yihu.kernel.jobs.schedule import DECLARED, put_off
from yihu.kernel.models import Sequence
from yihu.kernel.models.jobs import Firing, Heartbeat, Progress, Schedule, TaskKey

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in the office
PHONE = "13812345678"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def said():
    samples.SAID.clear()
    yield samples.SAID
    stopping.clear()


@pytest.fixture
def only_ours(monkeypatch):
    """An empty list of declared schedules for this test."""
    kept = dict(DECLARED)
    DECLARED.clear()
    yield
    DECLARED.clear()
    DECLARED.update(kept)


def statuses():
    return sorted(DBTaskResult.objects.values_list("status", flat=True))


def later(seconds):
    return timezone.now() + timedelta(seconds=seconds)


def grow_old(worker_silent_for=60):
    """As if the running tasks had begun, and their workers last been heard of, a while ago."""
    then = timezone.now() - timedelta(seconds=worker_silent_for)
    DBTaskResult.objects.filter(status="RUNNING").update(started_at=then)
    Heartbeat.objects.update(seen_at=then)


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


class TestTakeover:
    def test_the_task_of_a_silent_worker_goes_back_and_its_late_word_counts_nothing(self, said):
        samples.say.enqueue(word="好")
        beat("ghost", 1)
        lost = take_next(timezone.now(), "ghost/1")
        assert take_back(timedelta(seconds=30)) == 0
        grow_old()
        assert take_back(timedelta(seconds=30)) == 1
        assert take_back(timedelta(seconds=30)) == 0
        assert not lost.succeed("late")
        second = take_next(timezone.now(), "alive/1")
        assert not lost.succeed("late")
        assert not lost.again(OSError(), later(1))
        assert not lost.give_back()
        assert second.succeed("in time")
        assert not lost.fail(OSError())
        row = DBTaskResult.objects.get()
        assert (row.status, row.return_value, row.worker_ids) == ("SUCCESSFUL", "in time", ["ghost/1", "alive/1"])

    def test_a_long_task_of_a_living_worker_is_left_alone(self):
        samples.say.enqueue(word="好")
        take_next(timezone.now(), "alive/1")
        grow_old()
        beat("alive", 1)
        assert take_back(timedelta(seconds=30)) == 0
        assert take_back(timedelta(seconds=30), "alive", {"alive/1"}) == 0

    def test_a_worker_notices_a_task_it_lost_hold_of_itself(self):
        samples.say.enqueue(word="好")
        take_next(timezone.now(), "alive/1")
        grow_old()
        beat("alive", 1)
        assert take_back(timedelta(seconds=30), "alive", set()) == 1

    @pytest.mark.logs_errors
    def test_a_task_that_kills_whoever_runs_it_does_not_go_round_for_ever(self):
        samples.fail_once.enqueue()
        for hour in range(2):
            assert take_next(later(3600 * hour), f"ghost-{hour}/1")
            grow_old()
            assert take_back(timedelta(seconds=30)) == 1
        assert dead_letters().get().exception_class_path.endswith("WorkerLost")

    def test_one_given_back_has_lost_no_attempt(self):
        samples.fail_once.enqueue()
        for _ in range(5):
            assert take_next(timezone.now(), "w/1").give_back()
        assert DBTaskResult.objects.get().worker_ids == []


def test_a_worker_finds_every_schedule_of_the_house():
    sources = [file.read_text() for file in (settings.BASE_DIR / "yihu").rglob("*.py")]
    written = {name for source in sources for name in re.findall(r'^@schedule\("([^"]+)"', source, re.MULTILINE)}
    assert "tidy-jobs" in written
    sync_schedules(NINE)
    assert set(Schedule.objects.values_list("name", flat=True)) == written


@pytest.mark.usefixtures("only_ours")
class TestSchedule:
    def declared(self, **rule):
        declare("say-it", **rule)(samples.say_own_id)
        sync_schedules(NINE)

    def test_every_minute(self, said):
        self.declared(every=timedelta(minutes=1))
        assert run_due(NINE + timedelta(seconds=59)) == 0
        assert run_due(NINE + timedelta(seconds=60)) == 1
        assert run_due(NINE + timedelta(seconds=61)) == 0
        assert run_due(NINE + timedelta(seconds=120)) == 1
        assert len(said) == 2

    def test_daily_is_office_time(self):
        self.declared(daily="08:30")
        assert Schedule.objects.get().next_run == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
        assert run_due(datetime(2026, 11, 24, 0, 29, tzinfo=UTC)) == 0
        assert run_due(datetime(2026, 11, 24, 0, 30, tzinfo=UTC)) == 1

    def test_put_off_it_sleeps_until_then_and_keeps_its_hours(self, said):
        self.declared(every=timedelta(minutes=1))
        put_off("say-it", NINE + timedelta(minutes=10))
        sync_schedules(NINE)  # another worker starts meanwhile
        assert run_due(NINE + timedelta(minutes=9)) == 0
        assert run_due(NINE + timedelta(minutes=10)) == 1
        assert run_due(NINE + timedelta(minutes=11)) == 1

    def test_put_off_before_any_worker_has_started(self, said):
        declare("say-it", every=timedelta(minutes=1))(samples.say_own_id)
        put_off("say-it", NINE + timedelta(minutes=10))
        sync_schedules(NINE)
        assert run_due(NINE + timedelta(minutes=9)) == 0
        assert run_due(NINE + timedelta(minutes=10)) == 1

    @pytest.mark.parametrize("rule", [{"every": timedelta(minutes=1)}, {"daily": "08:30"}])
    def test_a_machine_that_was_off_for_five_days_does_it_once(self, said, rule):
        self.declared(**rule)
        back = NINE + timedelta(days=5)
        assert run_due(back) == 1
        assert run_due(back) == 0
        assert back < Schedule.objects.get().next_run <= back + timedelta(days=1)

    def test_slow_runs_do_not_pile_up(self):
        self.declared(every=timedelta(minutes=1))
        assert [fire_due(NINE + timedelta(minutes=n)) for n in (1, 2, 3)] == [1, 1, 1]
        assert (statuses(), Firing.objects.count()) == (["READY"], 3)

    def test_the_task_and_the_next_due_time_are_written_together(self):
        self.declared(every=timedelta(minutes=1))
        before = Schedule.objects.get().next_run

        def break_down(**kwargs):
            raise OSError("the disk is full")

        task_enqueued.connect(break_down)
        try:
            with pytest.raises(OSError, match="disk"):
                fire_due(NINE + timedelta(minutes=1))
        finally:
            task_enqueued.disconnect(break_down)
        assert (Schedule.objects.get().next_run, Firing.objects.count(), statuses()) == (before, 0, [])
        assert run_due(NINE + timedelta(minutes=1)) == 1

    def test_a_due_time_is_never_answered_twice(self):
        self.declared(every=timedelta(minutes=1))
        before = Schedule.objects.get().next_run
        assert run_due(before) == 1
        Schedule.objects.update(next_run=before)
        assert run_due(before) == 0
        assert Schedule.objects.get().next_run > before

    def test_a_changed_rule_counts_from_the_next_start(self):
        self.declared(daily="08:30")
        self.declared(daily="09:30")
        assert Schedule.objects.get().next_run == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

    def test_a_plain_function_becomes_a_job(self, said):
        schedule("plain", every=timedelta(hours=1))(samples.say_own_id.func)
        sync_schedules(NINE)
        assert fire_due(NINE + timedelta(hours=1)) == 1

    def test_a_wrong_declaration_is_refused_where_it_stands(self):
        for rule in ({}, {"every": timedelta(0)}, {"every": timedelta(1), "daily": "08:30"}, {"daily": "25:00"}):
            with pytest.raises(ValueError, match=r"."):
                schedule("wrong", **rule)(samples.say_own_id)
        schedule("name", daily="08:30")(samples.say_own_id)
        with pytest.raises(ValueError, match="twice"):
            schedule("name", daily="08:30")(samples.fail_once)


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


def test_a_job_must_stand_at_the_top_of_its_module():
    with pytest.raises(Exception, match="module level"):

        @job()
        def inside():
            return None
