"""The price list, and a quote that the customer accepts before anything begins (REP-08; F09, F10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, log_contact, sentences, signature
from tests.support.services import accept, begun, do, finish, order, price, told
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.services import prices
from yihu.areas.services.models import PriceRow, ServiceOrder
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_due

pytestmark = pytest.mark.django_db


@pytest.mark.clause("REP-08")
def test_a_price_holds_only_after_another_has_approved_and_posted_it(cast: Any, sign_in: Any) -> None:
    today = timezone.localdate()
    supervisor, manager = sign_in(cast.li), sign_in(cast.gao)
    typed = {
        "key": "draft", "code": "bj-01", "name": "日常保洁", "kind": "cleaning", "measure": "小时", "price": "60",
        "material_rule": "含常用清洁剂", "valid_from": today.isoformat(), "why": "",
    }  # fmt: skip
    assert supervisor.post("/service-prices/new/", {**typed, "price": "六十"}).status_code == 422
    assert supervisor.post("/service-prices/new/", typed).status_code == 302
    row = PriceRow.objects.get()
    assert (row.code, row.price_fen, row.standing(today)) == ("BJ-01", 6000, "待批")
    assert "日常保洁" not in text_of(supervisor.get("/service-prices/"))
    assert supervisor.get(f"/service-prices/{row.pk}/approve/").status_code == 403
    late = manager.post(
        f"/service-prices/{row.pk}/approve/", {"key": "a", "published_on": str(today + timedelta(days=1))}
    )
    assert (late.status_code, "先公示" in text_of(late)) == (409, True)
    assert (
        manager.post(f"/service-prices/{row.pk}/approve/", {"key": "b", "published_on": str(today)}).status_code == 302
    )
    assert "日常保洁" in text_of(supervisor.get("/service-prices/"))
    poster = sheets.text_of(manager.get("/service-prices/print/").content)
    for words in ("特约服务人工价目表", "家政保洁", "BJ-01", "日常保洁", "60.00", "含常用清洁剂", "公示日期"):
        assert words in poster


def test_the_drafter_does_not_approve_his_own_price(cast: Any) -> None:
    row = PriceRow(community=cast.yunqi, code="BJ-01", name="保洁", kind="cleaning", measure="小时", price_fen=6000)
    row.valid_from = timezone.localdate()
    prices.save_draft(row, by=cast.gao)
    with pytest.raises(Refused, match="起草人不能批准"):
        prices.approve(row, row.valid_from, by=cast.gao)
    prices.approve(row, row.valid_from, by=cast.xiang)
    assert PriceRow.objects.get().decided_by == cast.xiang
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceRow.objects.filter(pk=row.pk).update(drafted_by=cast.xiang)


def test_a_new_price_ends_the_old_one_on_the_day_before_and_the_old_one_stays_readable(cast: Any, sign_in: Any) -> None:
    old = price(cast)
    new = price(cast, yuan=75, since="2026-11-10", when="2026-11-01 09:00")
    old.refresh_from_db()
    assert (old.valid_to, new.valid_to) == (date(2026, 11, 9), None)
    page = text_of(sign_in(cast.wang).get(f"/service-prices/{old.pk}/"))
    assert "60.00" in page
    assert "75.00" in page
    with pytest.raises(Refused, match="已有批准的价格"):
        price(cast, yuan=80, since="2026-11-05", when="2026-11-01 10:00")
    draft = PriceRow(
        community=cast.yunqi,
        code="BJ-02",
        name="补漏",
        kind="repair",
        measure="次",
        price_fen=1,
        valid_from=date(2026, 1, 1),
    )
    prices.save_draft(draft, by=cast.li)
    with pytest.raises(Refused, match="已经过去"):
        prices.approve(draft, date(2026, 1, 1), by=cast.gao)


def test_the_other_community_has_its_own_list(cast: Any, sign_in: Any) -> None:
    row = price(cast)
    assert sign_in(cast.lin).get(f"/service-prices/{row.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        prices.stop(row, timezone.localdate(), by=cast.lin)


@pytest.mark.clause("DESK-03", part="服务转有偿服务单")
def test_a_call_for_a_service_opens_its_order_on_the_same_page(cast: Any, sign_in: Any) -> None:
    price(cast)
    desk = sign_in(cast.wang)
    shown = text_of(desk.get(f"/reception/new/hand-over/?category=service&unit={cast.home.pk}"))
    assert "同时开出：有偿服务单" in shown
    assert "BJ-01 日常保洁 · 60.00 元/小时" in shown
    contact = log_contact(
        cast, category="service", content="周末来做一次保洁", **{"to-service": "BJ-01", "to-quantity": "3"}
    )
    made = ServiceOrder.objects.get(links_in__origin_id=contact.pk)
    assert (made.unit, made.customer, made.content, made.quote_fen) == (cast.home, "赵业主", "周末来做一次保洁", 18000)
    assert not Matter.objects.exists()
    assert "有偿服务单" in text_of(desk.get(made.get_absolute_url()))
    assert made.number in text_of(desk.get(f"/units/{cast.home.pk}/"))


def test_who_may_not_open_an_order_leaves_the_call_to_the_desk(cast: Any) -> None:
    price(cast)
    contact = log_contact(cast, by=cast.chen, category="service", content="有住户要搬家")
    assert (contact.state, ServiceOrder.objects.count()) == ("registered", 0)
    perform(contact, "route", by=cast.wang, data={"category": "service"})
    assert ServiceOrder.objects.get().state == "quoting"


@pytest.mark.clause("REP-08")
def test_nothing_begins_before_the_customer_has_accepted_the_price(cast: Any) -> None:
    price(cast)
    made = order(cast)
    for step in ("assign", "start", "finish"):
        with pytest.raises(Conflict):
            do(made, step, cast.wang, handler=cast.chen.pk)
    made = do(made, "quote", cast.wang)
    with pytest.raises(Conflict):
        do(made, "assign", cast.wang, handler=cast.chen.pk)
    with pytest.raises(Invalid, match="签名"):
        do(made, "accept", cast.wang, accept_way="signed", accepted_by="赵业主")
    with pytest.raises(Invalid, match="不能晚于现在"):
        do(made, "accept", cast.wang, accept_way="phone", accepted_by="赵业主", accepted_at="2026-11-03 09:00")
    with pytest.raises(Invalid, match="不能早于报价"):
        do(made, "accept", cast.wang, accept_way="phone", accepted_by="赵业主", accepted_at="2026-11-01 09:00")
    made = do(
        made,
        "accept",
        cast.wang,
        "2026-11-02 10:30",
        accept_way="phone",
        accepted_by="赵太太",
        accepted_at="2026-11-02 10:20",
    )
    assert (made.state, made.accepted_fen, made.accepted_at) == ("to_assign", 18000, at("2026-11-02 10:20"))
    assert sentences(made)[-1] == "客户确认报价（电话确认），王客服 记录"
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceOrder.objects.filter(pk=made.pk).update(accepted_at=None, started_at=at("2026-11-02 11:00"))


def test_a_customer_who_finds_it_too_dear_ends_the_order_and_the_call(cast: Any) -> None:
    price(cast)
    contact = log_contact(
        cast, when=at("2026-11-02 09:00"), category="service", content="想做保洁", **{"to-service": "BJ-01"}
    )
    made = do(ServiceOrder.objects.get(), "quote", cast.wang)
    made = do(made, "decline", cast.wang, "2026-11-02 11:00", reason="嫌贵，自己做")
    assert (made.state, made.closed_at is not None, made.total_fen) == ("refused", True, 0)
    run_due(timezone.now() + timedelta(days=1))
    assert Contact.objects.get(pk=contact.pk).state == "ready"


def test_the_price_of_the_quote_holds_when_the_list_goes_up(cast: Any) -> None:
    price(cast)
    made = begun(cast, "2026-11-09 16:00")
    waiting = order(cast, "2026-11-09 17:00")
    price(cast, yuan=75, since="2026-11-10", when="2026-11-09 09:00")
    made = finish(cast, made, "2026-11-12 12:00")
    made = do(
        made, "sign", cast.chen, "2026-11-12 12:10", settle="now", invoice="normal", opinion="A", signature=signature()
    )
    assert made.total_fen == 18000
    waiting = do(waiting, "quote", cast.wang, "2026-11-12 09:00")  # nobody had been told a price yet
    assert waiting.quote_fen == 22500


def test_a_discount_waits_for_somebody_elses_approval(cast: Any) -> None:
    price(cast)
    made = order(cast)
    with pytest.raises(Invalid, match="写明原因"):
        do(made, "quote", cast.wang, discount="30")
    with pytest.raises(Invalid, match="优惠不能超过"):
        do(made, "quote", cast.wang, discount="180.01", discount_reason="老客户")
    made = do(made, "quote", cast.li, discount="30", discount_reason="老客户")
    assert (made.state, made.quote_fen) == ("discount", 15000)
    assert told(cast.li) == [f"{made.number} 优惠 30.00 元，请审批。"]
    for person in (cast.wang, cast.li):  # no capability; quoted it himself
        with pytest.raises(NotAllowed):
            do(made, "approve", person)
    with pytest.raises(Conflict):
        accept(made, cast.wang)
    made = do(do(made, "disapprove", cast.gao, reason="不在优惠范围"), "quote", cast.wang)
    assert (made.state, made.quote_fen) == ("quoted", 18000)
    made = do(
        do(made, "requote", cast.wang, reason="经理同意"), "quote", cast.wang, discount="30", discount_reason="经理同意"
    )
    assert accept(do(made, "approve", cast.gao), cast.wang).accepted_fen == 15000


@pytest.mark.parametrize("quantity", ["0", "-1", "0.001", "10001", "1e9", "NaN", "Infinity", "٣x", "三", "=1+1"])
def test_hostile_quantities_are_refused_in_a_sentence(cast: Any, quantity: str) -> None:
    price(cast)
    made = order(cast)
    with pytest.raises(Invalid) as refused:
        do(made, "line", cast.wang, service="BJ-01", quantity=quantity)
    assert refused.value.sentence.startswith("数量：")
    assert made.lines.count() == 1


def test_a_quote_beyond_reason_is_refused(cast: Any) -> None:
    price(cast, yuan=1_000_000)
    made = order(cast, quantity="2")
    with pytest.raises(Invalid, match="请核对数量和单价"):
        do(made, "quote", cast.wang)
    with pytest.raises(Invalid):
        do(made, "line", cast.wang, service="没有的", quantity="1")


def test_what_left_the_list_is_not_quoted(cast: Any) -> None:
    row = price(cast, since=timezone.localdate().isoformat(), when=f"{timezone.localdate()} 00:01")
    made = open_record(ServiceOrder(community=cast.yunqi), by=cast.wang, data={"content": "保洁", "service": "BJ-01"})
    PriceRow.objects.filter(pk=row.pk).update(decision="refused")
    with pytest.raises(Refused, match="已不在价目表内"):
        perform(made, "quote", by=cast.wang, data={})
    with pytest.raises(Refused, match="还没有要报价的项目"):
        perform(
            perform(made, "drop_line", by=cast.wang, data={"line": made.lines.get().pk}), "quote", by=cast.wang, data={}
        )
