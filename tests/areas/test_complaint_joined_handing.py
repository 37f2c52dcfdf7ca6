"""交各户回执: each household that joined has its receipt in its own way; a message that failed is told and made good (CMP-14)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_complaints_of_many import OUTAGE, calls
from tests.fronts.looking import text_of
from tests.support.complaining import complain
from tests.support.doing import photo, sentences
from yihu.areas.complaints.models import Complaint, Household
from yihu.areas.complaints.schedules import not_arrived, not_arrived_at_joined
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.sending.models import ContactWay, Outgoing, Wording
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotFound
from yihu.kernel.models import Attachment, Message

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CMP-14")]
FAILED = Outgoing.State.FAILED


@pytest.fixture(autouse=True)
def everybody(cast: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))


def neighbour(cast: Any, room: Any, name: str) -> Party:
    """Somebody of the house who agreed to messages."""
    party = Party.objects.create(community=cast.yunqi, name=name, phone="13911112222")
    Occupancy.objects.create(unit=room, party=party, role="owner", from_on=date(2020, 1, 1))
    agreed = {"consent_how": "desk", "consent_at": timezone.now(), "consent_by": cast.wang}
    ContactWay.objects.create(community=cast.yunqi, party=party, way="sms", **agreed)
    return party


def of_many(cast: Any, by: Any = None) -> tuple[Complaint, Household, Household]:
    """钱邻居 and 孙邻居 joined 赵业主; both agreed to messages and have theirs."""
    complaint = complain(cast, content=OUTAGE, by=by)
    for number, name in (("0102", "钱邻居"), ("0103", "孙邻居")):
        room = cast.unit(number)
        calls(cast, room, complaint, name=name, party=neighbour(cast, room, name).pk)
    qian, sun = Household.objects.order_by("pk")
    return Complaint.objects.get(pk=complaint.pk), qian, sun


def hand(complaint: Any, by: Any, *households: Household, way: str = "door", files: Any = None, **typed: Any) -> Any:
    data = {"households": [one.pk for one in households], "way": way, **typed}
    return perform(complaint, "hand_joined", by=by, data=data, files=files or {})


def told(person: Any) -> list[str]:
    return [said for said in Message.objects.filter(person=person).values_list("sentence", flat=True) if "回执" in said]


def test_a_message_that_failed_is_told_for_that_household_alone_and_made_good_on_paper(cast: Any, sign_in: Any) -> None:
    complaint, qian, sun = of_many(cast, by=cast.li)
    assert [(one.receipt_way, one.receipt_by) for one in (qian, sun)] == [("message", cast.wang)] * 2
    assert not_arrived_at_joined(timezone.now()) == 0
    Outgoing.objects.filter(pk=qian.receipt_message_id).update(state=FAILED)
    assert (not_arrived(timezone.now()), not_arrived_at_joined(timezone.now())) == (0, 1)
    for person in (cast.li, cast.wang):  # who opened the complaint, and who took the call
        (said,) = told(person)
        assert f"{complaint.number} 并入的 A1-1-0102 的回执消息没有送到" in said
        assert "钱邻居" not in said
    qian.refresh_from_db()
    sun.refresh_from_db()
    assert (qian.receipt_way, qian.receipt_at, sun.receipt_way) == ("", None, "message")
    assert not_arrived_at_joined(timezone.now()) == 0  # told once
    desk = sign_in(cast.wang)
    page = text_of(desk.get(complaint.get_absolute_url()))
    assert "回执消息没有送到" in page
    assert "回执：发消息" in page
    assert complaint.number in text_of(desk.get("/complaints/?tab=no_joined_receipt"))
    assert "并入户的投诉回执未交" in text_of(sign_in(cast.li).get("/reports/gaps/"))
    step = f"{complaint.get_absolute_url()}do/hand_joined/?households={qian.pk}"
    assert step.replace("&", "&amp;") in desk.get(complaint.get_absolute_url()).content.decode()
    asking = desk.get(step).content.decode()
    assert reverse("complaints:joined_receipts", args=[complaint.number]) in asking
    assert re.search(rf'value="{qian.pk}"[^>]*checked', asking)
    assert not re.search(rf'value="{sun.pk}"[^>]*checked', asking)
    assert re.search(r'value="door"[^>]*checked', asking)  # the message has failed once
    complaint.refresh_from_db()
    done = hand(complaint, cast.wang, qian, files={"scans": [photo("签收.png")]}, words="本人签收")
    qian.refresh_from_db()
    assert (qian.receipt_way, qian.receipt_by, qian.receipt_failed_at) == ("door", cast.wang, None)
    assert qian.receipt_signed == Attachment.objects.get(record=done, purpose="paper")
    assert "王客服 交回执给 A1-1-0102（送到家或投信箱）本人签收" in sentences(done)
    assert complaint.number not in text_of(desk.get("/complaints/?tab=no_joined_receipt"))
    shown = desk.get(done.get_absolute_url()).content.decode()
    assert reverse("kernel:file", args=[qian.receipt_signed_id]) in shown
    assert '<span class="badge badge-late">回执消息没有送到' not in shown
    assert "并入户的投诉回执未交" not in text_of(sign_in(cast.li).get("/reports/gaps/"))


def test_by_telephone_it_says_who_was_told_and_by_a_message_only_who_agreed(cast: Any) -> None:
    complaint, qian, sun = of_many(cast)
    Outgoing.objects.filter(record=complaint).update(state=FAILED)
    assert not_arrived_at_joined(timezone.now()) == 2
    (said,) = told(cast.wang)
    assert "A1-1-0102、A1-1-0103" in said
    complaint.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        hand(complaint, cast.wang, qian, way="phone")
    assert "告诉了谁" in str(refused.value.form.errors)
    complaint = hand(complaint, cast.wang, qian, way="phone", words="15:20 告诉本人")
    ContactWay.objects.filter(party=sun.party).update(withdrawn_at=timezone.now())
    with pytest.raises(Invalid) as refused:
        hand(complaint, cast.wang, sun, way="message")
    assert "没有同意收消息" in str(refused.value.form.errors)
    ContactWay.objects.filter(party=sun.party).update(withdrawn_at=None)
    hand(complaint, cast.wang, sun, way="message")
    qian.refresh_from_db()
    sun.refresh_from_db()
    assert (qian.receipt_way, qian.receipt_words) == ("phone", "15:20 告诉本人")
    assert (sun.receipt_way, sun.receipt_message.state) == ("message", "waiting")
    assert Outgoing.objects.filter(party=sun.party).count() == 2


def test_what_is_signed_is_one_households_and_many_are_given_by_one_press(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast, content=OUTAGE)
    for room in ("0102", "0103"):
        calls(cast, cast.unit(room), complaint, name=f"{room}住户")
    rows = list(Household.objects.order_by("pk"))
    assert [one.receipt_way for one in rows] == ["", ""]  # nobody knows them: no message
    complaint.refresh_from_db()
    asking = sign_in(cast.wang).get(f"{complaint.get_absolute_url()}do/hand_joined/").content.decode()
    assert asking.count("checked") == 3  # both households, and the way
    assert 'value="message"' not in asking
    with pytest.raises(Invalid) as refused:
        hand(complaint, cast.wang, *rows, files={"scans": [photo("签收.png")]})
    assert "只选那一户" in str(refused.value.form.errors)
    done = hand(complaint, cast.wang, *rows)
    assert list(Household.objects.values_list("receipt_way", flat=True)) == ["door", "door"]
    assert "王客服 交回执给 A1-1-0102、A1-1-0103（送到家或投信箱）" in sentences(done)


def test_the_message_says_the_households_own_home(cast: Any) -> None:
    Wording.objects.create(
        community=cast.yunqi, code="complaint_receipt", text="{称呼}您好，{房号}的投诉编号{单号}。", from_on="2020-01-01",
        state="approved", drafted_by=cast.li, drafted_at=timezone.now(), decided_by=cast.gao, decided_at=timezone.now(),
    )  # fmt: skip
    _, qian, _ = of_many(cast)
    assert "A1-1-0102" in qian.receipt_message.text
    assert "A1-1-0101" not in qian.receipt_message.text


def test_who_is_merged_in_keeps_his_receipt_and_its_failure_is_told_all_the_same(cast: Any) -> None:
    kept = complain(cast, content=OUTAGE)
    room = cast.unit("0102")
    party = neighbour(cast, room, "钱邻居")
    other = complain(cast, content="停水饭都做不成", unit=room.pk, caller_name="钱邻居", party=party.pk)
    assert other.receipt_way == "message"
    perform(other, "merge", by=cast.li, data={"into": kept.number, "reason": "同一次停水"})
    household = Household.objects.get()
    assert (household.receipt_way, household.receipt_by) == ("message", cast.wang)
    assert not_arrived_at_joined(timezone.now()) == 0
    Outgoing.objects.filter(party=party).update(state=FAILED)
    assert not_arrived_at_joined(timezone.now()) == 1
    assert "A1-1-0102" in told(cast.wang)[0]


def test_nobody_hears_of_those_taken_out_or_of_what_is_over(cast: Any) -> None:
    complaint, qian, sun = of_many(cast)
    perform(complaint, "unjoin", by=cast.wang, data={"household": qian.pk, "reason": "说的是停电"})
    Outgoing.objects.filter(pk=qian.receipt_message_id).update(state=FAILED)
    assert not_arrived_at_joined(timezone.now()) == 0
    Complaint.objects.filter(pk=complaint.pk).update(state="closed", closed_at=timezone.now())
    Outgoing.objects.filter(pk=sun.receipt_message_id).update(state=FAILED)
    assert not_arrived_at_joined(timezone.now()) == 0


@pytest.mark.clause("DESK-06")
def test_who_must_keep_away_is_told_nothing_and_gives_nothing(cast: Any) -> None:
    xu = cast.person("xu", "许前台", "receptionist")
    complaint = complain(cast, by=xu, content=OUTAGE)
    room = cast.unit("0102")
    calls(cast, room, complaint, by=xu, party=neighbour(cast, room, "钱邻居").pk)
    household = Household.objects.get()
    complaint.refresh_from_db()
    complaint = perform(complaint, "name_subject", by=xu, data={"about_staff": cast.wang.pk})
    with pytest.raises(NotFound):
        hand(complaint, cast.wang, household)
    Outgoing.objects.update(state=FAILED)
    assert not_arrived_at_joined(timezone.now()) == 1
    assert told(cast.wang) == []
    assert len(told(xu)) == 1
