"""Jobs: what a dead worker leaves behind is taken over; schedules fire once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks.signals import task_enqueued
from django_tasks_db.models import DBTaskResult

from tests.kernel import job_samples as samples
from tests.support.jobs import grow_old, later, statuses
from yihu.kernel.jobs import (
    dead_letters,
    fire_due,
    run_due,
    schedule,
    sync_schedules,
)
from yihu.kernel.jobs import schedule as declare
from yihu.kernel.jobs.claims import beat, take_next
from yihu.kernel.jobs.progress import stopping
from yihu.kernel.jobs.runner import take_back
from yihu.kernel.jobs.schedule import DECLARED, put_off
from yihu.kernel.models.jobs import Firing, Schedule

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in the office
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
