"""邮件代收, it comes: logged while the courier stands there, its person told (MAI-01)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.doing import photo, sentences
from tests.support.parcels import agrees, errors_of, signed, take
from yihu.areas.parcels import rules
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.parcels.schedules import not_arrived
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.sending.models import Outgoing
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db
NEW = "/parcels/new/"


def lives_there(cast: Any, name: str = "孙租户", role: str = "lessee") -> Party:
    party = Party.objects.create(community=cast.yunqi, name=name, phone="13711112222")
    Occupancy.objects.create(unit=cast.home, party=party, role=role, from_on=date(2020, 1, 1))
    return party


# -- it comes ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("MAI-01")
def test_number_room_save_and_all_the_rest_is_known(cast: Any, sign_in: Any) -> None:
    """Three touches while the courier waits, and the form for the next one stands there."""
    assert cast.owner
    take(cast, "SF1088812340000", shelf="B2")
    desk = sign_in(cast.wang)
    page = desk.get(NEW).content.decode()
    assert re.search(r'name="shelf"[^>]*value="B2"', page)  # where the last one was laid
    assert re.search(r'value="sf"[^>]*checked', page)  # the same courier's next one
    scanned = desk.get(reverse("parcels:label"), {"tracking_no": "jt 5088812340001", "shelf": "B2"}).content.decode()
    assert re.search(r'value="jt"[^>]*checked', scanned)
    household = desk.get(reverse("parcels:people"), {"unit": cast.home.pk}).content.decode()
    assert "赵**（业主）" in household
    assert "赵业主" not in household  # the courier reads along
    back = re.search(r'name="back" value="([^"]+)"', page)
    assert back is not None
    typed = {
        "key": "k1",
        "tracking_no": "jt 5088812340001",
        "unit": cast.home.pk,
        "sort": "ordinary",
        "shelf": "b2",
        "carrier": "",
    }
    saved = desk.post(NEW, {**typed, "back": back[1]})
    assert saved["Location"] == NEW
    parcel = ParcelCustody.objects.get(tracking_no="JT5088812340001")
    assert (parcel.carrier, parcel.shelf, parcel.party, parcel.addressee) == ("jt", "B2", cast.owner, "赵业主")
    assert sentences(parcel) == ["王客服 代收极兔普通件，放 B2"]
    assert "尾号 0001" in text_of(desk.get(reverse("parcels:recent")))


@pytest.mark.parametrize(
    ("number", "carrier", "sort"),
    [
        ("SF1088812345678", "sf", "ordinary"), ("JDVB01234567890", "jd", "ordinary"), ("YT8812345678901", "yto", "ordinary"),
        ("JT5012345678901", "jt", "ordinary"), ("773012345678901", "sto", "ordinary"), ("75312345678901", "zto", "ordinary"),
        ("463012345678901", "yunda", "ordinary"), ("DPK210123456789", "deppon", "ordinary"), ("EA123456789CN", "post", "ordinary"),
        ("RR123456789CN", "post", "registered"), ("XA12345678911", "post", "registered"), ("88812345", "", "ordinary"),
    ],
)  # fmt: skip
def test_the_number_says_who_brings_it(number: str, carrier: str, sort: str) -> None:
    assert (rules.carrier_of(number), rules.sort_of(number)) == (carrier, sort)


def test_who_lives_there_is_meant_before_who_owns_it_and_a_name_off_the_roll_is_written_down(cast: Any) -> None:
    assert cast.owner
    tenant = lives_there(cast)
    lives_there(cast, "急联系", "emergency")
    assert [rules.masked(stay) for stay in rules.members(cast.home, timezone.localdate())] == [
        "孙**（租户）",
        "赵**（业主）",
    ]
    assert take(cast).party == tenant
    chosen = take(cast, "SF1088812340002", whom=str(cast.owner.pk))
    assert (chosen.party, chosen.addressee) == (cast.owner, "赵业主")
    guest = take(cast, "SF1088812340003", whom="another", addressee="钱小弟")
    assert (guest.party, guest.addressee) == (None, "钱小弟")
    named = take(cast, "SF1088812340004", whom="another", addressee="赵业主")
    assert named.party == cast.owner
    with pytest.raises(Invalid) as nameless:
        take(cast, "SF1088812340005", whom="another")
    assert "请填面单上的姓名" in errors_of(nameless)
    told = " ".join(f"{one.sentence} {one.changed}" for one in JournalEntry.objects.all())
    assert "钱小弟" not in told


def test_one_number_lies_here_once(cast: Any) -> None:
    first = take(cast)
    with pytest.raises(Invalid) as again:
        take(cast, "sf 1088 8123 40001")
    assert f"这个单号已经登记（{first.number}，放在 A1），还没有取走。" in errors_of(again)
    with pytest.raises(Invalid):
        take(cast, "SF#?")
    with pytest.raises(IntegrityError), transaction.atomic():
        other = take(cast, "SF1088812340009")
        ParcelCustody.objects.filter(pk=other.pk).update(tracking_no=first.tracking_no)
    perform(first, "sign", by=cast.wang, data=signed())
    assert take(cast).state == "held"  # it came back to us by another courier


@pytest.mark.clause("MAI-01")
def test_registered_mail_is_kept_apart(cast: Any) -> None:
    take(cast)
    with pytest.raises(Invalid) as mixed:
        take(cast, "XA12345678911", sort="registered")
    assert "A1 放着普通件，挂号信要另放一处。" in errors_of(mixed)
    letter = take(cast, "XA12345678911", sort="registered", shelf="挂")
    with pytest.raises(Invalid):
        take(cast, "SF1088812340002", shelf="挂")
    with pytest.raises(Invalid):
        perform(letter, "move", by=cast.wang, data={"shelf": "a1"})
    assert perform(letter, "move", by=cast.wang, data={"shelf": "挂2"}).summary == "邮政 挂号信 尾号 8911（挂2）"
    with pytest.raises(Invalid) as numberless:
        take(cast, "", sort="registered", shelf="挂")
    assert "挂号信请填单号" in errors_of(numberless)


def test_what_is_wrong_is_said_when_it_comes(cast: Any) -> None:
    with pytest.raises(Invalid) as silent:
        take(cast, fault="damaged")
    assert "请写明情况" in errors_of(silent)
    files = {"photos": [photo("破箱.png")]}
    data = {
        "unit": cast.home.pk,
        "tracking_no": "SF1088812340001",
        "sort": "ordinary",
        "shelf": "A1",
        "fault": "damaged",
        "fault_note": "一角压破",
    }
    broken = open_record(ParcelCustody(community=cast.yunqi), by=cast.wang, data=data, files=files)
    assert (broken.state, broken.attachments.count()) == ("held", 1)
    stray = take(cast, "SF1088812340002", unit="", fault="wrong", fault_note="面单写的是隔壁小区")
    refused = take(cast, "SF1088812340003", fault="refused", fault_note="业主来电说不收")
    assert (stray.state, refused.state) == ("to_return", "to_return")
    with pytest.raises(Invalid) as nowhere:
        take(cast, "SF1088812340004", unit="")
    assert "请选房号" in errors_of(nowhere)
    with pytest.raises(Refused, match="还不知道是哪一户的"):
        perform(stray, "keep", by=cast.wang, data={"reason": "找到了"})
    found = perform(stray, "amend", by=cast.wang, data=amended(stray, unit=cast.home.pk))
    assert perform(found, "keep", by=cast.wang, data={"reason": "是这户的"}).state == "held"


def amended(parcel: Any, **typed: Any) -> dict[str, Any]:
    known = {"tracking_no": parcel.tracking_no, "carrier": parcel.carrier, "sort": parcel.sort, "unit": parcel.unit_id}
    return {**known, "addressee": parcel.addressee, "shelf": parcel.shelf, **typed}


# -- its person is told ------------------------------------------------------------------------------------------------


@pytest.mark.clause("MAI-01")
def test_who_agreed_is_told_at_once_with_a_code_that_is_not_the_number(cast: Any) -> None:
    agrees(cast)
    parcel = take(cast)
    message = Outgoing.objects.get()
    assert re.fullmatch(r"[1-9]\d{5}", parcel.code)
    assert parcel.code not in parcel.tracking_no
    assert message.text == (
        f"【云栖苑】赵业主您好，A1-1-0101有邮件待取：顺丰 尾号 0001。取件码{parcel.code}，请凭码到服务中心领取。"
    )
    assert (message.record_id, parcel.get_told_how_display(), parcel.told_times) == (parcel.pk, "消息", 1)
    letter = take(cast, "XA12345678911", sort="registered", shelf="挂")
    assert letter.code == ""
    assert "请带证件到服务中心签收" in Outgoing.objects.latest("pk").text
    told = " ".join(f"{one.sentence} {one.changed}" for one in JournalEntry.objects.all())
    assert parcel.code not in told


def test_who_did_not_agree_stands_in_the_list_until_somebody_told_him(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    parcel, desk = take(cast), sign_in(cast.wang)
    assert not Outgoing.objects.exists()
    assert parcel.number in text_of(desk.get("/parcels/?tab=untold"))
    asking = desk.get(f"{parcel.get_absolute_url()}do/tell/").content.decode()
    assert 'value="message"' not in asking
    with pytest.raises(Invalid):
        perform(parcel, "tell", by=cast.wang, data={"told_how": "message"})
    parcel = perform(parcel, "tell", by=cast.wang, data={"told_how": "phone", "words": "晚上来取"})
    assert sentences(parcel)[-1] == "王客服 已通知（电话）晚上来取"
    assert parcel.number not in text_of(desk.get("/parcels/?tab=untold"))


def test_a_message_that_came_to_nothing_told_nobody(cast: Any, sign_in: Any) -> None:
    agrees(cast)
    parcel = take(cast)
    assert not_arrived(timezone.now()) == 0
    Outgoing.objects.update(state=Outgoing.State.FAILED)
    assert (not_arrived(timezone.now()), not_arrived(timezone.now())) == (1, 0)
    parcel.refresh_from_db()
    assert (parcel.told_at, parcel.told_times) == (None, 0)
    assert parcel.number in text_of(sign_in(cast.wang).get("/parcels/?tab=untold"))


def test_another_addressee_gets_another_code_and_is_told_anew(cast: Any, sign_in: Any) -> None:
    agrees(cast)
    parcel = take(cast)
    page = sign_in(cast.wang).get(f"{parcel.get_absolute_url()}do/amend/").content.decode()
    assert re.search(rf'name="whom" value="{cast.owner.pk}"[^>]*checked', page)
    before = parcel.code
    same = perform(parcel, "amend", by=cast.wang, data=amended(parcel, carrier="jd", whom=str(cast.owner.pk)))
    assert (same.carrier, same.code, Outgoing.objects.count()) == ("jd", before, 1)
    tenant = lives_there(cast)
    agrees(cast, tenant)
    other = perform(same, "amend", by=cast.wang, data=amended(parcel, whom=str(tenant.pk)))
    assert other.party == tenant
    assert other.code != before
    assert Outgoing.objects.latest("pk").party == tenant
    with pytest.raises(Invalid):
        perform(other, "hand_out", by=cast.wang, data={"shown_code": before})
