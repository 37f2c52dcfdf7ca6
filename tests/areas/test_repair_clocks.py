"""The clocks of a repair tell what the customer lived through, whatever is corrected, held, given back or taken up again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import assign, at, call_back, finish, log_contact, photo, sentences, sign, the_order
from yihu.areas.reception.models import Matter
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.contact.models import CallBack
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.models import Deadline, Link

pytestmark = pytest.mark.django_db
HOLD = {"hold_reason": "owner", "wake_on": "2026-11-08", "told": "电话"}


def ordered(cast: Any, level: str = "minor", **typed: Any) -> Any:
    logged = log_contact(cast, when=at("2026-11-02 09:00"), **typed)
    return assign(cast, the_order(logged), at("2026-11-02 09:05"), level=level)


def clock(order: Any, code: str) -> Deadline:
    return Deadline.objects.filter(record_id=order.pk, code=code).latest("pk")


def corrected(cast: Any, order: Any, level: str, moment: str = "2026-11-02 10:00") -> Any:
    return perform(order, "correct", by=cast.gong, at=at(moment), data={
        "symptom": order.symptom, "level": level, "trade": order.trade, "chargeable": order.chargeable,
        "responsibility": order.responsibility, "reason": "现场看过，级别不符",
    })  # fmt: skip


@pytest.mark.clause("REP-02")
def test_a_corrected_level_reckons_its_clocks_anew_from_their_own_beginning(cast: Any) -> None:
    order = ordered(cast, "major")
    assert not Deadline.objects.filter(code="D15").exists()  # no appointment was made
    order = corrected(cast, order, "urgent")
    assert clock(order, "D16").due_at == at("2026-11-03 09:00")
    assert clock(order, "D15").due_at == at("2026-11-02 09:35")
    assert order.next_due_at == at("2026-11-02 09:35")
    corrected(cast, order, "minor")
    assert not Deadline.objects.filter(code="D15").exists()
    assert Deadline.objects.filter(code="D16").count() == 1


def test_nobody_meets_the_time_of_arrival_by_putting_the_order_on_hold(cast: Any) -> None:
    order = perform(ordered(cast, "urgent"), "accept", by=cast.chen, at=at("2026-11-02 09:06"))
    held = perform(order, "hold", by=cast.chen, at=at("2026-11-02 09:30"), data=HOLD)
    assert clock(held, "D15").stopped_at is None
    back = perform(held, "resume", by=cast.chen, at=at("2026-11-02 11:00"))
    assert back.state == "accepted"  # he has not been there yet
    perform(back, "arrive", by=cast.chen, at=at("2026-11-02 11:20"))
    assert clock(back, "D15").met is False


def test_a_date_that_the_owner_agreed_to_moves_the_arrival_too(cast: Any) -> None:
    order = perform(ordered(cast, "urgent"), "accept", by=cast.chen, at=at("2026-11-02 09:06"))
    held = perform(order, "hold", by=cast.chen, at=at("2026-11-02 09:30"), data={**HOLD, "owner_agreed": "on"})
    back = perform(held, "resume", by=cast.chen, at=at("2026-11-08 09:00"))
    assert clock(back, "D15").due_at == at("2026-11-08 09:05")


def test_a_level_corrected_after_an_agreed_wait_does_not_count_the_wait(cast: Any) -> None:
    order = perform(ordered(cast, "major"), "accept", by=cast.chen, at=at("2026-11-02 09:06"))
    held = perform(order, "hold", by=cast.chen, at=at("2026-11-02 09:30"), data={**HOLD, "owner_agreed": "on"})
    back = perform(held, "resume", by=cast.chen, at=at("2026-11-08 09:00"))
    minor = corrected(cast, back, "minor", "2026-11-08 09:10")
    assert clock(minor, "D16").due_at == at("2026-11-09 08:30")  # 24 hours, of which half an hour had run before


def test_another_worker_takes_a_held_order_without_its_hold(cast: Any) -> None:
    order = perform(ordered(cast), "accept", by=cast.chen, at=at("2026-11-02 09:06"))
    held = perform(order, "hold", by=cast.chen, at=at("2026-11-02 09:30"), data={**HOLD, "owner_agreed": "on"})
    other = cast.person("he", "何师傅", "technician")
    moved = perform(
        held, "reassign", by=cast.gong, at=at("2026-11-03 09:30"), data={"handler": other.pk, "reason": "休假"}
    )
    assert (moved.wake_on, moved.hold_reason, moved.owner_agreed) == (None, "", False)
    assert clock(moved, "D16").due_at == at("2026-11-04 09:00")


def test_work_that_was_not_finished_keeps_its_first_limit(cast: Any) -> None:
    order = finish(cast, ordered(cast), at("2026-11-02 10:00"))
    assert clock(order, "D16").met is True
    order = perform(order, "back_to_work", by=cast.chen, at=at("2026-11-02 10:30"), data={"reason": "还在滴水"})
    again = clock(order, "D16")
    assert (again.stopped_at, again.due_at) == (None, at("2026-11-03 09:00"))
    assert Deadline.objects.filter(code="D16").count() == 1


def test_late_before_it_was_paused_is_late(cast: Any) -> None:
    order = perform(ordered(cast), "accept", by=cast.chen, at=at("2026-11-02 09:06"))
    held = perform(order, "hold", by=cast.chen, at=at("2026-11-04 09:00"), data={**HOLD, "owner_agreed": "on"})
    perform(held, "withdraw", by=cast.gong, at=at("2026-11-05 09:00"), data={"reason": "业主自行修好"})
    assert clock(held, "D16").met is False


def test_a_second_repair_that_is_given_back_is_urged_like_the_first_time(cast: Any) -> None:
    first = sign(cast, finish(cast, ordered(cast), at("2026-11-02 10:00")), at("2026-11-02 10:30"))
    call_back(cast, first, at("2026-11-03 09:00"), feedback="C", score="1", words="还漏")
    again = assign(cast, WorkOrder.objects.get(round_no=2), at("2026-11-03 09:10"))
    perform(again, "reject", by=cast.chen, at=at("2026-11-03 09:20"), data={"reason": "不会修"})
    assert clock(again, "D20").due_at == at("2026-11-03 11:20")


def test_the_wake_day_is_counted_in_office_time(cast: Any) -> None:
    order = perform(ordered(cast), "accept", by=cast.chen)
    with pytest.raises(Invalid, match="晚于今天"):
        perform(order, "hold", by=cast.chen, at=at("2026-11-08 07:30"), data=HOLD)


def test_a_year_that_nobody_means_is_refused(cast: Any, sign_in: Any) -> None:
    typed = {"key": "k", "symptom": "漏水", "level": "minor", "trade": "water", "unit": cast.home.pk,
             "appointment_from": "0001-01-01T00:00", "appointment_to": "9999-12-31T23:59"}  # fmt: skip
    answer = sign_in(cast.wang).post("/repairs/new/", typed)
    assert answer.status_code == 422
    assert "请核对年份" in answer.content.decode()


@pytest.mark.clause("DESK-13")
def test_who_was_not_reached_has_said_nothing(cast: Any) -> None:
    order = sign(cast, finish(cast, ordered(cast), at("2026-11-02 10:00")), at("2026-11-02 10:30"))
    call_back(cast, order, at("2026-11-03 09:00"), outcome="missed", feedback="C", score="1", words="没人接")
    sheet = CallBack.objects.get()
    assert (sheet.feedback, sheet.score) == ("", None)
    assert not Link.objects.filter(why="rework").exists()


@pytest.mark.clause("DESK-14")
def test_the_second_round_of_a_matter_has_a_promise_and_its_number_even_if_the_first_handler_is_gone(cast: Any) -> None:
    log_contact(cast, category="other", content="加椅子", when=at("2026-11-02 09:00"), **{"to-handler": cast.chen.pk})
    matter = perform(Matter.objects.get(), "done", by=cast.chen, at=at("2026-11-02 10:00"), data={"result": "已加"})
    cast.chen.posts.update(to_on="2021-01-01")
    call_back(cast, matter, at("2026-11-02 11:00"), feedback="C", score="1", words="不够")
    again = Matter.objects.get(round_no=2)
    assert (again.handler, again.phone) == (None, "13800138112")
    assert clock(again, "D04").due_at == at("2026-11-02 19:00")


def test_the_witnesses_of_a_refused_signature_are_kept(cast: Any) -> None:
    order = finish(cast, ordered(cast), at("2026-11-02 10:00"))
    typed = {"refused": "on", "sign_refused": "对价格有异议", "witness_1": cast.li.pk, "witness_2": cast.gong.pk}
    order = perform(order, "sign", by=cast.chen, at=at("2026-11-02 11:00"), data=typed, files={"photos": [photo()]})
    assert "客户拒签，见证人：李主管、龚工" in sentences(order)


def test_who_opened_an_order_takes_it_back_only_while_nothing_has_been_done(cast: Any) -> None:
    order = ordered(cast)
    assert order.opened_by == cast.wang
    with pytest.raises(NotAllowed):
        perform(order, "withdraw", by=cast.wang, data={"reason": "不想回访"})
    with pytest.raises(NotAllowed):  # a caller waits for what came of his call
        perform(the_order(log_contact(cast)), "withdraw", by=cast.wang, data={"reason": "记错了"})
    typed = {"unit": cast.home.pk, "symptom": "灯不亮", "level": "minor", "trade": "power"}
    fresh = open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=typed)
    assert perform(fresh, "withdraw", by=cast.wang, data={"reason": "记错了"}).closed_as == "withdrawn"
    with pytest.raises(Conflict):
        perform(fresh, "withdraw", by=cast.wang, data={"reason": "记错了"})
