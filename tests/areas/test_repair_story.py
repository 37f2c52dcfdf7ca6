"""From a ringing phone to a closed, called-back repair."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import assign, at, call_back, finish, log_contact, photo, sentences, sign, signature, the_order
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.papers.models import Paper
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Link, Record

pytestmark = pytest.mark.django_db


def due(record: Any, code: str) -> Any:
    return Deadline.objects.get(record_id=record.pk, code=code, stopped_at__isnull=True).due_at


def running(record: Any) -> set[str]:
    return set(
        Deadline.objects.filter(record_id=record.pk, stopped_at__isnull=True, paused_at__isnull=True).values_list(
            "code", flat=True
        )
    )


@pytest.mark.clause("REP-01")
@pytest.mark.clause("DESK-03", part="报修转维修单")
@pytest.mark.clause("DESK-05")
def test_an_ordinary_repair_comes_full_circle(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-02 09:12"))
    order = the_order(contact)
    assert (contact.state, order.state, order.symptom, order.unit) == (
        "in_hand",
        "to_assign",
        "厨房水龙头漏水",
        cast.home,
    )
    assert order.phone == "13800138112"
    order = assign(cast, order, at("2026-11-02 09:15"))
    order = perform(order, "accept", by=cast.chen, at=at("2026-11-02 09:20"))
    order = perform(order, "arrive", by=cast.chen, at=at("2026-11-02 09:38"))
    order = perform(
        order,
        "part",
        by=cast.chen,
        at=at("2026-11-02 09:50"),
        data={"item": "阀芯", "quantity": "1", "unit_price": "35.00"},
    )
    with pytest.raises(Refused, match="还没有办结"):
        perform(contact, "children_done", by=authority().system())
    done = {"labour": "20", "cause": "阀芯老化", "work_done": "更换阀芯", "chargeable": "paid", "site_clean": "on"}
    order = perform(order, "finish", by=cast.chen, at=at("2026-11-02 10:05"), data=done)
    assert order.total_fen == 5500
    order = sign(cast, order, at("2026-11-02 10:08"))
    order = call_back(cast, order, at("2026-11-03 09:30"))
    run_waiting()
    contact = Contact.objects.get(pk=contact.pk)
    assert (order.state, contact.state) == ("closed", "ready")
    contact = perform(contact, "strike_off", by=cast.wang, at=at("2026-11-03 09:40"))
    assert contact.state == "struck"
    assert sentences(order) == [
        "王客服 开维修单，零修，工种：其它",
        "龚工 派工给 陈维修，零修",
        "陈维修 接单",
        "陈维修 到场",
        "陈维修 用料：阀芯 × 1",
        "陈维修 完工：更换阀芯",
        "陈维修 请客户签字：满意 月结",
        "王客服 回访：已通话 满意",
    ]
    assert not Deadline.objects.filter(stopped_at__isnull=True).exists()
    assert not Deadline.objects.filter(record_id=order.pk, met=False).exists()


@pytest.mark.clause("REP-02")
def test_entry_acceptance_arrival_finish_and_close_are_each_timed(cast: Any) -> None:
    order = the_order(log_contact(cast, when=at("2026-11-02 09:12")))
    order = assign(cast, order, at("2026-11-02 09:20"))
    order = perform(order, "accept", by=cast.chen, at=at("2026-11-02 09:25"))
    order = perform(order, "arrive", by=cast.chen, at=at("2026-11-02 09:40"))
    data = {"labour": "0", "cause": "松动", "work_done": "紧固", "chargeable": "free", "site_clean": "on"}
    order = perform(order, "finish", by=cast.chen, at=at("2026-11-02 10:00"), data=data)
    order = call_back(cast, sign(cast, order, at("2026-11-02 10:05")), at("2026-11-02 15:00"))
    stamps = (
        order.opened_at,
        order.assigned_at,
        order.accepted_at,
        order.arrived_at,
        order.finished_at,
        order.signed_at,
        order.closed_at,
    )
    assert [moment.astimezone(at("2026-11-02 00:00").tzinfo).strftime("%H:%M") for moment in stamps] == [
        "09:12", "09:20", "09:25", "09:40", "10:00", "10:05", "15:00",
    ]  # fmt: skip


def test_the_clocks_of_an_urgent_a_minor_and_a_major_repair(cast: Any) -> None:
    order = the_order(log_contact(cast, when=at("2026-11-02 21:50")))
    assert due(order, "D14") == at("2026-11-03 08:35")  # ten minutes to closing, five the next morning
    assert due(order, "D16") == at("2026-11-03 21:50")
    urgent = assign(cast, order, at("2026-11-02 21:55"), level="urgent")
    assert due(urgent, "D15") == at("2026-11-02 22:25")
    major = assign(
        cast, the_order(log_contact(cast, when=at("2026-11-02 10:00"))), at("2026-11-02 10:05"), level="major"
    )
    assert due(major, "D16") == at("2026-11-05 17:30")  # three working days, the first not counted
    assert "D15" not in running(major)  # nobody promised an hour
    promised = assign(cast, the_order(_with_appointment(cast)), at("2026-11-02 10:05"))
    assert due(promised, "D15") == at("2026-11-02 16:00")


def _with_appointment(cast: Any) -> Contact:
    return log_contact(
        cast,
        when=at("2026-11-02 10:00"),
        **{
            "to-symptom": "灯不亮",
            "to-level": "minor",
            "to-trade": "power",
            "to-unit": cast.home.pk,
            "to-appointment_from": "2026-11-02 14:00",
            "to-appointment_to": "2026-11-02 16:00",
        },
    )


def test_a_hold_needs_a_reason_a_day_and_a_word_to_the_owner(cast: Any) -> None:
    order = perform(
        assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:05")),
        "accept",
        by=cast.chen,
    )
    with pytest.raises(Invalid) as refused:
        perform(order, "hold", by=cast.chen, data={})
    assert set(refused.value.form.errors) == {"hold_reason", "wake_on", "told"}
    with pytest.raises(Invalid, match="晚于今天"):
        perform(
            order,
            "hold",
            by=cast.chen,
            at=at("2026-11-02 10:00"),
            data={"hold_reason": "parts", "wake_on": "2026-11-02", "told": "电话"},
        )
    held = perform(
        order,
        "hold",
        by=cast.chen,
        at=at("2026-11-02 10:00"),
        data={"hold_reason": "parts", "wake_on": "2026-11-08", "told": "电话告知"},
    )
    assert held.state == "on_hold"
    assert "D16" in running(held)  # nobody agreed to wait, so it will count as late


def test_only_a_date_that_the_owner_agreed_to_stops_the_repair_clock(cast: Any) -> None:
    order = perform(
        assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:05")),
        "accept",
        by=cast.chen,
        at=at("2026-11-02 09:10"),
    )
    agreed = {"hold_reason": "owner", "wake_on": "2026-11-08", "told": "业主出差，约八日", "owner_agreed": "on"}
    held = perform(order, "hold", by=cast.chen, at=at("2026-11-02 10:00"), data=agreed)
    assert "D16" not in running(held)
    back = perform(held, "resume", by=cast.chen, at=at("2026-11-08 09:00"))
    assert due(back, "D16") == at("2026-11-09 08:00")  # 23 of 24 hours were left


@pytest.mark.clause("REP-03")
def test_what_we_cannot_do_is_told_plainly_and_recorded(cast: Any) -> None:
    order = the_order(log_contact(cast, content="阳台断桥铝窗整体更换"))
    with pytest.raises(Invalid) as refused:
        perform(order, "decline", by=cast.gong, data={"reason": "没有资质"})
    assert "told" in refused.value.form.errors
    declined = perform(order, "decline", by=cast.gong, data={"reason": "没有门窗资质", "told": "电话告知并介绍了厂家"})
    assert declined.state == "declined"
    assert declined.closed_at is not None
    assert sentences(declined)[-1] == "龚工 不能承接：没有门窗资质；已告知业主：电话告知并介绍了厂家"


@pytest.mark.clause("REP-05")
def test_the_workers_report_is_complete_before_the_customer_signs(cast: Any) -> None:
    order = assign(cast, the_order(log_contact(cast)))
    order = perform(perform(order, "accept", by=cast.chen), "arrive", by=cast.chen)
    with pytest.raises(Invalid) as refused:
        perform(order, "finish", by=cast.chen, data={"labour": "0"})
    assert set(refused.value.form.errors) == {"cause", "work_done", "chargeable", "site_clean"}
    done = {"labour": "0", "cause": "堵塞", "work_done": "疏通", "chargeable": "free", "site_clean": "on"}
    order = perform(order, "finish", by=cast.chen, data=done, files={"photos": [photo()]})
    assert order.attachments.get().purpose == "after"
    with pytest.raises(Invalid) as unsigned:
        perform(order, "sign", by=cast.chen, data={"opinion": "A"})
    assert "signature" in unsigned.value.form.errors
    order = sign(cast, order)
    assert Paper.objects.get(unit=cast.home).title == f"维修单 {order.number}"


def test_a_free_repair_cannot_carry_a_price(cast: Any) -> None:
    order = perform(perform(assign(cast, the_order(log_contact(cast))), "accept", by=cast.chen), "arrive", by=cast.chen)
    order = perform(order, "part", by=cast.chen, data={"item": "灯管", "quantity": "2", "unit_price": "12.50"})
    done = {"labour": "0", "cause": "烧坏", "work_done": "换灯管", "chargeable": "free", "site_clean": "on"}
    order = perform(order, "finish", by=cast.chen, data=done)
    with pytest.raises(Refused, match="无偿维修"):
        sign(cast, order)


def test_a_refusal_to_sign_needs_two_witnesses_and_a_photograph(cast: Any) -> None:
    order = finish(cast, assign(cast, the_order(log_contact(cast))))
    with pytest.raises(Invalid) as refused:
        perform(
            order,
            "sign",
            by=cast.chen,
            data={"refused": "on", "sign_refused": "嫌贵", "witness_1": cast.li.pk, "witness_2": cast.li.pk},
        )
    assert set(refused.value.form.errors) == {"witness_2", "photos"}
    data = {"refused": "on", "sign_refused": "嫌贵", "witness_1": cast.li.pk, "witness_2": cast.wang.pk}
    signed = perform(order, "sign", by=cast.chen, data=data, files={"photos": [photo()]})
    assert (signed.state, signed.opinion) == ("call_back", "C")


@pytest.mark.clause("REP-06")
@pytest.mark.clause("DESK-14", part="二次维修")
def test_an_unhappy_owner_gets_a_second_repair_tied_to_the_first(cast: Any) -> None:
    order = sign(cast, finish(cast, assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))))))
    with pytest.raises(Invalid) as refused:
        call_back(cast, order, feedback="C", score="1")
    assert "words" in refused.value.form.errors
    order = call_back(cast, order, at("2026-11-03 10:00"), feedback="C", score="1", words="还在滴水")
    again = WorkOrder.objects.get(round_no=2)
    assert Link.objects.get(target=again.pk).why == Link.Why.REWORK
    assert again.unit == cast.home
    assert "还在滴水" in again.symptom
    assert again.phone == "13800138112"
    assert due(again, "D20") == at("2026-11-03 12:00")
    run_waiting()
    contact = Contact.objects.get()
    assert contact.state == "in_hand"  # the second round is still open
    again = call_back(cast, sign(cast, finish(cast, assign(cast, again))))
    run_waiting()
    assert Contact.objects.get().state == "ready"


@pytest.mark.clause("DESK-13", part="维修")
def test_three_failed_calls_end_as_tried(cast: Any) -> None:
    order = sign(cast, finish(cast, assign(cast, the_order(log_contact(cast)))))
    for attempt in (1, 2):
        order = call_back(cast, order, outcome="missed", feedback="", score="")
        assert (order.state, order.call_backs.count()) == ("call_back", attempt)
    order = call_back(cast, order, outcome="missed", feedback="", score="")
    assert order.state == "tried"


def test_the_technician_may_not_call_back_his_own_repair(cast: Any) -> None:
    order = sign(cast, finish(cast, assign(cast, the_order(log_contact(cast)))))
    cast.appoint(cast.chen, "receptionist", cast.yunqi)
    chen = type(cast.chen).objects.get(pk=cast.chen.pk)
    with pytest.raises(NotAllowed):
        perform(
            order, "call_back", by=chen, data={"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
        )


def test_only_the_worker_named_on_the_order_moves_it(cast: Any) -> None:
    other = cast.person("he", "何远", "technician")
    order = assign(cast, the_order(log_contact(cast)))
    with pytest.raises(NotFound):
        perform(order, "accept", by=other)
    order = perform(order, "reassign", by=cast.gong, data={"handler": other.pk, "reason": "陈维修请假"})
    with pytest.raises(NotFound):
        perform(order, "accept", by=cast.chen)
    assert perform(order, "accept", by=other).state == "accepted"


def test_two_heads_assign_at_once_and_the_second_is_told(cast: Any) -> None:
    order = the_order(log_contact(cast))
    assign(cast, order)
    with pytest.raises(Conflict, match="现在是“已派”"):
        assign(cast, order)


@pytest.mark.clause("REP-10")
def test_a_fault_met_on_patrol_takes_the_same_course(cast: Any) -> None:
    contact = log_contact(
        cast, unit="", channel="patrol", relation="anonymous", caller_name="", phone="", content="二层楼道灯不亮",
        **{"to-symptom": "二层楼道灯不亮", "to-level": "minor", "to-trade": "power", "to-common_area": "A1 栋二层楼道"},
    )  # fmt: skip
    order = the_order(contact)
    assert (order.unit, order.common_area, order.state) == (None, "A1 栋二层楼道", "to_assign")
    order = sign(cast, finish(cast, assign(cast, order), chargeable="free", labour="0"))
    order = call_back(cast, order, outcome="impossible", feedback="", score="", words="巡查发现，没有来电人")
    run_waiting()
    assert (order.state, Contact.objects.get().state) == ("tried", "ready")


def test_a_lamp_in_the_hall_is_no_repair_of_the_household_that_reported_it(cast: Any) -> None:
    contact = log_contact(
        cast, content="楼道灯不亮", **{"to-level": "minor", "to-trade": "power", "to-common_area": "A1 栋楼道"}
    )
    order = the_order(contact)
    assert (contact.unit, order.unit, order.place, order.reporter) == (cast.home, None, "A1 栋楼道", "赵业主")
    sign(cast, finish(cast, assign(cast, order), chargeable="free", labour="0"))
    assert not Paper.objects.filter(unit=cast.home).exists()


def test_a_common_area_needs_a_place(cast: Any) -> None:
    with pytest.raises(Invalid, match="公共部位"):
        open_record(
            WorkOrder(community=cast.yunqi), by=cast.wang, data={"symptom": "灯坏", "level": "minor", "trade": "power"}
        )
    assert Record.objects.count() == 0


def test_the_signature_is_a_picture_that_someone_drew(cast: Any) -> None:
    order = finish(cast, assign(cast, the_order(log_contact(cast))))
    with pytest.raises(Invalid, match="没有读到签名"):
        perform(order, "sign", by=cast.chen, data={"opinion": "A", "signature": "data:text/html,<script>"})
    assert (
        perform(order, "sign", by=cast.chen, data={"opinion": "A", "signature": signature()}).attachments.get().mime
        == "image/png"
    )
