"""纠正预防: from the nonconformity over the check of effect by somebody else to the case that is learnt from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, log_contact, photo, sentences
from yihu.areas.corrective import repeats
from yihu.areas.corrective.models import CaseStudy, CorrectiveAction
from yihu.areas.corrective.repeats import Repeat
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Deadline, Message, Parameter, Record
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db

OPENING = {"source": "inspection", "nonconformity": "十一月抽查二十张维修单，六张没有写原因", "team": "engineering"}
PLAN = {"cause": "单子上没有必填的一格", "correction": "补写六张单子", "prevention": "完工时不写原因不能交单"}


def opened(cast: Any, **typed: Any) -> CorrectiveAction:
    data = {**OPENING, "handler": cast.gong.pk, "due_on": "2026-11-20", **typed}
    return open_record(CorrectiveAction(community=cast.yunqi), by=cast.li, data=data, at=at("2026-11-02 10:00"))  # type: ignore[no-any-return]


def finished(cast: Any) -> CorrectiveAction:
    action = perform(opened(cast), "plan", by=cast.gong, data=PLAN, at=at("2026-11-03 10:00"))
    typed = {"result": "单子已改，六张已补"}
    return perform(action, "done", by=cast.gong, data=typed, files={"photos": [photo()]}, at=at("2026-11-10 10:00"))  # type: ignore[no-any-return]


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("sentence", flat=True))


# -- the action --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CMP-11")
def test_what_was_done_is_checked_after_a_month_by_somebody_else_and_closed_by_the_manager(cast: Any) -> None:
    assert cast.gao.pk
    action = finished(cast)
    assert "请分析原因、定措施" in told(cast.gong)[0]
    assert (action.state, str(action.check_on)) == ("checking", "2026-12-10")
    good = {"effect": "effective", "effect_words": "再抽三十张，都写了原因"}
    with pytest.raises(Invalid) as early:
        perform(action, "check", by=cast.li, data=good, at=at("2026-12-09 10:00"))
    assert "12-10 或以后验证" in str(early.value.form.errors)
    with pytest.raises(NotAllowed):
        perform(action, "check", by=cast.gong, data=good, at=at("2026-12-10 10:00"))
    action = perform(action, "check", by=cast.li, data=good, at=at("2026-12-10 10:00"))
    assert action.state == "to_close"
    assert told(cast.gao)[-1].endswith("纠正预防措施验证有效，请关闭。")
    with pytest.raises(NotAllowed):
        perform(action, "close", by=cast.li, data={})
    action = perform(action, "close", by=cast.gao, data={"closing_words": "可在各部门推行"})
    assert (action.state, action.checked_by, action.closing_words) == ("closed", cast.li, "可在各部门推行")
    assert {one.code: one.met for one in Deadline.objects.filter(record_id=action.pk)} == {"D04": True, "D45": True}


def test_an_owner_among_those_who_may_check_does_not_check_his_own(cast: Any) -> None:
    action = opened(cast, handler=cast.li.pk, team="cs_dept")
    action = perform(action, "plan", by=cast.li, data=PLAN, at=at("2026-11-03 10:00"))
    action = perform(action, "done", by=cast.li, data={"result": "改好了"}, at=at("2026-11-04 10:00"))
    good = {"effect": "effective", "effect_words": "好了"}
    with pytest.raises(NotAllowed):
        perform(action, "check", by=cast.li, data=good, at=at("2026-12-20 10:00"))
    action = perform(action, "transfer", by=cast.gao, data={"to": cast.gong.pk, "reason": "换人负责"})
    with pytest.raises(NotAllowed):  # he is not the owner any more, but it was his work
        perform(action, "check", by=cast.li, data=good, at=at("2026-12-20 10:00"))
    action = perform(action, "check", by=cast.gao, data=good, at=at("2026-12-20 10:00"))
    with pytest.raises(NotAllowed):  # nor does the checker close
        perform(action, "close", by=cast.gao, data={})
    assert perform(action, "close", by=cast.xiang, data={}).state == "closed"


@pytest.mark.clause("CMP-11")
def test_what_did_not_help_goes_back_to_its_owner_for_another_round(cast: Any) -> None:
    action = finished(cast)
    bad = {"effect": "not_yet", "effect_words": "又有四张没写"}
    with pytest.raises(Invalid) as refused:
        perform(action, "check", by=cast.li, data=bad, at=at("2026-12-10 10:00"))
    assert "新的完成期限" in str(refused.value.form.errors["due_on"])
    action = perform(action, "check", by=cast.li, data={**bad, "due_on": "2026-12-31"}, at=at("2026-12-10 10:00"))
    assert (action.state, action.round_no) == ("analysis", 2)
    assert told(cast.gong)[-1].endswith("措施未见效，转入第 2 轮，请重新分析原因。")
    running = Deadline.objects.get(record_id=action.pk, stopped_at__isnull=True)
    assert (running.code, running.due_at) == ("D04", at("2026-12-31 17:30"))
    action = perform(action, "plan", by=cast.gong, data={**PLAN, "cause": "手机上看不见这一格"})
    action = perform(action, "done", by=cast.gong, data={"result": "移到最前面"}, at=at("2026-12-20 10:00"))
    assert str(action.check_on) == "2027-01-19"
    assert any("未见效，又有四张没写" in said for said in sentences(action))


def test_who_lets_the_day_pass_is_reminded_and_then_the_supervisor_and_the_top(cast: Any) -> None:
    assert cast.xiang.pk
    action = opened(cast)
    sweep(at("2026-11-20 17:30"))
    assert any(f"{action.number} 措施完成期限" in one for one in told(cast.gong))
    assert any("措施完成期限" in one for one in told(cast.li))
    assert not any("措施完成期限" in one for one in told(cast.xiang))
    sweep(at("2026-11-23 17:31"))
    assert any("措施完成期限" in one for one in told(cast.xiang))


def test_the_owner_does_not_give_himself_more_time(cast: Any) -> None:
    action = opened(cast)
    with pytest.raises(NotAllowed):
        perform(action, "put_off", by=cast.gong, data={"due_on": "2026-12-31", "reason": "忙"})
    action = perform(
        action, "put_off", by=cast.li, data={"due_on": "2026-12-31", "reason": "等厂家"}, at=at("2026-11-05 10:00")
    )
    assert Deadline.objects.get(record_id=action.pk, stopped_at__isnull=True).due_at == at("2026-12-31 17:30")


def test_the_sheet_shows_what_is_known_and_leaves_room_for_the_rest(cast: Any, sign_in: Any) -> None:
    action = opened(cast)
    printed = sheets.text_of(sign_in(cast.li).get(f"{action.get_absolute_url()}print/action_sheet/").content)
    for words in (
        "纠正预防措施表",
        action.number,
        "抽查二十张维修单",
        "龚工",
        "不合格事实",
        "预防措施",
        "验证人",
        "2026-11-20",
    ):
        assert words in printed


def test_the_company_says_after_how_many_days_it_is_checked(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.person("guan", "管理员", "sysadmin"))
    url = reverse("kernel:settings_number", args=["corrective.check_after"])
    assert "30 天" in text_of(client.get(reverse("kernel:settings_numbers")))
    future = timezone.localtime() + timedelta(days=3)
    typed = {"in_force_at": future.strftime("%Y-%m-%dT00:00"), "why": "两周就看得出", "key": "two"}
    for odd in ("0", "181", "一周"):
        assert client.post(url, {**typed, "number": odd}).status_code == 422
    assert client.post(url, {**typed, "number": "14"}).status_code == 302
    assert Parameter.objects.get(name="corrective.check_after").value == 14
    assert "14 天" in text_of(client.get(reverse("kernel:settings_numbers")))
    assert sign_in(cast.li).get(url).status_code == 403
    Parameter.objects.update(in_force_at=at("2026-01-01 00:00"))
    from yihu.kernel import calendars

    calendars.forget()
    assert str(finished(cast).check_on) == "2026-11-24"


# -- repeated causes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(cast: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Contacts that somebody counts as complaints of one cause: this area asks, and does not know of whom."""
    found: dict[str, list[Any]] = {"flow": []}

    def count(community: Any, now: Any) -> list[Repeat]:
        numbers = tuple(one.number for one in found["flow"] if one.community_id == community.pk)
        return [Repeat("2026-11", "engineering", "flow", "流程", numbers)]

    monkeypatch.setattr(repeats, "_counted_by", [count])
    return found


