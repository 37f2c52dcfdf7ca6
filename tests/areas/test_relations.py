"""What customers praise, suggest, write on forums and into boxes, and what is said on visits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import at, log_contact, photo, sentences
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.relations import channels
from yihu.areas.relations.models import Channel, Look, Merit, Posting, Praise, Suggestion, Talk
from yihu.areas.relations.printing import answers_of, talks_of
from yihu.basics.months import Month
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message, Record
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-02"


def due(record: Any, code: str) -> Any:
    return Deadline.objects.get(record_id=record.pk, code=code, stopped_at__isnull=True).due_at


# -- 表扬 ---------------------------------------------------------------------------------------------------------------


def praise(cast: Any, *, by: Any = None, **typed: Any) -> Praise:
    data = {"source": "letter", "content": "冒雨帮老人搬家具", "caller_name": "赵业主", **typed}
    return open_record(Praise(community=cast.yunqi), by=by or cast.wang, data=data)


def test_a_praise_by_telephone_becomes_a_merit_once_a_supervisor_has_verified_it(cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast, category="praise", content="陈师傅修得又快又干净", about_staff=cast.chen.pk)
    found = Praise.objects.get(links_in__origin_id=contact.pk)
    assert (found.whom, found.content, found.unit, found.caller_name) == (
        "陈维修",
        "陈师傅修得又快又干净",
        cast.home,
        "赵业主",
    )
    assert not Matter.objects.exists()
    client = sign_in(cast.chen)
    assert "又快又干净" not in client.get("/merits/").content.decode()
    perform(
        found, "verify", by=cast.li, data={"outcome": "confirmed", "finding": "已看维修单", "people": [cast.chen.pk]}
    )
    told = Message.objects.get(person=cast.chen)
    assert "受到客户表扬" in told.sentence
    page = client.get("/merits/").content.decode()
    assert "又快又干净" in page
    assert found.number not in page  # the customer's matter is not his to read
    assert "又快又干净" in sign_in(cast.gao).get("/merits/").content.decode()
    assert "又快又干净" not in sign_in(cast.gong).get("/merits/").content.decode()
    posted = perform(found, "post", by=cast.wang, data={"posted_at": "大堂公告栏", "posted_on": MONDAY})
    assert "大堂公告栏" in client.get("/merits/").content.decode()
    closed = perform(posted, "thank", by=cast.wang, data={"thanks": "电话致谢"})
    assert (closed.state, closed.thanks) == ("closed", "电话致谢")
    run_waiting()
    assert Contact.objects.get(pk=contact.pk).state == "ready"


def test_nobody_verifies_his_own_praise_nor_what_he_wrote_down(cast: Any) -> None:
    own = praise(cast, people=[cast.li.pk])
    confirm = {"outcome": "confirmed", "finding": "属实", "people": [cast.li.pk]}
    with pytest.raises(NotAllowed):
        perform(own, "verify", by=cast.li, data=confirm)
    assert perform(own, "verify", by=cast.gao, data=confirm).state == "confirmed"
    written = praise(cast, by=cast.li, people=[cast.wang.pk])
    with pytest.raises(NotAllowed):
        perform(written, "verify", by=cast.li, data=confirm)
    unnamed = praise(cast)
    with pytest.raises(Invalid) as refused:
        perform(unnamed, "verify", by=cast.li, data=confirm)
    assert "people" in refused.value.form.errors
    with pytest.raises(NotAllowed):
        perform(unnamed, "verify", by=cast.wang, data=confirm)


def test_what_cannot_be_confirmed_leaves_no_merit(cast: Any) -> None:
    found = praise(cast, people=[cast.chen.pk])
    with pytest.raises(Invalid):
        perform(found, "verify", by=cast.li, data={"outcome": "unconfirmed", "finding": ""})
    found = perform(found, "verify", by=cast.li, data={"outcome": "unconfirmed", "finding": "当天陈师傅休息"})
    assert (found.state, found.finding) == ("unconfirmed", "当天陈师傅休息")
    assert not Merit.objects.exists()
    assert not Message.objects.filter(person=cast.chen).exists()


def test_a_whole_department_is_praised(cast: Any, sign_in: Any) -> None:
    assert cast.chen
    found = praise(cast, team="engineering")
    perform(found, "verify", by=cast.li, data={"outcome": "confirmed", "finding": "属实", "team": "engineering"})
    assert Merit.objects.get().team == "engineering"
    assert "冒雨" in sign_in(cast.chen).get("/merits/").content.decode()
    assert "冒雨" not in sign_in(cast.wang).get("/merits/").content.decode()


def test_a_praise_is_called_back_only_where_that_is_wanted(cast: Any) -> None:
    found = praise(cast)
    found = perform(
        found, "verify", by=cast.li, data={"outcome": "confirmed", "finding": "属实", "people": [cast.wang.pk]}
    )
    found = perform(found, "thank", by=cast.wang, data={"thanks": "回信致谢", "call_back": "on"})
    assert (found.state, due(found, "D19") is not None) == ("call_back", True)
    called = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
    assert perform(found, "call_back", by=cast.wang, data=called).state == "closed"


# -- 建议 ---------------------------------------------------------------------------------------------------------------


def suggestion(cast: Any, when: str = "2026-11-02 09:00", **typed: Any) -> Suggestion:
    data = {"content": "地库加装照明", "source": "desk", **typed}
    return open_record(Suggestion(community=cast.yunqi), by=cast.wang, data=data, at=at(when))


def test_the_project_manager_decides_the_desk_answers_and_the_department_carries_out(cast: Any, sign_in: Any) -> None:
    assert cast.xiang
    assert cast.gong
    contact = log_contact(cast, category="suggestion", content="地库太暗", when=at("2026-11-02 09:00"))
    found = Suggestion.objects.get(links_in__origin_id=contact.pk)
    assert (found.handler, due(found, "D04")) == (cast.xiang, at("2026-11-02 17:00"))
    listed = sign_in(cast.xiang).get("/suggestions/").content.decode()
    assert found.number in listed
    assert "待决定" in listed
    decision = {"decision": "adopted", "reason": "确有需要", "team": "engineering", "planned_on": "2026-11-20"}
    with pytest.raises(NotAllowed):
        perform(found, "decide", by=cast.gao, data=decision)
    for missing in ("reason", "team", "planned_on"):
        with pytest.raises(Invalid) as refused:
            perform(found, "decide", by=cast.xiang, data={**decision, missing: ""}, at=at("2026-11-02 10:00"))
        assert missing in refused.value.form.errors
    found = perform(found, "decide", by=cast.xiang, data=decision, at=at("2026-11-02 10:00"))
    assert Message.objects.filter(person=cast.gong, record_id=found.pk).exists()
    found = perform(found, "answer", by=cast.wang, data={"answer": "本月加装"}, at=at("2026-11-02 11:00"))
    assert (found.state, due(found, "D04")) == ("doing", at("2026-11-20 17:30"))
    with pytest.raises(NotAllowed):
        perform(found, "carry_out", by=cast.wang, data={"result": "已装"})
    found = perform(found, "carry_out", by=cast.gong, data={"result": "装灯 24 盏"}, at=at("2026-11-18 11:00"))
    assert (found.state, found.result) == ("done", "装灯 24 盏")
    run_waiting()
    assert Contact.objects.get(pk=contact.pk).state == "ready"


def test_what_is_declined_needs_a_reason_and_ends_with_the_answer(cast: Any) -> None:
    found = suggestion(cast)
    with pytest.raises(Invalid):
        perform(found, "decide", by=cast.xiang, data={"decision": "declined", "reason": ""})
    found = perform(found, "decide", by=cast.xiang, data={"decision": "declined", "reason": "消防不允许"})
    assert perform(found, "answer", by=cast.wang, data={"answer": "消防不允许，已说明"}).state == "done"


@pytest.mark.clause("DESK-18")
def test_a_slip_of_the_box_is_answered_within_two_working_days_and_common_ones_publicly(cast: Any) -> None:
    assert cast.gao
    assert cast.xiang
    friday = suggestion(cast, "2026-11-06 10:00", source="box", caller_name="赵业主")
    assert due(friday, "D28") == at("2026-11-10 17:30")
    assert not Deadline.objects.filter(record_id=friday.pk, code="D04").exists()
    sweep(at("2026-11-10 17:31"))
    assert Message.objects.filter(person=cast.gao, record_id=friday.pk, sentence__contains="已到时限").exists()
    when = at("2026-11-11 09:00")
    friday = perform(friday, "decide", by=cast.xiang, data={"decision": "declined", "reason": "预算"}, at=when)
    words = {"answer": "今年没有预算", "public_answer": "地库照明列入明年计划，电话 13912345678"}
    perform(friday, "answer", by=cast.wang, data=words, at=when)
    board = answers_of(cast.yunqi, Month(2026, 11), cast.wang)
    assert [(line["asked"], "列入明年计划" in line["answer"]) for line in board["lines"]] == [("地库加装照明", True)]
    assert "13912345678" not in str(board)
    assert "赵业主" not in str(board)


# -- 论坛与意见箱 ---------------------------------------------------------------------------------------------------------


def channel(cast: Any, kind: str = "forum", **facts: Any) -> Channel:
    times = {"forum": "09:00 13:00 18:00", "box": "09:00"}[kind]
    made = Channel(community=cast.yunqi, kind=kind, name=f"云栖{kind}", keeper=cast.wang, times=times, **facts)
    channels.save(made, by=cast.li)
    return made


def found_some(*contents: str) -> dict[str, Any]:
    rows = enumerate(contents, start=1)
    return {"found": "some", **{f"content_{n}": words for n, words in rows}, "author_1": "云上客"}


@pytest.mark.clause("DESK-17")
def test_the_forum_is_looked_at_three_times_a_day_and_each_post_is_answered_or_passed_up(cast: Any) -> None:
    assert cast.li
    channel(cast)
    assert len(come_round(at(f"{MONDAY} 08:59"), only="channel-look")) == 0
    for hour in ("09:01", "13:01", "18:01"):
        assert len(come_round(at(f"{MONDAY} {hour}"), only="channel-look")) == 1
    first, second, third = Look.objects.order_by("slot")
    assert (first.handler, due(first, "D26")) == (cast.wang, at(f"{MONDAY} 10:00"))
    assert perform(first, "looked", by=cast.wang, data={"found": "nothing"}, at=at(f"{MONDAY} 09:10")).found == 0
    with pytest.raises(Invalid) as refused:
        perform(second, "looked", by=cast.wang, data=found_some("电梯老坏"))
    assert "photos" in refused.value.form.errors
    second = perform(
        second, "looked", by=cast.wang, data=found_some("电梯老坏", "快递柜什么时候装"), files={"photos": [photo()]},
        at=at(f"{MONDAY} 13:20"),
    )  # fmt: skip
    assert (second.found, second.looked_at, second.attachments.count()) == (2, at(f"{MONDAY} 13:20"), 1)
    lift, locker = Posting.objects.order_by("pk")
    assert (lift.author, lift.handler, due(lift, "D26")) == ("云上客", cast.wang, at(f"{MONDAY} 17:20"))
    locker = perform(locker, "answer", by=cast.wang, data={"answer": "下月安装"}, at=at(f"{MONDAY} 13:40"))
    assert (locker.state, locker.answered_at) == ("answered", at(f"{MONDAY} 13:40"))
    lift = perform(lift, "pass_up", by=cast.wang, data={"to-category": "complaint"}, at=at(f"{MONDAY} 13:45"))
    contact = Contact.objects.get()
    assert (lift.state, contact.state, contact.channel, contact.content) == (
        "passed_up",
        "registered",
        "forum",
        "电梯老坏",
    )
    assert contact.caller_name == "云上客"
    perform(contact, "route", by=cast.li, data={"category": "complaint"})
    Message.objects.all().delete()
    sweep(at(f"{MONDAY} 19:01"))
    missed = Message.objects.filter(person=cast.li, record_id=third.pk)
    assert "论坛查看已到时限" in missed.get().sentence
    assert perform(third, "missed", by=cast.li, data={"why": "停电"}).state == "missed"


@pytest.mark.clause("DESK-18")
def test_the_box_is_emptied_daily_by_a_named_person_and_each_slip_has_its_answerer(cast: Any) -> None:
    box = channel(cast, "box")
    come_round(at("2026-11-06 09:30"), only="channel-look")
    come_round(at("2026-11-06 21:30"), only="channel-look")
    look = Look.objects.get()
    assert due(look, "D27") == at("2026-11-06 22:00")
    perform(
        look,
        "looked",
        by=cast.wang,
        data=found_some("换个保洁"),
        files={"photos": [photo()]},
        at=at("2026-11-06 10:00"),
    )
    slip = Posting.objects.get()
    assert (slip.handler, due(slip, "D28")) == (cast.wang, at("2026-11-10 17:30"))
    slip = perform(slip, "transfer", by=cast.li, data={"to": cast.gao.pk, "reason": "由经理答复"})
    words = {"answer": "已调换", "public_answer": "保洁班次已调整"}
    slip = perform(slip, "answer", by=cast.gao, data=words, at=at("2026-11-09 10:00"))
    assert slip.handler == cast.gao
    assert [line["answer"] for line in answers_of(cast.yunqi, Month(2026, 11), cast.wang)["lines"]] == [
        "保洁班次已调整"
    ]
    box.kept = False
    channels.save(box, by=cast.li)
    assert come_round(at("2026-11-07 09:30"), only="channel-look") == []


def test_a_slip_passed_up_keeps_its_two_working_days(cast: Any) -> None:
    made = channel(cast, "box")
    opened = Posting(community=cast.yunqi)
    slip = open_record(opened, by=cast.wang, data={"channel": made.pk, "content": "加座椅"}, at=at("2026-11-06 10:00"))
    perform(slip, "pass_up", by=cast.wang, data={"to-category": "suggestion"}, at=at("2026-11-06 10:05"))
    contact = Contact.objects.get()
    assert (contact.channel, contact.relation, due(contact, "D04")) == ("box", "anonymous", at("2026-11-10 17:30"))
    perform(contact, "route", by=cast.li, data={"category": "suggestion"}, at=at("2026-11-06 10:10"))
    found = Suggestion.objects.get()
    assert (found.source, due(found, "D28")) == ("box", at("2026-11-10 17:30"))


def test_without_a_channel_nothing_comes_round(cast: Any) -> None:
    assert cast.yunqi
    assert come_round(at(f"{MONDAY} 18:30"), only="channel-look") == []


def test_channels_are_kept_by_the_supervisor(cast: Any, sign_in: Any) -> None:
    assert cast.wang
    typed = {
        "kind": "forum",
        "name": "业主论坛",
        "place": "",
        "keeper": cast.wang.pk,
        "times": "9 13 18：30",
        "kept": "on",
    }
    assert sign_in(cast.wang).post("/channels/new/", typed).status_code == 403
    client = sign_in(cast.li)
    assert "看不懂" in client.post("/channels/new/", {**typed, "times": "早上"}).content.decode()
    assert client.post("/channels/new/", typed).status_code == 302
    assert Channel.objects.get().times == "09:00 13:00 18:30"
    assert "业主论坛" in sign_in(cast.wang).get("/channels/").content.decode()
    with pytest.raises(Refused, match="同名"):
        channels.save(
            Channel(community=cast.yunqi, kind="box", name="业主论坛", keeper=cast.wang, times="09:00"), by=cast.li
        )


# -- 客户沟通 ------------------------------------------------------------------------------------------------------------


def talk(cast: Any, **typed: Any) -> Talk:
    data = {
        "unit": cast.home.pk, "interviewee": "赵业主", "phone": "13800138112", "talked_on": MONDAY, "method": "festival",
        "topics": "中秋问候", "needs": "希望修门铃", **typed,
    }  # fmt: skip
    return open_record(Talk(community=cast.yunqi), by=cast.wang, data=data, at=at(f"{MONDAY} 15:00"))


@pytest.mark.clause("COM-11")
def test_each_promise_of_a_talk_becomes_a_matter_with_a_limit(cast: Any) -> None:
    assert cast.chen
    held = talk(cast, what_1="修门铃", due_1="2026-11-05", handler_1=cast.chen.pk, what_2="送挂历", due_2="2026-12-20")
    run_waiting()
    bell, calendar = Matter.objects.filter(links_in__origin_id=held.pk).order_by("pk")
    assert (bell.handler, due(bell, "D04"), bell.unit) == (cast.chen, at("2026-11-05 17:30"), cast.home)
    assert bell.phone == "13800138112"
    assert calendar.handler == cast.wang
    assert held.state == "following"
    for matter in (bell, calendar):
        matter = perform(matter, "done", by=cast.li, data={"result": "已办"})
        called = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
        perform(matter, "call_back", by=cast.wang, data=called)
        run_waiting()
    assert Talk.objects.get().state == "filed"


def test_a_talk_without_promises_is_filed_at_once_and_half_a_promise_is_asked_about(cast: Any) -> None:
    assert talk(cast).state == "filed"
    for half, field in (({"what_1": "修门铃"}, "due_1"), ({"due_1": "2026-11-05"}, "what_1")):
        with pytest.raises(Invalid) as refused:
            talk(cast, **half)
        assert field in refused.value.form.errors
    with pytest.raises(Invalid):
        talk(cast, talked_on="2026-11-03")


@pytest.mark.clause("DESK-22")
def test_the_talks_of_a_month_stand_on_one_register(cast: Any, sign_in: Any) -> None:
    held = talk(cast, what_1="修门铃", due_1="2026-11-05", topics="问候，电话 13912345678")
    run_waiting()
    register = talks_of(cast.yunqi, Month(2026, 11), cast.wang)
    line = register["lines"][0]
    assert (register["total"], line["interviewee"], line["needs"]) == (1, "赵业主", "希望修门铃")
    assert "修门铃（11-05 前，王客服）" in line["promises"]
    assert Matter.objects.get().number in line["follow_up"]
    assert "13912345678" not in str(register)
    assert talks_of(cast.yunqi, Month(2026, 10), cast.wang)["total"] == 0
    pdf = sign_in(cast.wang).get(f"{held.get_absolute_url()}print/talk_register/")
    assert pdf.content.startswith(b"%PDF-")
    assert sign_in(cast.wang).get("/reports/register/talks.pdf?month=2026-11").content.startswith(b"%PDF-")
    assert sign_in(cast.li).get("/talks/export/?tab=all").status_code == 200


def test_a_technician_sees_nothing_of_it_all(cast: Any) -> None:
    records = [praise(cast), suggestion(cast), talk(cast)]
    assert not Record.objects.seen_by(cast.chen).exists()
    for record in records:
        with pytest.raises(NotFound):
            perform(record, "note", by=cast.chen, data={"words": "看看"})
    assert sentences(records[0])[0].startswith("王客服 登记表扬")


def test_the_contact_page_asks_nothing_twice(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    part = client.get("/reception/new/hand-over/", {"category": "suggestion"}).content.decode()
    assert "同时开出：建议" in part
    assert 'name="to-content"' not in part
    assert "<details" not in part  # nothing is left to ask, so nothing is folded
    part = client.get("/reception/new/hand-over/", {"category": "praise"}).content.decode()
    assert 'name="to-people"' in part
    assert 'name="to-content"' not in part
