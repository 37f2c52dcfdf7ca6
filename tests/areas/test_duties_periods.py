"""The week, the business month, the quarter, the half year and the year, summed up when they are over."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import assign, at, call_back, finish, log_contact, sign, signature, the_order
from tests.support.duties import one_of, told
from yihu.areas.duties.models import LongSheet, MonthSheet, WeekSheet
from yihu.kernel.doors import perform
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
NEXT_MONDAY, SUNDAY_WEEK = "2026-11-09 00:05", "2026-11-02"


# -- the week and the month --------------------------------------------------------------------------------------------


@pytest.mark.clause("REP-09")
def test_the_weeks_repairs_go_to_the_manager_signed(cast: Any, sign_in: Any) -> None:
    assert cast.gao.pk
    done = finish(cast, assign(cast, the_order(log_contact(cast, when=at("2026-11-03 09:00"))), at("2026-11-03 09:10")),
                  at("2026-11-03 11:00"))  # fmt: skip
    still = the_order(log_contact(cast, when=at("2026-11-08 23:59"), content="卫生间漏水"))
    later = the_order(log_contact(cast, when=at("2026-11-09 00:01"), content="下周的事"))
    sheet = one_of(WeekSheet, cast, NEXT_MONDAY)
    assert (sheet.monday.isoformat(), sheet.due_at) == (SUNDAY_WEEK, at("2026-11-09 22:00"))
    come_round(at("2026-11-10 09:00"))
    assert WeekSheet.objects.filter(community=cast.yunqi).count() == 1

    client = sign_in(cast.wang)
    page = client.get(sheet.get_absolute_url())
    words = text_of(page)
    for expected in ("2 受理", "1 完工", "1 未完工", "2.0 小时 平均时长", "维修（按楼栋）", "故障原因", "还要回访的"):
        assert expected in words
    assert "data:image/svg+xml;base64," in page.content.decode()
    listed = text_of(client.get(reverse("reports:day_records", args=[sheet.number, "repairs.received"])))
    assert done.number in listed
    assert still.number in listed
    assert later.number not in listed
    refused = client.post(f"{sheet.get_absolute_url()}do/sign/", {"key": "s", "version": "1", "signature": signature()})
    assert refused.status_code == 422  # the compiler has something to say about the week

    typed = {"remarks": "漏水集中在老旧阀芯，下周统一更换", "signature": signature()}
    sheet = perform(sheet, "sign", by=cast.wang, at=at("2026-11-09 10:00"), data=typed)
    assert told(cast.gao)[-1] == "2026-11-02 至 2026-11-08 维保情况周汇总已由 王客服 签字，请阅。"
    kept = sheet.snapshot
    call_back(cast, sign(cast, done))
    assert WeekSheet.objects.get(pk=sheet.pk).snapshot == kept
    assert perform(sheet, "read", by=cast.gao, data={"manager_words": "同意"}).state == "read"
    printed = sheets.text_of(client.get(f"{sheet.get_absolute_url()}print/week_sheet/").content)
    for expected in ("维保情况周汇总", "漏水集中在老旧阀芯", "维修件数", "汇总人王客服", "客服经理审阅高经理"):
        assert expected in printed


def test_an_unsigned_week_climbs_to_the_manager(cast: Any) -> None:
    assert cast.wang.pk
    assert cast.gao.pk
    log_contact(cast, when=at("2026-11-03 09:00"))
    sheet = one_of(WeekSheet, cast, NEXT_MONDAY)
    sweep(at("2026-11-09 22:00"))
    sweep(at("2026-11-09 22:30"))
    assert f"{sheet.number} 维保周汇总已到时限（11-09 22:00）" in told(cast.wang)
    assert f"{sheet.number} 维保周汇总已到时限（11-09 22:00）" in told(cast.gao)


def test_a_machine_that_slept_asks_for_the_week_on_the_day_it_wakes(cast: Any) -> None:
    log_contact(cast, when=at("2026-11-03 09:00"))
    assert one_of(WeekSheet, cast, "2026-11-11 09:00").due_at == at("2026-11-11 22:00")


def test_a_community_without_any_work_has_no_week_to_sum_up(cast: Any) -> None:
    assert cast.yunqi.pk
    come_round(at(NEXT_MONDAY))
    come_round(at("2026-11-21 00:05"))
    assert not WeekSheet.objects.exists()
    assert not MonthSheet.objects.exists()


@pytest.mark.clause("RPT-01")
def test_the_business_month_is_summed_up_on_the_twenty_first(cast: Any, sign_in: Any) -> None:
    assert cast.gao.pk
    log_contact(cast, when=at("2026-10-20 23:59"), content="上个业务月的事")
    first = log_contact(cast, when=at("2026-10-21 00:00"), content="本业务月第一件")
    last = log_contact(cast, when=at("2026-11-20 23:59"), category="complaint", content="楼道没有打扫")
    come_round(at("2026-11-20 23:59"))
    assert not MonthSheet.objects.filter(period="2026-11").exists()
    come_round(at("2026-11-21 00:05"))
    sheet = MonthSheet.objects.get(community=cast.yunqi, period="2026-11")
    log_contact(cast, when=at("2026-11-21 00:10"), content="下个业务月的事")
    assert sheet.due_at == at("2026-11-21 22:00")
    client = sign_in(cast.wang)
    words = text_of(client.get(sheet.get_absolute_url()))
    for expected in ("2 合计", "1 报修", "1 投诉", "各组团", "同一处同一工种", "接待件数", "表扬与建议"):
        assert expected in words
    listed = text_of(client.get(reverse("reports:day_records", args=[sheet.number, "contacts.received"])))
    assert first.number in listed
    assert last.number in listed
    assert "共 2 件" in listed
    before = text_of(client.get(reverse("reports:day_records", args=[sheet.number, "trend.contacts.2026-10"])))
    assert "共 1 件" in before

    typed = {"remarks": "投诉集中在保洁，已约谈", "signature": signature()}
    sheet = perform(sheet, "sign", by=cast.wang, at=at("2026-11-21 10:00"), data=typed)
    assert "2026-10-21 至 2026-11-20 月度汇总总结已由 王客服 签字，请阅。" in told(cast.gao)
    printed = sheets.text_of(sign_in(cast.gao).get(f"{sheet.get_absolute_url()}print/month_sheet/").content)
    for expected in ("月度汇总总结", "2026年11月", "投诉集中在保洁", "修复平均时长", "各组团"):
        assert expected in printed


# -- noon, and the diary -----------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-02")
@pytest.mark.clause("RPT-03")
def test_a_quarter_a_half_year_and_a_year_are_summed_up_when_they_are_over(cast: Any, sign_in: Any) -> None:
    """The year 2026 ends with the business month of December, on the 20th."""
    log_contact(cast, when=at("2026-01-05 09:00"), content="年初的事")
    october = log_contact(cast, when=at("2026-10-05 09:00"), content="第四季度的事")
    come_round(at("2026-10-21 00:05"))
    assert not LongSheet.objects.exists()
    come_round(at("2026-12-21 00:05"))
    assert sorted(LongSheet.objects.values_list("period", flat=True)) == ["2026", "2026-H2", "2026-Q4"]
    spans = {sheet.period: (sheet.words, sheet.time_words) for sheet in LongSheet.objects.all()}
    assert spans["2026-Q4"] == ("2026年第四季度", "2026-09-21 至 2026-12-20")
    assert spans["2026-H2"] == ("2026年下半年", "2026-06-21 至 2026-12-20")
    assert spans["2026"] == ("2026年度", "2025-12-21 至 2026-12-20")
    client = sign_in(cast.wang)
    quarter, year = LongSheet.objects.get(period="2026-Q4"), LongSheet.objects.get(period="2026")
    for sheet, count in ((quarter, 1), (year, 2)):
        page = text_of(client.get(sheet.get_absolute_url()))
        for expected in (f"{count} 合计", "各组团入住", "各组团投诉", "装修办理率", "各组团收费率"):
            assert expected in page
    listed = text_of(client.get(reverse("reports:day_records", args=[quarter.number, "contacts.received"])))
    assert october.number in listed
    assert "共 1 件" in listed
    typed = {"remarks": "全年平稳", "signature": signature()}
    year = perform(year, "sign", by=cast.wang, at=at("2026-12-21 10:00"), data=typed)
    printed = sheets.text_of(sign_in(cast.gao).get(f"{year.get_absolute_url()}print/long_sheet/").content)
    for expected in ("工作总结", "2026年度", "全年平稳", "各组团入住"):
        assert expected in printed
