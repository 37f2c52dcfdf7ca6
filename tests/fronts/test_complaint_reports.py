"""Complaints in figures: the formulas, the month's sheet (F22) signed by two, the report, the day's sheet and 今日."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, signature
from yihu.areas.complaints.models import Complaint, Household
from yihu.areas.corrective.models import CorrectiveAction
from yihu.areas.duties.models import ComplaintSheet, DaySheet
from yihu.areas.duties.printing import shown
from yihu.fronts.reports import complaining, complaint_month
from yihu.fronts.reports.complaining import MEASURES, cases
from yihu.fronts.reports.periods import of_month
from yihu.fronts.reports.timeliness import rate
from yihu.ground.contact.models import CallBack
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.models import Deadline, Message, Record
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db

NOVEMBER = of_month(2026, 11)
NOW = at("2026-11-20 20:00")


def complained(cast: Any, when: str, *, kept: bool | None = None, **facts: Any) -> Complaint:
    """A complaint received then, as it stands after what the facts tell; ``kept``: whether the clocks of two hours were met."""
    said = {"unit": cast.home.pk, "channel": "phone", "relation": "owner", "source": "direct", "complainant": "赵业主"}
    typed = {**said, "category": "hygiene", "level": "minor", "content": "楼道三天没有打扫"}
    given = {name: facts.pop(name) for name in ("category", "level", "content", "about_staff") if name in facts}
    given = {name: getattr(value, "pk", value) for name, value in given.items()}
    complaint = open_record(Complaint(community=cast.yunqi), by=cast.wang, data={**typed, **given}, at=at(when))
    Complaint.objects.filter(pk=complaint.pk).update(**facts)
    if kept is not None:
        running = Deadline.objects.filter(record_id=complaint.pk, code="D06")
        running.update(stopped_at=at(when) + timedelta(hours=1 if kept else 5), met=kept)
        due, stopped = at(when) + timedelta(hours=2), at(when) + timedelta(hours=1 if kept else 5)
        Deadline.objects.create(
            record_id=complaint.pk, community=cast.yunqi, code="D05", calendar="S", rule="", starts_at=at(when), due_at=due,
            stopped_at=stopped, met=kept,
        )  # fmt: skip
    return complaint  # type: ignore[no-any-return]


def shares(cast: Any, by: Any = None, now: datetime = NOW) -> dict[str, str]:
    found = cases(cast.yunqi, [NOVEMBER], by or cast.li, now)[0]
    told = {title: rate(map(judge, found)) for _, title, judge, _ in MEASURES}
    return {title: f"{one['text']} {one['good']}/{one['every']}" for title, one in told.items()}


def figures(cast: Any, by: Any = None, now: datetime = NOW) -> dict[str, Any]:
    return complaint_month.of_period(cast.yunqi, NOVEMBER, by or cast.li, now)


def figure(found: dict[str, Any], key: str) -> Any:
    one = next(one for one in found[key.split(".")[0]] if one["key"] == key)
    return one.get("text") or one["value"]


# -- the formulas ------------------------------------------------------------------------------------------------------


def test_a_month_without_complaints_shows_dashes(cast: Any) -> None:
    assert cast.yunqi.pk
    assert set(shares(cast).values()) == {"— 0/0"}
    assert figure(figures(cast), "complaint_rates.timely") == "—"
    assert figure(figures(cast), "complaint_rates.per_thousand") == "—"


@pytest.mark.clause("CMP-13")
def test_valid_complaints_count_in_the_month_in_which_their_date_falls(cast: Any) -> None:
    valid = {"validity": "valid"}
    complained(
        cast, "2026-10-15 09:00", **valid, due_on=date(2026, 10, 20), remedied_at=at("2026-10-19 09:00")
    )  # October's
    complained(cast, "2026-10-19 09:00", **valid, due_on=date(2026, 10, 21), remedied_at=at("2026-10-20 09:00"))
    complained(cast, "2026-11-02 09:00", **valid, due_on=date(2026, 11, 5), remedied_at=at("2026-11-05 20:00"))
    complained(cast, "2026-11-02 10:00", **valid, due_on=date(2026, 11, 5), remedied_at=at("2026-11-06 09:00"))
    complained(cast, "2026-11-03 09:00", **valid, due_on=date(2026, 11, 9))  # open and late
    complained(cast, "2026-11-18 09:00", **valid, due_on=date(2026, 11, 20))  # not due before midnight
    complained(cast, "2026-11-18 10:00", validity="invalid", due_on=date(2026, 11, 19))
    complained(cast, "2026-11-18 11:00", due_on=date(2026, 11, 19))  # not judged
    told = shares(cast)
    assert told["处理及时率"] == "50.0% 2/4"
    assert told["投诉处理率"] == "33.3% 2/6"
    assert told["有效投诉率"] == "80.0% 4/5"
    assert shares(cast, now=at("2026-11-21 09:00"))["处理及时率"] == "40.0% 2/5"


def test_the_answer_is_in_time_where_the_department_and_the_desk_both_were(cast: Any) -> None:
    complained(cast, "2026-11-02 09:00", kept=True)
    complained(cast, "2026-11-03 09:00", kept=False)
    department_late = complained(cast, "2026-11-04 09:00", kept=True)
    Deadline.objects.filter(record_id=department_late.pk, code="D05").update(met=False)
    complained(cast, "2026-11-20 19:00")  # neither answered nor late
    complained(cast, "2026-11-20 09:00")  # late by now
    told = shares(cast)
    assert told["首次答复及时率"] == "50.0% 2/4"
    assert told["响应及时率"] == "25.0% 1/4"


def test_the_twentieth_and_the_twenty_first_are_two_months(cast: Any) -> None:
    complained(cast, "2026-10-20 21:59")
    complained(cast, "2026-10-21 08:30")
    assert figure(figures(cast), "complaints.received") == 1


def test_opinions_and_call_backs_are_two_satisfactions_and_a_refusal_is_none(cast: Any) -> None:
    said = {"opinion_at": at("2026-11-05 09:00"), "confirmed_at": at("2026-11-06 09:00")}
    for opinion, feedback in (("satisfied", "A"), ("fair", "C"), ("unsatisfied", ""), ("refused", "B")):
        one = complained(cast, "2026-11-02 09:00", validity="valid", opinion=opinion, **said)
        if feedback:
            CallBack.objects.create(
                community=cast.yunqi, record_id=one.pk, at=at("2026-11-07 09:00"), outcome="reached", method="phone",
                feedback=feedback, caller=cast.wang, attempt=1, interviewee="赵业主",
            )  # fmt: skip
    told = shares(cast)
    assert told["业主意见满意率"] == "50.0% 2/4"
    assert told["投诉回访率"] == "75.0% 3/4"
    assert told["回访满意率"] == "66.7% 2/3"
    assert figure(figures(cast), "complaint_calls.unhappy") == 1


def test_a_collective_complaint_is_one_matter_of_many_households_and_repeats_are_counted(cast: Any) -> None:
    first = complained(cast, "2026-11-02 09:00", validity="valid")
    for room in ("0102", "0103"):
        Household.objects.create(complaint=first, unit=cast.unit(room), joined_at=at("2026-11-02 10:00"))
    again = complained(cast, "2026-11-09 09:00", repeat_of=first)
    withdrawn = complained(cast, "2026-11-10 09:00")
    Record.objects.filter(pk=withdrawn.pk).update(closed_as="withdrawn", closed_at=at("2026-11-10 10:00"))
    cast.home.moved_in_on = date(2026, 1, 1)
    cast.home.save()
    found = figures(cast)
    assert (figure(found, "complaints.received"), figure(found, "complaints.households")) == (2, 4)
    assert found["behind"]["complaints.repeats"] == [again.number]
    assert shares(cast)["重复投诉率"] == "50.0% 1/2"
    assert figure(found, "complaint_rates.per_thousand") == "1000.00（1/1 户）"


def test_by_department_category_level_and_cause(cast: Any) -> None:
    complained(cast, "2026-11-02 09:00", team="cleaning", cause_class="procedure", validity="valid")
    complained(cast, "2026-11-03 09:00", category="repair", level="major", about_dept="engineering")
    tables = {table["first"]: [row["label"] for row in table["rows"]] for table in figures(cast)["tables"]}
    assert tables == {
        "责任部门": ["工程部", "保洁绿化部"], "投诉类别": ["维修", "环境"], "级别": ["重大", "轻微"], "原因": ["流程", "未定"],
    }  # fmt: skip


# -- the month's sheet ---------------------------------------------------------------------------------------------------


def sheet_of(cast: Any, when: str = "2026-11-21 00:05") -> ComplaintSheet:
    return next(one for one in come_round(at(when), "complaint-sheet") if one.community_id == cast.yunqi.pk)


WORDS = {"remarks": "保洁排班有空档", "measures": "周末加一班，主管抽查"}


@pytest.mark.clause("CMP-10")
def test_the_month_is_drawn_up_by_the_desk_and_signed_by_the_project_manager_by_the_25th(
    cast: Any, sign_in: Any
) -> None:
    complaint = complained(cast, "2026-11-02 09:00", validity="valid", team="cleaning", cause_class="staffing")
    asked = {"source": "audit", "nonconformity": "周末没有保洁", "team": "cleaning", "handler": cast.li.pk}
    typed = {**asked, "due_on": "2026-12-20"}
    action = open_record(CorrectiveAction(community=cast.yunqi), by=cast.li, data=typed, at=at("2026-11-10 09:00"))
    assert (cast.gao.pk, cast.xiang.pk) > (0, 0)
    sheet = sheet_of(cast)
    assert (sheet.period, sheet.due_at) == ("2026-11", at("2026-11-25 22:00"))
    assert come_round(at("2026-11-22 09:00"), "complaint-sheet") == []
    page, desk = sheet.get_absolute_url(), sign_in(cast.wang)
    assert complaint.number in text_of(desk.get(f"{page}do/sign/"))
    sheet = perform(sheet, "sign", by=cast.wang, data={**WORDS, "signature": signature()}, at=at("2026-11-23 10:00"))
    assert Deadline.objects.get(record_id=sheet.pk).stopped_at is None  # it runs until the project manager has signed
    with pytest.raises(NotAllowed):
        perform(sheet, "approve", by=cast.gao, data={"signature": signature()})
    complained(cast, "2026-11-04 09:00", content="签字以后才补登的")
    sheet = perform(
        sheet,
        "approve",
        by=cast.xiang,
        data={"signature": signature(), "manager_words": "照办"},
        at=at("2026-11-24 10:00"),
    )
    assert (sheet.state, Deadline.objects.get(record_id=sheet.pk).met) == ("read", True)
    assert figure(sheet.snapshot, "complaints.received") == 1
    assert [line["number"] for line in sheet.snapshot["lists"]["actions"]] == [action.number]
    printed = sheets.text_of(desk.get(f"{page}print/complaint_sheet/").content)
    for words in (
        "投诉情况月汇总表",
        "2026年11月",
        "保洁排班有空档",
        "周末加一班",
        "项目经理审签",
        "项经理",
        "王客服",
        "照办",
        complaint.number,
        "人手",
        "千户投诉率",
    ):
        assert words in printed
    seen = desk.get(page).content.decode()
    assert f"/reports/day/{sheet.number}/complaints.received/" in seen
    listed = text_of(desk.get(reverse("reports:day_records", args=[sheet.number, "complaints.received"])))
    assert complaint.number in listed
    behind = desk.get(reverse("reports:day_records", args=[sheet.number, "trend.cause-staffing.2026-11"]))
    assert complaint.number in text_of(behind)


def test_a_manager_who_drew_it_up_does_not_sign_it(cast: Any) -> None:
    both = cast.person("shuang", "双职", "receptionist", "project_manager")
    complained(cast, "2026-11-02 09:00")
    sheet = perform(sheet_of(cast), "sign", by=both, data={**WORDS, "signature": signature()})
    for step in ("approve", "send_back"):
        with pytest.raises(NotAllowed):
            perform(sheet, step, by=both, data={"signature": signature(), "reason": "x"})


def test_what_is_sent_back_is_drawn_up_anew(cast: Any) -> None:
    complained(cast, "2026-11-02 09:00")
    sheet = perform(sheet_of(cast), "sign", by=cast.wang, data={**WORDS, "signature": signature()})
    sheet = perform(sheet, "send_back", by=cast.xiang, data={"reason": "原因写得太空"})
    assert (sheet.state, sheet.snapshot) == ("due", None)
    assert Message.objects.filter(person=cast.wang, sentence__contains="被退回：原因写得太空").exists()
    complained(cast, "2026-11-03 09:00")
    sheet = perform(sheet, "sign", by=cast.li, data={**WORDS, "signature": signature()})
    assert figure(sheet.snapshot, "complaints.received") == 2


def test_who_misses_the_25th_is_told_of_it_and_so_is_the_top(cast: Any) -> None:
    assert (cast.li.pk, cast.xiang.pk) > (0, 0)
    complained(cast, "2026-11-02 09:00")
    sheet = sheet_of(cast)
    sweep(at("2026-11-25 22:00"))
    late = Message.objects.filter(sentence__contains=f"{sheet.number} 投诉月汇总审签已到时限")
    assert {cast.wang, cast.li, cast.xiang} <= {message.person for message in late}


def test_who_is_complained_of_reads_totals_and_how_many_more_there_are(cast: Any, sign_in: Any) -> None:
    about_wang = complained(cast, "2026-11-02 09:00", content="前台说话难听", about_staff=cast.wang)
    other = complained(cast, "2026-11-03 09:00")
    sheet = perform(sheet_of(cast), "sign", by=cast.li, data={**WORDS, "signature": signature()})
    mine, theirs = shown(sheet, cast.wang), shown(sheet, cast.li)
    assert figure(mine, "complaints.received") == 2  # a total, as it was signed
    assert [line["number"] for line in mine["lists"]["cases"]] == [other.number]
    assert (mine["hidden"], theirs["hidden"]) == (1, 0)
    desk = sign_in(cast.wang)
    pages = [
        sheet.get_absolute_url(),
        reverse("reports:day_records", args=[sheet.number, "complaints.received"]),
        f"{reverse('reports:complaints')}?month=2026-11",
        f"{reverse('reports:complaint_records')}?month=2026-11&figure=complaints.received",
    ]
    for page in pages:
        words = text_of(desk.get(page))
        assert "另有 1 件" in words or page == pages[-1], page
        assert about_wang.number not in words
        assert "说话难听" not in words
    printed = sheets.text_of(desk.get(f"{sheet.get_absolute_url()}print/complaint_sheet/").content)
    assert "另有1件" in printed.replace(" ", "")
    assert about_wang.number not in printed


# -- the report --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CMP-13")
def test_the_report_shows_causes_over_the_months_and_each_figure_opens_its_complaints(cast: Any, sign_in: Any) -> None:
    september = complained(cast, "2026-09-02 09:00", cause_class="attitude", validity="valid")
    november = complained(cast, "2026-11-02 09:00", cause_class="procedure", validity="valid")
    client = sign_in(cast.gao)
    page = client.get(reverse("reports:complaints"), NOVEMBER.query)
    words = text_of(page)
    for said in ("投诉分析", "处理及时率", "回访满意率", "原因", "态度", "流程", "9月", "11月"):
        assert said in words
    records = reverse("reports:complaint_records")
    counted = text_of(client.get(records, {**NOVEMBER.query, "figure": "complaints.received"}))
    assert november.number in counted
    assert september.number not in counted
    point = text_of(client.get(records, {**NOVEMBER.query, "figure": "trend.cause-attitude.2026-09"}))
    assert september.number in point
    assert november.number not in point
    for odd in ("", "trend.x.2026-09", "trend.cause-attitude.1999-01", "complaints.nothing"):
        assert client.get(records, {**NOVEMBER.query, "figure": odd}).status_code == 404
    assert client.get(reverse("reports:complaints"), {"month": "days", "first": "x"}).status_code == 422
    assert sign_in(cast.chen).get(reverse("reports:complaints")).status_code == 403


def test_the_report_asks_the_same_number_of_questions_for_many_complaints(cast: Any, sign_in: Any) -> None:
    complained(cast, "2026-11-02 09:00", validity="valid")
    client, url = sign_in(cast.li), f"{reverse('reports:complaints')}?month=2026-11"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for day in range(3, 12):
        complained(cast, f"2026-11-{day:02d} 09:00", validity="valid", cause_class="skill")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few)


# -- the supervisor's day ------------------------------------------------------------------------------------------------


@pytest.mark.clause("CMP-08")
def test_major_complaints_stand_before_the_supervisor_and_on_the_days_sheet_until_they_are_closed(
    cast: Any, sign_in: Any
) -> None:
    major = complained(cast, "2026-11-02 09:00", level="major", content="电梯困人半小时没人来")
    minor = complained(cast, "2026-11-02 10:00")
    for person in (cast.li, cast.gao, cast.xiang):
        group = text_of(sign_in(person).get("/today/major/"))
        assert major.number in group
        assert minor.number not in group
    assert "重大投诉" in text_of(sign_in(cast.li).get("/"))
    assert "重大投诉" not in text_of(sign_in(cast.wang).get("/"))
    check = text_of(sign_in(cast.li).get("/reports/gaps/?day=2026-11-02"))
    for title in ("未结的重大投诉", "重大投诉没有报告项目经理"):
        assert title in check
    perform(major, "inform", by=cast.wang, data={"words": "已电话报告"})
    check = text_of(sign_in(cast.li).get("/reports/gaps/?day=2026-11-03"))
    assert "未结的重大投诉" in check  # each day until it is closed
    assert "重大投诉没有报告项目经理" not in check
    sheet = next(one for one in come_round(at("2026-11-04 00:05"), "day-sheet") if one.community_id == cast.yunqi.pk)
    lists = shown(sheet, cast.li)["lists"]
    assert [line["number"] for line in lists["major"]] == [major.number]
    assert {major.number, minor.number} == {line["number"] for line in lists["complaints"]}
    assert "重大投诉" in sheets.text_of(sign_in(cast.li).get(f"{sheet.get_absolute_url()}print/day_sheet/").content)
    Record.objects.filter(pk=major.pk).update(state="closed", closed_at=at("2026-11-03 18:00"))
    assert shown(DaySheet.objects.get(pk=sheet.pk), cast.li)["lists"]["major"] == []


# -- causes that come again ------------------------------------------------------------------------------------------------


@pytest.mark.clause("CMP-11")
def test_the_third_valid_complaint_of_one_cause_and_department_proposes_an_action(cast: Any) -> None:
    assert cast.li.pk
    same = {"validity": "valid", "team": "engineering", "cause_class": "skill"}
    third = [complained(cast, f"2026-11-0{day} 09:00", **same) for day in (2, 3, 4)]
    complained(cast, "2026-10-20 09:00", **same)  # of the month before
    complained(cast, "2026-11-05 09:00", **{**same, "validity": "invalid"})
    complained(cast, "2026-11-05 10:00", **{**same, "team": "cleaning"})
    opened = come_round(NOW, "repeated-cause")
    assert len(opened) == CorrectiveAction.objects.count() == 1
    assert "2026-11 业务月工程部因“技能”引起的有效投诉已有 3 件" in opened[0].nonconformity
    assert (opened[0].handler, opened[0].opened_by) == (cast.li, authority().system())
    assert set(opened[0].links_in.values_list("origin__number", flat=True)) == {one.number for one in third}
    assert come_round(NOW + timedelta(days=2), "repeated-cause") == []


def test_a_bar_that_comes_later_reaches_the_action(cast: Any) -> None:
    assert cast.gao.pk
    same = {"validity": "valid", "team": "cs_dept", "cause_class": "attitude"}
    found = [complained(cast, f"2026-11-0{day} 09:00", **same) for day in (2, 3, 4)]
    (action,) = come_round(NOW, "repeated-cause")
    assert CorrectiveAction.objects.seen_by(cast.li).filter(pk=action.pk).exists()
    with command(by=authority().system()) as writing:
        writing.bar(found[0], cast.li, "投诉涉及本人")
    assert not CorrectiveAction.objects.seen_by(cast.li).exists()
    assert Complaint.objects.seen_by(cast.li).count() == 2
    assert complaining.hidden(cast.yunqi, NOVEMBER, cast.li) == 1
