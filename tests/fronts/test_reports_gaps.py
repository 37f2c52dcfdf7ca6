"""What is missing in the day's records, and the register of a month on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import assign, at, finish, log_contact, sign, the_order
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.reports import gaps
from yihu.fronts.reports.periods import PeriodForm
from yihu.kernel.doors import command, open_record
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


# -- gaps --------------------------------------------------------------------------------------------------------------


def titles(cast: Any, day: str, by: Any = None) -> dict[str, list[str]]:
    found = gaps.of_day(cast.yunqi, at(f"{day} 00:00").date(), by or cast.li, at(f"{day} 23:00") + timedelta(days=1))
    return {group["title"]: [gap.record.number for gap in group["gaps"]] for group in found}


@pytest.mark.clause("DESK-08")
def test_the_days_gaps_are_listed_for_the_supervisor(cast: Any, sign_in: Any) -> None:
    whole = log_contact(cast, when=at("2026-11-03 09:00"))
    bare = log_contact(cast, when=at("2026-11-03 09:10"), unit="", caller_name="", phone="", content="漏水", category="other",
                       answered="on", result="已答复")  # fmt: skip
    nobody = log_contact(cast, when=at("2026-11-03 09:20"), relation="anonymous", caller_name="", phone="", unit="",
                         category="suggestion", content="匿名建议增加路灯")  # fmt: skip
    unsorted = log_contact(cast, by=cast.chen, when=at("2026-11-03 09:30"), category="other", content="门岗转来的事情")
    unsigned = finish(cast, assign(cast, the_order(whole)), at("2026-11-03 10:00"), cause="水管老化")
    found = titles(cast, "2026-11-03")
    assert found["接待记录缺房号"] == [bare.number]
    assert found["接待记录缺来访人"] == [bare.number]
    assert found["接待记录缺联系电话"] == [bare.number]
    assert found["接待内容过于简单"] == [bare.number]
    assert found["未分派"] == [unsorted.number]
    assert found["完工后客户未签字"] == [unsigned.number]
    assert nobody.number not in {number for numbers in found.values() for number in numbers}
    assert titles(cast, "2026-11-02") == {}

    sheet = next(one for one in come_round(at("2026-11-03 00:05")) if one.community_id == cast.yunqi.pk)
    assert titles(cast, "2026-11-03")["每日工作汇总表未签字"] == [sheet.number]
    page = sign_in(cast.li).get(reverse("reports:gaps"), {"day": "2026-11-03"})
    words = text_of(page)
    assert "接待记录缺房号 1" in words
    assert "王客服" in words
    assert bare.get_absolute_url() in page.content.decode()
    sign(cast, unsigned, at("2026-11-03 11:00"))
    assert "完工后客户未签字" not in titles(cast, "2026-11-03")


def test_a_number_that_is_none_is_a_gap(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-03 09:00"), category="other", content="询问停车位")
    contact.phone = "138001"  # as an old register had it
    contact.save(update_fields=["phone"])
    assert titles(cast, "2026-11-03")["接待记录电话不完整"] == [contact.number]


def test_a_common_place_without_a_spot_and_an_undecided_charge(cast: Any) -> None:
    data = {"common_area": "地下车库", "symptom": "照明不亮一片漆黑", "level": "minor", "trade": "power"}
    order = open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=data, at=at("2026-11-03 09:00"))
    assert titles(cast, "2026-11-03") == {"公共部位缺具体位置": [order.number]}
    order = finish(cast, assign(cast, order, at("2026-11-03 09:10")), at("2026-11-03 10:00"), labour="0")
    assert titles(cast, "2026-11-03")["有偿维修没有金额"] == [order.number]


def test_gaps_that_one_may_not_see_are_not_shown(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-03 09:00"), unit="", category="complaint", content="前台态度冷淡")
    with command(by=cast.gao) as writing:
        writing.bar(contact, cast.li, "事项涉及本人")
    assert titles(cast, "2026-11-03") == {}
    assert titles(cast, "2026-11-03", by=cast.gao)["接待记录缺房号"] == [contact.number]


def test_the_gaps_cost_the_same_for_many_records(cast: Any, django_assert_max_num_queries: Any) -> None:
    for minute in range(15):
        log_contact(
            cast, when=at(f"2026-11-03 09:{minute:02d}"), unit="", caller_name="", category="other", content="问事"
        )
    assert (Contact.objects.count(), cast.li.name) == (15, "李主管")
    with django_assert_max_num_queries(10):
        assert len(titles(cast, "2026-11-03")["接待记录缺房号"]) == 15


# -- registers of a month ----------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-04")
def test_a_clerk_prints_the_register_of_a_month_he_chooses(cast: Any, sign_in: Any) -> None:
    log_contact(cast, when=at("2026-11-03 09:00"), content="厨房水龙头漏水")
    client = sign_in(cast.wang)
    assert "业主接待记录表" in text_of(client.get(reverse("reports:register")))
    month = PeriodForm({}, timezone.now()).period().query["month"]
    answer = client.get(reverse("reports:register_pdf", args=["contacts"]), {"month": month})
    assert answer["Content-Type"] == "application/pdf"
    assert "业主接待记录表" in sheets.text_of(answer.content)
    again = client.get(reverse("reports:register_pdf", args=["contacts"]), {"month": month})
    assert "补打1" in sheets.text_of(again.content)
    other = client.get(reverse("reports:register_pdf", args=["call-backs"]), {"month": month})
    assert "客户回访记录表" in sheets.text_of(other.content)
    assert sign_in(cast.chen).get(reverse("reports:register_pdf", args=["contacts"])).status_code == 403
