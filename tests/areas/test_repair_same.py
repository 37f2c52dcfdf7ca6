"""Ten calls about one burst pipe are one job: recognised while typing, tied with one press, each caller told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support.cast import Cast
from tests.support.doing import assign, at, call_back, finish, log_contact, sentences, sign, the_order
from yihu.areas.reception.models import Contact
from yihu.areas.repairs import callers
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message, Record

BURST = "楼道水管爆裂，水往外喷"


@pytest.fixture
def desk() -> Cast:
    """Written out before threads come in."""
    made = Cast()
    for name in ("yunqi", "home", "owner", "wang", "li", "gong", "chen"):
        getattr(made, name)
    return made


def call(cast: Any, room: Any = None, **typed: Any) -> Contact:
    home = {} if room is None else {"unit": room.pk}
    return log_contact(cast, **{"content": BURST, **home, **typed})


def done(cast: Any, order: Any) -> Any:
    return sign(cast, finish(cast, assign(cast, order)))


def heard(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).values_list("sentence", flat=True))


@pytest.mark.django_db
@pytest.mark.clause("DESK-05")
def test_a_second_call_is_recognised_while_it_is_typed_and_tied_with_one_press(cast: Any, sign_in: Any) -> None:
    order = assign(cast, the_order(call(cast)))
    neighbour = cast.unit("0102")
    desk = sign_in(cast.wang)
    asked = {"unit": neighbour.pk, "category": "repair", "content": "楼道水管爆了一直喷水"}
    shown = desk.get("/reception/same/", asked).content.decode()
    assert order.number in shown
    assert "陈维修" in shown
    assert "来电 1 次" in shown
    assert order.number not in desk.get("/reception/same/", {**asked, "content": "卧室空调不制冷"}).content.decode()
    assert order.number not in desk.get("/reception/same/", {**asked, "category": "complaint"}).content.decode()
    beside_order = desk.get("/dispatch/similar/", {"unit": neighbour.pk, "symptom": "楼道水管爆了一直喷水"})
    assert order.number in beside_order.content.decode()
    second = call(cast, neighbour, joins_job=order.number)
    assert (second.state, WorkOrder.objects.count()) == ("in_hand", 1)
    assert second.promised_at == Deadline.objects.get(record_id=order.pk, code="D16").due_at
    assert f"王客服 并入来电 {second.number}" in sentences(order)
    page = desk.get(order.get_absolute_url()).content.decode()
    assert "共 2 次来电" in page
    assert second.number in page


@pytest.mark.django_db
def test_a_call_about_a_job_that_is_finished_is_a_report_like_any_other(cast: Any) -> None:
    order = done(cast, the_order(call(cast)))
    again = call(cast, joins_job=order.number)
    assert the_order(again) != order


@pytest.mark.django_db
@pytest.mark.clause("DESK-13")
def test_the_job_stays_open_until_each_caller_has_heard(cast: Any) -> None:
    first = call(cast)
    order = the_order(first)
    others = [call(cast, cast.unit(f"020{number}"), joins_job=order.number) for number in range(1, 4)]
    order = call_back(cast, done(cast, order))
    run_waiting()
    assert order.state == "call_back"
    assert {row.state for row in Contact.objects.all()} == {"in_hand"}
    with pytest.raises(Refused, match="还有 3 位"):
        call_back(cast, order)
    sheet = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5", "caller": others[0].pk}
    order = perform(order, "call_caller", by=cast.wang, data=sheet)
    assert order.state == "call_back"
    with pytest.raises(Invalid):
        perform(order, "call_caller", by=cast.wang, data=sheet)  # he has heard already
    order = perform(order, "tell_all", by=cast.wang, data={"how": "sms", "words": "水管已修好"})
    run_waiting()
    assert order.state == "closed"
    assert [Contact.objects.get(pk=one.pk).state for one in (first, *others)] == ["ready", *["struck"] * 3]
    assert callers.told(order, [one.pk for one in others]) == {
        others[0].pk: "已通话 满意", others[1].pk: "一并告知（短信）", others[2].pk: "一并告知（短信）",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.clause("DESK-14")
def test_the_second_repair_is_about_whoever_was_not_satisfied(cast: Any) -> None:
    order = the_order(call(cast))
    other = call(cast, cast.unit("0201"), joins_job=order.number, caller_name="钱先生", phone="13912345678")
    third = call(cast, cast.unit("0301"), joins_job=order.number, caller_name="孙女士", phone="13712345678")
    order = call_back(cast, done(cast, order))
    unhappy = {"outcome": "reached", "method": "phone", "feedback": "C", "score": "1", "words": "二楼还在滴水"}
    order = perform(order, "call_caller", by=cast.wang, data={**unhappy, "caller": other.pk})
    again = WorkOrder.objects.get(round_no=2)
    assert (again.reporter, again.phone, again.links_in.get().origin_id) == ("钱先生", "13912345678", order.pk)
    perform(order, "call_caller", by=cast.wang, data={**unhappy, "caller": third.pk, "words": "三楼也在滴"})
    assert WorkOrder.objects.count() == 2
    assert sentences(again)[-1] == f"{third.number} 回访也不满意：三楼也在滴"


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("REP-01")
def test_ten_calls_at_once_end_as_one_job_with_ten_callers(desk: Cast) -> None:
    rooms = [desk.unit(f"03{number:02d}") for number in range(1, 11)]

    def clerk(index: int) -> None:
        """Whoever sees a job ties the call to it; who is too early opens his own."""
        seen = WorkOrder.objects.filter(closed_at__isnull=True).order_by("pk").first()
        call(desk, rooms[index], **({"joins_job": seen.number} if seen else {}))

    assert set(at_once(10, clerk)) == {"done"}
    run_waiting()
    kept, *doubled = WorkOrder.objects.order_by("pk")
    for one in doubled:
        perform(one, "merge", by=desk.gong, data={"into": kept.number, "reason": "同一处爆管"})
    run_waiting()
    assert WorkOrder.objects.filter(closed_at__isnull=True).count() == 1
    assert callers.callers(kept).count() == 10
    order = call_back(desk, done(desk, WorkOrder.objects.get(pk=kept.pk)))
    run_waiting()
    assert not Contact.objects.filter(state__in=("ready", "struck")).exists()
    order = perform(order, "tell_all", by=desk.wang, data={"how": "sms", "words": "水管已修好"})
    run_waiting()
    assert order.state == "closed"
    for contact in Contact.objects.filter(state="ready"):
        perform(contact, "strike_off", by=desk.wang)
    assert Contact.objects.filter(state="struck").count() == 10
    assert [fault for result in check_all() for fault in result.faults] == []


@pytest.mark.django_db
def test_a_merge_keeps_callers_urges_and_the_earlier_limit_and_can_be_undone(cast: Any) -> None:
    early = the_order(log_contact(cast, when=at("2026-11-02 09:00"), content=BURST))
    late = the_order(log_contact(cast, when=at("2026-11-02 15:00"), content=BURST, unit=cast.unit("0102").pk))
    for _ in range(2):
        early = perform(early, "urge", by=cast.wang, at=at("2026-11-02 15:30"), data={"words": "快来"})
    reason = {"into": late.number, "reason": "同一处"}
    merged = perform(early, "merge", by=cast.gong, at=at("2026-11-02 16:00"), data=reason)
    run_waiting()
    late = WorkOrder.objects.get(pk=late.pk)
    assert late.times_urged == 2
    due = Deadline.objects.get(record_id=late.pk, code="D16")
    assert due.due_at == at("2026-11-03 09:00")  # he who waits longest counts
    assert callers.callers(late).count() == 2
    assert {row.state for row in Contact.objects.all()} == {"in_hand"}
    back = perform(merged, "split", by=cast.gong, at=at("2026-11-02 17:00"), data={"reason": "两处不同"})
    late = WorkOrder.objects.get(pk=late.pk)
    assert (back.closed_at, back.closed_as, back.state_word) == (None, "", "待派")
    assert (late.times_urged, WorkOrder.objects.get(pk=back.pk).times_urged) == (0, 2)
    assert Deadline.objects.get(record_id=late.pk, code="D16").due_at == at("2026-11-03 15:00")
    mine = Deadline.objects.get(record_id=back.pk, code="D16")
    assert (mine.stopped_at, mine.due_at) == (None, at("2026-11-03 09:00"))
    assert callers.callers(late).count() == 1
    assert sentences(late)[-1] == f"龚工 将 {back.number} 从本条拆出：两处不同"
    perform(back, "assign", by=cast.gong, data={"handler": cast.chen.pk, "level": "minor", "trade": "water"})
    assert [fault for result in check_all() for fault in result.faults] == []


@pytest.mark.django_db
def test_what_was_never_merged_is_not_split(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        perform(the_order(call(cast)), "split", by=cast.gong, data={"reason": "x"})


@pytest.mark.django_db
@pytest.mark.clause("DESK-04", part="催办有次数、有人知道、会上升")
def test_the_third_urge_climbs_and_an_urge_by_phone_is_a_call_without_a_new_order(cast: Any, sign_in: Any) -> None:
    assert cast.li
    order = assign(cast, the_order(call(cast)))
    order = perform(order, "urge", by=cast.wang, data={"words": "业主在等"})
    assert any("第 1 次" in said for said in heard(cast.gong))
    assert any("催办" in said for said in heard(cast.chen))
    assert not any("催办" in said for said in heard(cast.li))
    order = perform(order, "urge", by=cast.wang, data={"words": "又来问"})
    by_phone = call(cast, content="什么时候来人", joins_job=order.number, urges="on")
    assert WorkOrder.objects.count() == 1
    order = WorkOrder.objects.get()
    assert order.times_urged == 3
    assert any(by_phone.number in said and "第 3 次" in said for said in heard(cast.li))
    board = sign_in(cast.gong).get("/dispatch/").content.decode()
    assert "催 3 次" in board
    assert "催 3 次" in sign_in(cast.gong).get("/repairs/?tab=open").content.decode()


@pytest.mark.django_db
def test_an_urge_on_a_late_order_climbs_at_once(cast: Any) -> None:
    assert cast.li
    order = assign(cast, the_order(log_contact(cast, when=at("2026-11-02 09:00"))), at("2026-11-02 09:05"))
    perform(order, "urge", by=cast.wang, at=at("2026-11-04 09:00"), data={"words": "还没人来"})
    assert any("已超时" in said for said in heard(cast.li))


@pytest.mark.django_db
def test_an_agreed_date_moves_the_promises_of_all_callers(cast: Any) -> None:
    order = assign(cast, the_order(call(cast)))
    second = call(cast, cast.unit("0102"), joins_job=order.number)
    data = {
        "appointment_from": "2099-01-05 09:00", "appointment_to": "2099-01-05 11:00", "reason": "停水后才能修",
        "told": "电话告知", "owner_agreed": "on",
    }  # fmt: skip
    order = perform(order, "reschedule", by=cast.gong, data=data)
    run_waiting()
    due = Deadline.objects.get(record_id=order.pk, code="D16").due_at
    assert Contact.objects.get(pk=second.pk).promised_at == due.replace(microsecond=0)
    assert Record.objects.get(pk=second.pk).next_due_at.year == 2099
