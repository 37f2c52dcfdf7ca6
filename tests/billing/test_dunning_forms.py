"""What the forms of dunning do not let through, each with a sentence that says what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.banking import bank_line
from tests.support.doing import at, signature
from tests.support.dunning import NOVEMBER, Desk, desk_of, paper
from yihu.areas.billing.dunning.forms.cases import CallForm, ClientLetterForm, LetterForm, PlanForm
from yihu.areas.billing.dunning.forms.notices import NoticeForm
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice
from yihu.ground.estate.models import Party
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Conflict, Invalid
from yihu.kernel.models import Record

pytestmark = pytest.mark.django_db
S, N = DunningCase.State, DunningNotice.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


@pytest.fixture
def case(desk: Desk) -> DunningCase:
    """赵业主 owes 359.41 元 of October."""
    desk.charge(35941)
    return desk.case()


def put(case: DunningCase, state: str) -> DunningCase:
    """Further up the ladder than the test needs to tell."""
    Record.objects.filter(pk=case.pk).update(state=state)
    return DunningCase.objects.get(pk=case.pk)


# -- opening --------------------------------------------------------------------------------------------------------
def test_only_who_is_late_is_dunned(desk: Desk) -> None:
    paid_up = Party.objects.create(community=desk.cast.yunqi, name="周业主")
    with pytest.raises(Invalid, match="没有到期未缴的账单，不用催"):
        desk.case(paid_up)
    with pytest.raises(Invalid, match="付款人"):
        open_record(DunningCase(community=desk.cast.yunqi), by=desk.accountant, data={}, at=at(NOVEMBER))


@pytest.mark.parametrize(
    ("given", "words"), [("", "请从一户的催缴页面开催款单"), ("²", "请从一户的催缴页面打开这张表")]
)
def test_a_notice_is_drawn_up_from_a_case_and_from_nothing_else(desk: Desk, given: str, words: str) -> None:
    data = {"case": given, "pay_by": "2026-12-31"}
    with pytest.raises(Invalid, match=words):
        open_record(DunningNotice(community=desk.cast.yunqi), by=desk.accountant, data=data, at=at(NOVEMBER))


# -- calls ----------------------------------------------------------------------------------------------------------
def test_who_was_not_found_keeps_the_reason_that_was_known(desk: Desk, case: DunningCase) -> None:
    said = {"way": "phone", "reached": "yes", "reason": "hardship", "said": "失业", "explained": "可以分期"}
    desk.do(case, "call", desk.collector, **said)
    desk.do(case, "call", desk.collector, way="visit", reached="no", said="这句不算", promised_on="2026-01-01")
    kept = DunningCase.objects.get()
    assert kept.reason == "hardship"
    last = kept.calls.latest("pk")
    assert (last.reached, last.reason, last.said, last.promised_on) == (False, "hardship", "", None)
    form = CallForm(instance=kept, by=desk.collector, at=at(NOVEMBER))
    assert form["reached"].value() == "yes"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": ""}, "请选择未缴的原因"), ({"said": ""}, "请写下客户怎么说"), ({"explained": ""}, "请写下解释了什么"),
        ({"promised_on": "2026-11-15"}, "不能在今天以前"), ({"promised_on": "下周"}, "答应哪天缴"), ({"reason": "x"}, "未缴原因"),
    ],
)  # fmt: skip
def test_a_call_says_why_what_and_until_when(desk: Desk, case: DunningCase, said: dict[str, str], words: str) -> None:
    told = {"way": "phone", "reached": "yes", "reason": "hardship", "said": "失业", "explained": "可以分期", **said}
    with pytest.raises(Invalid, match=words):
        desk.do(case, "call", desk.collector, **told)


def test_a_talk_face_to_face_after_the_second_notice_is_one_step_up(desk: Desk, case: DunningCase) -> None:
    case = put(case, S.SECOND)
    told = {"reason": "forgot", "said": "忘了", "explained": "今天可以缴", "reached": "yes"}
    assert desk.do(case, "call", desk.collector, way="phone", **told).state == S.SECOND
    assert desk.do(case, "call", desk.collector, way="visit", reached="no").state == S.SECOND
    assert desk.do(case, "call", desk.collector, way="office", promised_on="2026-11-16", **told).state == S.TALK


# -- instalments ----------------------------------------------------------------------------------------------------
def plan(desk: Desk, case: DunningCase, parts: str, **more: Any) -> Any:
    return desk.do(case, "plan", desk.accountant, **{"parts": parts, "signature": signature(), **more})


def test_three_equal_parts_are_proposed(desk: Desk, case: DunningCase) -> None:
    form = PlanForm(instance=case, by=desk.accountant, at=at(NOVEMBER))
    assert form["parts"].value().split() == [
        "2026-12-16", "119.81", "2027-01-16", "119.80", "2027-02-16", "119.80",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ("", "各期"), ("2026-12-10 359.41", "分期至少两期"), ("2026-12-10 100\n2026-12-10 259.41", "不重复"),
        ("2026-11-15 100\n2026-12-10 259.41", "第一期不能在今天以前"), ("2026-13-10 100\n2026-12-10 259.41", "2026-13-10 100"),
        ("2026-12-10 1.2.3\n2027-01-10 259.41", "看不懂"), ("2026-12-10 0\n2027-01-10 359.41", "看不懂"),
        ("\n".join(f"2026-12-{day:02d} 1" for day in range(1, 26)), "最多 24 期"),
    ],
)  # fmt: skip
def test_a_plan_is_dates_and_amounts(desk: Desk, case: DunningCase, parts: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        plan(desk, case, parts)


def test_a_plan_needs_the_payers_own_hand_on_screen_or_paper(desk: Desk, case: DunningCase) -> None:
    parts = "2026年12月10日 ，100.00元\n2027/1/10　259.41"
    with pytest.raises(Invalid, match="书面同意"):
        plan(desk, case, parts, signature="")
    made = desk.do(case, "plan", desk.accountant, files={"agreement": [paper("协议.pdf")]}, parts=parts)
    assert made.state == S.PLAN
    assert list(made.instalments.order_by("pk").values_list("due_on", "amount")) == [
        (date(2026, 12, 10), 10000), (date(2027, 1, 10), 25941),
    ]  # fmt: skip


# -- letters and the court ------------------------------------------------------------------------------------------
def test_a_letter_is_written_by_somebody_and_leaves_time(desk: Desk, case: DunningCase) -> None:
    client = ClientLetterForm(instance=case, by=desk.head, at=at(NOVEMBER))
    assert (client["writer"].value(), client["pay_by"].value()) == ("业主委员会", date(2026, 12, 1))
    assert LetterForm(instance=case, by=desk.head, at=at(NOVEMBER))["writer"].value() == ""
    case = put(case, S.SECOND)
    asked = {"writer": "业主委员会", "on": "2026-11-16", "pay_by": "2026-12-01"}
    case = desk.do(case, "client_letter", desk.accountant, **asked)
    assert (case.state, str(case.letters.get())) == (S.URGED, "业主委员会 2026-11-16")
    assert str(case.demands.get().lines.get()).endswith(" 359.41")
    said = {"writer": "平安律师事务所", "on": "2026-11-16", "pay_by": "2026-12-01"}
    with pytest.raises(Invalid, match="至少七天"):
        desk.do(case, "lawyer", desk.head, **{**said, "pay_by": "2026-11-20"})
    desk.pay(35941, when="2026-11-16 09:30")
    with pytest.raises(Invalid, match="不能发函"):
        desk.do(case, "lawyer", desk.head, "2026-11-16 10:00", **said)


def test_a_suit_was_not_filed_tomorrow(desk: Desk, case: DunningCase) -> None:
    filed = {"court_way": "suit", "court": "某区人民法院", "court_no": "（2026）民初 1 号", "filed_on": "2026-11-17"}
    with pytest.raises(Invalid, match="不能在今天以后"):
        desk.do(put(case, S.LAWYER), "sue", desk.head, **filed)


# -- notices --------------------------------------------------------------------------------------------------------
def test_why_no_notice_may_be_drawn_up_now(desk: Desk, case: DunningCase) -> None:
    """One after the other: too little time, one on its way already, being looked into, at the court, paid meanwhile."""
    form = NoticeForm(instance=DunningNotice(community=desk.cast.yunqi), by=desk.accountant, at=at(NOVEMBER))
    assert form["pay_by"].value() == date(2026, 12, 1)
    with pytest.raises(Invalid, match="至少七天"):
        desk.notice(case, pay_by="2026-11-22")
    with pytest.raises(Invalid, match="请于何日前缴清"):
        desk.notice(case, pay_by="")
    waiting = desk.notice(case)
    assert str(waiting.lines.get()).endswith(" 359.41")
    with pytest.raises(Invalid, match=f"{waiting.number} 还没有送达"):
        desk.notice(case)
    desk.delivered(waiting)
    desk.do(case, "check", desk.collector, pause_words="说 11 月 3 日转过账")
    with pytest.raises(Invalid, match="查账中：说 11 月 3 日转过账"):
        desk.notice(case)
    with pytest.raises(Invalid, match="已到“支付令、诉讼”，不再发催款单"):
        desk.notice(put(case, S.COURT))
    case = put(case, S.FIRST)
    bank_line(desk.cast.yunqi, 35941, "赵业主", "物业费")
    with pytest.raises(Invalid, match="未认领"):
        desk.notice(case)


def test_what_was_paid_a_moment_ago_is_not_asked_for(desk: Desk, case: DunningCase) -> None:
    desk.pay(35941, when="2026-11-16 09:30")
    with pytest.raises(Invalid, match="没有无争议的到期欠费"):
        desk.notice(case, "2026-11-16 10:00")


def test_what_nobody_has_seen_yet_cannot_be_wrong(desk: Desk, case: DunningCase) -> None:
    desk.delivered(desk.notice(case))
    second = desk.notice(case, "2026-12-15 09:30")
    done = desk.do(second, "void", desk.accountant, "2026-12-15 10:00", wrong="amount", void_why="先谈谈")
    assert (done.state, done.wrong) == (N.VOID, "")
    with pytest.raises(Conflict):
        desk.do(done, "approve", desk.pm, "2026-12-15 11:00")


def test_a_letter_did_not_arrive_before_it_went(desk: Desk, case: DunningCase) -> None:
    notice = desk.notice(case)
    desk.delivered(notice, way="registered", tracking_no="XA1", signer="", signature="")
    for day in ("2026-11-16", "2026-11-19"):
        with pytest.raises(Invalid, match="在寄出之后、今天之前"):
            desk.do(notice, "arrived", desk.steward, "2026-11-18 10:00", arrived_on=day)
    done = desk.do(notice, "arrived", desk.steward, "2026-11-18 10:00", arrived_on="2026-11-18")
    assert done.arrived_on == date(2026, 11, 18)
