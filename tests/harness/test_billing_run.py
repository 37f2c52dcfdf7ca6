"""A billing run killed at its statements, stepped in upon, started by two: each line once, and the digest of an undisturbed run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tests.harness.breaking import Door, at_once, die_at, in_between
from tests.kernel.test_workers import Office as Workers
from tests.support.doing import at
from tests.support.running import BILLED, Estate, Flat, faults, flat_source
from yihu.areas.billing.running import drawing, posting, taking_back
from yihu.areas.billing.running.canon import chained
from yihu.areas.billing.running.invariants import digest_of
from yihu.areas.billing.running.models import BillingRun, Draft
from yihu.ground.ledger import many
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import books
from yihu.kernel.doors import command, perform
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db(transaction=True)
HOMES, MOST = 5, 200


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


@pytest.fixture
def homes() -> int:
    return HOMES


@pytest.fixture
def estate(cast: Any, flat: Flat, monkeypatch: pytest.MonkeyPatch, homes: int) -> Estate:
    monkeypatch.setattr(drawing, "UNITS", 2)
    monkeypatch.setattr(drawing, "LINES", 2)
    made = Estate(cast, flat, homes)
    fee, first = made.property_fee.pk, made.units[0].pk
    flat.more = [flat.line(made.month, first, fee, -3000, part="更正")]
    return made


def undisturbed(estate: Estate) -> BillingRun:
    """What comes of it when nothing happens; then taken back, so that the same may be billed again."""
    posted = estate.post(estate.draw())
    assert posted.digest == digest_of(posted)
    estate.take_back(posted)
    return posted


def ready_to_post(estate: Estate) -> BillingRun:
    run = estate.draw()
    perform(estate.check(run), "post", by=estate.accountant)
    return run


def killed_again_and_again(door: Door, over: Any) -> int:
    """Die at the first statement, start again and die at the second, and so on until it is over."""
    deaths = 0
    for number in range(1, MOST):
        if not die_at(number, door):
            break
        deaths += 1
    assert over(), "it never came to its end"
    return deaths


def same_as(first: BillingRun, run: BillingRun) -> None:
    run.refresh_from_db()
    assert run.state == "posted"
    assert (run.digest, run.lines_posted, run.amount_posted) == (first.digest, first.lines_posted, first.amount_posted)
    assert (run.lines_skipped, run.amount_offset) == (0, first.amount_offset)
    assert digest_of(run) == first.digest
    assert Charge.objects.filter(reversal__isnull=True).count() == first.lines_posted
    assert faults() == []


@pytest.mark.clause("FEE-20")
def test_killed_at_every_statement_it_ends_as_if_nothing_had_happened(estate: Estate) -> None:
    first = undisturbed(estate)
    run = ready_to_post(estate)
    deaths = killed_again_and_again(
        lambda: posting.post.func(run.pk), lambda: not Draft.objects.filter(run=run).exists()
    )
    assert deaths > 20
    same_as(first, run)


def test_control_bills_and_place_in_two_transactions_do_not_survive_it(estate: Estate, monkeypatch: Any) -> None:
    first = undisturbed(estate)
    run = ready_to_post(estate)

    def careless(one: BillingRun) -> None:
        piece = drawing.Slice.objects.get(run=one, place=one.done)
        with command(by=one.poster) as commanding, books(commanding, one.community_id) as opened:
            rows, _ = posting._still_to_bill(posting._drafts(one, piece), BillingRun(pk=0))
            if rows:
                many.charge_ready(opened, rows, words="第几批", record=one)
        with transaction.atomic():
            fresh = {"done": one.done + 1, "lines_posted": one.lines_posted + len(rows)}
            BillingRun.objects.filter(pk=one.pk).update(**fresh, digest=chained(one.digest, map(posting._text, rows)))

    monkeypatch.setattr(posting, "_post_slice", careless)
    killed_again_and_again(lambda: posting.post.func(run.pk), lambda: estate.fresh(run).state == "posted")
    after = estate.fresh(run)
    assert (after.digest, after.lines_posted) != (first.digest, first.lines_posted)
    assert any("账上" in fault or "校验值" in fault for fault in faults())


def test_killed_while_it_is_drawn_up_it_lays_down_each_line_once(estate: Estate) -> None:
    def told(run: BillingRun) -> list[Any]:
        return list(Draft.objects.filter(run=run).order_by("pk").values_list("unit", "item", "part", "amount", "basis"))

    first = estate.draw()
    known, figures = told(first), first.figures
    perform(first, "redraw", by=estate.accountant, at=at(BILLED))
    task = DBTaskResult.objects.get(status="READY")
    killed_again_and_again(lambda: drawing.draw.func(first.pk, 2), lambda: estate.fresh(first).state == "ready")
    assert (told(first), estate.fresh(first).figures) == (known, figures)
    run_waiting()  # the worker's own attempt finds nothing to do
    task.refresh_from_db()
    assert (task.status, told(first)) == ("SUCCESSFUL", known)


def test_killed_while_it_is_taken_back_each_bill_is_taken_back_once(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_back, "LINES", 3)
    posted = estate.post(estate.draw())
    estate.settle(estate.receive(10000))
    perform(posted, "ask_back", by=estate.accountant, data={"back_why": "价格录错", "rooms": ""})
    perform(posted, "approve_back", by=estate.head)
    killed_again_and_again(
        lambda: taking_back.take_back.func(posted.pk), lambda: estate.fresh(posted).state == "reversed"
    )
    back = estate.fresh(posted)
    assert (back.lines_back, back.amount_back) == (posted.lines_posted, posted.amount_posted)
    assert not Charge.objects.filter(reversal__isnull=True).exists()
    assert faults() == []


# -- somebody else steps in ------------------------------------------------------------------------------------------


def stepped_in(estate: Estate, rival: Any) -> list[tuple[str, str]]:
    """At every fifth statement of the posting; a run for each round, taken back afterwards."""
    fates = []
    for number in range(3, MOST, 17):
        run = ready_to_post(estate)
        fate = in_between(number, lambda one=run: posting.post.func(one.pk), lambda one=run: rival(one))  # type: ignore[misc]
        if estate.fresh(run).state == "stopped":
            perform(estate.fresh(run), "resume", by=estate.accountant)
        run_waiting()
        after = estate.fresh(run)
        assert after.state == "posted", (number, fate)
        assert (after.lines_posted, after.lines_skipped, digest_of(after)) == (2 * HOMES + 1, 0, after.digest), number
        assert Charge.objects.filter(reversal__isnull=True).count() == 2 * HOMES + 1
        estate.take_back(after)
        if fate[1] == "not reached":
            break
        fates.append(fate)
    assert faults() == []
    return fates


def test_another_worker_steps_in_and_every_line_is_posted_once(estate: Estate) -> None:
    fates = stepped_in(estate, lambda run: posting.post.func(run.pk))
    assert len(fates) > 4


def test_somebody_stops_it_in_between_and_it_is_resumed(estate: Estate) -> None:
    fates = stepped_in(estate, lambda run: perform(run, "stop", by=estate.accountant))
    assert len(fates) > 4


# -- two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("FEE-20", part="两个人同时出账，只出一次")
def test_a_run_started_by_two_people_at_once_has_one_effect(estate: Estate) -> None:
    run = estate.check(estate.draw())
    people = (estate.accountant, estate.checker)
    assert all(people)
    fates = at_once(2, lambda index: perform(run, "post", by=people[index], version=run.version))
    assert sorted(fates) == ["Conflict", "done"]
    at_once(2, lambda index: posting.post.func(run.pk))
    posted = estate.fresh(run)
    assert (posted.state, posted.lines_posted, posted.lines_skipped) == ("posted", 2 * HOMES + 1, 0)
    assert Charge.objects.count() == 2 * HOMES + 1
    assert faults() == []


def test_two_people_open_the_same_run_at_once_and_one_is_sent_to_the_other(estate: Estate) -> None:
    people = (estate.accountant, estate.checker)
    fates = at_once(2, lambda index: estate.open(by=people[index]))
    assert sorted(fates) == ["Invalid", "done"]
    assert BillingRun.objects.count() == 1


def test_two_runs_over_the_same_bills_at_once_bill_each_line_once(estate: Estate) -> None:
    first, second = estate.draw(), estate.draw(items=[estate.property_fee.pk, estate.water.pk])
    for run in (first, second):
        perform(estate.check(run), "post", by=estate.accountant)
    fates = at_once(2, lambda index: posting.post.func((first, second)[index].pk))
    assert fates == ["done", "done"]
    posted = [estate.fresh(run) for run in (first, second)]
    assert [run.state for run in posted] == ["posted", "posted"]
    assert sum(run.lines_posted for run in posted) == Charge.objects.count() == 2 * HOMES + 1
    assert sum(run.lines_skipped for run in posted) == 2 * HOMES + 1
    assert faults() == []


# -- kill -9 ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("FEE-20", part="出账中途停电、被强行结束，由另一个进程接着出完")
@pytest.mark.parametrize("homes", [24])  # so many slices that nobody is through before he is killed
def test_a_worker_killed_with_9_in_the_middle_is_followed_by_another(estate: Estate, tmp_path: Path) -> None:
    first = undisturbed(estate)
    workers = Workers(tmp_path)
    try:
        run = estate.draw()
        with transaction.atomic():
            perform(estate.check(run), "post", by=estate.accountant)
        killed = workers.start()
        workers.until(lambda: estate.fresh(run).done > 0)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(10)
        assert estate.fresh(run).state == "posting"
        assert 0 < estate.fresh(run).done < run.slices
        workers.start()
        workers.until(lambda: estate.fresh(run).state == "posted" and not Draft.objects.filter(run=run).exists())
    finally:
        for worker in workers.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait(10)
    same_as(first, run)
