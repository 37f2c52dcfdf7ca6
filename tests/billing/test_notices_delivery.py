"""Notices at the doors: signed for, refused before witnesses, posted with a number, sent electronically; the list back (FEE-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.noticing import DOOR, OUT, billing_of
from tests.support.doing import at, photo, signature
from tests.support.sheets import text_of_pages
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch
from yihu.areas.billing.notices.printing import SHEET
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.staff.models import Account
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.models import Attachment, Deadline, Message
from yihu.kernel.prints import render
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


def carried(cast: Any, doors: int = 1) -> Any:
    """So many notices in the steward's hands."""
    office = billing_of(cast)
    units = [cast.home, *(cast.unit(f"0{place}01") for place in range(2, doors + 1))]
    for unit in units:
        office.charge(35941, 11, unit=unit.pk, due_on=date(2026, 12, 10))
    office.out()
    return office


def clock(sheet: Any, code: str) -> Deadline:
    return Deadline.objects.get(record_id=sheet.pk, code=code)


@pytest.mark.clause("FEE-06")
def test_each_door_is_signed_for_by_the_28th_and_the_list_goes_back(cast: Any) -> None:
    office = carried(cast, doors=2)
    sheet = DeliverySheet.objects.get()
    assert clock(sheet, "D64").due_at.date() == date(2026, 11, 28)
    first, second = sheet.carried()
    office.deliver(first)
    with pytest.raises(Refused, match=str(second.unit)):
        office.step(sheet, "hand_back", office.steward, DOOR)
    assert clock(sheet, "D64").stopped_at is None
    office.deliver(second, way="courier", tracking_no="SF1234567890", files={"scans": [photo()]})
    assert clock(sheet, "D64").met is True
    office.step(sheet, "hand_back", office.steward, DOOR)
    with pytest.raises(Refused, match="签收表还没有全部交回"):  # handed in is not taken back yet
        office.step(NoticeBatch.objects.get(), "finish", office.accountant, DOOR)
    cast.appoint(office.steward, "accountant", cast.yunqi)
    with pytest.raises(NotAllowed):  # nobody takes his own list back, accountant or not
        office.step(sheet, "receive", Account.objects.get(pk=office.steward.pk), DOOR)
    sheet = office.step(sheet, "receive", office.accountant, DOOR)
    assert (sheet.state, sheet.received_by) == ("returned", office.accountant)
    assert clock(sheet, "D65").met is True
    first.refresh_from_db()
    assert (first.signer, first.get_capacity_display(), first.returned_to_finance_at) == ("赵业主", "本人", at(DOOR))
    assert [one.purpose for one in first.proofs.all()] == [Attachment.Purpose.SIGNATURE]
    assert office.step(NoticeBatch.objects.get(), "finish", office.accountant, DOOR).state == "closed"


def test_a_refusal_before_witnesses_counts_as_delivered_that_day(cast: Any) -> None:
    """Scenario 26: refused on the 27th, two colleagues and a photograph; a letter the same day keeps its number."""
    office = carried(cast)
    notice = Notice.objects.get()
    witnesses = {"witness_1": cast.wang.pk, "witness_2": cast.li.pk}
    said = {"way": "hand", "refused": "on", "refusal": "租户说不是他的账"}
    with pytest.raises(Invalid):
        office.deliver(notice, **said, **witnesses)
    office.deliver(notice, files={"photos": [photo()]}, **said, **witnesses)
    notice.refresh_from_db()
    assert notice.delivery_words == "拒签（见证人 王客服、李主管）"
    assert notice.standing[0] == "拒签"
    assert notice.served_on(date(2026, 11, 27), notice.community_id) == date(2026, 11, 27)
    assert notice.proofs.count() == 1
    assert clock(notice.sheet, "D64").met is True


@pytest.mark.clause("FEE-06", part="人不在的寄挂号信、快递，必有单号，查到签收或期满才算到达")
def test_a_letter_is_done_when_posted_and_reaches_when_signed_for_or_after_its_days(cast: Any) -> None:
    office = carried(cast)
    notice = Notice.objects.get()
    with pytest.raises(Invalid, match="单号"):
        office.deliver(notice, way="registered")
    office.deliver(notice, way="registered", tracking_no="XA00012345644")
    notice.refresh_from_db()
    here = notice.community_id
    assert clock(notice.sheet, "D64").met is True
    assert notice.served_on(date(2026, 12, 3), here) is None
    assert notice.served_on(date(2026, 12, 4), here) == date(2026, 12, 4)
    with pytest.raises(Invalid, match="早于寄出"):
        office.step(
            notice.sheet, "arrived", office.steward, "2026-11-30 10:00", notice=notice.pk, arrived_on="2026-11-26"
        )
    office.step(notice.sheet, "arrived", office.steward, "2026-11-30 10:00", notice=notice.pk, arrived_on="2026-11-29")
    notice.refresh_from_db()
    assert notice.served_on(date(2026, 11, 30), here) == date(2026, 11, 29)


