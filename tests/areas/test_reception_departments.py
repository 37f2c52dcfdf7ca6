"""What the departments report back, what moves with a promise or a corrected room, and the other matters by subject."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.cast import LONG_AGO
from tests.support.doing import at, log_contact, sentences, the_order
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.relations.models import Suggestion
from yihu.ground.staff.models import Deputy
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, NotFound
from yihu.kernel.jobs import run_waiting
from yihu.kernel.journal import verify
from yihu.kernel.models import Deadline, Message, Record

pytestmark = pytest.mark.django_db


def other(cast: Any, **typed: Any) -> tuple[Contact, Matter]:
    contact = log_contact(cast, **{"category": "other", "content": "楼上装修噪音", **typed})
    run_waiting()
    return Contact.objects.get(pk=contact.pk), Matter.objects.get(links_in__origin_id=contact.pk)


def due(record: Any) -> Any:
    return Deadline.objects.get(record_id=record.pk, code="D04", stopped_at__isnull=True).due_at


@pytest.mark.clause("DESK-19")
def test_the_head_of_the_department_reports_back_and_it_stands_on_the_entry(cast: Any, sign_in: Any) -> None:
    assert cast.li
    contact = log_contact(cast)
    order = the_order(contact)
    assert not Contact.objects.seen_by(cast.gong).exists()
    run_waiting()
    contact = Contact.objects.get()
    assert contact.team == "engineering"
    assert contact in Contact.objects.seen_by(cast.gong)
    assert not Contact.objects.seen_by(cast.chen).exists()
    client = sign_in(cast.li)
    assert contact.number in client.get("/reception/?tab=to_report").content.decode()
    for wrong in (cast.wang, cast.gao):
        with pytest.raises(NotAllowed):
            perform(contact, "report_back", by=wrong, data={"report": "已修"})
    with pytest.raises(NotFound):
        perform(contact, "report_back", by=cast.chen, data={"report": "已修"})
    with pytest.raises(Invalid):
        perform(contact, "report_back", by=cast.gong, data={"report": ""})
    perform(contact, "report_back", by=cast.gong, data={"report": "当天换好阀芯，不漏了"})
    page = client.get(contact.get_absolute_url()).content.decode()
    for words in ("当天换好阀芯，不漏了", "龚工", "工程部", order.number, "办理结果"):
        assert words in page, words
    assert contact.number not in client.get("/reception/?tab=to_report").content.decode()
    assert "龚工 回报" in Message.objects.get(person=cast.wang, record_id=contact.pk).sentence


def test_who_stands_in_for_the_head_reports_and_where_there_is_none_the_project_manager(cast: Any) -> None:
    assert cast.chen
    assert cast.xiang
    contact = log_contact(cast)
    run_waiting()
    contact = Contact.objects.get(pk=contact.pk)
    assert perform(contact, "report_back", by=cast.xiang, data={"report": "外请修好"}).report == "外请修好"
    Deputy.objects.create(absent=cast.gong, stand_in=cast.wang, from_on=LONG_AGO, to_on=date(2099, 1, 1))
    wang = type(cast.wang).objects.get(pk=cast.wang.pk)
    assert perform(contact, "report_back", by=wang, data={"report": "代工程部回报"}).reported_by == wang
    with pytest.raises(NotAllowed):
        perform(contact, "report_back", by=type(wang).objects.get(pk=cast.xiang.pk), data={"report": "不再归我"})


def test_a_matter_goes_to_a_department_and_its_result_shows_on_the_entry(cast: Any, sign_in: Any) -> None:
    assert cast.gong
    contact, matter = other(cast, **{"to-team": "engineering"})
    assert (matter.team, contact.team, matter.handler) == ("engineering", "engineering", None)
    assert Message.objects.filter(person=cast.gong, record_id=matter.pk).exists()
    perform(matter, "done", by=cast.wang, data={"result": "已劝停"})
    page = sign_in(cast.wang).get(contact.get_absolute_url()).content.decode()
    assert "待回访：已劝停" in page


@pytest.mark.clause("DESK-04")
def test_another_time_agreed_on_the_contact_holds_for_all_that_came_of_it(cast: Any) -> None:
    contact, matter = other(cast, when=at("2026-11-02 09:00"))
    assert due(matter) == at("2026-11-02 17:00")
    moved = {"promised_at": "2026-11-05 12:00", "reason": "等物业部"}
    perform(contact, "promise", by=cast.wang, at=at("2026-11-02 10:00"), data=moved)
    run_waiting()
    matter = Matter.objects.get()
    assert (matter.promised_at, due(matter)) == (at("2026-11-05 12:00"), at("2026-11-05 12:00"))
    assert contact.number in sentences(matter)[-1]
    wished = log_contact(cast, category="suggestion", content="加照明", when=at("2026-11-02 09:00"))
    perform(wished, "promise", by=cast.wang, at=at("2026-11-02 10:00"), data=moved)
    run_waiting()
    assert due(Suggestion.objects.get()) == at("2026-11-05 12:00")


@pytest.mark.clause("DESK-04")
def test_another_time_agreed_on_a_matter_shows_on_the_contact(cast: Any) -> None:
    contact, matter = other(cast, when=at("2026-11-02 09:00"), **{"to-handler": cast.chen.pk})
    moved = {"promised_at": "2026-11-04 12:00", "reason": "客户出差"}
    with pytest.raises(Invalid, match="要晚于现在"):
        perform(matter, "promise", by=cast.chen, at=at("2026-11-04 13:00"), data=moved)
    perform(matter, "promise", by=cast.chen, at=at("2026-11-02 10:00"), data=moved)
    run_waiting()
    contact = Contact.objects.get()
    assert due(contact) == at("2026-11-04 12:00")
    assert "陈维修 与客户改约 2026-11-04 12:00：客户出差" in sentences(contact)[-1]
    earlier = {"promised_at": "2026-11-03 12:00", "reason": "提前了"}
    perform(Matter.objects.get(), "promise", by=cast.chen, at=at("2026-11-02 11:00"), data=earlier)
    run_waiting()
    assert due(Contact.objects.get()) == at("2026-11-04 12:00")  # something else may still wait that long


def test_a_corrected_room_takes_what_is_open_along(cast: Any) -> None:
    there = cast.unit("0202")
    contact, matter = other(cast, party=cast.owner.pk)
    closed = log_contact(cast, category="other", content="别的事")
    assert (matter.unit, matter.party) == (cast.home, cast.owner)
    data = {
        "unit": there.pk, "caller_name": "赵业主", "phone": "", "relation": "owner", "channel": "phone",
        "content": contact.content, "result": "", "reason": "房号听错",
    }  # fmt: skip
    perform(contact, "correct", by=cast.li, data=data)
    run_waiting()
    for record in (Contact.objects.get(pk=contact.pk), Matter.objects.get(pk=matter.pk)):
        assert (record.unit, record.party) == (there, None)
        assert verify(record) == []
    entry = matter.journal.latest("seq")
    assert (entry.sentence, entry.changed["unit"]) == ("房号随接待记录更正", [str(cast.home), str(there)])
    assert "赵业主" not in str(entry.changed) or entry.changed["party"] == ["赵业主", ""]
    assert Record.objects.get(pk=closed.pk).unit == cast.home


@pytest.mark.clause("DESK-03", part="其它、表扬、建议；报修、售后、投诉、服务见各自的测试")
def test_other_matters_have_their_subject_and_a_register_of_their_own(cast: Any, sign_in: Any) -> None:
    _, noise = other(cast, **{"to-subject": "noise"})
    plain = other(cast, content="借梯子")[1]
    suggestion = log_contact(cast, category="suggestion", content="加长椅")
    assert (noise.subject, plain.subject) == ("noise", "other")
    client = sign_in(cast.li)
    listed = client.get("/matters/?tab=others").content.decode()
    assert noise.number in listed
    assert suggestion.number not in listed
    filtered = client.get("/matters/?tab=others&subject=noise").content.decode()
    assert noise.number in filtered
    assert plain.number not in filtered
    assert client.get("/matters/export/?tab=others&subject=noise").status_code == 200
    part = client.get("/reception/new/hand-over/", {"category": "other"}).content.decode()
    assert "遗失拾得" in part
    assert "遗失拾得" not in client.get("/reception/new/hand-over/", {"category": "complaint"}).content.decode()
