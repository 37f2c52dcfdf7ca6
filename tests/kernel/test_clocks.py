"""Clocks as the office counts them: pauses, the company's own amounts, a year nobody has announced, each level once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support.doing import assign, at, finish, log_contact, sign, the_order
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel import clocks
from yihu.kernel.doors import perform
from yihu.kernel.models import CalendarDay, CalendarYear, Deadline, Message, Parameter, Record
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


def deadline(record: Any, code: str) -> Deadline:
    return Deadline.objects.get(record_id=record.pk, code=code, stopped_at__isnull=True)


def called_back_by(cast: Any, finished: str) -> Any:
    order = assign(cast, the_order(log_contact(cast, when=at("2026-02-10 09:00"))), at("2026-02-10 09:05"))
    order = finish(cast, order, at(finished))
    return deadline(sign(cast, order, at(finished)), "D19").due_at


def test_one_working_day_over_spring_festival(cast: Any) -> None:
    assert called_back_by(cast, "2026-02-13 16:00") == at("2026-02-14 17:30")  # a Saturday that is worked
    assert called_back_by(cast, "2026-02-14 16:00") == at("2026-02-24 17:30")


def test_the_company_sets_its_own_amount_from_a_day_on(cast: Any) -> None:
    Parameter.objects.create(
        community=cast.yunqi,
        name="clock.D14.first",
        value={"minutes": 30},
        in_force_at=at("2026-11-03 00:00"),
        by=cast.xiang,
        why="人手不足",
    )
    before = the_order(log_contact(cast, when=at("2026-11-02 09:00")))
    after = the_order(log_contact(cast, when=at("2026-11-03 09:00")))
    assert deadline(before, "D14").due_at == at("2026-11-02 09:15")
    assert deadline(after, "D14").due_at == at("2026-11-03 09:30")
    assert (deadline(before, "D14").rule, deadline(after, "D14").rule) == ("服务时间 15 分钟", "服务时间 30 分钟")


def test_a_community_with_other_service_hours(cast: Any) -> None:
    hours = {str(weekday): ["09:00", "18:00"] for weekday in range(7)} | {"6": None}
    Parameter.objects.create(
        community=cast.yunqi,
        name="service_hours",
        value=hours,
        in_force_at=at("2026-01-01 00:00"),
        by=cast.xiang,
        why="冬季",
    )
    saturday = the_order(log_contact(cast, when=at("2026-11-07 17:55")))
    assert deadline(saturday, "D14").due_at == at("2026-11-09 09:10")  # closed on Sunday


def test_a_year_nobody_announced_is_tentative_and_settled_when_it_is_entered(cast: Any) -> None:
    CalendarYear.objects.filter(year__gte=2027).delete()
    order = assign(
        cast, the_order(log_contact(cast, when=at("2026-12-30 09:00"))), at("2026-12-30 09:05"), level="major"
    )
    guessed = deadline(order, "D16")
    assert guessed.tentative
    assert guessed.due_at == at("2027-01-04 17:30")
    CalendarYear.objects.create(year=2027, source="通知")
    CalendarDay.objects.create(day=date(2027, 1, 1), working=False, name="元旦")
    assert clocks.settle_tentative() == 1
    settled = deadline(order, "D16")
    assert (settled.tentative, settled.due_at) == (False, at("2027-01-05 17:30"))
    assert Record.objects.get(pk=order.pk).next_due_at == settled.due_at


def test_a_paused_clock_does_not_ring(cast: Any) -> None:
    order = assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:05"))
    order = perform(order, "accept", by=cast.chen, at=at("2026-11-02 09:10"))
    agreed = {"hold_reason": "owner", "wake_on": "2026-11-20", "told": "电话", "owner_agreed": "on"}
    perform(order, "hold", by=cast.chen, at=at("2026-11-02 10:00"), data=agreed)
    Message.objects.all().delete()
    sweep(at("2026-11-05 10:00"))  # the repair was due on the 3rd; the screening is on the 5th at ten in the evening
    assert not Message.objects.filter(record_id=order.pk).exists()


def test_the_escalation_climbs_once_a_level(cast: Any) -> None:
    assert cast.xiang
    order = assign(
        cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:05"), level="urgent"
    )
    Message.objects.all().delete()
    told: list[tuple[str, list[str]]] = []
    for moment in ("09:19", "09:20", "09:21", "09:35", "09:36", "10:04", "10:05", "10:30"):
        sweep(at(f"2026-11-02 {moment}"))
        fresh = Message.objects.filter(record_id=order.pk, sentence__contains="到场")
        if fresh:
            told.append((moment, sorted(fresh.values_list("person__name", flat=True))))
        Message.objects.all().delete()
    assert told == [("09:20", ["陈维修"]), ("09:35", ["陈维修", "龚工"]), ("10:05", ["项经理"])]


@pytest.mark.django_db(transaction=True)
def test_five_sweeps_at_once_speak_once(cast: Any) -> None:
    order = the_order(log_contact(cast, when=at("2026-11-02 09:00")))
    assert cast.gong
    moment = deadline(order, "D14").due_at + timedelta(seconds=1)
    Message.objects.all().delete()
    assert at_once(5, lambda index: sweep(moment)) == ["done"] * 5
    assert Message.objects.filter(record_id=order.pk, sentence__contains="派工已到时限").count() == 1
    assert order.journal.filter(step="ring", sentence__contains="派工已到时限").count() == 1


def test_a_met_clock_and_a_missed_one_are_told_apart(cast: Any) -> None:
    in_time = assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:10"))
    too_late = assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:20"))
    kept = {row.record_id: row.met for row in Deadline.objects.filter(code="D14")}
    assert (kept[in_time.pk], kept[too_late.pk]) == (True, False)
    assert WorkOrder.objects.count() == 2