def proposals(when: str) -> list[CorrectiveAction]:
    return list(come_round(at(when), "repeated-cause"))


@pytest.mark.clause("CMP-11", part="到数的同因投诉提请主管立项")
def test_the_third_of_a_month_is_laid_before_the_supervisor_once_and_stays_before_him(
    cast: Any, counted: dict[str, list[Any]], sign_in: Any
) -> None:
    assert cast.li.pk
    counted["flow"] += [log_contact(cast, category="complaint", content=f"等了{day}天") for day in (1, 2)]
    assert proposals("2026-11-03 10:00") == []
    counted["flow"].append(log_contact(cast, category="complaint", content="等了三天"))
    (action,) = proposals("2026-11-03 10:05")
    assert proposals("2026-11-04 10:00") == []
    assert (action.state, action.handler) == ("proposed", cast.li)
    assert told(cast.li)[-1].endswith("请立项查明原因。")
    today = text_of(sign_in(cast.li).get("/"))
    assert action.number in today
    page = text_of(sign_in(cast.li).get(action.get_absolute_url()))
    assert all(one.number in page for one in counted["flow"])
    with pytest.raises(NotAllowed):
        perform(action, "decline", by=cast.li, data={"reason": "没空"})
    typed = {
        "nonconformity": action.nonconformity,
        "team": "engineering",
        "handler": cast.gong.pk,
        "due_on": "2099-01-01",
    }
    action = perform(action, "take_up", by=cast.li, data=typed)
    assert (action.state, action.handler, action.source) == ("analysis", cast.gong, "repeat")


