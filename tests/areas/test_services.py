"""特约服务: a posted price list, a quote accepted before work, an order, a signature, the month's list for finance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.harness.breaking import at_once
from tests.support import sheets
from tests.support.doing import assign as assign_repair
from tests.support.doing import at, call_back, log_contact, photo, sentences, signature, the_order
from tests.support.doing import finish as finish_repair
from tests.support.doing import sign as sign_repair
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.services import prices
from yihu.areas.services.models import MonthList, PriceRow, Reversal, ServiceOrder
from yihu.areas.services.printing import order_sheet
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_due
from yihu.kernel.models import Barred, Deadline, Message
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db

LAUNCH = "2026-10-01 09:00"


def price(
    cast: Any, code: str = "BJ-01", yuan: int = 60, since: str = "2026-10-01", when: str = LAUNCH, **more: Any
) -> PriceRow:
    """李主管 drafts it, 高经理 approves it, and it is posted."""
    said = {"name": "日常保洁", "kind": "cleaning", "measure": "小时", "material_rule": "含常用清洁剂", **more}
    row = PriceRow(community=cast.yunqi, code=code, price_fen=yuan * 100, valid_from=date.fromisoformat(since), **said)
    prices.save_draft(row, by=cast.li, at=at(when))
    prices.approve(row, row.valid_from, by=cast.gao, at=at(when))
    return PriceRow.objects.get(pk=row.pk)


def order(cast: Any, when: str = "2026-11-02 09:00", quantity: str = "3", **typed: Any) -> ServiceOrder:
    data = {
        "content": "周末保洁", "service": "BJ-01", "quantity": quantity, "unit": cast.home.pk, "customer": "赵业主",
        "phone": "13800138112", **typed,
    }  # fmt: skip
    return open_record(ServiceOrder(community=cast.yunqi), by=cast.wang, data=data, at=at(when))


def do(record: Any, step: str, by: Any, when: str = "2026-11-02 10:00", files: Any = None, **data: Any) -> Any:
    return perform(record, step, by=by, at=at(when), data=data, files=files or {})


def accept(record: Any, by: Any, when: str = "2026-11-02 10:00") -> Any:
    return do(record, "accept", by, when, accept_way="signed", accepted_by="赵业主", signature=signature())


def begun(cast: Any, when: str = "2026-11-02 10:00", **typed: Any) -> Any:
    """Quoted, accepted and begun by 陈维修."""
    made = do(order(cast, when, **typed), "quote", cast.wang, when)
    made = do(accept(made, cast.wang, when), "assign", cast.wang, when, handler=cast.chen.pk)
    return do(made, "start", cast.chen, when)


def finish(cast: Any, record: Any, when: str = "2026-11-02 12:00", **actual: str) -> Any:
    lines = {f"actual_{line.pk}": actual.get(line.code or line.item, f"{line.quantity}") for line in record.all_lines}
    return do(record, "finish", cast.chen, when, result="已做完", **lines)


def signed(cast: Any, when: str = "2026-11-02 12:00", settle: str = "month", **typed: Any) -> Any:
    done = finish(cast, begun(cast, when, **typed), when)
    return do(done, "sign", cast.chen, when, settle=settle, invoice="none", opinion="A", signature=signature())


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


# -- the price list ----------------------------------------------------------------------------------------------------


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


# -- from the call to the quote ----------------------------------------------------------------------------------------


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


# -- the work ----------------------------------------------------------------------------------------------------------


def test_more_than_was_accepted_needs_a_new_acceptance(cast: Any) -> None:
    price(cast)
    made = begun(cast)
    with pytest.raises(Invalid, match=r"超过客户确认的 180\.00 元"):
        finish(cast, made, **{"BJ-01": "4"})
    made = do(made, "change", cast.chen, reason="厨房油污很重，加一小时")
    with pytest.raises(Conflict):
        finish(cast, made)
    made = do(made, "line", cast.chen, service="BJ-01", quantity="1")
    made = do(made, "material", cast.chen, item="重油污清洁剂", measure="瓶", quantity="2", unit_price="12.50")
    made = do(made, "quote", cast.wang)
    assert (made.state, made.quote_fen, made.accepted_fen) == ("quoted", 26500, 18000)
    made = accept(made, cast.chen)
    assert (made.state, made.accepted_fen, made.handler) == ("working", 26500, cast.chen)
    made = finish(cast, made, 重油污清洁剂="1")
    assert made.actual_fen == 25250


def test_a_declined_change_leaves_what_was_accepted(cast: Any) -> None:
    price(cast)
    made = do(begun(cast), "change", cast.chen, reason="加一小时")
    accepted_line = made.lines.get()
    with pytest.raises(Invalid):
        do(made, "drop_line", cast.chen, line=accepted_line.pk)
    made = do(do(made, "line", cast.chen, service="BJ-01", quantity="1"), "quote", cast.wang)
    made = do(made, "decline", cast.chen, reason="够干净了")
    assert (made.state, made.closed_at, made.quote_fen, made.lines.get()) == ("working", None, 18000, accepted_line)
    with pytest.raises(Refused, match="已经开始服务"):
        do(do(made, "change", cast.chen, reason="再问一次"), "cancel", cast.wang, reason="不做了")


def test_less_done_costs_less_and_a_refused_signature_needs_two_witnesses(cast: Any) -> None:
    price(cast)
    made = finish(cast, begun(cast), **{"BJ-01": "2.5"})
    typed = {
        "settle": "month",
        "invoice": "none",
        "refused": "on",
        "sign_refused": "嫌玻璃不够亮",
        "witness_1": cast.wang.pk,
    }
    with pytest.raises(Invalid, match="两名不同"):
        do(made, "sign", cast.chen, **typed, witness_2=cast.wang.pk, files={"photos": [photo()]})
    with pytest.raises(Invalid, match="干活的人自己不能作见证"):
        do(made, "sign", cast.chen, **typed, witness_2=cast.chen.pk, files={"photos": [photo()]})
    with pytest.raises(Invalid, match="现场照片"):
        do(made, "sign", cast.chen, **typed, witness_2=cast.li.pk)
    made = do(made, "sign", cast.chen, **typed, witness_2=cast.li.pk, files={"photos": [photo()]})
    assert (made.state, made.total_fen, made.opinion) == ("call_back", 15000, "C")
    assert "客户拒签，见证人：王客服、李主管" in sentences(made)


def test_without_a_household_nothing_is_settled_by_the_month(cast: Any) -> None:
    price(cast)
    made = finish(cast, begun(cast, unit=""))
    typed = {"invoice": "none", "opinion": "A", "signature": signature()}
    with pytest.raises(Invalid, match="月结要记在房号上"):
        do(made, "sign", cast.chen, settle="month", **typed)
    with pytest.raises(Invalid, match="即付还是月结"):
        do(made, "sign", cast.chen, **typed)
    assert do(made, "sign", cast.chen, settle="now", **typed).state == "call_back"


def test_a_department_or_a_firm_from_outside_may_do_it(cast: Any) -> None:
    price(cast)
    made = accept(do(order(cast), "quote", cast.wang), cast.wang)
    with pytest.raises(Invalid, match="外部服务单位"):
        do(made, "assign", cast.wang)
    team = do(made, "assign", cast.wang, team="engineering")
    assert do(team, "start", cast.chen).handler == cast.chen
    other = accept(do(order(cast), "quote", cast.wang), cast.wang)
    other = do(do(other, "assign", cast.wang, provider="洁净家政（虚构）"), "start", cast.wang)
    assert (other.state, other.handler) == ("working", None)


def test_a_service_without_charge_needs_no_quote_but_nothing_of_the_list_is_given_away(cast: Any) -> None:
    price(cast)
    with pytest.raises(Invalid, match="价目表上的项目要收费"):
        order(cast, free="on")
    lent = order(cast, content="借梯子换灯泡", service="", quantity="", free="on", promised_at="2026-11-02 15:00")
    assert lent.state == "to_assign"
    assert Deadline.objects.get(record_id=lent.pk, code="D04").stopped_at is None
    done = finish(cast, do(do(lent, "assign", cast.wang, handler=cast.chen.pk), "start", cast.chen))
    done = do(done, "sign", cast.chen, opinion="A", signature=signature())
    assert (done.total_fen, done.settle) == (0, "")
    assert Deadline.objects.get(record_id=lent.pk, code="D04").met is True  # it was given to somebody in time


# -- after the signature -----------------------------------------------------------------------------------------------


def test_the_customer_is_called_the_next_working_day_by_somebody_else(cast: Any) -> None:
    price(cast)
    made = signed(cast, "2026-11-02 12:00")
    assert Deadline.objects.get(record_id=made.pk, code="D19").due_at == at("2026-11-03 17:30")
    with pytest.raises(NotAllowed):
        do(made, "call_back", cast.chen, outcome="reached", method="phone", feedback="A", score="5")
    assert call_back(cast, made, at("2026-11-03 09:00")).state == "closed"


def test_an_unhappy_customer_gets_it_done_again_free_of_charge(cast: Any) -> None:
    price(cast)
    first = call_back(cast, signed(cast), at("2026-11-03 09:00"), feedback="C", score="2", words="窗台没擦")
    again = ServiceOrder.objects.get(links_in__origin_id=first.pk)
    assert (first.state, again.state, again.free, again.round_no, again.unit) == (
        "closed",
        "to_assign",
        True,
        2,
        cast.home,
    )
    assert [(line.item, line.unit_price_fen) for line in again.all_lines] == [("日常保洁", 0)]
    assert "窗台没擦" in again.content
    again = finish(cast, do(do(again, "assign", cast.wang, handler=cast.chen.pk), "start", cast.chen))
    assert do(again, "sign", cast.chen, opinion="A", signature=signature()).total_fen == 0


def test_a_signed_amount_is_taken_back_only_by_a_reversal_that_another_grants(cast: Any, sign_in: Any) -> None:
    price(cast)
    made = signed(cast)
    with_correction = text_of(sign_in(cast.li).get(f"{made.get_absolute_url()}do/correct/"))
    for amount in ("结算方式", "应收金额", "确认金额", "优惠"):
        assert f"{amount}*" not in with_correction.split("参考")[0]
    fields = made.procedure.corrects
    assert not {"settle", "total_fen", "discount_fen", "unit", "invoice"} & set(fields)
    page = made.get_absolute_url()
    assert "申请冲正" in text_of(sign_in(cast.wang).get(page))
    asked = open_record(
        Reversal(community=cast.yunqi), by=cast.li, data={"number_of": made.number, "reason": "少做一小时"}
    )
    assert "reversals/new/" not in sign_in(cast.wang).get(page).content.decode()
    assert (asked.amount_fen, asked.unit) == (18000, cast.home)
    with pytest.raises(Invalid, match="已经有冲正单"):
        open_record(Reversal(community=cast.yunqi), by=cast.wang, data={"number_of": made.number, "reason": "再冲一次"})
    for person in (cast.li, cast.wang):
        with pytest.raises(NotAllowed):
            perform(asked, "grant", by=person, data={})
    granted = perform(asked, "grant", by=cast.gao, data={})
    made.refresh_from_db()
    assert (granted.state, made.total_fen, made.settle) == ("granted", 18000, "month")
    assert f"高经理 批准冲正 180.00 元（{granted.number}）" in sentences(made)
    assert granted.number in text_of(sign_in(cast.wang).get(made.get_absolute_url()))
    assert "冲正" in order_sheet(made, cast.wang)["reversed"]
    with pytest.raises(Invalid):
        open_record(
            Reversal(community=cast.yunqi), by=cast.wang, data={"number_of": order(cast).number, "reason": "未签字"}
        )


# -- the month ---------------------------------------------------------------------------------------------------------


def month_list(cast: Any, morning: str = "2026-11-20 08:40") -> MonthList:
    return next(one for one in come_round(at(morning), only="month-list") if one.community_id == cast.yunqi.pk)


@pytest.mark.clause("REP-08")
def test_the_months_orders_go_by_unit_to_finance_between_the_20th_and_the_22nd(cast: Any, sign_in: Any) -> None:
    price(cast)
    cashier = cast.person("qian", "钱出纳", "cashier")
    first = signed(cast, "2026-10-21 10:00")
    signed(cast, "2026-11-02 10:00", settle="now")
    other = cast.unit("0202")
    second = signed(cast, "2026-11-20 11:00", unit=other.pk, quantity="1.5")
    third = signed(cast, "2026-11-05 11:00", quantity="1")
    late = signed(cast, "2026-11-21 00:00", quantity="2")
    assert come_round(at("2026-11-19 23:59"), only="month-list") == []
    made = month_list(cast)
    assert (made.period, made.due_at) == ("2026-11", at("2026-11-22 17:30"))
    assert come_round(at("2026-11-20 12:00"), only="month-list") == []
    with pytest.raises(Conflict):
        do(made, "send", cast.wang, "2026-11-21 09:00", receiver=cashier.pk)
    made = do(made, "sign", cast.wang, "2026-11-21 09:00", signature=signature(), remarks="")
    assert made.total_fen == 18000 + 6000 + 9000
    with pytest.raises(Invalid):
        do(made, "send", cast.wang, "2026-11-21 09:10", receiver=cast.chen.pk)
    made = do(made, "send", cast.wang, "2026-11-21 09:10", receiver=cashier.pk)
    assert Deadline.objects.get(record_id=made.pk, code="D61").met is True
    assert told(cashier) == [f"{made.number} 2026-11 有偿服务月结清单已送财务，请核对接收。"]
    page = text_of(sign_in(cashier).get(made.get_absolute_url()))
    for words in (first.number, second.number, third.number, "240.00", "90.00", "叁佰叁拾元整"):
        assert words in page
    assert late.number not in page
    paper = sheets.text_of(sign_in(cashier).get(f"{made.get_absolute_url()}print/month_sheet/").content)
    for words in (
        "有偿服务月结清单",
        "2026年11月",
        "2户3笔",
        first.number,
        "240.00",
        "叁佰叁拾元整",
        "汇总人王客服",
        "财务接收钱出纳",
    ):
        assert words in paper
    with pytest.raises(NotAllowed):
        do(made, "receive", cast.wang)
    assert do(made, "receive", cashier, "2026-11-22 09:00").state == "received"
    december = month_list(cast, "2026-12-20 08:40")
    december = do(december, "sign", cast.wang, "2026-12-20 09:00", signature=signature())
    assert [line.record.number for line in december.lines.all()] == [late.number]


def test_what_is_signed_after_the_list_stands_on_the_next_one_and_nothing_twice(cast: Any) -> None:
    price(cast)
    signed(cast, "2026-11-10 10:00")
    made = do(month_list(cast), "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    evening = signed(cast, "2026-11-20 18:00", quantity="1")
    reversal = open_record(
        Reversal(community=cast.yunqi),
        by=cast.wang,
        at=at("2026-11-25 09:00"),
        data={"number_of": evening.number, "reason": "错单"},
    )
    perform(reversal, "grant", by=cast.gao, at=at("2026-11-26 09:00"), data={})
    after = do(month_list(cast, "2026-12-20 09:00"), "sign", cast.wang, "2026-12-20 10:00", signature=signature())
    assert (made.total_fen, made.lines.count()) == (18000, 1)
    assert sorted(line.amount_fen for line in after.lines.all()) == [-6000, 6000]
    assert after.total_fen == 0


@pytest.mark.clause("REP-08")
def test_a_withdrawn_list_is_drawn_up_again_and_the_old_one_stays_readable(cast: Any, sign_in: Any) -> None:
    price(cast)
    cashier = cast.person("qian", "钱出纳", "cashier")
    order_ = signed(cast, "2026-11-10 10:00")
    first = do(month_list(cast), "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    with pytest.raises(NotAllowed):  # the month has its list
        open_record(MonthList(community=cast.yunqi), by=cast.wang, data={"period": "2026-11"})
    first = do(first, "send", cast.wang, "2026-11-20 09:10", receiver=cashier.pk)
    with pytest.raises(NotAllowed):
        do(first, "withdraw", cast.wang, "2026-11-20 15:00", reason="漏了一单")
    first = do(first, "withdraw", cast.li, "2026-11-20 15:00", reason="漏了一单")
    assert told(cashier)[-1] == f"{first.number} 2026-11 月结清单已撤回：漏了一单"
    assert come_round(at("2026-11-21 09:00"), only="month-list") == []  # drawn up again by a person, not by the clock
    client = sign_in(cast.wang)
    page = client.get(first.get_absolute_url())
    assert "重新开单" in text_of(page)
    assert order_.number in text_of(page)
    shown = client.get("/service-months/new/", {"period": "2026-11"}).content.decode()
    assert "2026-11（第 2 次开单）" in shown
    late = signed(cast, "2026-11-20 18:00", quantity="1")
    data = {"period": "2026-11"}
    second = open_record(MonthList(community=cast.yunqi), by=cast.wang, at=at("2026-11-21 09:00"), data=data)
    assert (second.number, second.edition, second.state) == (f"{first.number[:-4]}0002", 2, "due")
    assert second.due_at == at("2026-11-23 17:30")  # Monday: a working day more than the rest of this weekend
    assert Deadline.objects.get(record_id=second.pk, code="D61").due_at == second.due_at
    second = do(second, "sign", cast.wang, "2026-11-21 09:30", signature=signature())
    assert sorted(line.record.number for line in second.lines.all()) == sorted([order_.number, late.number])
    assert second.total_fen == 24000
    assert f"王客服 重新开出 {second.number}，代替本清单" in sentences(first)
    assert f"代替已撤回的 {first.number}" in sentences(second)
    old = sheets.text_of(client.get(f"{first.get_absolute_url()}print/month_sheet/").content)
    new = sheets.text_of(client.get(f"{second.get_absolute_url()}print/month_sheet/").content)
    assert "本清单已撤回" in old
    assert "180.00" in old
    assert f"代替已撤回的{first.number}" in new
    assert "240.00" in new
    assert "重新开单" not in text_of(client.get(first.get_absolute_url()))
    second = do(second, "withdraw", cast.li, "2026-11-21 15:00", reason="还要改")
    third = open_record(MonthList(community=cast.yunqi), by=cast.wang, at=at("2026-11-21 16:00"), data=data)
    assert (third.edition, third.number[-4:]) == (3, "0003")


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_it_up_at_once_make_one(cast: Any) -> None:
    price(cast)
    clerks = [cast.wang, cast.li]
    first = do(month_list(cast), "withdraw", cast.li, "2026-11-20 15:00", reason="重做")

    def draw(index: int) -> None:
        open_record(MonthList(community=cast.yunqi), by=clerks[index], data={"period": "2026-11"})

    assert at_once(2, draw).count("done") == 1
    assert MonthList.objects.exclude(pk=first.pk).count() == 1


def test_a_month_not_handed_over_climbs(cast: Any) -> None:
    price(cast)
    chief = cast.person("cai", "蔡财务", "finance_supervisor")
    assert cast.li.pk
    made = month_list(cast)
    sweep(at("2026-11-22 17:30"))
    assert told(cast.li)[-1] == f"{made.number} 月结清单送财务已到时限（11-22 17:30）"
    assert told(chief) == []
    sweep(at("2026-11-23 17:30"))
    assert told(chief) == [f"{made.number} 月结清单送财务已到时限（11-22 17:30）"]


def test_a_community_without_a_price_list_keeps_no_list(cast: Any) -> None:
    assert cast.yunqi.pk
    assert come_round(at("2026-11-20 09:00"), only="month-list") == []


def test_paid_repairs_of_the_month_stand_on_the_list_even_where_no_service_is_offered(cast: Any) -> None:
    repair = finish_repair(cast, assign_repair(cast, the_order(log_contact(cast, when=at("2026-11-03 08:40"))), at("2026-11-03 08:45")),
                           at("2026-11-03 09:30"))  # fmt: skip
    sign_repair(cast, repair, at("2026-11-03 09:40"))
    made = do(month_list(cast), "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    line = made.lines.get()
    assert (line.kind, line.record.number, line.amount_fen, line.unit) == ("有偿维修", repair.number, 2000, cast.home)


def test_who_is_barred_from_an_order_does_not_read_it_in_the_list(cast: Any, sign_in: Any) -> None:
    price(cast)
    secret = signed(cast, content="不可外传的布置")
    Barred.objects.create(record_id=secret.pk, person=cast.wang, why="测试", at=secret.opened_at)
    made = do(month_list(cast), "sign", cast.li, "2026-11-20 09:00", signature=signature())
    page = text_of(sign_in(cast.wang).get(made.get_absolute_url()))
    assert secret.number not in page
    assert "不可外传" not in page
    assert "另有 1 笔" in page
    assert secret.number in text_of(sign_in(cast.li).get(made.get_absolute_url()))


def test_the_month_leaves_as_a_workbook(cast: Any, sign_in: Any) -> None:
    price(cast)
    made = signed(cast, content="=1+1 请打 13912345678")
    listed = do(month_list(cast), "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    answer = sign_in(cast.wang).get(f"/service-months/{listed.number}/export/")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    cells = [str(cell) for row in rows for cell in row]
    assert made.number in cells
    assert not any("13912345678" in cell or cell.startswith("=") for cell in cells)
    assert [row[5] for row in rows if row[0] == "合计"] == [180.0]
    assert sign_in(cast.lin).get(f"/service-months/{listed.number}/export/").status_code == 404


# -- paper -------------------------------------------------------------------------------------------------------------


def test_the_order_comes_in_three_copies_with_both_sums_in_words(cast: Any, sign_in: Any) -> None:
    price(cast)
    made = finish(cast, begun(cast), **{"BJ-01": "2.5"})
    made = do(made, "sign", cast.chen, settle="month", invoice="normal", opinion="A", signature=signature())
    copies = sheets.text_of_pages(sign_in(cast.wang).get(f"{made.get_absolute_url()}print/order_sheet/").content)
    assert len(copies) == 3
    for copy, name in zip(copies, ("存根联", "财务联", "客户联"), strict=True):
        assert name in copy
        for words in (
            "有偿服务单",
            made.number,
            "A1-1-0101",
            "日常保洁",
            "180.00",
            "壹佰捌拾元整",
            "150.00",
            "壹佰伍拾元整",
            "2.5",
        ):
            assert words in copy
        assert "13800138112" not in copy


def test_quantities_keep_their_hundredths(cast: Any) -> None:
    price(cast, yuan=33)
    made = order(cast, quantity="0.05")
    assert (made.lines.get().quantity, made.quote_fen) == (Decimal("0.05"), 165)
