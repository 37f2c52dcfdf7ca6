"""今日: each post sees first what it has to do first, only what it may see, and at the same cost whatever the day brings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.fronts.looking import asked, headings, section, text_of
from tests.support.doing import assign, finish, log_contact, sign, signature, the_order
from yihu.areas.duties.models import DaySheet
from yihu.areas.reception.models import Contact
from yihu.ground.staff.sessions import COOKIE
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Record

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def ago(**span: float) -> Any:
    return timezone.now() - timedelta(**span)


def answered(cast: Any, **typed: Any) -> Contact:
    """Dealt with at once, so that nothing but the strike-off is left."""
    return log_contact(cast, category="other", answered="on", result="已说明", **typed)


def struck(contact: Contact) -> bool:
    return Contact.objects.get(pk=contact.pk).state == Contact.State.STRUCK


def test_the_desk_sees_what_colleagues_logged_and_what_waits_for_its_strike_off(
    cast: Any, sign_in: SignIn, wang: Any, chen: Any
) -> None:
    log_contact(cast, by=chen, category="other", content="单元门关不严")
    answered(cast, content="问物业费怎么交")
    board = sign_in(wang).get("/")
    assert headings(board)[0] == "待分派"
    assert "单元门关不严" in section(board, "待分派")
    assert f"/reception/{Contact.objects.get(content='单元门关不严').number}/do/route/?back=/" in board.content.decode()
    assert "问物业费怎么交" in section(board, "待注销")


def test_one_click_strikes_off_and_leads_back_to_the_board(cast: Any, sign_in: SignIn, wang: Any) -> None:
    contact = answered(cast)
    client = sign_in(wang)
    page = client.get("/").content.decode()
    assert f"/reception/{contact.number}/do/strike_off/" in page
    form = {"key": "k1", "version": str(contact.version), "back": "/"}
    again = [client.post(f"/reception/{contact.number}/do/strike_off/", form) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in again] == [(302, "/")] * 2
    assert struck(contact)


def test_the_engineering_head_sees_first_what_is_to_be_assigned(cast: Any, sign_in: SignIn, gong: Any) -> None:
    log_contact(cast, content="厨房水龙头漏水")
    board = sign_in(gong).get("/")
    assert headings(board)[0] == "待派工"
    assert "厨房水龙头漏水" in section(board, "待派工")
    assert "待分派" not in headings(board)


def test_a_worker_sees_his_orders_each_with_the_next_step(cast: Any, sign_in: SignIn, chen: Any) -> None:
    order = assign(cast, the_order(log_contact(cast, content="厨房水龙头漏水")))
    log_contact(cast, content="客厅插座没电")
    client = sign_in(chen)
    board = client.get("/")
    assert "厨房水龙头漏水" in text_of(board)
    assert "客厅插座没电" not in text_of(board)
    assert f"/repairs/{order.number}/do/accept/" in board.content.decode()
    answer = client.post(f"/repairs/{order.number}/do/accept/", {"key": "k", "version": order.version, "back": "/"})
    assert answer["Location"] == "/"
    assert f"/repairs/{order.number}/do/arrive/" in client.get("/").content.decode()


def test_what_only_waits_for_a_call_is_off_the_workers_hands_and_on_the_desks_list(
    cast: Any, sign_in: SignIn, wang: Any, chen: Any
) -> None:
    sign(cast, finish(cast, assign(cast, the_order(log_contact(cast, content="厨房水龙头漏水")))))
    assert "厨房水龙头漏水" not in text_of(sign_in(chen).get("/"))
    assert "厨房水龙头漏水" in section(sign_in(wang).get("/"), "待回访")


def test_late_and_due_are_two_things(cast: Any, sign_in: SignIn, li: Any) -> None:
    soon = timezone.localtime(timezone.now() + timedelta(minutes=70)).strftime("%Y-%m-%dT%H:%M")
    log_contact(cast, category="suggestion", content="加一把长椅", promised_at=soon)
    log_contact(cast, category="suggestion", content="换一块地毯", when=ago(days=20))
    board = sign_in(li).get("/")
    assert headings(board)[0] == "已超时"
    assert "换一块地毯" in section(board, "已超时")
    assert "换一块地毯" not in section(board, "两小时内到期")
    assert "加一把长椅" in section(board, "两小时内到期")
    assert "加一把长椅" not in section(board, "已超时")


def test_a_hold_wakes_on_its_day(cast: Any, sign_in: SignIn, gong: Any) -> None:
    order = assign(cast, the_order(log_contact(cast, content="电梯厅灯不亮")))
    order = perform(order, "accept", by=cast.chen)
    tomorrow = timezone.localdate() + timedelta(days=1)
    hold = {"hold_reason": "parts", "wake_on": tomorrow.isoformat(), "told": "已电话告知", "reason": "等配件"}
    perform(order, "hold", by=cast.chen, data=hold)
    client = sign_in(gong)
    assert "挂单到期" not in headings(client.get("/"))
    order.refresh_from_db()
    type(order).objects.filter(pk=order.pk).update(wake_on=timezone.localdate())
    assert "电梯厅灯不亮" in section(client.get("/"), "挂单到期")


def test_a_supervisor_sees_her_people_and_comes_from_a_figure_to_the_records(
    cast: Any, sign_in: SignIn, li: Any, wang: Any
) -> None:
    log_contact(cast, category="suggestion", content="换一块地毯", when=ago(days=20))
    log_contact(cast, category="suggestion", content="加一把长椅")
    client = sign_in(li)
    board = client.get("/")
    assert "王客服 手上 2 件 超时 1" in section(board, "我的人员")
    late = text_of(client.get(f"/today/late_of/?person={wang.pk}"))
    assert "换一块地毯" in late
    assert "加一把长椅" not in late
    assert client.get(f"/today/open_of/?person={wang.pk + 999}").status_code == 404
    assert client.get("/today/open_of/?person=x").status_code == 404
    assert sign_in(wang).get(f"/today/open_of/?person={wang.pk}").status_code == 404


@pytest.mark.clause("DESK-08")
def test_a_clerk_sees_gaps_in_his_own_records_and_the_supervisor_those_of_all(
    cast: Any, sign_in: SignIn, wang: Any, li: Any
) -> None:
    xu = cast.person("xu", "许曼", "receptionist")
    log_contact(cast, category="suggestion", content="加一把长椅", caller_name="", phone="")
    log_contact(cast, by=xu, category="other", content="询问停车", unit="", phone="")
    log_contact(
        cast, category="other", content="匿名反映灯不亮", relation="anonymous", unit="", phone="", caller_name=""
    )
    log_contact(cast, category="suggestion", content="什么都不缺")
    yesterday = timezone.localdate() - timedelta(days=1)
    sheet = {"day": yesterday.isoformat(), "due_at": timezone.localtime(ago(hours=9)).strftime("%Y-%m-%dT%H:%M")}
    open_record(DaySheet(community=cast.yunqi), by=authority().system(), data=sheet, at=ago(hours=30))
    own, everybodys = (section(sign_in(person).get("/"), "记录缺项") for person in (wang, li))
    assert "缺来访人、联系电话：建议：加一把长椅" in own
    assert "询问停车" not in own
    assert "缺房号、联系电话：其它：询问停车" in everybodys
    assert "加一把长椅" in everybodys
    assert "汇总表未签字" in everybodys
    for words in ("匿名反映灯不亮", "什么都不缺"):
        assert words not in own + everybodys


def test_an_order_left_unsigned_overnight_is_a_gap(cast: Any, sign_in: SignIn, li: Any) -> None:
    order = assign(cast, the_order(log_contact(cast, when=ago(days=2))), when=ago(days=2))
    finish(cast, order, when=ago(days=2))
    assert "完工后客户未签字" in section(sign_in(li).get("/"), "记录缺项")


@pytest.mark.clause("DESK-06", part="今日、清单与计数")
def test_one_who_is_barred_finds_nothing_of_it_on_the_board(cast: Any, sign_in: SignIn, wang: Any, li: Any) -> None:
    xu = cast.person("xu", "许曼", "receptionist")
    log_contact(
        cast, by=xu, category="complaint", content="前台说话难听", about_staff=wang.pk, phone="", when=ago(days=20)
    )
    client, hers = sign_in(wang), sign_in(li)
    assert "前台说话难听" in text_of(hers.get("/"))
    before = text_of(client.get("/"))
    assert "前台说话难听" not in before
    assert "已超时 没有超时的事。" in before
    for name in ("late", "due", "team", "mine", "to_route", "to_strike", "calls"):
        assert "前台说话难听" not in text_of(client.get(f"/today/{name}/"))
    assert "前台说话难听" not in text_of(client.get("/today/gaps/"))


def test_the_board_asks_as_much_for_one_row_as_for_twenty(cast: Any, sign_in: SignIn, li: Any) -> None:
    def a_day() -> None:
        sign(cast, finish(cast, assign(cast, the_order(log_contact(cast)))))
        answered(cast)
        log_contact(cast, by=cast.chen, category="other", phone="")
        log_contact(cast, category="suggestion", when=ago(days=20))
        soon = timezone.localtime(timezone.now() + timedelta(minutes=70)).strftime("%Y-%m-%dT%H:%M")
        log_contact(cast, category="suggestion", promised_at=soon)

    a_day()
    client = sign_in(li)
    client.get("/")
    few = asked(client, "/")
    for _ in range(19):
        a_day()
    many = asked(client, "/")
    assert len(many) == len(few) <= 16, "\n".join(many)
    assert "另有 12 件" in section(client.get("/"), "待回访")


def test_the_board_renews_itself_without_keeping_the_session_alive(cast: Any, sign_in: SignIn, wang: Any) -> None:
    client = sign_in(wang)
    page = client.get("/").content.decode()
    assert 'hx-get="/today/board/"' in page
    log_contact(cast, by=cast.chen, category="other", content="刚刚登记的一件")
    client.cookies.pop(COOKIE, None)
    polled = client.get("/today/board/", headers={"X-Poll": "1", "HX-Request": "true"})
    assert "刚刚登记的一件" in text_of(polled)
    assert "<html" not in polled.content.decode()
    assert COOKIE not in polled.cookies
    assert COOKIE in client.get("/").cookies


def test_one_without_a_post_is_told_so(sign_in: SignIn, passer: Any, cast: Any) -> None:
    log_contact(cast, content="厨房水龙头漏水")
    board = sign_in(passer).get("/")
    assert board.status_code == 200
    assert "没有任职" in text_of(board)
    assert "漏水" not in text_of(board)
    assert sign_in(passer).get("/today/late/").status_code == 404


def test_the_neighbours_see_their_own_day_only(cast: Any, sign_in: SignIn, lin: Any) -> None:
    log_contact(cast, content="厨房水龙头漏水", when=ago(days=20))
    client = sign_in(lin)
    assert "漏水" not in text_of(client.get("/"))
    assert "漏水" not in text_of(client.get("/today/late/"))


def test_a_long_list_has_pages(cast: Any, sign_in: SignIn, wang: Any) -> None:
    for number in range(52):
        log_contact(cast, by=cast.chen, category="other", content=f"第{number}件")
    client = sign_in(wang)
    first = client.get("/today/to_route/").content.decode()
    assert "?from=50" in first
    assert client.get("/today/to_route/?from=50").content.decode().count('class="board-row') == 2
    assert client.get("/today/to_route/?from=-1").status_code == 404
    assert client.get("/today/nothing/").status_code == 404


def test_what_is_finished_leaves_the_board(cast: Any, sign_in: SignIn, wang: Any) -> None:
    contact = answered(cast, content="问物业费怎么交")
    perform(contact, "strike_off", by=wang)
    run_waiting()
    assert Record.objects.still_open().count() == 0
    assert "问物业费怎么交" not in text_of(sign_in(wang).get("/"))


def test_the_manager_finds_the_signed_sheet_and_its_signer_is_done_with_it(cast: Any, sign_in: SignIn) -> None:
    day = timezone.localdate() - timedelta(days=1)
    typed = {"day": day.isoformat(), "due_at": f"{day:%Y-%m-%d} 22:00"}
    sheet = open_record(DaySheet(community=cast.yunqi), by=authority().system(), data=typed, at=ago(hours=30))
    perform(sheet, "sign", by=cast.wang, data={"early": "on", "signature": signature()})
    assert sheet.summary in section(sign_in(cast.gao).get("/"), "待审阅")
    assert sheet.summary not in section(sign_in(cast.wang).get("/"), "我的")
