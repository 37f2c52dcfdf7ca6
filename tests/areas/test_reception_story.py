"""What the desk takes down, promises, passes on and strikes off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fronts.looking import text_of
from tests.support.cast import LONG_AGO
from tests.support.doing import assign, at, call_back, finish, log_contact, sentences, sign, the_order
from yihu.areas.complaints.models import Complaint
from yihu.areas.reception.models import Category, Contact, Matter
from yihu.areas.relations import channels
from yihu.areas.relations.models import Channel, Posting
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.staff.models import Deputy
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Barred, Deadline, Message, Record
from yihu.kernel.search import find
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


def request(cast: Any, **typed: Any) -> Contact:
    return log_contact(cast, **{"category": "other", "content": "大堂加两把椅子", **typed})


@pytest.mark.clause("DESK-01")
def test_a_contact_says_who_what_when_how_and_by_whom(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-02 09:12"), channel="visit", relation="family", caller_name="赵小宝")
    contact.refresh_from_db()
    assert (contact.channel, contact.relation, contact.caller_name, contact.unit, contact.opened_by) == (
        "visit",
        "family",
        "赵小宝",
        cast.home,
        cast.wang,
    )
    assert contact.received_at == contact.opened_at == at("2026-11-02 09:12")
    assert contact.phone == "13800138112"
    for missing in ("channel", "relation", "category", "content"):
        with pytest.raises(Invalid) as refused:
            log_contact(cast, **{missing: ""})
        assert missing in refused.value.form.errors


@pytest.mark.clause("DESK-02")
def test_a_contact_has_exactly_one_of_seven_categories(cast: Any) -> None:
    assert [label for _, label in Contact._meta.get_field("category").choices] == [
        "报修",
        "投诉",
        "服务",
        "售后",
        "表扬",
        "建议",
        "其它",
    ]
    with pytest.raises(Invalid) as refused:
        log_contact(cast, category="gossip")
    assert "category" in refused.value.form.errors
    assert Record.objects.count() == 0


@pytest.mark.clause("DESK-04")
def test_an_unanswered_contact_gets_a_promise_that_runs(cast: Any) -> None:
    contact = request(cast, when=at("2026-11-02 09:00"))
    promised = Deadline.objects.get(record_id=contact.pk, code="D04")
    assert promised.due_at == at("2026-11-02 17:00")  # eight service hours
    complaint = log_contact(cast, when=at("2026-11-02 21:20"), category="complaint", content="楼上太吵")
    assert Deadline.objects.get(record_id=complaint.pk, code="D04").due_at == at("2026-11-03 09:50")
    own = request(cast, when=at("2026-11-02 09:00"), promised_at="2026-11-04 12:00")
    assert Deadline.objects.get(record_id=own.pk, code="D04").due_at == at("2026-11-04 12:00")
    told = perform(own, "progress", by=cast.wang, data={"words": "已报项目经理，明天答复"})
    assert sentences(told)[-1] == "王客服 告知进展：已报项目经理，明天答复"
    moved = perform(
        own,
        "promise",
        by=cast.wang,
        at=at("2026-11-03 09:00"),
        data={"promised_at": "2026-12-05 12:00", "reason": "等采购"},
    )
    running = Deadline.objects.get(record_id=moved.pk, code="D04", stopped_at__isnull=True)
    assert running.due_at == at("2026-12-05 12:00")


def test_a_promise_moved_without_signal_counts_from_when_it_was_made(cast: Any) -> None:
    contact = request(cast, when=at("2026-11-02 09:00"))
    moved = {"promised_at": "2026-11-03 18:00", "reason": "等厂家"}
    contact = perform(contact, "promise", by=cast.wang, at=at("2026-11-02 15:00"), data=moved)
    assert Deadline.objects.get(record_id=contact.pk, code="D04", stopped_at=None).due_at == at("2026-11-03 18:00")
    with pytest.raises(Invalid, match="要晚于现在"):
        perform(contact, "promise", by=cast.wang, at=at("2026-11-03 18:01"), data=moved)


def test_a_late_promise_is_told_to_the_desk_and_two_service_hours_later_to_the_supervisor(cast: Any) -> None:
    assert cast.li
    contact = request(cast, when=at("2026-11-02 09:00"))
    Message.objects.all().delete()
    assert sweep(at("2026-11-02 16:29")) == 0
    sweep(at("2026-11-02 16:31"))
    warned = Message.objects.filter(sentence__contains="即将到期")
    assert {message.person for message in warned.filter(record_id=contact.pk)} == {cast.wang}
    assert {message.person for message in warned.exclude(record_id=contact.pk)} == {
        cast.li
    }  # the matter is in nobody's hands
    sweep(at("2026-11-02 17:01"))
    assert cast.li not in {
        message.person for message in Message.objects.filter(sentence__contains="已到时限", record_id=contact.pk)
    }
    sweep(at("2026-11-02 19:01"))
    assert cast.li in {
        message.person for message in Message.objects.filter(sentence__contains="已到时限", record_id=contact.pk)
    }
    told = Message.objects.count()
    sweep(at("2026-11-02 19:02"))
    sweep(at("2026-11-03 19:02"))
    assert Message.objects.count() == told  # each level once


def test_answered_on_the_spot_needs_the_answer_and_no_promise(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        request(cast, answered="on")
    assert "result" in refused.value.form.errors
    contact = request(cast, answered="on", result="已说明下月添置", when=at("2026-11-06 10:00"))
    assert (contact.state, contact.promised_at, Matter.objects.count()) == ("ready", None, 0)
    deadline = Deadline.objects.get(record_id=contact.pk)
    assert (deadline.code, deadline.due_at) == ("D21", at("2026-11-09 17:30"))  # Friday → end of Monday
    assert perform(contact, "strike_off", by=cast.wang).state == "struck"


@pytest.mark.clause("DESK-05")
def test_a_line_stays_open_until_all_that_came_of_it_is_called_back(cast: Any) -> None:
    contact = request(cast)
    matter = Matter.objects.get()
    with pytest.raises(Refused):
        perform(contact, "strike_off", by=cast.wang)
    matter = perform(matter, "done", by=cast.wang, data={"result": "已添置"})
    run_waiting()
    assert Contact.objects.get().state == "in_hand"
    call_back(cast, matter)
    run_waiting()
    contact = Contact.objects.get()
    assert contact.state == "ready"
    assert contact in Contact.objects.seen_by(cast.wang).still_open()
    contact = perform(contact, "strike_off", by=cast.wang)
    assert contact not in Contact.objects.seen_by(cast.wang).still_open()


def test_a_line_with_two_children_waits_for_both(cast: Any) -> None:
    contact = log_contact(cast)
    order = the_order(contact)
    extra = perform(order, "note", by=cast.wang, data={"words": "又报了一个灯"})
    assert extra.state == "to_assign"
    with command(by=cast.wang) as writing:
        other = writing.open(
            type(order)(community=cast.yunqi, unit=cast.home),
            data={"unit": cast.home.pk, "symptom": "灯不亮", "level": "minor", "trade": "power"},
            files={},
            origin=contact,
        )
    call_back(cast, sign(cast, finish(cast, assign(cast, order))))
    run_waiting()
    assert Contact.objects.get().state == "in_hand"
    call_back(cast, sign(cast, finish(cast, assign(cast, other))))
    run_waiting()
    assert Contact.objects.get().state == "ready"


@pytest.mark.clause("DESK-06")
def test_who_takes_a_complaint_about_himself_gets_its_number_and_then_nothing(cast: Any, sign_in: Any) -> None:
    assert cast.li
    client = sign_in(cast.wang)
    typed = {
        "unit": cast.home.pk, "channel": "visit", "relation": "owner", "caller_name": "周亦辰", "category": "complaint",
        "content": "前台王客服态度生硬，言语冲撞", "about_staff": cast.wang.pk, "key": "about-me",
    }  # fmt: skip
    answer = client.post("/reception/new/", typed, follow=True)
    contact = Contact.objects.get()
    page = answer.content.decode()
    assert contact.number in page
    assert "已转主管" in page
    assert "态度生硬" not in page
    complaint = Complaint.objects.get()
    assert {bar.record_id for bar in Barred.objects.filter(person=cast.wang)} == {contact.pk, complaint.pk}
    for url in (
        contact.get_absolute_url(),
        complaint.get_absolute_url(),
        f"{contact.get_absolute_url()}history/",
        f"{contact.get_absolute_url()}do/note/",
        f"{contact.get_absolute_url()}print/month_register/",
    ):
        assert client.get(url).status_code == 404, url
    for url in ("/reception/?tab=all", "/complaints/?tab=all", "/"):
        listed = client.get(url).content.decode()
        assert contact.number not in listed, url
        assert "态度生硬" not in listed, url
    assert find("态度生硬", cast.wang) == []
    assert find(contact.number, cast.wang) == []
    assert not Message.objects.filter(person=cast.wang, record_id__in=[contact.pk, complaint.pk]).exists()
    assert Message.objects.filter(person=cast.li, record_id=contact.pk).exists()
    for record, step, data in (
        (contact, "note", {"words": "改一改"}),
        (contact, "correct", {"reason": "写错了", "content": "没有态度问题"}),
        (complaint, "withdraw", {"reason": "没事"}),
    ):
        with pytest.raises(NotFound):
            perform(record, step, by=cast.wang, data=data)
    again = client.post("/reception/new/", typed, follow=True).content.decode()
    assert Contact.objects.count() == 1
    assert "态度生硬" not in again
    assert sign_in(cast.li).get(contact.get_absolute_url()).status_code == 200


@pytest.mark.clause("DESK-06")
def test_the_deputy_of_the_one_complained_of_sees_as_little(cast: Any, sign_in: Any) -> None:
    other = cast.person("sun", "孙客服", "receptionist")
    Deputy.objects.create(absent=cast.wang, stand_in=other, from_on=LONG_AGO, to_on=date(2099, 1, 1))
    contact = log_contact(
        cast, by=cast.li, category="complaint", content="王客服迟迟不接电话", about_staff=cast.wang.pk
    )
    other = type(other).objects.get(pk=other.pk)
    assert sign_in(other).get(contact.get_absolute_url()).status_code == 404


@pytest.mark.clause("DESK-07")
def test_any_employee_logs_a_contact_and_the_desk_routes_it(cast: Any) -> None:
    contact = log_contact(cast, by=cast.chen, category="other", content="业主希望楼道多装一个垃圾桶", channel="patrol")
    assert (contact.state, contact.handler) == ("registered", cast.chen)
    assert not Matter.objects.exists()
    routed = perform(contact, "route", by=cast.wang, data={"category": "other"})
    assert routed.state == "in_hand"
    assert Matter.objects.get().content == "业主希望楼道多装一个垃圾桶"
    assert contact in Contact.objects.seen_by(cast.chen)  # who took it may follow it
    with pytest.raises(NotAllowed):
        log_contact(cast, by=cast.passer)


HANDED = {
    "repair": {},
    "service": {},
    "after_sales": {"to-item": "waterproofing"},
    "complaint": {"to-category": "repair", "to-level": "important", "to-source": "direct"},
    "praise": {},
    "suggestion": {},
    "other": {},
}


@pytest.mark.clause("DESK-05")
@pytest.mark.parametrize("category", Category.values)
def test_whatever_came_of_a_contact_holds_its_line_open(cast: Any, category: str) -> None:
    contact = log_contact(cast, category=category, **HANDED[category])
    came = Record.objects.get(links_in__origin_id=contact.pk)
    assert (contact.state, came.closed_at) == ("in_hand", None)
    for step, by in (("strike_off", cast.wang), ("children_done", authority().system())):
        with pytest.raises(Refused):
            perform(contact, step, by=by)
    assert contact in Contact.objects.seen_by(cast.wang).still_open()
    perform(came.typed, "withdraw", by=cast.li, data={"reason": "客户当面撤回"})
    run_waiting()
    contact.refresh_from_db()
    assert (contact.state, contact.closed_at) == ("ready", None)
    assert perform(contact, "strike_off", by=cast.wang).state == "struck"


@pytest.mark.clause("DESK-12")
@pytest.mark.parametrize("role", ["owner", "lessee"])
def test_all_channels_of_one_customer_are_one_history(cast: Any, sign_in: Any, role: str) -> None:
    """Whichever way he comes, and what was posted or put into the box as soon as the desk knows of whom it is."""
    customer = cast.owner
    if role == "lessee":
        customer = Party.objects.create(community=cast.yunqi, name="孙租客", phone="13711112222")
        Occupancy.objects.create(unit=cast.home, party=customer, role="lessee")
    mine = {"party": customer.pk, "relation": role, "caller_name": customer.name, "phone": ""}
    for channel in Contact.Channel.values:
        request(cast, channel=channel, content=f"经{channel}说的", **mine)
    log_contact(cast, category="complaint", content="也投诉过一次", **mine, **HANDED["complaint"])
    for kind in ("forum", "box"):
        place = Channel(community=cast.yunqi, kind=kind, name=kind, keeper=cast.wang, times="09:00")
        channels.save(place, by=cast.li)
        posted = {"channel": place.pk, "content": f"写在{kind}里的"}
        slip = open_record(Posting(community=cast.yunqi), by=cast.wang, data=posted)
        whose = {"to-unit": cast.home.pk, "to-party": customer.pk, "to-relation": role, "to-category": "other"}
        perform(slip, "pass_up", by=cast.wang, data=whose)
    page = text_of(sign_in(cast.wang).get(f"/parties/{customer.pk}/"))
    for channel in Contact.Channel.values:
        assert f"经{channel}说的" in page
    for words in ("写在forum里的", "写在box里的", "也投诉过一次"):
        assert words in page


def test_an_anonymous_caller_keeps_no_name(cast: Any) -> None:
    contact = request(cast, relation="anonymous", caller_name="不该留下的名字", phone="")
    assert contact.caller_name == ""
    matter = perform(Matter.objects.get(), "done", by=cast.wang, data={"result": "已办"})
    tried = call_back(cast, matter, outcome="impossible", feedback="", score="", words="匿名，未留电话")
    assert tried.state == "tried"


@pytest.mark.clause("DESK-14", part="第二轮跟进")
def test_an_unhappy_answer_opens_the_second_round(cast: Any) -> None:
    contact = request(cast)
    matter = perform(Matter.objects.get(), "done", by=cast.wang, data={"result": "已答复"})
    call_back(cast, matter, feedback="C", score="2", words="答非所问")
    again = Matter.objects.get(round_no=2)
    assert "答非所问" in again.content
    run_waiting()
    assert Contact.objects.get(pk=contact.pk).state == "in_hand"


def test_a_correction_keeps_the_old_value_and_the_reason(cast: Any) -> None:
    contact = request(cast)
    data = {
        "unit": cast.home.pk,
        "caller_name": "赵业主",
        "phone": "",
        "relation": "owner",
        "channel": "visit",
        "content": contact.content,
        "result": "",
    }
    corrected = perform(contact, "correct", by=cast.li, data={**data, "reason": "是来访不是来电"})
    assert corrected.phone == "13800138112"  # left empty = unchanged
    assert corrected.journal.latest("seq").changed == {"channel": ["来电", "来访"]}
    with pytest.raises(Invalid, match="没有改动"):
        perform(corrected, "correct", by=cast.li, data={**data, "reason": "再改"})


def test_personal_values_never_enter_the_journal(cast: Any) -> None:
    contact = log_contact(cast, content="请打 13912345678 联系", phone="13800138112")
    perform(contact, "note", by=cast.wang, data={"words": "身份证 110105195905105647 已核对，电话 13912345678"})
    bodies = [f"{entry.sentence}{entry.changed}" for entry in contact.journal.all()]
    bodies += [str(row) for row in Message.objects.values_list("sentence", flat=True)]
    for secret in ("13912345678", "13800138112", "110105195905105647"):
        assert not any(secret in body for body in bodies)


def test_a_contact_cannot_be_received_in_the_future(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        open_record(
            Contact(community=cast.yunqi),
            by=cast.wang,
            data={
                "channel": "phone",
                "relation": "owner",
                "category": "other",
                "content": "问路",
                "answered": "on",
                "result": "已指路",
                "received_at": "2099-01-01 08:00",
            },
        )
    assert "received_at" in refused.value.form.errors


def test_a_call_is_only_impossible_where_nobody_left_a_number(cast: Any) -> None:
    request(cast, phone="13800138112")
    matter = perform(Matter.objects.get(), "done", by=cast.wang, data={"result": "已办"})
    with pytest.raises(Invalid, match="客户留有电话"):
        call_back(cast, matter, outcome="impossible", feedback="", score="", words="懒得打")
    assert Matter.objects.get().state == "call_back"


def test_the_clerk_cannot_take_back_what_came_of_a_contact(cast: Any) -> None:
    """Else a complaint could be struck off without anybody having dealt with it."""
    contact = log_contact(cast, category="complaint", content="楼上太吵")
    with pytest.raises(NotAllowed):
        perform(Complaint.objects.get(), "withdraw", by=cast.wang, data={"reason": "算了"})
    perform(Complaint.objects.get(), "withdraw", by=cast.li, data={"reason": "业主当面撤诉"})
    run_waiting()
    assert Contact.objects.get(pk=contact.pk).state == "ready"