def test_electronically_the_message_goes_to_one_who_agreed(cast: Any) -> None:
    office = carried(cast)
    notice = Notice.objects.get()
    with pytest.raises(Invalid, match="没有同意"):
        office.deliver(notice, way="electronic")
    ContactWay.objects.create(
        community=cast.yunqi, party=cast.owner, way="sms", consent_how="desk", consent_at=at(OUT), consent_by=cast.wang
    )
    office.deliver(notice, way="electronic")
    message = Outgoing.objects.get(code="payment_notice")
    assert "359.41" in message.text
    assert "12-10" in message.text


def test_what_is_not_delivered_by_the_28th_climbs_and_is_listed(cast: Any, sign_in: Any) -> None:
    office = carried(cast)
    sheet = DeliverySheet.objects.get()
    assert cast.li.pk
    sweep(at("2026-11-28 17:30"))
    late = f"{sheet.number} 送达、签收已到时限"
    assert Message.objects.filter(person=cast.li, sentence__startswith=late).exists()
    assert not Message.objects.filter(person=cast.xiang, sentence__startswith=late).exists()
    sweep(at("2026-11-30 17:30"))
    assert Message.objects.filter(person=cast.xiang, sentence__startswith=late).exists()
    listed = sign_in(office.head).get("/notices/all/?state=undelivered").content.decode()
    assert Notice.objects.get().number in listed


def test_nobody_is_recorded_twice_and_a_slip_is_undone_with_its_reason(cast: Any) -> None:
    office = carried(cast)
    notice = Notice.objects.get()
    office.deliver(notice)
    with pytest.raises(Conflict, match="已经登记"):
        office.deliver(notice, by=cast.li)
    office.step(notice.sheet, "undo", office.steward, DOOR, notice=notice.pk, why="点错了门")
    notice.refresh_from_db()
    assert (notice.delivered_at, notice.signer, notice.proofs.count()) == (None, "", 0)
    assert clock(notice.sheet, "D64").stopped_at is None
    office.deliver(notice, by=cast.li, files={"scans": [photo()]}, way="hand", signer="门卫代收", capacity="staff")
    notice.refresh_from_db()
    assert notice.delivered_by == cast.li
    assert "点错了门" in " ".join(notice.sheet.journal.values_list("sentence", flat=True))


def test_a_stranger_to_the_round_records_nothing(cast: Any, sign_in: Any) -> None:
    office = carried(cast)
    notice = Notice.objects.get()
    other = cast.person("lou3", "楼三妹", "steward")
    with pytest.raises((NotAllowed, Refused)):
        office.deliver(notice, by=other)
    assert sign_in(other).get(f"/notices/paper/{notice.number}/door/").status_code == 404
    assert sign_in(other).get(notice.get_absolute_url()).status_code == 404


def test_the_round_on_the_telephone_goes_door_by_door_and_shows_no_sums(cast: Any, sign_in: Any) -> None:
    office = carried(cast, doors=2)
    client = sign_in(office.steward)
    page = client.get("/notices/round/").content.decode()
    assert '还有 <b class="num">2</b> 张' in page
    assert "359.41" not in page
    first = DeliverySheet.objects.get().carried().first()
    door = f"/notices/paper/{first.number}/door/"
    shown = client.get(door).content.decode()
    assert "赵业主" in shown
    said = {"notice": first.pk, "way": "hand", "signer": "赵业主", "capacity": "self"}
    wrong = client.post(door, said)
    assert wrong.status_code == 422
    assert "请收件人在屏幕上签名" in wrong.content.decode()
    done = client.post(door, {**said, "key": "once", "signature": signature()})
    assert (done.status_code, done["Location"]) == (302, "/notices/round/")
    again = client.post(door, {**said, "key": "once", "signature": signature()})
    assert again.status_code == 302
    page = client.get("/notices/round/").content.decode()
    assert '还有 <b class="num">1</b> 张' in page
    assert "已送 1 张" in page
    assert client.get(first.get_absolute_url()).status_code == 200


def test_the_list_is_printed_with_its_signatures_and_numbers(cast: Any) -> None:
    office = carried(cast, doors=2)
    first, second = DeliverySheet.objects.get().carried()
    office.deliver(first)
    office.deliver(second, way="courier", tracking_no="SF1429088812345")
    sheet = DeliverySheet.objects.get()
    lines = SHEET.data(sheet, office.steward)["lines"]
    assert [bool(line["signature"]) for line in lines] == [True, False]
    (page,) = text_of_pages(render(SHEET, sheet, office.steward))
    for words in ("缴费通知单签收表", "楼大姐", "2/2张", "赵业主（本人）签收", "快递SF1429088812345"):
        assert words in page.replace(" ", "").replace("\u200b", ""), words
