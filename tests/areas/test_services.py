"""A paid service is done, signed for, called back, taken back, and printed (REP-08; F09)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, call_back, photo, sentences, signature
from tests.support.services import accept, begun, do, finish, order, price, signed
from yihu.areas.services.models import Reversal, ServiceOrder
from yihu.areas.services.printing import order_sheet
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline

pytestmark = pytest.mark.django_db


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
