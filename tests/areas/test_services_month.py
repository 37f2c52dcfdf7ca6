"""The month's orders go by unit to finance between the 20th and the 22nd (REP-08, D61)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.harness.breaking import at_once
from tests.support import sheets
from tests.support.doing import assign as assign_repair
from tests.support.doing import at, log_contact, sentences, signature, the_order
from tests.support.doing import finish as finish_repair
from tests.support.doing import sign as sign_repair
from tests.support.services import do, month_list, price, signed, told
from yihu.areas.services.models import MonthList, Reversal
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.models import Barred, Deadline
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


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
