"""每日工作汇总表: opened in the morning, signed before the desk closes, frozen, read by the manager."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import assign, at, call_back, finish, log_contact, sign, signature, the_order
from yihu.areas.complaints.models import Complaint
from yihu.areas.duties import effects
from yihu.areas.duties.models import DaySheet, Diary, LongSheet, MonthSheet, NoonSheet, WeekSheet
from yihu.areas.duties.printing import shown
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.models import Attachment, Barred, Deadline, Message, Parameter, Record
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db

MORNING = "2026-11-03 00:05"


def sheet_of(cast: Any, morning: str = MORNING) -> DaySheet:
    cast.yunqi.refresh_from_db()
    return next(sheet for sheet in come_round(at(morning)) if sheet.community_id == cast.yunqi.pk)


def signed(sheet: Any, by: Any, when: str, remarks: str = "") -> Any:
    return perform(sheet, "sign", by=by, at=at(when), data={"remarks": remarks, "signature": signature()})


def figure(snapshot: dict[str, Any], key: str) -> int:
    group = key.split(".", 1)[0]
    return next(one["value"] for one in snapshot[group] if one["key"] == key)


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


# -- the morning -------------------------------------------------------------------------------------------------------


def test_each_community_gets_one_sheet_a_day_due_when_its_desk_closes(cast: Any) -> None:
    hours = {str(weekday): ["09:00", "18:00"] for weekday in range(7)} | {"6": None}
    Parameter.objects.create(
        community=cast.qinghe, name="service_hours", value=hours, in_force_at=at("2026-01-01 00:00"), by=cast.xiang
    )
    assert cast.yunqi.pk
    opened = {sheet.community.code: sheet for sheet in come_round(at(MORNING))}
    assert {code: sheet.due_at for code, sheet in opened.items()} == {
        "YQ": at("2026-11-03 22:00"),
        "QH": at("2026-11-03 18:00"),
    }
    assert come_round(at("2026-11-03 08:00")) == []
    assert {sheet.community.code for sheet in come_round(at("2026-11-08 00:05"))} == {"YQ"}  # a Sunday


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_one_sheet(cast: Any) -> None:
    assert cast.yunqi.pk
    ready = threading.Barrier(2)
    troubles: list[BaseException] = []

    def morning() -> None:
        ready.wait()
        try:
            come_round(at(MORNING))
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    workers = [threading.Thread(target=morning) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert troubles == []
    assert DaySheet.objects.count() == 1


# -- the clock ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DESK-16", part="到点未签字逐级提醒，客服经理知道缺签")
def test_a_missing_signature_is_told_to_the_desk_and_then_to_the_manager(cast: Any) -> None:
    assert cast.wang.pk
    assert cast.gao.pk
    sheet = sheet_of(cast)
    sweep(at("2026-11-03 20:59"))
    assert told(cast.wang) == []
    sweep(at("2026-11-03 21:00"))
    assert told(cast.wang) == [f"{sheet.number} 每日汇总即将到期（11-03 22:00）"]
    sweep(at("2026-11-03 22:00"))
    assert told(cast.wang)[1:] == [f"{sheet.number} 每日汇总已到时限（11-03 22:00）"]
    assert told(cast.gao) == []
    sweep(at("2026-11-03 22:30"))
    assert told(cast.gao) == [f"{sheet.number} 每日汇总已到时限（11-03 22:00）"]
    assert not Deadline.objects.get(record_id=sheet.pk).stopped_at


def test_who_signs_in_time_hears_nothing_more(cast: Any) -> None:
    assert cast.gao.pk
    sheet = signed(sheet_of(cast), cast.wang, "2026-11-03 20:30")
    for moment in ("2026-11-03 21:00", "2026-11-03 22:00", "2026-11-03 22:30"):
        sweep(at(moment))
    assert told(cast.wang) == []
    assert told(cast.gao) == ["11-03 每日工作汇总表已由 王客服 签字，请阅。"]
    assert Deadline.objects.get(record_id=sheet.pk).met is True


def test_who_signs_long_before_the_desk_closes_says_that_he_means_it(cast: Any) -> None:
    sheet = sheet_of(cast)
    with pytest.raises(Invalid) as refusal:
        signed(sheet, cast.wang, "2026-11-03 14:00")
    assert "下班前再签" in str(refusal.value.form.errors["early"])
    typed = {"early": "on", "signature": signature()}
    assert perform(sheet, "sign", by=cast.wang, at=at("2026-11-03 14:00"), data=typed).state == "signed"


# -- the sheet ---------------------------------------------------------------------------------------------------------


def test_nobody_signs_without_a_signature(cast: Any) -> None:
    sheet = sheet_of(cast)
    for wanting in ("", "data:text/html;base64,PGI+", "签了"):
        with pytest.raises(Invalid):
            perform(sheet, "sign", by=cast.wang, data={"remarks": "无", "signature": wanting})
    assert DaySheet.objects.get().state == "due"
    assert DaySheet.objects.get().snapshot is None


def test_the_figures_of_a_day(cast: Any) -> None:
    """Counts by class, repairs, call-backs, what is open from before, and nothing of tomorrow."""
    before = log_contact(cast, when=at("2026-11-01 10:00"), category="other", content="大堂加座椅")
    done = finish(cast, assign(cast, the_order(log_contact(cast, when=at("2026-11-03 08:40"))), at("2026-11-03 08:45")),
                  at("2026-11-03 09:30"))  # fmt: skip
    call_back(
        cast, sign(cast, done, at("2026-11-03 09:40")), at("2026-11-03 15:00"), feedback="C", score="1", words="又漏了"
    )
    log_contact(cast, when=at("2026-11-03 11:00"), category="complaint", content="楼道没有打扫")
    complaint = Complaint.objects.get()
    log_contact(
        cast, when=at("2026-11-03 11:10"), category="other", content="问物业费怎么交", answered="on", result="已答复"
    )
    log_contact(cast, when=at("2026-11-04 08:35"), content="次日的事不在表上")
    snapshot = signed(sheet_of(cast), cast.wang, "2026-11-03 21:30").snapshot
    counted = {one["label"]: one["value"] for one in snapshot["counts"]}
    assert counted == {"报修": 1, "投诉": 1, "服务": 0, "售后": 0, "表扬": 0, "建议": 0, "其它": 1, "合计": 3}
    assert figure(snapshot, "standing.open") == 4
    assert figure(snapshot, "standing.before") == 1
    assert [figure(snapshot, f"repairs.{name}") for name in ("received", "again", "finished", "closed", "unfinished")] == [
        2, 1, 1, 1, 1,
    ]  # fmt: skip
    assert [figure(snapshot, f"call_backs.{name}") for name in ("made", "A", "C", "waiting")] == [1, 0, 1, 0]
    open_lines = snapshot["lists"]["open"]
    assert [line["before"] for line in open_lines].count(True) == 1
    assert "大堂加座椅" in open_lines[0]["summary"]
    assert not any("次日" in line["summary"] for lines in snapshot["lists"].values() for line in lines)
    assert [line["number"] for line in snapshot["lists"]["complaints"]] == [complaint.number]
    assert [line["number"] for line in snapshot["lists"]["done"]] == [done.number]
    assert before.number not in {line["number"] for line in open_lines}  # its matter speaks for it
    assert snapshot["behind"]["counts.received"] == sorted(snapshot["behind"]["counts.received"])


def test_what_came_after_the_last_signature_is_not_lost(cast: Any) -> None:
    signed(sheet_of(cast, "2026-11-02 00:05"), cast.wang, "2026-11-02 21:40")
    late = log_contact(cast, when=at("2026-11-02 23:10"))
    snapshot = signed(sheet_of(cast), cast.wang, "2026-11-03 21:40").snapshot
    assert figure(snapshot, "standing.since_last") == 1
    assert snapshot["behind"]["standing.since_last"] == [late.number]


@pytest.mark.clause("DESK-16")
def test_a_day_is_summed_signed_printed_and_read_through_the_pages(cast: Any, sign_in: Any) -> None:
    now = timezone.now()
    desk, manager = sign_in(cast.wang), sign_in(cast.gao)
    sheet = next(sheet for sheet in come_round(now) if sheet.community_id == cast.yunqi.pk)
    page = sheet.get_absolute_url()
    contact = log_contact(cast, content="厨房水龙头漏水")
    order = the_order(contact)

    seen = text_of(desk.get(f"{page}do/sign/"))
    assert "将要签字的数据" in seen
    assert order.number in seen
    answer = desk.post(
        f"{page}do/sign/",
        {
            "key": "evening",
            "version": "1",
            "early": "on",
            "remarks": "三号楼电梯困人，已安抚",
            "signature": signature(),
        },
    )
    assert (answer.status_code, DaySheet.objects.get(pk=sheet.pk).state) == (302, "signed")
    assert told(cast.gao) == [f"{sheet.day:%m-%d} 每日工作汇总表已由 王客服 签字，请阅。"]

    paper = desk.get(f"{page}print/day_sheet/")
    assert paper["Content-Type"] == "application/pdf"
    printed = sheets.text_of(paper.content)
    for words in (
        "每日工作汇总表",
        sheet.number,
        "三号楼电梯困人",
        order.number,
        "厨房水龙头漏水",
        "汇总人王客服",
        "客服经理审阅",
    ):
        assert words in printed
    assert "尚未签字" not in printed
    assert "补打1" in sheets.text_of(desk.get(f"{page}print/day_sheet/").content)

    perform(order, "cancel", by=cast.li, data={"reason": "业主自行修好"})
    log_contact(cast, category="praise", content="签字之后才来的表扬")
    later = text_of(manager.get(page))
    assert order.number in later
    assert "签字之后" not in later
    assert manager.post(f"{page}do/read/", {"key": "r", "version": "2", "manager_words": "已阅"}).status_code == 302
    sheet = DaySheet.objects.get(pk=sheet.pk)
    assert (sheet.state, sheet.manager_words) == ("read", "已阅")
    assert sheet.attachments.get().purpose == Attachment.Purpose.SIGNATURE
    assert "客服经理审阅高经理" in sheets.text_of(manager.get(f"{page}print/day_sheet/").content)


def test_a_signed_sheet_stays_as_it_was(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-03 09:00"))
    sheet = signed(sheet_of(cast), cast.wang, "2026-11-03 21:00")
    kept = sheet.snapshot
    order = the_order(contact)
    call_back(cast, sign(cast, finish(cast, assign(cast, order))))
    log_contact(cast, when=at("2026-11-03 21:30"))
    again = DaySheet.objects.get(pk=sheet.pk)
    assert again.snapshot == kept
    assert shown(again, cast.wang) == kept
    assert again.snapshot["lists"]["open"][0]["state"] == "待派"
    assert again.journal.get(step="sign").changed["snapshot"] == ["", "（已填）"]


def test_one_who_is_barred_from_a_line_reads_the_rest(cast: Any, sign_in: Any) -> None:
    complaint = log_contact(cast, when=at("2026-11-03 09:00"), category="complaint", content="前台态度冷淡")
    other = log_contact(cast, when=at("2026-11-03 09:10"), category="complaint", content="楼道没有打扫")
    sheet = signed(sheet_of(cast), cast.li, "2026-11-03 21:00")
    for record in Record.objects.filter(summary__contains="态度冷淡"):
        Barred.objects.create(record_id=record.pk, person=cast.wang, why="事项涉及本人", at=at("2026-11-03 09:01"))
    client = sign_in(cast.wang)
    page = text_of(client.get(sheet.get_absolute_url()))
    paper = sheets.text_of(client.get(f"{sheet.get_absolute_url()}print/day_sheet/").content)
    for reading in (page, paper):
        assert "态度冷淡" not in reading
        assert complaint.number not in reading
        assert other.number in reading
    assert "另有 2 件" in page  # the complaint and the matter that came of it
    assert "另有2件" in paper
    assert complaint.number in text_of(sign_in(cast.gao).get(sheet.get_absolute_url()))


def test_the_signer_is_told_how_much_he_may_not_see(cast: Any) -> None:
    complaint = log_contact(cast, when=at("2026-11-03 09:00"), by=cast.li, category="complaint", content="前台态度冷淡",
                            about_staff=cast.wang.pk)  # fmt: skip
    snapshot = signed(sheet_of(cast), cast.wang, "2026-11-03 21:00").snapshot
    assert snapshot["hidden"] == 2
    assert complaint.number not in str(snapshot)


def test_each_figure_opens_the_records_behind_it(cast: Any, sign_in: Any) -> None:
    first, second = (log_contact(cast, when=at(f"2026-11-03 09:{minute}")) for minute in ("00", "10"))
    sheet = signed(sheet_of(cast), cast.wang, "2026-11-03 21:00")
    client = sign_in(cast.wang)
    address = reverse("reports:day_records", args=[sheet.number, "counts.repair"])
    assert address in client.get(sheet.get_absolute_url()).content.decode()
    listed = text_of(client.get(address))
    assert first.number in listed
    assert second.number in listed
    assert the_order(first).number not in listed
    assert "共 2 件" in listed
    assert client.get(reverse("reports:day_records", args=[sheet.number, "counts.nothing"])).status_code == 404
    assert client.get(reverse("reports:day_records", args=[sheet.number, "lists.open"])).status_code == 404
    assert sign_in(cast.lin).get(address).status_code == 404
    assert sign_in(cast.chen).get(address).status_code == 404


def test_the_page_opens_where_no_front_computes_figures(cast: Any, sign_in: Any, monkeypatch: Any) -> None:
    sheet = sheet_of(cast)
    monkeypatch.setattr(effects, "_figures", {})
    client: Client = sign_in(cast.wang)
    assert client.get(sheet.get_absolute_url()).status_code == 200
    assert client.get(f"{sheet.get_absolute_url()}do/sign/").status_code == 200
    answer = client.post(f"{sheet.get_absolute_url()}do/sign/", {"key": "x", "version": "1", "signature": signature()})
    assert "没有可汇总的数据来源" in answer.content.decode()
    assert DaySheet.objects.get().state == "due"


def test_the_figures_cost_the_same_for_many_records(cast: Any, django_assert_max_num_queries: Any) -> None:
    now = at("2026-11-03 12:00")
    sheet = sheet_of(cast)
    for minute in range(12):
        log_contact(cast, when=now - timedelta(minutes=minute), category=("repair", "complaint")[minute % 2])
    with django_assert_max_num_queries(14):
        found = effects.figures(sheet, cast.wang, now)
    assert figure(found, "counts.received") == 12


# -- the week and the month --------------------------------------------------------------------------------------------

NEXT_MONDAY, SUNDAY_WEEK = "2026-11-09 00:05", "2026-11-02"


def one_of(model: Any, cast: Any, when: str) -> Any:
    """What the program opened for 云栖苑 by that moment."""
    come_round(at(when))
    return model.objects.get(community=cast.yunqi)


def value_of(sheet: Any, key: str, person: Any, now: str) -> Any:
    found = effects.figures(sheet, person, at(now))
    return next(one for one in found[key.split(".", 1)[0]] if one["key"] == key)


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


def test_at_noon_the_supervisor_is_told_the_mornings_figures(cast: Any, sign_in: Any) -> None:
    assert cast.li.pk
    for minute in (0, 10):
        log_contact(cast, when=at(f"2026-11-03 09:{minute:02d}"))
    log_contact(cast, when=at("2026-11-03 11:00"), category="complaint", content="楼道没有打扫")
    come_round(at("2026-11-03 11:59"))
    assert not NoonSheet.objects.exists()
    sheet = one_of(NoonSheet, cast, "2026-11-03 12:00")
    log_contact(cast, when=at("2026-11-03 12:30"))
    assert "11-03 上午统计：接待 3 件（投诉 1），未注销 3；维修受理 2、未完工 2、超时 2。" in told(cast.li)
    client = sign_in(cast.li)
    listed = client.get(reverse("reports:day_records", args=[sheet.number, "counts.received"]))
    assert "共 3 件" in text_of(listed)
    assert perform(sheet, "read", by=cast.li, data={}).state == "read"


def test_a_company_names_another_hour_or_none(cast: Any) -> None:
    for hours, opened in (([], 0), (["17:00"], 0), (["11:30"], 1)):
        Parameter.objects.filter(name="duties.noon").delete()
        Parameter.objects.create(
            community=cast.yunqi, name="duties.noon", value=hours, in_force_at=at("2026-01-01 00:00"), by=cast.xiang
        )
        come_round(at("2026-11-03 12:00"))
        assert NoonSheet.objects.filter(community=cast.yunqi).count() == opened


def test_a_diary_is_filled_in_beforehand_and_read_by_the_supervisor(cast: Any, sign_in: Any) -> None:
    assert cast.li.pk
    mine = log_contact(cast)
    others = log_contact(cast, by=cast.li)
    client = sign_in(cast.wang)
    page = client.get("/diaries/new/").content.decode()
    assert mine.number in page
    assert others.number not in page
    typed = {
        "key": "d",
        "day": timezone.localdate().isoformat(),
        "shift": "late",
        "tasks": "登记来电",
        "handover": "钥匙一把",
    }
    assert client.post("/diaries/new/", typed).status_code == 302
    diary = Diary.objects.get()
    assert told(cast.li)[-1] == f"王客服 的 {diary.day:%m-%d} 工作日志已交，请阅。"
    assert "待审阅" in text_of(sign_in(cast.li).get("/"))
    assert "钥匙一把" in sheets.text_of(client.get(f"{diary.get_absolute_url()}print/diary/").content)
    with pytest.raises(NotAllowed):
        perform(diary, "read", by=cast.wang, data={})
    assert perform(diary, "read", by=cast.li, data={"reader_words": "已阅"}).state == "read"
    clerk = cast.person("zhou", "周客服", "receptionist")
    assert not Diary.objects.seen_by(clerk).exists()


def test_a_diary_tells_no_reader_of_what_somebody_is_barred_from(cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast, category="complaint", content="主管态度冷淡")
    Barred.objects.create(record_id=contact.pk, person=cast.li, why="事项涉及本人", at=timezone.now())
    assert contact.number not in sign_in(cast.wang).get("/diaries/new/").content.decode()
    later = {"day": (timezone.localdate() + timedelta(days=1)).isoformat(), "shift": "day", "tasks": "明天的事"}
    with pytest.raises(Invalid):
        open_record(Diary(community=cast.yunqi), by=cast.wang, data=later)


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
