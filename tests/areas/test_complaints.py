"""A complaint from the call to the file: the sheet, the department's four answers, the owner's opinion, who confirms and who calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.support.complaining import (
    FOUR,
    answer,
    apologise,
    call,
    complain,
    issue,
    opinion,
    running,
    to_call_back,
    to_opinion,
)
from tests.support.doing import at, sentences
from yihu.areas.complaints.models import Complaint
from yihu.areas.corrective.models import CorrectiveAction
from yihu.areas.reception.models import Contact
from yihu.ground.contact.models import CallBack
from yihu.ground.papers.models import Paper
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.jobs import run_due, run_waiting
from yihu.kernel.models import Link, Message, Record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody(cast: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong, cast.chen))


@pytest.mark.clause("CMP-01")
@pytest.mark.clause("DESK-03")
def test_a_call_that_complains_opens_a_complaint(cast: Any) -> None:
    assert cast.gao
    complaint = complain(cast, **{"to-apologised": "on", "to-about_dept": "engineering"})
    contact = Contact.objects.get()
    assert Link.objects.filter(origin_id=contact.pk, target_id=complaint.pk).exists()
    assert (contact.state, complaint.state) == ("in_hand", "received")
    assert (complaint.unit, complaint.complainant, complaint.channel) == (cast.home, "赵业主", "phone")
    assert (complaint.content, complaint.apologised, complaint.about_dept) == ("报修三次没人来", True, "engineering")
    assert str(complaint.phone) == "138****8112"
    assert {"D06", "D07", "D10", "D11"} == running(complaint)


@pytest.mark.clause("CMP-02")
def test_the_sheet_goes_out_only_when_the_manager_has_confirmed_it(cast: Any) -> None:
    assert cast.gong
    complaint = complain(cast)
    drawn = perform(
        complaint, "draw", by=cast.gao, data={"team": "engineering", "category": "repair", "level": "important"}
    )
    assert drawn.state == "checking"
    assert not Message.objects.filter(person=cast.gong).exists()
    for person in (cast.gao, cast.wang, cast.li):  # who drew it up, and who may not
        with pytest.raises(NotAllowed):
            perform(
                drawn, "confirm", by=person, data={"team": "engineering", "level": "important", "validity": "valid"}
            )
    issued = perform(
        drawn, "confirm", by=cast.xiang, data={"team": "engineering", "level": "important", "validity": "valid"}
    )
    assert (issued.state, issued.dept, issued.validity, issued.issued_by) == (
        "issued",
        "engineering",
        "valid",
        cast.xiang,
    )
    assert Message.objects.filter(person=cast.gong, sentence__contains="2 小时内答复").exists()
    assert "D05" in running(issued)
    assert "D07" not in running(issued)


def test_a_department_named_at_once_saves_the_drawing(cast: Any) -> None:
    complaint = complain(cast, **{"to-team": "engineering"})
    assert complaint.state == "checking"
    back = perform(complaint, "send_back", by=cast.gao, data={"reason": "应由客服部答复"})
    assert back.state == "received"


@pytest.mark.clause("CMP-03")
def test_the_department_says_cause_remedy_prevention_and_date(cast: Any) -> None:
    issued = issue(cast, complain(cast))
    with pytest.raises(NotAllowed):
        answer_by = perform(issued, "reply", by=cast.wang, data=FOUR)
        assert answer_by is None
    for missing in ("cause", "cause_class", "remedy", "prevention", "due_on"):
        with pytest.raises(Invalid) as refused:
            answer(cast, issued, **{missing: ""})
        assert missing in refused.value.form.errors
    replied = answer(cast, issued)
    assert (replied.state, replied.replied_by) == ("replied", cast.gong)
    assert "D05" not in running(replied)


@pytest.mark.clause("CMP-03")
@pytest.mark.clause("CMP-04")
def test_what_cannot_be_dated_is_explained_chased_and_settled_later(cast: Any) -> None:
    """Scenario 7: the cause is not known yet."""
    issued = issue(cast, complain(cast, content="暖气有响声"))
    undecided = {"decided": "no", "cause": "", "cause_class": "", "remedy": "", "prevention": "", "due_on": ""}
    with pytest.raises(Invalid) as refused:
        answer(cast, issued, **undecided)
    assert "undecided_reason" in refused.value.form.errors
    waiting = answer(cast, issued, **undecided, undecided_reason="须厂家来测")
    assert waiting.state == "handling"
    assert {"D06", "D08"} <= running(waiting)
    waiting = perform(waiting, "interim", by=cast.wang, data={"first_answer": "厂家明天来测，测完告诉您"})
    assert waiting.first_answer_at is not None
    assert "D06" not in running(waiting)
    chased = perform(waiting, "chase", by=cast.wang, data={"words": "厂家到了吗"})
    assert "D08" in running(chased)
    detailed = perform(chased, "detail", by=cast.gong, data=FOUR)
    assert (detailed.state, detailed.remedy) == ("replied", "当天补扫")
    assert "D08" not in running(detailed)


@pytest.mark.clause("CMP-05")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, ("satisfied", "screen")),
        ({"way": "paper", "opinion": "fair"}, ("fair", "paper")),
        ({"way": "phone", "opinion": "unsatisfied", "opinion_words": "太慢，9 点 10 分通话"}, ("unsatisfied", "phone")),
    ],
)
def test_the_owner_says_what_he_thinks_of_it(cast: Any, typed: dict[str, Any], kept: tuple[str, str]) -> None:
    complaint = opinion(cast, to_opinion(cast, complain(cast)), **typed)
    assert complaint.state == "confirming"
    assert (complaint.opinion, complaint.opinion_way) == kept
    assert complaint.told == "今天补修，以后每天核对"
    assert bool(complaint.owner_signature) == (kept[1] == "screen")


@pytest.mark.clause("CMP-05")
def test_a_refusal_to_sign_needs_a_reason_and_two_colleagues(cast: Any) -> None:
    """Scenario 11."""
    told = to_opinion(cast, complain(cast))
    typed = {
        "way": "refused",
        "signature": "",
        "opinion": "",
        "opinion_refused": "",
        "witness_1": cast.li.pk,
        "witness_2": cast.li.pk,
    }
    with pytest.raises(Invalid) as refused:
        opinion(cast, told, **typed)
    assert {"opinion_refused", "witness_2"} <= set(refused.value.form.errors)
    complaint = opinion(cast, told, **{**typed, "opinion_refused": "要求先赔偿", "witness_2": cast.wang.pk})
    assert (complaint.state, complaint.opinion, complaint.witnesses) == ("confirming", "refused", "李主管、王客服")
    assert "业主拒签，见证人：李主管、王客服" in sentences(complaint)
    with pytest.raises(Invalid) as refused:
        perform(complaint, "approve", by=cast.xiang, data={"caller": cast.wang.pk})
    assert "主管或经理回访" in str(refused.value.form.errors["caller"])
    assert perform(complaint, "approve", by=cast.xiang, data={"caller": cast.li.pk}).state == "call_back"


@pytest.mark.clause("CMP-06")
@pytest.mark.clause("CMP-16")
def test_the_project_manager_confirms_it_is_filed_and_a_named_person_calls(cast: Any) -> None:
    done = opinion(cast, to_opinion(cast, complain(cast)))
    for person in (cast.gao, cast.li, cast.wang):
        with pytest.raises(NotAllowed):
            perform(done, "approve", by=person, data={"caller": cast.li.pk})
    with pytest.raises(Invalid) as refused:
        perform(done, "approve", by=cast.xiang, data={"caller": ""})
    assert "caller" in refused.value.form.errors
    filed = perform(done, "approve", by=cast.xiang, data={"caller": cast.li.pk})
    assert (filed.state, filed.confirmed_by) == ("call_back", cast.xiang)
    paper = Paper.objects.get(record_id=filed.pk)
    assert (paper.unit, paper.title) == (cast.home, f"投诉意见处理表 {filed.number}")
    with pytest.raises(NotAllowed):
        call(filed, cast.wang)
    assert call(filed, cast.li).state == "closed"
    run_due(timezone.now())
    assert Contact.objects.get().state == "ready"


def test_what_is_minor_the_project_manager_may_leave_to_another(cast: Any) -> None:
    from yihu.ground.staff.models import Grant

    Grant.objects.create(post_code="cs_manager", capability="complaints.approve_minor")
    minor = opinion(cast, to_opinion(cast, complain(cast, **{"to-level": "minor"})))
    assert perform(minor, "approve", by=cast.gao, data={"caller": cast.li.pk}).state == "call_back"
    graver = opinion(cast, to_opinion(cast, complain(cast, content="又没来")))
    with pytest.raises(NotAllowed):
        perform(graver, "approve", by=cast.gao, data={"caller": cast.li.pk})


@pytest.mark.clause("DESK-14")
def test_one_who_is_still_not_content_starts_the_next_round(cast: Any) -> None:
    first = to_call_back(cast, complain(cast))
    call(first, cast.li, feedback="C", score="1", words="还是没来修")
    second = Complaint.objects.latest("pk")
    assert (second.round, second.repeat_of, second.state) == (2, first, "checking")
    assert Link.objects.filter(origin_id=first.pk, target_id=second.pk, why="rework").exists()
    assert str(second.phone) == "138****8112"
    assert Message.objects.filter(person=cast.li, sentence__contains="第 2 轮").exists()


def test_a_closed_one_is_taken_up_again_from_its_page(cast: Any, sign_in: Any) -> None:
    first = call(to_call_back(cast, complain(cast)), cast.li)
    client = sign_in(cast.wang)
    assert f"/complaints/new/?from={first.number}" in client.get(first.get_absolute_url()).content.decode()
    page = client.get(f"/complaints/new/?from={first.number}").content.decode()
    assert "报修三次没人来" in page
    again = open_record(
        Complaint(community=cast.yunqi), by=cast.wang,
        data={
            "unit": cast.home.pk, "channel": "phone", "relation": "owner", "source": "direct", "category": "repair", "level": "important",
            "content": "又坏了", "repeat_of": first.number,
        },
    )  # fmt: skip
    assert (again.round, again.repeat_of) == (2, first)


def test_it_goes_to_another_department_and_back_to_work(cast: Any) -> None:
    replied = answer(cast, issue(cast, complain(cast)))
    moved = perform(replied, "redirect", by=cast.li, data={"team": "cs_dept", "reason": "前台没有派单"})
    assert (moved.state, moved.dept, moved.handler) == ("issued", "cs_dept", None)
    assert {"D05"} <= running(moved)
    with pytest.raises(NotFound):  # it is no longer his department's
        answer(cast, moved)
    assert perform(moved, "reply", by=cast.li, data=FOUR).state == "replied"


def test_the_project_manager_sends_back_what_is_not_done(cast: Any) -> None:
    done = opinion(cast, to_opinion(cast, complain(cast)))
    again = perform(done, "hand_back", by=cast.xiang, data={"reason": "预防措施空泛"})
    assert again.state == "issued"
    assert "D05" in running(again)


def test_who_complained_takes_it_back(cast: Any) -> None:
    complaint = complain(cast)
    withdrawn = perform(complaint, "withdraw", by=cast.li, data={"reason": "投诉人来电撤回"})
    assert (withdrawn.closed_as, running(withdrawn)) == ("withdrawn", set())


def test_what_was_closed_is_closed_once(cast: Any) -> None:
    filed = to_call_back(cast, complain(cast))
    assert call(filed, cast.li).state == "closed"
    with pytest.raises(Conflict):
        call(filed, cast.li)
    assert CallBack.objects.count() == 1
    assert Record.objects.get(pk=filed.pk).state == "closed"


@pytest.mark.clause("CMP-07")
def test_what_is_grave_about_a_colleague_is_closed_after_apology_notice_and_a_leaders_call(cast: Any) -> None:
    complaint = complain(cast, about_staff=cast.chen.pk, **{"to-level": "major"})
    assert cast.gong
    assert cast.xiang
    done = opinion(cast, to_opinion(cast, complaint))
    done = perform(done, "valid", by=cast.xiang)
    with pytest.raises(Refused, match="主管致歉"):
        perform(done, "approve", by=cast.xiang, data={"caller": cast.gao.pk})
    with pytest.raises(NotAllowed):
        apologise(cast.wang, done)
    done = apologise(cast.li, done, apology_with=cast.chen.pk)
    assert (done.apology_by, done.get_apology_way_display(), done.apology_with) == (cast.li, "上门", cast.chen)
    assert "李主管 代被投诉员工致歉：上门 上门向业主道歉" in sentences(done)
    with pytest.raises(Refused, match="内部通报"):
        perform(done, "approve", by=cast.xiang, data={"caller": cast.gao.pk})
    done = perform(done, "notice", by=cast.gao, data={"notice": "报修须当天回话"})
    told = set(Message.objects.filter(sentence__contains="投诉通报").values_list("person__name", flat=True))
    assert {"龚工", "王客服", "项经理"} <= told
    assert "陈维修" not in told
    with pytest.raises(Invalid) as refused:
        perform(done, "approve", by=cast.xiang, data={"caller": cast.li.pk})
    assert "重大投诉由经理回访" in str(refused.value.form.errors["caller"])
    done = perform(done, "approve", by=cast.xiang, data={"caller": cast.gao.pk})
    assert call(done, cast.gao).state == "closed"


@pytest.mark.clause("CMP-07")
def test_judged_valid_at_the_end_it_waits_for_the_apology_all_the_same(cast: Any) -> None:
    done = opinion(cast, to_opinion(cast, complain(cast, about_staff=cast.chen.pk, **{"to-level": "major"})))
    judged = {"caller": cast.gao.pk, "validity": "valid"}
    with pytest.raises(Invalid) as refused:
        perform(done, "approve", by=cast.xiang, data=judged)
    assert "主管致歉" in str(refused.value.form.errors["validity"])
    unjust = {"caller": cast.gao.pk, "validity": "invalid", "why_invalid": "监控显示员工当时在楼上"}
    waiting = perform(done, "approve", by=cast.xiang, data=unjust)
    waiting = perform(waiting, "valid", by=cast.xiang)
    with pytest.raises(Refused, match="主管致歉"):
        call(waiting, cast.gao)


@pytest.mark.clause("CMP-07")
def test_what_became_grave_after_a_caller_was_named_is_called_by_a_leader(cast: Any) -> None:
    waiting = to_call_back(cast, complain(cast, about_staff=cast.chen.pk))
    waiting = perform(waiting, "grade", by=cast.xiang, data={"level": "major", "level_reason": "上了报纸"})
    with pytest.raises(Refused, match="内部通报"):
        call(waiting, cast.li)
    waiting = perform(waiting, "notice", by=cast.gao, data={"notice": "报修须当天回话"})
    with pytest.raises(Refused, match="改由别人回访"):
        call(waiting, cast.li)
    waiting = perform(waiting, "name_caller", by=cast.xiang, data={"caller": cast.gao.pk})
    assert call(waiting, cast.gao).state == "closed"


@pytest.mark.clause("CMP-07")
def test_no_apology_has_a_reason_and_an_apology_says_how_and_when(cast: Any, sign_in: Any) -> None:
    assert cast.gong
    done = opinion(cast, to_opinion(cast, complain(cast, about_staff=cast.chen.pk)))
    tomorrow = timezone.now() + timedelta(days=1)
    for wrong, field in (
        ({"apology_way": ""}, "apology_way"), ({"words": ""}, "words"), ({"apologised_at": tomorrow}, "apologised_at"),
        ({"done": "no"}, "no_apology"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            apologise(cast.li, done, **wrong)
        assert field in refused.value.form.errors
    done = apologise(cast.li, done, done="no", no_apology="投诉人说不必了")
    assert (done.apology_at, done.apology_way) == (None, "")
    assert perform(done, "approve", by=cast.xiang, data={"caller": cast.li.pk}).state == "call_back"
    assert "投诉人说不必了" in sign_in(cast.li).get(done.get_absolute_url()).content.decode()


@pytest.mark.clause("CMP-12")
@pytest.mark.parametrize("source", ["letter", "media", "authority", "third"])
def test_what_comes_by_letter_or_through_others_takes_the_same_course(cast: Any, source: str) -> None:
    typed = {
        "unit": cast.home.pk, "channel": "letter", "relation": "owner", "source": source, "complainant": "赵业主", "category": "charges",
        "level": "important", "content": "信中反映收费不清",
    }  # fmt: skip
    if source != "letter":
        with pytest.raises(Invalid) as refused:
            open_record(Complaint(community=cast.yunqi), by=cast.wang, data=typed)
        assert "referred_by" in refused.value.form.errors
    complaint = open_record(
        Complaint(community=cast.yunqi), by=cast.wang, data={**typed, "referred_by": "街道办 2026-31 号"}
    )
    assert call(to_call_back(cast, complaint), cast.li).state == "closed"


@pytest.mark.clause("CMP-15")
def test_a_manager_is_called_in_to_explain(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast, when=at("2026-11-02 09:12"))
    typed = {"came": cast.gao.pk, "came_at": "2026-11-02 09:40", "said": "说明了派单经过，约定明早上门"}
    with pytest.raises(Invalid) as refused:
        perform(
            complaint, "call_in", by=cast.wang, at=at("2026-11-02 10:00"), data={**typed, "came_at": "2026-11-02 11:00"}
        )
    assert "came_at" in refused.value.form.errors
    perform(complaint, "call_in", by=cast.wang, at=at("2026-11-02 10:00"), data=typed)
    page = sign_in(cast.wang).get(complaint.get_absolute_url()).content.decode()
    for words in ("到场解释", "高经理", "11-02 09:40", "约定明早上门"):
        assert words in page


def test_an_anonymous_one_has_nobody_to_answer_or_sign(cast: Any) -> None:
    complaint = complain(cast, relation="anonymous", caller_name="")
    assert (complaint.anonymous, complaint.complainant, str(complaint.phone), complaint.unit) == (True, "", "", None)
    with pytest.raises(Refused, match="没有可以答复的人"):
        perform(complaint, "interim", by=cast.wang, data={"first_answer": "已收到"})
    replied = answer(cast, issue(cast, complaint))
    with pytest.raises(NotAllowed):
        perform(replied, "tell", by=cast.wang, data={"told": "已整改"})
    settled = perform(replied, "settle", by=cast.gong, data={"words": "已整改，公告栏公布"})
    closed = perform(settled, "approve", by=cast.xiang, data={})
    assert closed.state == "closed"
    assert not Paper.objects.filter(record_id=closed.pk).exists()


def test_what_must_not_come_again_is_taken_up_from_its_page(cast: Any) -> None:
    """CMP-11: the action knows what happened and why, and is kept from the same people."""

    complaint = complain(cast, by=cast.li, about_staff=cast.wang.pk)
    typed = {
        "to-source": "complaint",
        "to-nonconformity": "前台答话生硬",
        "to-handler": cast.gong.pk,
        "to-due_on": "2026-12-20",
        "to-team": "cs_dept",
    }
    perform(complaint, "corrective", by=cast.li, data=typed, at=at("2026-11-03 11:00"))
    action = CorrectiveAction.objects.get()
    assert action.links_in.get().origin_id == complaint.pk
    assert not CorrectiveAction.objects.seen_by(cast.wang).exists()


def test_what_is_learnt_from_it_does_not_keep_the_callers_line_open(cast: Any) -> None:
    complaint = to_call_back(cast, complain(cast))
    typed = {
        "to-source": "complaint",
        "to-nonconformity": "没人派单",
        "to-handler": cast.gong.pk,
        "to-due_on": "2199-01-20",
        "to-team": "engineering",
    }
    perform(complaint, "corrective", by=cast.li, data=typed)
    call(complaint, complaint.caller)
    run_waiting()
    assert CorrectiveAction.objects.get().closed_at is None
    assert Contact.objects.get().state == "ready"


def test_a_repeated_complaint_keeps_its_own_callers_line_open(cast: Any) -> None:
    """That it repeats an earlier one is worth a look, and no reason to forget whoever called again."""
    first = complain(cast)
    again = complain(cast, **{"to-repeat_of": first.number})
    assert again.repeat_of == first
    later = Contact.objects.latest("pk")
    with pytest.raises(Refused, match="还没有办结"):
        perform(later, "children_done", by=authority().system())
