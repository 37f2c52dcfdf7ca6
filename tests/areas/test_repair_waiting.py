"""What can't be repaired now is told, listed, screened and decided upon; dates move only in the open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import assign, at, finish, log_contact, photo, sentences, sign, the_order
from yihu.areas.repairs.models import AgreedDate, WorkOrder
from yihu.areas.repairs.printing import work_sheet
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
HOLD = {"hold_reason": "parts", "wake_on": "2026-11-08", "told": "当面告知，缺灯具，六天到货"}


def clock(order: Any, code: str) -> Deadline:
    return Deadline.objects.filter(record_id=order.pk, code=code).latest("pk")


def accepted(cast: Any, **typed: Any) -> Any:
    order = the_order(log_contact(cast, when=at("2026-11-02 09:00"), **typed))
    return perform(assign(cast, order, at("2026-11-02 09:05")), "accept", by=cast.chen, at=at("2026-11-02 09:10"))


def held(cast: Any, **typed: Any) -> Any:
    return perform(accepted(cast), "hold", by=cast.chen, at=at("2026-11-02 10:00"), data={**HOLD, **typed})


def screen(cast: Any, order: Any, moment: str, result: str = "wait", words: str = "货还没到") -> Any:
    return perform(order, "screen", by=cast.wang, at=at(moment), data={"result": result, "words": words})


def heard(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).values_list("sentence", flat=True))


@pytest.mark.clause("REP-04")
def test_a_repair_that_must_wait_is_screened_every_third_day_until_the_supervisor_decides(
    cast: Any, sign_in: Any
) -> None:
    order = held(cast)
    assert not Deadline.objects.filter(record_id=order.pk, code="D17").exists()  # told on the spot
    assert clock(order, "D18").due_at == at("2026-11-05 22:00")
    listed = sign_in(cast.wang).get("/dispatch/deferred/").content.decode()
    assert order.number in listed
    assert "缺料，11-08 恢复" in listed
    assert "六天到货" in listed
    order = screen(cast, order, "2026-11-05 09:00")
    assert clock(order, "D18").due_at == at("2026-11-09 22:00")  # the third day is a Sunday
    order = screen(cast, order, "2026-11-09 09:00")
    with pytest.raises(Refused, match="没有上报"):
        perform(order, "decide", by=cast.li, at=at("2026-11-09 10:00"), data={"decision": "resume", "reason": "x"})
    order = screen(cast, order, "2026-11-12 09:00", "raise", "厂家停产")
    assert order.state == "on_hold"
    assert any("厂家停产" in said for said in heard(cast.li))
    with pytest.raises(NotAllowed):
        perform(order, "decide", by=cast.wang, data={"decision": "resume", "reason": "x"})
    data = {"decision": "outside", "reason": "请厂家换整套"}
    order = perform(order, "decide", by=cast.li, at=at("2026-11-12 10:00"), data=data)
    assert (order.state, order.ability, order.handler) == ("to_assign", "outside", None)
    assert not Deadline.objects.filter(record_id=order.pk, code__in=("D17", "D18"), stopped_at__isnull=True).exists()
    assert clock(order, "D16").due_at == at("2026-11-03 09:00")  # nobody agreed: it counts as late
    assert order.screenings.count() == 3


@pytest.mark.clause("REP-04")
def test_what_the_screening_finds_repairable_goes_on_and_two_missed_ones_reach_the_manager(cast: Any) -> None:
    assert cast.gao
    order = held(cast)
    sweep(at("2026-11-05 22:01"))
    assert heard(cast.gao) == []
    for _ in range(2):
        sweep(at("2026-11-10 22:01"))
    assert any("三日筛选" in said for said in heard(cast.gao))
    order = screen(cast, order, "2026-11-11 09:00", "can", "到货了")
    assert (order.state, order.wake_on, order.hold_reason) == ("accepted", None, "")
    assert not Deadline.objects.filter(record_id=order.pk, code="D18", stopped_at__isnull=True).exists()


@pytest.mark.clause("REP-04")
def test_an_owner_who_was_not_told_is_told_the_same_service_day(cast: Any) -> None:
    order = accepted(cast)
    order = perform(order, "ask_store", by=cast.chen, at=at("2026-11-02 10:00"), data={"item": "阀芯", "quantity": "1"})
    line = order.requests.get()
    data = {"request": line.pk, "answer": "coming", "arrives_on": "2026-11-06"}
    order = perform(order, "answer_store", by=cast.gong, at=at("2026-11-02 11:00"), data=data)
    assert order.state == "on_hold"
    assert clock(order, "D17").due_at == at("2026-11-02 22:00")
    assert clock(order, "D18").due_at == at("2026-11-05 22:00")
    told = {"told": "电话告知赵业主，阀芯六号到货"}
    order = perform(order, "tell_owner", by=cast.wang, at=at("2026-11-02 15:00"), data=told)
    assert clock(order, "D17").met is True
    assert order.told_at == at("2026-11-02 15:00")
    assert clock(order, "D16").paused_at is None


def test_a_date_that_the_owner_agreed_to_stands_on_the_order_with_what_was_due_before(cast: Any, sign_in: Any) -> None:
    order = held(cast, owner_agreed="on", told="与赵业主电话约定")
    agreed = AgreedDate.objects.get(order=order)
    assert (agreed.was, agreed.with_whom) == (at("2026-11-03 09:00"), "与赵业主电话约定")
    assert agreed.now == at("2026-11-08 23:00")  # 23 of the 24 hours are left on the morning of the 8th
    page = sign_in(cast.wang).get(order.get_absolute_url()).content.decode()
    assert "11-03 09:00" in page
    assert "共改期 1 次" in page


def test_an_agreed_wait_ends_with_the_agreed_day_however_long_it_lay(cast: Any) -> None:
    order = held(cast, owner_agreed="on")
    order = perform(order, "resume", by=cast.chen, at=at("2026-11-20 09:00"))
    assert clock(order, "D16").due_at == at("2026-11-09 23:00")  # agreed until the end of the 8th
    order = perform(order, "arrive", by=cast.chen, at=at("2026-11-20 09:30"))
    data = {"labour": "0", "cause": "松动", "work_done": "紧固", "chargeable": "free", "site_clean": "on"}
    perform(order, "finish", by=cast.chen, at=at("2026-11-20 10:00"), data=data)
    assert clock(order, "D16").met is False


def test_a_wait_inside_a_time_that_was_put_off_already_is_left_out_once(cast: Any) -> None:
    order = accepted(cast)
    data = {
        "appointment_from": "2026-11-04 09:00", "appointment_to": "2026-11-04 11:00", "reason": "业主出差",
        "told": "电话", "owner_agreed": "on",
    }  # fmt: skip
    order = perform(order, "reschedule", by=cast.chen, at=at("2026-11-02 09:30"), data=data)
    moved = clock(order, "D16").due_at
    order = perform(order, "hold", by=cast.chen, at=at("2026-11-02 10:00"), data={**HOLD, "owner_agreed": "on"})
    order = perform(order, "resume", by=cast.chen, at=at("2026-11-03 10:00"))
    assert clock(order, "D16").due_at == moved  # all of it lay inside the two days agreed first
    order = perform(order, "hold", by=cast.chen, at=at("2026-11-03 12:00"), data={**HOLD, "owner_agreed": "on"})
    order = perform(order, "resume", by=cast.chen, at=at("2026-11-04 12:00"))
    assert clock(order, "D16").due_at - moved == at("2026-11-04 12:00") - at("2026-11-04 09:00")


def test_held_orders_stand_below_what_is_late(cast: Any, sign_in: Any) -> None:
    late = accepted(cast, content="客厅跳闸")
    waits = perform(
        accepted(cast, content="灯不亮等配件"), "hold", by=cast.chen, data={**HOLD, "wake_on": "2099-01-01"}
    )
    Deadline.objects.filter(record_id=waits.pk, code="D16").update(due_at=at("2026-01-01 09:00"))
    WorkOrder.objects.filter(pk=waits.pk).update(next_due_at=at("2026-01-01 09:00"))
    for address in ("/", "/dispatch/day/"):
        page = sign_in(cast.chen).get(address).content.decode()
        assert page.index(late.number) < page.index(waits.number), address


def test_the_price_is_not_corrected_after_the_customer_has_signed(cast: Any) -> None:
    order = sign(cast, finish(cast, assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))))))
    typed = {
        "symptom": order.symptom, "level": order.level, "trade": order.trade, "responsibility": order.responsibility,
        "reason": "记错了",
    }  # fmt: skip
    with pytest.raises(Invalid, match="已经签字"):
        perform(order, "correct", by=cast.gong, data={**typed, "chargeable": "free"})
    order = perform(order, "correct", by=cast.gong, data={**typed, "chargeable": "paid", "location": "厨房"})
    assert order.location == "厨房"


def test_nobody_witnesses_his_own_work(cast: Any) -> None:
    order = finish(cast, assign(cast, the_order(log_contact(cast))))
    typed = {"refused": "on", "sign_refused": "嫌贵", "witness_1": cast.li.pk, "witness_2": cast.chen.pk}
    with pytest.raises(Invalid, match="自己不能作见证"):
        perform(order, "sign", by=cast.chen, data=typed, files={"photos": [photo()]})
    order = perform(order, "sign", by=cast.chen, data={**typed, "witness_2": cast.gong.pk}, files={"photos": [photo()]})
    assert (order.witness_1, order.witness_2) == (cast.li, cast.gong)
    assert work_sheet(order, cast.gong)["witnesses"] == ["李主管", "龚工"]


@pytest.mark.clause("REP-10")
def test_a_common_part_is_chosen_from_the_list_and_its_system_is_known(cast: Any, sign_in: Any) -> None:
    building = cast.home.building
    order = the_order(
        log_contact(
            cast,
            content="车库灯不亮",
            **{
                "to-building": building.pk,
                "to-floor": "地下1层",
                "to-common_area": "车库坡道",
                "to-level": "minor",
                "to-trade": "power",
            },
        )
    )
    assert (order.unit, order.place, order.system) == (None, "A1栋 地下1层 车库坡道", "power")
    page = sign_in(cast.gong).get("/repairs/?system=power").content.decode()
    assert order.number in page
    assert order.number not in sign_in(cast.gong).get("/repairs/?system=lift").content.decode()


@pytest.mark.clause("DAY-12", part="报修记录表每天打印，主管早上查看；派工在派工台")
def test_the_repair_log_lists_the_days_reports_and_who_received_them(cast: Any, sign_in: Any) -> None:
    order = accepted(cast)
    answer = sign_in(cast.wang).get("/dispatch/log/?day=2026-11-02")
    page = answer.content.decode()
    assert order.number in page
    assert "龚工 11-02 09:05" in page
    assert sign_in(cast.wang).get("/dispatch/log/?day=2026-11-03").content.decode().count(order.number) == 0
    month = sign_in(cast.wang).get("/dispatch/log/print/?month=2026-11")
    assert month.content[:5] == b"%PDF-"
    assert sign_in(cast.wang).get("/dispatch/deferred/print/").content[:5] == b"%PDF-"
    assert sign_in(cast.passer).get("/dispatch/log/").status_code == 403


def test_the_journal_says_what_was_decided(cast: Any) -> None:
    order = screen(cast, held(cast), "2026-11-04 09:00", "raise", "配件停产")
    data = {"decision": "wait", "wake_on": "2026-11-20", "reason": "另找厂家", "told": "电话告知"}
    order = perform(order, "decide", by=cast.li, at=at("2026-11-04 10:00"), data=data)
    assert (order.state, str(order.wake_on), order.raised_at) == ("on_hold", "2026-11-20", None)
    assert sentences(order)[-1] == "李主管 决定继续等 2026-11-20：另找厂家；告知业主：电话告知"