def test_who_is_kept_from_one_complaint_is_kept_from_the_action_but_not_from_the_other_complaints(
    cast: Any, counted: dict[str, list[Any]]
) -> None:
    assert cast.gao.pk
    about_li = log_contact(cast, by=cast.wang, category="complaint", content="主管态度差", about_staff=cast.li.pk)
    others = [log_contact(cast, category="complaint", content=f"等了{day}天") for day in (1, 2)]
    counted["flow"] += [about_li, *others]
    (action,) = proposals("2026-11-03 10:05")
    assert action.handler == cast.gao
    seen = set(Record.objects.seen_by(cast.li).values_list("number", flat=True))
    assert {one.number for one in others} <= seen
    assert not {about_li.number, action.number} & seen
    assert not any(result.faults for result in check_all() if result.name == "bars.spread")


# -- cases -------------------------------------------------------------------------------------------------------------

CASE = {"title": "答应了却没有回电", "happened": "一位业主等了三天没有等到回电。", "lesson": "答应的时间当场记下，到时有人看。", "anonymous": "on"}  # fmt: skip


def test_a_case_is_written_from_an_action_approved_by_another_and_read_by_the_desk(cast: Any, sign_in: Any) -> None:
    action = perform(opened(cast), "plan", by=cast.gong, data=PLAN)
    desk, writer = sign_in(cast.wang), sign_in(cast.li)
    page = f"{action.get_absolute_url()}do/case/"
    assert "看不出是哪一户、哪个人" in text_of(writer.get(page))
    typed = {f"to-{name}": value for name, value in CASE.items()}
    assert writer.post(page, {"key": "case", "version": action.version, **typed}).status_code == 302
    case = CaseStudy.objects.get()
    assert case.number not in text_of(desk.get("/cases/"))
    with pytest.raises(NotAllowed):
        perform(case, "publish", by=cast.li)
    case = perform(case, "publish", by=cast.gao)
    assert CASE["title"] in text_of(desk.get("/cases/?q=回电"))
    assert CASE["title"] not in text_of(desk.get("/cases/?q=停电"))
    assert CASE["lesson"] in text_of(desk.get(case.get_absolute_url()))
    assert CASE["title"] in sheets.text_of(desk.get(f"{case.get_absolute_url()}print/case_sheet/").content)
    case = perform(case, "rewrite", by=cast.li, data=CASE)
    assert case.state == "draft"
    assert not CaseStudy.objects.seen_by(cast.wang).exists()


@pytest.mark.parametrize(
    ("happened", "what"),
    [
        ("A1-1-0101 的业主等了三天", "房号"),
        ("3-2-1701 等了三天", "房号"),
        ("5栋301 等了三天", "房号"),
        ("12号楼2单元301室等了三天", "房号"),
        ("０３０１室等了三天", "房号"),
        ("业主电话 138 0013 8112 打不通", "电话"),
        ("陈维修没有按时到", "姓名"),
        ("赵业主等了三天", "姓名"),
    ],
)
def test_a_case_that_points_at_somebody_is_refused(cast: Any, happened: str, what: str) -> None:
    assert (cast.chen.pk, cast.owner.pk) > (0, 0)
    for name in ("happened", "lesson", "title"):
        with pytest.raises(Invalid) as refused:
            open_record(CaseStudy(community=cast.yunqi), by=cast.li, data={**CASE, name: happened})
        assert what in str(refused.value.form.errors[name])


def test_a_case_may_hold_dates_sums_and_counts(cast: Any) -> None:
    words = "2026-11-02 上午，8 号楼前后 3 个业主等了 2 小时，赔了 1200 元，2026 年已是第 3 次。"
    assert open_record(CaseStudy(community=cast.yunqi), by=cast.li, data={**CASE, "happened": words}).pk


def test_a_case_is_not_written_before_the_writer_says_that_it_is_anonymous(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        open_record(CaseStudy(community=cast.yunqi), by=cast.li, data={**CASE, "anonymous": ""})
    assert "anonymous" in refused.value.form.errors
