"""The complainant's written record (CMP-14), entry and closing with their moments (CMP-09), the two registers (CMP-16)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.complaining import FOUR, call, complain, issue, opinion, to_call_back, to_opinion
from tests.support.doing import at, sentences
from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.schedules import not_arrived
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody(cast: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))


def agrees(cast: Any) -> ContactWay:
    return ContactWay.objects.create(
        community=cast.yunqi, party=cast.owner, way="sms", consent_how="desk", consent_at=timezone.now(),
        consent_by=cast.wang,
    )  # fmt: skip


@pytest.mark.clause("CMP-14")
def test_who_complains_gets_his_number_in_writing_and_who_has_not_is_listed(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast, channel="visit")
    desk, page = sign_in(cast.wang), complaint.get_absolute_url()
    assert complaint.number in text_of(desk.get("/complaints/?tab=no_receipt"))
    assert "还没有交给投诉人" in text_of(desk.get(page))
    assert "投诉回执未交" in text_of(sign_in(cast.li).get("/reports/gaps/"))
    asking = desk.get(f"{page}do/hand_receipt/").content.decode()
    assert f"{page}print/receipt/" in asking
    assert re.search(r'value="hand"[^>]*checked', asking)  # he stands at the desk
    assert 'value="message"' not in asking  # he never agreed to messages
    slip = sheets.text_of(desk.get(f"{page}print/receipt/").content)
    for words in (complaint.number, "报修三次没人来", "赵业主", "王客服"):
        assert words in slip
    with pytest.raises(Invalid):
        perform(complaint, "hand_receipt", by=cast.wang, data={"receipt_way": "message"})
    complaint = perform(
        complaint, "hand_receipt", by=cast.wang, data={"receipt_way": "hand", "receipt_words": "本人签收"}
    )
    assert (complaint.receipt_by, complaint.receipt_at is not None) == (cast.wang, True)
    assert "王客服 交回执（当面交给）本人签收" in sentences(complaint)
    assert complaint.number not in text_of(desk.get("/complaints/?tab=no_receipt"))
    assert "投诉回执未交" not in text_of(sign_in(cast.li).get("/reports/gaps/"))
    assert "当面交给" in text_of(desk.get(page))


@pytest.mark.clause("CMP-14")
def test_who_agreed_to_messages_has_it_before_he_hangs_up_and_a_lost_one_is_missing_again(cast: Any) -> None:
    agrees(cast)
    complaint = complain(cast, party=cast.owner.pk)
    sent = Outgoing.objects.get()
    assert (sent.code, sent.party, sent.record_id, sent.way) == (
        "complaint_receipt", cast.owner, complaint.pk, "sms",
    )  # fmt: skip
    assert complaint.number in sent.text
    assert (complaint.receipt_way, complaint.receipt_by) == ("message", cast.wang)
    assert not_arrived(timezone.now()) == 0
    Outgoing.objects.update(state="failed")
    assert not_arrived(timezone.now()) == 1
    complaint.refresh_from_db()
    assert (complaint.receipt_way, complaint.receipt_at) == ("", None)
    assert Message.objects.filter(person=cast.wang, sentence__contains="没有送到").exists()
    assert not_arrived(timezone.now()) == 0
    again = perform(complaint, "hand_receipt", by=cast.wang, data={"receipt_way": "message"})
    assert (again.receipt_way, Outgoing.objects.count()) == ("message", 2)


def test_who_joins_and_agreed_to_messages_has_the_number_too(cast: Any) -> None:
    from tests.areas.test_complaints_of_many import OUTAGE, calls

    agrees(cast)
    complaint = complain(cast, content=OUTAGE, unit=cast.unit("0102").pk, caller_name="钱邻居")
    assert not Outgoing.objects.exists()
    calls(cast, cast.home, complaint, party=cast.owner.pk)
    assert complaint.number in Outgoing.objects.get().text


def test_an_anonymous_one_has_nobody_to_give_it_to(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast, relation="anonymous", caller_name="", phone="", unit="")
    with pytest.raises(NotAllowed):
        perform(complaint, "hand_receipt", by=cast.wang, data={"receipt_way": "hand"})
    assert complaint.number not in text_of(sign_in(cast.wang).get("/complaints/?tab=no_receipt"))


@pytest.mark.clause("CMP-09")
def test_entry_and_closing_are_timed_and_its_number_finds_it(cast: Any, sign_in: Any) -> None:
    received = timezone.now() - timedelta(minutes=25)
    complaint = complain(cast, when=received)
    desk = sign_in(cast.wang)
    page = text_of(desk.get(complaint.get_absolute_url()))
    assert f"查询编号 {complaint.number}" in page
    assert "受理后 25 分" in page
    assert "还没有关闭" in page
    found = desk.get("/search/", {"q": complaint.number}, headers={"HX-Request": "true"})
    assert complaint.get_absolute_url() in found.content.decode()
    closed = call(to_call_back(cast, complaint), cast.li)
    page = text_of(desk.get(closed.get_absolute_url()))
    assert f"关闭 {timezone.localtime(closed.closed_at):%Y-%m-%d %H:%M}" in page
    assert "还没有关闭" not in page


@pytest.mark.clause("CMP-16")
def test_the_two_registers_are_views_of_the_same_complaints_and_say_who_calls_back(cast: Any, sign_in: Any) -> None:
    first = complain(cast, when=at("2026-11-02 09:00"), content="电梯三天两头停")
    second = complain(cast, when=at("2026-11-03 09:00"), content="楼道没有打扫", about_staff=cast.gong.pk)
    other = complain(cast, when=at("2026-10-19 09:00"), content="上个业务月的")
    to_call_back(cast, first)
    desk = sign_in(cast.wang)
    assert "/complaints/month/" in desk.get("/complaints/").content.decode()
    pages = {
        view: text_of(desk.get(f"/complaints/month/?month=2026-11&view={view}")) for view in ("register", "tracking")
    }
    for words in pages.values():
        assert first.number in words
        assert second.number in words
        assert other.number not in words
        assert "共 2 件" in words
    assert "电梯三天两头停" in pages["register"]
    for words in ("当天补扫", "李主管", "回访"):  # the remedy, and who calls
        assert words in pages["tracking"]
    call(Complaint.objects.get(pk=first.pk), cast.li)
    assert re.search(
        r"\d李主管|\d 李主管", text_of(desk.get("/complaints/month/?month=2026-11&view=tracking"))
    )  # when, and who
    for view, title in (("register", "客户抱怨登记表"), ("tracking", "客户抱怨跟踪表")):
        paper = sheets.text_of(desk.get(f"/complaints/month/print/?month=2026-11&view={view}").content)
        assert title in paper
        assert first.number in paper.replace("\n", "").replace(" ", "")
    his = sign_in(cast.gong)
    assert his.get("/complaints/month/").status_code == 403
    cast.appoint(cast.gong, "receptionist", cast.yunqi)
    seen = text_of(his.get("/complaints/month/?month=2026-11"))
    assert second.number not in seen
    assert "另有 1 件您不能查看" in seen
    for odd in ("month=2026-99", "month=x", "view=z", "month=²-³"):
        assert desk.get(f"/complaints/month/?{odd}").status_code == 200


@pytest.mark.clause("CMP-08")
def test_nothing_is_filed_before_it_is_judged_valid_or_not(cast: Any) -> None:
    major = complain(cast, **{"to-level": "major"})
    done = opinion(cast, to_opinion(cast, major))
    assert done.validity == "pending"
    for said in ({}, {"validity": "invalid"}):
        with pytest.raises(Invalid) as refused:
            perform(done, "approve", by=cast.xiang, data={"caller": cast.gao.pk, **said})
        assert {"validity", "why_invalid"} & set(refused.value.form.errors)
    filed = perform(done, "approve", by=cast.xiang, data={
        "caller": cast.gao.pk, "validity": "invalid", "why_invalid": "是市政停水",
    })  # fmt: skip
    assert (filed.validity, filed.invalid_reason) == ("invalid", "是市政停水")
    valid = issue(cast, complain(cast))
    assert valid.validity == "valid"
    valid = perform(valid, "reply", by=cast.gong, data=FOUR)
    valid = opinion(cast, perform(valid, "tell", by=cast.wang, data={"told": "已修"}))
    assert perform(valid, "approve", by=cast.xiang, data={"caller": cast.li.pk}).validity == "valid"


def test_a_household_that_waits_keeps_the_call_back_waiting(cast: Any) -> None:
    filed = to_call_back(cast, complain(cast))
    filed = perform(filed, "join", by=cast.wang, data={"unit_joining": cast.unit("0102").pk})
    with pytest.raises(Refused, match="还有 1 户没有答复"):
        call(filed, cast.li)
