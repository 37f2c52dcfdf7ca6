"""The forms on the wall: 《业主接待记录表》, 《维修单》, 《客户回访记录表》. What stands on them, empty, full and hostile."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage

from tests.support.doing import assign, at, call_back, log_contact, photo, sign, the_order
from tests.support.sheets import text_of, text_of_pages
from yihu.areas.reception.printing import register_of
from yihu.areas.repairs.models import WorkOrder
from yihu.areas.repairs.printing import work_sheet
from yihu.basics.months import Month
from yihu.fronts.reports.periods import of_month
from yihu.fronts.reports.printing import REGISTERS, month_on_paper
from yihu.kernel.doors import open_record, perform
from yihu.kernel.models import Attachment, Barred, PrintRun
from yihu.kernel.prints import render
from yihu.kernel.prints.rendering import pages
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db

HOSTILE = (
    '#import "x": * $a_b$ *粗* <script>alert(1)</script> `raw` = 标题 \u202e反向\u202c \x07 😀 @label #{panic()} \\ // /* '
    + "W" * 300
    + "\n=SUM(A1)"
)
NOW = at("2026-11-21 09:05")


def declared(model: Any, name: str) -> Any:
    return next(one for one in procedure_of(model).prints if one.name == name)


def slip(order: Any, by: Any) -> list[str]:
    """The words of each page of the 维修单."""
    return text_of_pages(render(declared(WorkOrder, "work_sheet"), order, by, now=NOW))


def repaired(cast: Any) -> Any:
    order = assign(
        cast, the_order(log_contact(cast, when=at("2026-11-02 09:12"))), at("2026-11-02 09:15"), level="urgent"
    )
    order = perform(order, "accept", by=cast.chen, at=at("2026-11-02 09:20"))
    order = perform(order, "arrive", by=cast.chen, at=at("2026-11-02 09:38"))
    for item, quantity, price in (("阀芯", "1", "35.00"), ("生料带", "0.5", "2.00")):
        data = {"item": item, "quantity": quantity, "unit_price": price}
        order = perform(order, "part", by=cast.chen, at=at("2026-11-02 09:50"), data=data)
    done = {"labour": "20", "cause": "阀芯老化", "work_done": "更换阀芯", "chargeable": "paid", "site_clean": "on"}
    return perform(order, "finish", by=cast.chen, at=at("2026-11-02 10:05"), data=done)


# -- 维修单 ------------------------------------------------------------------------------------------------------------


def test_the_slip_comes_in_three_copies_with_all_that_was_written_down(cast: Any) -> None:
    order = sign(cast, repaired(cast), at("2026-11-02 10:08"))
    copies = slip(order, cast.wang)
    assert len(copies) == 3
    for copy, name in zip(copies, ("存根联", "派工联", "客户联"), strict=True):
        assert name in copy
        for words in (
            "云栖苑", "维修单", order.number, "A1-1-0101", "赵业主", "138****8112", "厨房水龙头漏水", "2026-11-0209:12",
            "派工人龚工", "派工时间11-0209:15", "到场时间11-0209:38", "维修人陈维修", "完工时间11-0210:05", "阀芯老化", "更换阀芯",
            "阀芯135.0035.00", "生料带0.52.001.00", "材料费：36.00元", "人工费：20.00元", "合计：56.00元", "伍拾陆元整", "以下空白",
            "客户签字：2026年11月02日",
        ):  # fmt: skip
            assert words in copy, words
        assert "13800138112" not in copy


def test_the_ticks_and_the_signature_are_drawn(cast: Any) -> None:
    """Ticks and signature are no words: the sheet of a satisfied customer has more ink than that of nobody yet."""
    unsigned = repaired(cast)
    before = pages(declared(WorkOrder, "work_sheet"), unsigned, cast.wang, copies=("客户联",), now=NOW)[0]
    data = work_sheet(sign(cast, unsigned, at("2026-11-02 10:08")), cast.wang)
    assert data["opinion"] == "满意"
    assert data["signature"].startswith(b"\x89PNG")
    after = pages(declared(WorkOrder, "work_sheet"), WorkOrder.objects.get(), cast.wang, copies=("客户联",), now=NOW)[0]
    assert before != after


def test_a_fresh_slip_can_be_filled_in_by_hand(cast: Any) -> None:
    copies = slip(the_order(log_contact(cast, when=at("2026-11-02 09:12"))), cast.wang)
    assert len(copies) == 3
    for words in ("急修零修中大修", "满意较满意不满意", "月日时分", "人民币（大写）：", "客户签字：", "年月日"):
        assert words in copies[0]
    for words in ("零元", "0.00", "以下空白", "None"):
        assert words not in copies[0]


def test_a_refused_signature_says_why(cast: Any) -> None:
    data = {"refused": "on", "sign_refused": "嫌贵不签", "witness_1": cast.wang.pk, "witness_2": cast.gong.pk}
    order = perform(repaired(cast), "sign", by=cast.chen, data=data, files={"photos": [photo()]})
    words = slip(order, cast.wang)[0]
    assert "拒签原因嫌贵不签" in words
    assert "见证人一：" in words
    assert "客户签字：" not in words
    assert work_sheet(order, cast.wang)["signature"] == ""


@pytest.mark.logs_errors
def test_a_lost_signature_file_does_not_keep_the_slip_back(cast: Any) -> None:
    order = sign(cast, repaired(cast), at("2026-11-02 10:08"))
    default_storage.delete(order.attachments.get(purpose=Attachment.Purpose.SIGNATURE).path)
    assert len(slip(order, cast.wang)) == 3


def test_nothing_that_is_typed_spoils_the_slip(cast: Any) -> None:
    data = {
        "unit": cast.home.pk,
        "symptom": HOSTILE * 4,
        "level": "minor",
        "trade": "water",
        "reporter": "阿" * 40,
        "location": "很长" * 30,
    }
    order = open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=data)
    words = "".join(slip(order, cast.wang))
    assert '#import"x":*$a_b$*粗*<script>alert(1)</script>`raw`' in words
    assert "#{panic()}" in words


def test_printing_again_says_so(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast))
    client = sign_in(cast.wang)
    address = f"{order.get_absolute_url()}print/work_sheet/"
    assert "补打" not in text_of(client.get(address).content)
    assert "补打1" in text_of(client.get(address).content)
    assert list(PrintRun.objects.values_list("subject", "copy_no", "by")) == [
        (order.number, 1, cast.wang.pk),
        (order.number, 2, cast.wang.pk),
    ]
    assert sign_in(cast.passer).get(address).status_code in (403, 404)


# -- 业主接待记录表 ----------------------------------------------------------------------------------------------------


def register(cast: Any, month: tuple[int, int] = (2026, 11), by: Any = None) -> str:
    by = by or cast.wang
    return text_of(month_on_paper("contacts", cast.yunqi, of_month(*month), by=by, now=NOW))


@pytest.mark.clause("RPT-04")
def test_the_register_of_a_month_from_the_21st_to_the_20th(cast: Any) -> None:
    log_contact(cast, when=at("2026-10-20 23:59"), content="上一业务月的事")
    first = log_contact(cast, when=at("2026-10-21 00:00"), content="本业务月第一件")
    log_contact(
        cast,
        when=at("2026-11-20 23:59"),
        category="other",
        content="问物业费",
        answered="on",
        result="已答复清楚",
        channel="visit",
    )
    log_contact(cast, when=at("2026-11-21 00:00"), content="下一业务月的事")
    words = register(cast)
    for expected in (
        "业主接待记录表", "2026年11月（2026-10-21至2026-11-20）", "共2件", "本业务月第一件", "已答复清楚", "A1-1-0101", "赵业主",
        "138****8112", "来访", "待注销", "王客服", f"转{the_order(first).number}（待派）", "制表：", "审核：", "YQ-JD-202611",
    ):  # fmt: skip
        assert expected in words, expected
    assert "上一业务月" not in words
    assert "下一业务月" not in words


def test_an_empty_month_is_a_form_to_write_on(cast: Any) -> None:
    words = register(cast, (2025, 2))
    assert "共0件" in words
    assert "处理结果" in words
    assert "审核：" in words


def test_the_headings_come_again_on_every_page(cast: Any) -> None:
    for minute in range(40):
        log_contact(cast, when=at(f"2026-11-02 09:{minute:02d}"), content=f"第{minute}件 " + "漏水" * 20)
    sheets = text_of_pages(month_on_paper("contacts", cast.yunqi, of_month(2026, 11), by=cast.wang, now=NOW))
    assert len(sheets) > 1
    assert all("处理结果" in sheet for sheet in sheets)
    assert f"第1页共{len(sheets)}页" in sheets[0]


def test_what_one_may_not_see_is_only_counted(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-02 09:00"), category="complaint", content="前台态度冷淡")
    log_contact(cast, when=at("2026-11-02 09:30"), content="厨房漏水")
    Barred.objects.create(record_id=contact.pk, person=cast.wang, why="事项涉及本人", at=NOW)
    barred, supervisor = register(cast), register(cast, by=cast.li)
    assert "另有1件" in barred
    assert "态度冷淡" not in barred
    assert "态度冷淡" in supervisor
    assert "另有" not in supervisor


def test_a_number_typed_into_the_text_is_masked_on_the_list(cast: Any) -> None:
    log_contact(cast, when=at("2026-11-02 09:00"), content="请回电 13912345678 找孙女士")
    words = register(cast)
    assert "139****5678" in words
    assert "13912345678" not in words


def test_nothing_that_is_typed_spoils_the_register(cast: Any) -> None:
    log_contact(cast, when=at("2026-11-02 09:00"), content=HOSTILE * 4, caller_name="阿卜杜拉·买买提江·吐尔逊")
    assert "<script>alert(1)</script>" in register(cast)


def test_the_register_costs_the_same_for_many_lines(cast: Any, django_assert_max_num_queries: Any) -> None:
    for minute in range(20):
        log_contact(cast, when=at(f"2026-11-02 09:{minute:02d}"))
    with django_assert_max_num_queries(6):
        assert register_of(cast.yunqi, Month(2026, 11), cast.wang)["total"] == 20


# -- 客户回访记录表 ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("DESK-22")
def test_the_call_backs_of_a_month(cast: Any) -> None:
    order = sign(cast, repaired(cast), at("2026-11-02 10:08"))
    order = call_back(cast, order, at("2026-11-02 18:00"), outcome="missed", feedback="", score="")
    call_back(
        cast,
        order,
        at("2026-11-03 09:30"),
        feedback="B",
        score="4",
        interviewee="赵业主",
        words="来得有点晚",
        attitude="5",
    )
    words = text_of(month_on_paper("call-backs", cast.yunqi, of_month(2026, 11), by=cast.wang, now=NOW))
    for expected in (
        "客户回访记录表",
        "共2次",
        "通话1次",
        "较满意1",
        "满意率100.0%",
        order.number,
        "未接通",
        "来得有点晚",
        "复核：",
    ):
        assert expected in words, expected
    empty = REGISTERS["call-backs"][1](cast.yunqi, of_month(2025, 3), cast.wang)
    assert (empty["total"], empty["satisfied"]) == (0, "—")
