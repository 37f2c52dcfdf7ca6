"""The pages of a repair: the worker's telephone, the head who assigns, the customer who signs, and late post from a basement."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.doing import assign, finish, log_contact, photo, sign, the_order
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.staff.models import Deputy
from yihu.kernel.doors import perform
from yihu.kernel.journal import verify
from yihu.kernel.models import Record

pytestmark = pytest.mark.django_db

RECORD_QUERIES = 14  # of the worker's page, with session, person, posts and bell


@pytest.fixture
def order(cast: Any) -> Any:
    """A tap that drips, assigned to 陈维修 an hour and a half ago."""
    now = timezone.now()
    order = the_order(log_contact(cast, when=now - timedelta(minutes=95)))
    return assign(cast, order, now - timedelta(minutes=90))


@pytest.fixture
def at_work(cast: Any, order: Any) -> Any:
    return perform(perform(order, "accept", by=cast.chen), "arrive", by=cast.chen)


def shown(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def step_url(order: Any, step: str) -> str:
    return f"{order.get_absolute_url()}do/{step}/"


# -- the worker's page ------------------------------------------------------------------------------------------------


def test_the_worker_sees_where_what_whom_to_call_and_the_one_next_step(cast: Any, sign_in: Any, order: Any) -> None:
    page = shown(sign_in(cast.chen), order.get_absolute_url())
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page)
    assert heading
    assert heading[1] == "A1-1-0101"
    assert "厨房水龙头漏水" in page
    assert "138****8112" in page
    assert "13800138112" not in page
    assert re.findall(r'<li class="([a-z-]*)"[^>]*>(接单|到场|维修|签字)</li>', page) == [
        ("track-now", "接单"), ("", "到场"), ("", "维修"), ("", "签字"),
    ]  # fmt: skip
    visible = [part for part in re.findall(r'<(?:form|div) class="act-main"[^>]*>', page) if "hidden" not in part]
    assert len(visible) == 1
    assert step_url(order, "accept") in visible[0]


def test_nobody_else_gets_the_workers_page(cast: Any, sign_in: Any, at_work: Any) -> None:
    for person in (cast.gong, cast.wang):
        page = shown(sign_in(person), at_work.get_absolute_url())
        assert "厨房水龙头漏水" in page
        assert 'class="panel track"' not in page
        assert step_url(at_work, "part") not in page
    other = cast.person("he", "何远", "technician")
    assert sign_in(other).get(at_work.get_absolute_url()).status_code == 404


def test_who_stands_in_for_the_worker_has_his_page(cast: Any, sign_in: Any, order: Any) -> None:
    stand_in = cast.person("he", "何远", "technician")
    today = timezone.localdate()
    Deputy.objects.create(absent=cast.chen, stand_in=stand_in, from_on=today, to_on=today)
    assert 'class="panel track"' in shown(sign_in(stand_in), order.get_absolute_url())


def test_every_form_of_the_page_has_a_key_of_its_own(cast: Any, sign_in: Any, at_work: Any) -> None:
    perform(at_work, "part", by=cast.chen, data={"item": "阀芯", "quantity": "1", "unit_price": "35"})
    page = shown(sign_in(cast.chen), at_work.get_absolute_url())
    keys = re.findall(r'name="key" value="([^"]+)"', page)
    assert len(keys) >= 6
    assert len(set(keys)) == len(keys)


def test_a_tap_that_came_twice_counts_once(cast: Any, sign_in: Any, order: Any) -> None:
    client = sign_in(cast.chen)
    tap = {"key": "tap", "version": order.version, "at": ""}
    answers = [client.post(step_url(order, "accept"), tap) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, order.get_absolute_url())] * 2
    assert list(order.journal.filter(step="accept").values_list("sentence", flat=True)) == ["陈维修 接单"]
    assert WorkOrder.objects.get().state == "accepted"


def test_material_is_added_and_taken_out_on_the_page(cast: Any, sign_in: Any, at_work: Any) -> None:
    client, url = sign_in(cast.chen), at_work.get_absolute_url()
    for key, item, quantity, price in (("a", "PPR 直通", "2", "38.50"), ("b", "生料带", "1", "3")):
        typed = {"key": key, "item": item, "quantity": quantity, "unit_price": price}
        assert client.post(step_url(at_work, "part"), typed).url == url
    page = shown(client, url)
    assert "2 × 38.50" in page
    assert "77.00" in page
    assert "80.00" in page
    line = at_work.parts.get(item="生料带")
    assert client.post(step_url(at_work, "drop_part"), {"key": "c", "part": line.pk}).url == url
    assert [one.item for one in at_work.parts.all()] == ["PPR 直通"]
    assert at_work.journal.order_by("-seq")[0].sentence == "陈维修 删去用料：生料带"


def test_a_wrong_price_comes_back_with_what_was_typed(cast: Any, sign_in: Any, at_work: Any) -> None:
    typed = {"key": "p", "item": "阀芯", "quantity": "1", "unit_price": "三十五"}
    answer = sign_in(cast.chen).post(step_url(at_work, "part"), typed)
    assert answer.status_code == 422
    assert 'value="阀芯"' in answer.content.decode()
    assert not at_work.parts.exists()


def test_the_number_is_called_with_one_touch_and_the_journal_knows(cast: Any, sign_in: Any, order: Any) -> None:
    answer = sign_in(cast.chen).post(f"{order.get_absolute_url()}reveal/phone/")
    assert 'href="tel:13800138112"' in answer.content.decode()
    assert order.journal.order_by("-seq")[0].sentence.startswith("陈维修 查看维修单的联系电话")


def test_photographs_are_kept_as_photographs(cast: Any, sign_in: Any, at_work: Any) -> None:
    answer = sign_in(cast.chen).post(step_url(at_work, "attach"), {"key": "f", "attachments": photo()})
    assert answer.status_code == 302
    assert at_work.attachments.get().purpose == "photo"


def test_the_workers_page_costs_few_queries(cast: Any, sign_in: Any, at_work: Any) -> None:
    client, url = sign_in(cast.chen), at_work.get_absolute_url()
    client.get(url)
    for count in (1, 8):
        for number in range(count):
            data = {"item": f"材料 {count} {number}", "quantity": "1", "unit_price": "1"}
            perform(at_work, "part", by=cast.chen, data=data)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        assert len(asked) <= RECORD_QUERIES, [query["sql"][:120] for query in asked]


def test_money_in_the_journal_reads_in_yuan(cast: Any, sign_in: Any, order: Any) -> None:
    finish(cast, order)
    page = shown(sign_in(cast.wang), order.get_absolute_url())
    assert "<del>0.00 元</del><ins>20.00 元</ins>" in page


# -- the customer signs -----------------------------------------------------------------------------------------------


def test_the_customer_reads_lines_total_and_the_total_in_words(cast: Any, sign_in: Any, at_work: Any) -> None:
    for item, quantity, price in (("阀芯", "1", "35"), ("软管", "2.5", "12.30")):
        perform(at_work, "part", by=cast.chen, data={"item": item, "quantity": quantity, "unit_price": price})
    done = {
        "labour": "20",
        "cause": "阀芯老化",
        "work_done": "更换阀芯和软管",
        "chargeable": "paid",
        "site_clean": "on",
    }
    perform(at_work, "finish", by=cast.chen, data=done)
    page = shown(sign_in(cast.chen), step_url(at_work, "sign"))
    for words in ("更换阀芯和软管", "2.5", "30.75", "20.00", "85.75", "捌拾伍元柒角伍分"):
        assert words in page, words
    assert re.search(r'<details class="panel fold">\s*<summary>客户不肯签字', page)


def test_a_refusal_that_lacks_something_stays_open(cast: Any, sign_in: Any, order: Any) -> None:
    order = finish(cast, order)
    answer = sign_in(cast.chen).post(step_url(order, "sign"), {"key": "s", "refused": "on", "sign_refused": "嫌贵"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<details class="panel fold" open>' in page
    assert "两名不同的员工" in page
    assert 'value="嫌贵"' in page


def test_a_price_on_a_free_repair_is_said_before_the_customer_reads_it(cast: Any, sign_in: Any, at_work: Any) -> None:
    perform(at_work, "part", by=cast.chen, data={"item": "灯管", "quantity": "2", "unit_price": "12.50"})
    done = {"labour": "0", "cause": "烧坏", "work_done": "换灯管", "chargeable": "free", "site_clean": "on"}
    perform(at_work, "finish", by=cast.chen, data=done)
    assert "无偿维修，但有收费的用料" in shown(sign_in(cast.chen), step_url(at_work, "sign"))


# -- the head assigns -------------------------------------------------------------------------------------------------


def test_the_head_sees_who_has_how_much_in_hand(cast: Any, sign_in: Any, order: Any) -> None:
    cast.person("he", "何远", "technician")
    finished = perform(
        finish(cast, assign(cast, the_order(log_contact(cast)))), "withdraw", by=cast.gong, data={"reason": "重复"}
    )
    assert finished.closed_at is not None
    waiting = the_order(log_contact(cast, content="灯不亮"))
    page = shown(sign_in(cast.gong), step_url(waiting, "assign"))
    assert "陈维修 · 在手 1" in page
    assert "何远 · 在手 0" in page
    assert "灯不亮" in page


def test_an_assignment_that_keeps_the_level_keeps_its_clock(cast: Any) -> None:
    order = the_order(log_contact(cast))
    repaired = order.deadlines.get(code="D16")
    assign(cast, order)
    assert order.deadlines.get(code="D16").pk == repaired.pk


def test_from_the_list_to_the_worker_and_back(cast: Any, sign_in: Any) -> None:
    waiting = the_order(log_contact(cast))
    client = sign_in(cast.gong)
    listed = shown(client, "/repairs/")
    assert re.search(r'aria-current="page">待派<span class="count">1</span>', listed)
    url = f"{step_url(waiting, 'assign')}?back=%2Frepairs%2F%3Ftab%3Dto_assign"
    assert f'data-url="{url}"' in listed
    back = re.search(r'name="back" value="([^"]+)"', shown(client, url))
    assert back
    typed = {"key": "a", "back": back[1], "handler": cast.chen.pk, "level": "minor", "trade": "water"}
    assert client.post(url, typed).url == "/repairs/?tab=to_assign"
    assert "没有待派的维修单" in shown(client, "/repairs/?tab=to_assign")


def first_tab(page: str) -> tuple[str, str]:
    tabs = re.findall(r'<a href="\?tab=[a-z_]+"( aria-current="page")?>([^<]+)', page)
    return tabs[0][1], next(label for current, label in tabs if current)


def test_everybody_starts_with_his_own_tab(cast: Any, sign_in: Any, order: Any) -> None:
    starts = {who: first_tab(shown(sign_in(who), "/repairs/")) for who in (cast.chen, cast.gong, cast.wang)}
    assert starts == {cast.chen: ("我的", "我的"), cast.gong: ("待派", "待派"), cast.wang: ("未结", "未结")}
    assert "待派<span" not in shown(sign_in(cast.wang), "/repairs/")
    assert order.number in shown(sign_in(cast.chen), "/repairs/")
    assert first_tab(shown(sign_in(cast.chen), "/repairs/?tab=closed"))[1] == "已结"
    assert first_tab(shown(sign_in(cast.wang), "/repairs/?tab=to_assign"))[1] == "未结"


def test_only_who_may_export_is_offered_it(cast: Any, sign_in: Any) -> None:
    assert "/repairs/export/" in shown(sign_in(cast.li), "/repairs/")
    assert "/repairs/export/" not in shown(sign_in(cast.chen), "/repairs/")


def test_buttons_say_it_short(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    assert "<h1>新接待</h1>" in shown(client, "/reception/new/")
    assert "<h1>新维修单</h1>" in shown(client, "/repairs/new/")
    assert "新维修单</a>" in shown(client, "/repairs/")


# -- late post from the basement --------------------------------------------------------------------------------------


def send(client: Any, order: Any, step: str, at: datetime | str, key: str = "", header: str = "1", **typed: Any) -> Any:
    data = {"key": key or f"{step}{at}", "at": at if isinstance(at, str) else at.isoformat(), **typed}
    headers = {"X-Outbox": header} if header else {}
    return client.post(step_url(order, step), data, headers=headers)


def test_what_waited_in_the_telephone_counts_from_when_it_was_done(cast: Any, sign_in: Any, order: Any) -> None:
    client, now = sign_in(cast.chen), timezone.now()
    accepted, arrived = now - timedelta(minutes=60), now - timedelta(minutes=40)
    finished = now - timedelta(minutes=10)
    answers = [
        send(client, order, "accept", accepted, version=order.version),
        send(client, order, "arrive", arrived, version=order.version),
        send(client, order, "part", now - timedelta(minutes=30), item="阀芯", quantity="1", unit_price="35"),
        send(
            client, order, "finish", finished, version=order.version, cause="老化", work_done="更换阀芯", chargeable="paid",
            labour="20", site_clean="on", photos=photo(),
        ),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [302] * 4
    order = WorkOrder.objects.get()
    assert (order.state, order.accepted_at, order.arrived_at, order.finished_at) == (
        "to_sign",
        accepted,
        arrived,
        finished,
    )
    assert order.total_fen == 5500
    entry = order.journal.get(step="arrive")
    assert entry.at == arrived
    assert entry.written_at >= now
    assert order.deadlines.get(code="D16").stopped_at == finished
    assert verify(order) == []


@pytest.mark.parametrize(
    "claimed",
    [
        timedelta(minutes=5),  # a telephone whose clock is ahead
        timedelta(minutes=-92),  # before the head had assigned it
        timedelta(hours=-49),
        "2026-11-02T09:00:00",  # whose nine o'clock?
        "2026-13-45T09:00:00Z",
        "gestern\x00",
        "",
    ],
)
def test_a_time_that_cannot_be_true_becomes_now(cast: Any, sign_in: Any, order: Any, claimed: Any) -> None:
    now = timezone.now()
    at = claimed if isinstance(claimed, str) else now + claimed
    assert send(sign_in(cast.chen), order, "accept", at).status_code == 302
    assert WorkOrder.objects.get().accepted_at >= now


def test_two_days_are_the_limit(cast: Any, sign_in: Any) -> None:
    now = timezone.now()
    order = assign(cast, the_order(log_contact(cast, when=now - timedelta(hours=72))), now - timedelta(hours=71))
    send(sign_in(cast.chen), order, "accept", now - timedelta(hours=49))
    order = WorkOrder.objects.get()
    assert order.accepted_at >= now
    assert order.journal.get(step="accept").at >= now


@pytest.mark.parametrize("header", ["", "0", "yes"])
def test_only_what_waited_may_say_when(cast: Any, sign_in: Any, order: Any, header: str) -> None:
    now = timezone.now()
    send(sign_in(cast.chen), order, "accept", now - timedelta(minutes=60), header=header)
    assert WorkOrder.objects.get().accepted_at >= now


def test_the_same_late_form_twice_is_done_once(cast: Any, sign_in: Any, order: Any) -> None:
    client, at = sign_in(cast.chen), timezone.now() - timedelta(minutes=30)
    perform(perform(order, "accept", by=cast.chen, at=at), "arrive", by=cast.chen, at=at)
    typed = {"item": "阀芯", "quantity": "1", "unit_price": "35", "key": "late"}
    first = send(client, order, "part", at, header="0", **typed)  # it arrived, the answer did not
    again = send(client, order, "part", at, **typed)
    assert (first.status_code, again.status_code) == (302, 302)
    assert order.parts.count() == 1


def test_a_late_step_never_jumps_over_the_state(cast: Any, sign_in: Any, order: Any) -> None:
    at = timezone.now() - timedelta(minutes=30)
    answer = send(sign_in(cast.chen), order, "arrive", at, version=order.version)
    assert answer.status_code == 409
    assert "现在是“已派”" in answer.content.decode()
    assert Record.objects.get(pk=order.pk).state == "assigned"


def test_a_late_correction_does_not_undo_somebody_elses(cast: Any, sign_in: Any, order: Any) -> None:
    client, seen = sign_in(cast.gong), order.version
    fields = {
        "symptom": order.symptom,
        "level": "minor",
        "trade": "water",
        "chargeable": "undecided",
        "responsibility": "own",
    }
    perform(order, "correct", by=cast.li, data={**fields, "reporter": "赵女士", "reason": "更正报修人"})
    late = {**fields, "reporter": "赵业主", "location": "厨房", "reason": "补充位置", "version": seen}
    assert send(client, order, "correct", timezone.now(), **late).status_code == 409
    assert WorkOrder.objects.get().reporter == "赵女士"


def test_who_calls_back_has_the_record_before_his_eyes(cast: Any, order: Any, sign_in: Any) -> None:
    order = sign(cast, finish(cast, order))
    page = shown(sign_in(cast.li), f"/repairs/{order.number}/do/call_back/")
    assert order.symptom in page
    assert order.reporter in page
    assert f"/repairs/{order.number}/reveal/phone/" in page  # the number to dial, for who may see it
    # what is asked of who was reached is starred, and gone where nobody was
    assert page.count('data-when="outcome=reached"') == 7
    assert page.count("（必填）") == 4
