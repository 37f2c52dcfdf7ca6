"""Who gets an order: named by the head, the first to take it, or whose turn it is; given back, passed on, agreed anew."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.doing import assign, at, finish, log_contact, sentences, the_order
from yihu.areas.repairs import crew, keeping
from yihu.areas.repairs.models import StandardFault, WorkOrder
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message, Parameter, Record
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def he(cast: Any) -> Any:
    return cast.person("he", "何远", "technician")


def mode(cast: Any, value: str, since: str = "2026-01-01 00:00") -> None:
    Parameter.objects.create(
        community=cast.yunqi, name=crew.MODE, value=value, in_force_at=at(since), by=cast.xiang, why="试行"
    )


def order_of(cast: Any, trade: str = "water", when: str = "2026-11-02 09:00", **typed: Any) -> Any:
    data = {"unit": cast.home.pk, "symptom": "水龙头漏水", "level": "minor", "trade": trade, **typed}
    return open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=data, at=at(when))


def window(day: str, first: str, last: str) -> dict[str, str]:
    return {"appointment_from": f"{day} {first}", "appointment_to": f"{day} {last}"}


def clock(order: Any, code: str) -> Deadline:
    return Deadline.objects.filter(record_id=order.pk, code=code).latest("pk")


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("sentence", flat=True))


def shown(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


# -- 抢单 -------------------------------------------------------------------------------------------------------------


def test_the_first_of_the_trade_who_takes_an_order_has_it(cast: Any, he: Any) -> None:
    mode(cast, "grab")
    for person, trades in ((cast.chen, ["water"]), (he, ["water", "power"])):
        keeping.set_skills(cast.yunqi, person, trades, by=cast.gong)
    order = order_of(cast)
    assert any("可抢的单" in sentence for sentence in told(he))
    taken = perform(order, "grab", by=he, at=at("2026-11-02 09:04"))
    assert (taken.state, taken.handler, taken.accepted_at) == ("accepted", he, at("2026-11-02 09:04"))
    assert clock(taken, "D14").met is True
    with pytest.raises(NotFound):
        perform(order, "grab", by=cast.chen)
    assert sentences(order)[-1] == "何远 抢单"


def test_an_order_of_another_trade_is_not_even_seen(cast: Any, he: Any, sign_in: Any) -> None:
    mode(cast, "grab")
    assert cast.chen
    keeping.set_skills(cast.yunqi, he, ["power"], by=cast.gong)
    order = order_of(cast, "water")
    assert not Record.objects.seen_by(he).filter(pk=order.pk).exists()
    assert sign_in(he).get(order.get_absolute_url()).status_code == 404
    with pytest.raises(NotFound):
        perform(order, "grab", by=he)
    assert Record.objects.seen_by(cast.chen).filter(pk=order.pk).exists()  # nobody wrote down what he does: everything


def test_who_has_no_post_today_can_take_nothing(cast: Any, he: Any) -> None:
    mode(cast, "grab")
    he.posts.update(to_on="2021-01-01")
    order = order_of(cast)
    gone = type(he).objects.get(pk=he.pk)
    assert not Record.objects.seen_by(gone).exists()
    assert "何远" not in [str(hand.person) for hand in crew.crew_of(cast.yunqi.pk, at("2026-11-02 09:00"))]
    with pytest.raises(NotFound):
        perform(order, "grab", by=gone)


def test_two_press_at_once_and_the_slower_is_told(cast: Any, he: Any, sign_in: Any) -> None:
    mode(cast, "grab")
    assert cast.chen
    order = order_of(cast)
    first, second = sign_in(cast.chen), sign_in(he)
    assert order.number in shown(second, "/dispatch/day/")
    answer = first.post("/dispatch/day/grab/", {"number": order.number, "key": "a"})
    assert answer.url == order.get_absolute_url()
    late = second.post("/dispatch/day/grab/", {"number": order.number, "key": "b"}, follow=True).content.decode()
    assert "可能刚被别人抢走了" in late
    again = first.post("/dispatch/day/grab/", {"number": order.number, "key": "a"})  # the same press once more
    assert again.url == order.get_absolute_url()
    assert WorkOrder.objects.get().handler == cast.chen


def test_what_nobody_takes_is_the_heads(cast: Any, he: Any) -> None:
    mode(cast, "grab")
    assert cast.gong
    order = order_of(cast)
    sweep(at("2026-11-02 09:11"))
    sweep(at("2026-11-02 09:16"))
    assert any(f"{order.number} 派工已到时限" in sentence for sentence in told(cast.gong))
    moved = perform(order, "assign", by=cast.gong, data={"handler": he.pk, "level": "minor", "trade": "water"})
    assert moved.handler == he  # the head may always name somebody himself


def test_who_gave_it_back_cannot_grab_the_same_order_again(cast: Any, he: Any) -> None:
    mode(cast, "grab")
    assert cast.chen
    order = perform(order_of(cast), "grab", by=he)
    order = perform(perform(order, "reassign", by=cast.gong, data={"handler": he.pk, "reason": "请再看"}), "reject", by=he, data={"reason": "没有带工具"})  # fmt: skip
    assert (order.state, order.times_rejected) == ("to_assign", 1)
    with pytest.raises(NotFound):
        perform(order, "grab", by=he)
    assert perform(order, "grab", by=cast.chen).handler == cast.chen


# -- 轮派 -------------------------------------------------------------------------------------------------------------


def test_by_turn_the_order_goes_to_the_trade_and_to_the_least_burdened(cast: Any, he: Any) -> None:
    third = cast.person("bai", "白师傅", "technician")
    for person, trades in ((cast.chen, ["water"]), (he, ["water"]), (third, ["power"])):
        keeping.set_skills(cast.yunqi, person, trades, by=cast.gong)
    assign(cast, order_of(cast))  # 陈维修 has one in hand
    mode(cast, "turn")
    order = order_of(cast, when="2026-11-02 10:00")
    run_waiting()
    order = WorkOrder.objects.get(pk=order.pk)
    assert (order.state, order.handler) == ("assigned", he)
    assert sentences(order)[-1] == "系统 按轮次派给 何远"
    assert clock(order, "D14").met is True
    lamp = order_of(cast, "power", when="2026-11-02 10:05")
    run_waiting()
    assert WorkOrder.objects.get(pk=lamp.pk).handler == third


def test_who_gives_back_is_passed_over_and_at_the_end_the_head_decides(cast: Any, he: Any) -> None:
    mode(cast, "turn")
    assert cast.chen
    assert cast.gong
    order = order_of(cast)
    run_waiting()
    tried = []
    for _ in range(2):
        order = WorkOrder.objects.get(pk=order.pk)
        tried.append(order.handler)
        perform(order, "reject", by=order.handler, data={"reason": "不会修"})
        run_waiting()
    order = WorkOrder.objects.get(pk=order.pk)
    assert set(tried) == {cast.chen, he}
    assert (order.state, order.handler, order.times_rejected) == ("to_assign", None, 2)
    assert any("轮派不到人" in sentence for sentence in told(cast.gong))


def test_an_order_keeps_the_mode_under_which_it_was_opened(cast: Any, he: Any) -> None:
    order = order_of(cast)
    mode(cast, "grab")
    run_waiting()
    assert WorkOrder.objects.get(pk=order.pk).dispatch == "assigned"
    with pytest.raises((NotFound, NotAllowed)):
        perform(order, "grab", by=he)


def test_the_mode_is_set_on_a_page_with_a_moment_of_force(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.person("feng", "冯管理", "sysadmin"))
    assert "派工方式" in shown(client, "/settings/")
    moment = timezone.localtime() + timedelta(hours=2)
    typed = {"mode": "turn", "in_force_at": f"{moment:%Y-%m-%dT%H:%M}", "why": "人手够了", "key": "m"}
    assert client.post("/dispatch/mode/", typed).status_code == 302
    assert crew.mode_of(cast.yunqi.pk, timezone.now()) == "assigned"
    assert crew.mode_of(cast.yunqi.pk, moment + timedelta(minutes=1)) == "turn"
    assert crew.mode_of(cast.qinghe.pk, moment + timedelta(minutes=1)) == "assigned"
    assert "轮派（人手够了）" in shown(client, "/dispatch/mode/")
    assert sign_in(cast.gong).get("/dispatch/mode/").status_code == 403


# -- 派工页 -----------------------------------------------------------------------------------------------------------


def test_the_best_candidate_stands_first_and_a_clash_is_said(cast: Any, he: Any, sign_in: Any) -> None:
    keeping.set_skills(cast.yunqi, cast.chen, ["water"], by=cast.gong)
    keeping.set_skills(cast.yunqi, he, ["power"], by=cast.gong)
    page = shown(sign_in(cast.gong), f"{order_of(cast, 'power').get_absolute_url()}do/assign/")
    offered = re.findall(r"(何远|陈维修|龚工) · 在手 \d( · 非本工种)?", page)
    assert offered[0][0] == "何远"
    assert ("陈维修", " · 非本工种") in offered
    agreed = order_of(cast, **window("2026-11-03", "14:00", "16:00"))
    assign(cast, agreed)
    other = order_of(cast, **window("2026-11-03", "15:00", "17:00"))
    page = shown(sign_in(cast.gong), f"{other.get_absolute_url()}do/assign/")
    assert f"陈维修 · 在手 1 · 预约重叠 {agreed.number}" in page
    other = assign(cast, other)  # the head may have his reasons; it is written down and said again
    assert f"预约时间与 {agreed.number} 重叠" in sentences(other)
    assert any("预约时间重叠" in sentence for sentence in told(cast.gong))


def test_times_that_only_touch_are_no_clash(cast: Any) -> None:
    assign(cast, order_of(cast, **window("2026-11-03", "14:00", "15:00")))
    later = assign(cast, order_of(cast, **window("2026-11-03", "15:00", "16:00")))
    assert not [sentence for sentence in sentences(later) if "重叠" in sentence]


# -- 转单 -------------------------------------------------------------------------------------------------------------


def test_passed_on_it_stays_in_his_hands_until_the_other_takes_it(cast: Any, he: Any) -> None:
    order = perform(assign(cast, order_of(cast)), "accept", by=cast.chen)
    with pytest.raises(NotFound):
        perform(order, "take_over", by=he)
    order = perform(order, "pass_on", by=cast.chen, data={"to": he.pk, "reason": "家里有急事"})
    assert (order.handler, order.pass_to, order.times_passed) == (cast.chen, he, 1)
    assert any("请您接手" in sentence for sentence in told(he))
    order = perform(order, "take_over", by=he)
    assert (order.handler, order.pass_to, order.state) == (he, None, "accepted")
    with pytest.raises(NotFound):
        perform(order, "arrive", by=cast.chen)
    assert sentences(order)[-2:] == ["陈维修 请 何远 接手：家里有急事", "何远 接手"]


def test_who_does_not_take_it_says_why_and_it_is_the_firsts_again(cast: Any, he: Any) -> None:
    order = perform(assign(cast, order_of(cast)), "accept", by=cast.chen)
    order = perform(order, "pass_on", by=cast.chen, data={"to": he.pk, "reason": "手上太多"})
    order = perform(order, "refuse_over", by=he, data={"reason": "我也在忙"})
    assert (order.handler, order.pass_to) == (cast.chen, None)
    assert not WorkOrder.objects.seen_by(he).exists()
    order = perform(order, "pass_on", by=cast.chen, data={"to": he.pk, "reason": "请帮忙"})
    order = perform(order, "keep", by=cast.chen)
    assert (order.pass_to, order.times_passed) == (None, 2)
    assert list(order.passings.order_by("pk").values_list("accepted", flat=True)) == [False, False]


def test_given_back_and_passed_on_are_counted_for_the_head(cast: Any, he: Any, sign_in: Any) -> None:
    order = perform(assign(cast, order_of(cast)), "reject", by=cast.chen, data={"reason": "不会修"})
    order = assign(cast, order, handler=he.pk)
    perform(order, "pass_on", by=he, data={"to": cast.chen.pk, "reason": "还是请陈师傅"})
    page = shown(sign_in(cast.gong), order.get_absolute_url())
    assert "退单 1 次，转单 1 次" in page
    rows = re.findall(r"<tr.*?</tr>", shown(sign_in(cast.gong), "/dispatch/skills/"), re.DOTALL)
    of_chen = next(row for row in rows if "陈维修" in row)
    assert re.findall(r"(\d) 次", of_chen) == ["1", "0"]


# -- 改约 -------------------------------------------------------------------------------------------------------------


AGREED = {"reason": "业主临时外出", "told": "与赵业主电话约定"}


def test_a_new_time_moves_the_arrival_in_the_open_and_nothing_else(cast: Any) -> None:
    order = assign(cast, order_of(cast, **window("2026-11-02", "14:00", "16:00")), at("2026-11-02 09:05"))
    due = clock(order, "D16").due_at
    new = {**window("2026-11-03", "10:00", "11:00"), **AGREED}
    order = perform(order, "reschedule", by=cast.chen, at=at("2026-11-02 13:00"), data=new)
    assert clock(order, "D15").due_at == at("2026-11-03 11:00")
    assert clock(order, "D16").due_at == due
    assert sentences(order)[-1] == (
        "陈维修 改约到 2026-11-03 10:00 至 2026-11-03 11:00，原因：业主临时外出；与赵业主电话约定；修复时限顺延：否"
    )


def test_the_repairs_own_limit_moves_only_with_the_owners_word(cast: Any) -> None:
    order = assign(cast, order_of(cast, **window("2026-11-02", "14:00", "16:00")), at("2026-11-02 09:05"))
    new = {**window("2026-11-04", "13:00", "15:00"), **AGREED, "owner_agreed": "on"}
    order = perform(order, "reschedule", by=cast.wang, at=at("2026-11-02 13:00"), data=new)
    assert clock(order, "D16").due_at == at("2026-11-05 09:00")  # 4 of 24 hours were gone; 20 begin at the new time
    sooner = {**window("2026-11-04", "10:00", "11:00"), **AGREED, "owner_agreed": "on"}
    order = perform(order, "reschedule", by=cast.wang, at=at("2026-11-02 14:00"), data=sooner)
    assert clock(order, "D16").due_at == at("2026-11-05 09:00")  # what was granted is not granted twice


def test_a_promise_that_was_missed_stays_missed(cast: Any) -> None:
    order = assign(cast, order_of(cast, **window("2026-11-02", "10:00", "11:00")), at("2026-11-02 09:05"))
    new = {**window("2026-11-02", "15:00", "16:00"), **AGREED}
    order = perform(order, "reschedule", by=cast.chen, at=at("2026-11-02 12:00"), data=new)
    kept = Deadline.objects.filter(record_id=order.pk, code="D15").order_by("pk")
    assert [(one.met, one.due_at) for one in kept] == [(False, at("2026-11-02 11:00")), (None, at("2026-11-02 16:00"))]


def test_an_urgent_repair_may_be_wanted_later_by_its_owner(cast: Any) -> None:
    order = assign(cast, order_of(cast, level="urgent"), at("2026-11-02 09:05"), level="urgent")
    new = {**window("2026-11-02", "12:00", "12:30"), **AGREED}
    order = perform(order, "reschedule", by=cast.gong, at=at("2026-11-02 09:15"), data=new)
    assert clock(order, "D15").due_at == at("2026-11-02 12:20")  # ten of its thirty minutes were gone


def test_a_time_that_has_passed_is_no_appointment(cast: Any) -> None:
    order = assign(cast, order_of(cast), at("2026-11-02 09:05"))
    new = {**window("2026-11-02", "08:00", "08:30"), **AGREED}
    with pytest.raises(Refused, match="已经过去"):
        perform(order, "reschedule", by=cast.gong, at=at("2026-11-02 10:00"), data=new)


# -- 派工台和“我的维修” -------------------------------------------------------------------------------------------------


def today_at(hour: int) -> str:
    return f"{timezone.localdate():%Y-%m-%d} {hour:02}:00"


def test_the_workers_day_shows_his_appointments_in_order(cast: Any, sign_in: Any) -> None:
    for first, place in ((15, "甲处"), (10, "乙处"), (13, "丙处")):
        data = {"common_area": place, "appointment_from": today_at(first), "appointment_to": today_at(first + 1)}
        assign(cast, order_of(cast, **data))
    page = shown(sign_in(cast.chen), "/dispatch/day/")
    assert re.findall(r"<b>(甲处|乙处|丙处)</b>", page) == ["乙处", "丙处", "甲处"]
    assert "时间重叠" not in page


def test_every_open_order_stands_in_its_column(cast: Any, he: Any, sign_in: Any) -> None:
    order_of(cast, "power")
    assign(cast, order_of(cast))
    perform(assign(cast, order_of(cast)), "accept", by=cast.chen)
    finish(cast, assign(cast, order_of(cast)))
    page = shown(sign_in(cast.gong), "/dispatch/")
    counts = dict(re.findall(r'<h2 id="head-(\w+)">.*?<span class="count[^"]*">(\d+)</span>', page))
    assert counts == {
        "to_assign": "1",
        "assigned": "1",
        "accepted": "1",
        "at_work": "0",
        "on_hold": "0",
        "to_sign": "1",
    }
    assert "超时" in page  # a colour and a word
    narrowed = shown(sign_in(cast.gong), "/dispatch/?trade=power")
    assert (
        dict(re.findall(r'<h2 id="head-(\w+)">.*?<span class="count[^"]*">(\d+)</span>', narrowed))["assigned"] == "0"
    )
    assert sign_in(cast.chen).get("/dispatch/").status_code == 403


def test_one_press_on_the_board_gives_the_order_out(cast: Any, he: Any, sign_in: Any) -> None:
    assert cast.chen
    order = order_of(cast)
    client = sign_in(cast.gong)
    assert f'name="handler" value="{he.pk}"' in shown(client, "/dispatch/")
    press = {"number": order.number, "version": order.version, "handler": he.pk, "key": "p"}
    page = client.post("/dispatch/assign/", press, HTTP_HX_REQUEST="true").content.decode()
    assert f"{order.number} 已派给何远" in page
    assert WorkOrder.objects.get().handler == he
    slower = {**press, "handler": cast.chen.pk, "key": "q"}
    page = client.post("/dispatch/assign/", slower, HTTP_HX_REQUEST="true").content.decode()
    assert 'role="alert"' in page
    assert "刚刚有新的变动" in page
    assert WorkOrder.objects.get().handler == he
    assert sign_in(cast.wang).post("/dispatch/assign/", press).status_code == 403


def test_the_board_asks_the_same_questions_however_full_it_is(cast: Any, he: Any, sign_in: Any) -> None:
    client = sign_in(cast.gong)
    typed = {"appointment_from": today_at(10), "appointment_to": today_at(11)}
    assign(cast, order_of(cast, **typed))
    order_of(cast)
    client.get("/dispatch/")
    with CaptureQueriesContext(connection) as few:
        client.get("/dispatch/")
    for number in range(12):
        order = order_of(cast, **typed)
        if number % 2:
            assign(cast, order, handler=he.pk)
    cast.person("bai", "白师傅", "technician")
    with CaptureQueriesContext(connection) as many:
        client.get("/dispatch/")
    assert len(many) == len(few), [query["sql"][:120] for query in many]


# -- 常见故障、工种 -----------------------------------------------------------------------------------------------------


def test_a_fault_is_found_by_a_word_or_by_initials_and_fills_the_form(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    for typed in ("龙头", "sltls", "shuilongtou"):
        found = client.get("/dispatch/faults/pick/", {"q": typed}).json()["results"]
        assert "水龙头漏水" in [one["text"] for one in found], typed
    trapped = client.get("/dispatch/faults/pick/", {"q": "dtkr"}).json()["results"][0]
    assert (trapped["text"], trapped["fills"]["level"], trapped["fills"]["chargeable"]) == (
        "电梯困人",
        "urgent",
        "free",
    )
    assert "维保" in trapped["note"]
    assert client.get("/dispatch/faults/pick/", {"q": "没有这种事"}).json()["results"] == []


def test_the_fault_says_what_it_costs_and_stands_on_the_order_from_the_contacts_page_too(
    cast: Any, sign_in: Any
) -> None:
    tap = StandardFault.objects.get(name="水龙头漏水")
    typed = {
        "to-fault": tap.pk,
        "to-symptom": "水龙头漏水",
        "to-level": "minor",
        "to-trade": "water",
        "to-unit": cast.home.pk,
    }
    order = the_order(log_contact(cast, **typed))
    assert (order.fault, order.chargeable) == (tap, "paid")
    assert "水龙头漏水" in shown(sign_in(cast.gong), order.get_absolute_url())
    page = shown(sign_in(cast.wang), "/reception/new/?category=repair")
    assert 'name="to-fault"' in page


def test_the_head_keeps_the_list_and_what_is_out_of_use_is_not_offered(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.gong)
    typed = {"name": "纱窗破损", "trade": "doors", "level": "minor", "minutes": "30", "chargeable": "paid", "guidance": "问尺寸", "shown": "on", "key": "f"}  # fmt: skip
    assert client.post("/dispatch/faults/new/", typed).status_code == 302
    fault = StandardFault.objects.get(name="纱窗破损")
    assert fault.community == cast.yunqi
    assert [one["text"] for one in client.get("/dispatch/faults/pick/", {"q": "scps"}).json()["results"]] == [
        "纱窗破损"
    ]
    client.post(f"/dispatch/faults/{fault.pk}/", {**typed, "shown": "", "key": "g", "version": "1"})
    assert client.get("/dispatch/faults/pick/", {"q": "scps"}).json()["results"] == []
    assert "龚工 修改常见故障“纱窗破损”" in shown(client, f"/dispatch/faults/{fault.pk}/")
    assert sign_in(cast.chen).post("/dispatch/faults/new/", typed).status_code == 403
    elsewhere = cast.person("yan", "严工", "engineering_head", community=cast.qinghe)
    assert sign_in(elsewhere).get(f"/dispatch/faults/{fault.pk}/").status_code == 404


def test_what_a_worker_does_is_written_on_a_page_with_its_history(cast: Any, he: Any, sign_in: Any) -> None:
    client, url = sign_in(cast.gong), f"/dispatch/skills/{he.pk}/"
    assert "各工种（未登记）" in shown(client, "/dispatch/skills/")
    assert client.post(url, {"trades": ["water", "power"], "key": "s", "version": "0"}).status_code == 302
    assert client.post(url, {"trades": ["air"], "key": "t", "version": "0"}).status_code == 409  # somebody was faster
    hand = next(one for one in crew.crew_of(cast.yunqi.pk, timezone.now()) if one.person == he)
    assert hand.trades == {"water", "power"}
    assert "水、电" in shown(client, "/dispatch/skills/")
    assert "龚工 改何远的工种" in shown(client, url)
    with pytest.raises(NotAllowed):
        keeping.set_skills(cast.yunqi, he, ["air"], by=he)


def test_an_order_that_is_held_is_not_given_out_behind_its_back(cast: Any) -> None:
    order = assign(cast, order_of(cast))
    with pytest.raises(Conflict):
        perform(order, "judge", by=cast.gong, data={"ability": "can"})
