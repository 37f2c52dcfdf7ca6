"""邮件代收: logged while the courier stands there, its person told, handed out once, chased, returned (MAI-01)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import asked, text_of
from tests.harness.breaking import at_once
from tests.support import sheets
from tests.support.doing import photo, sentences, signature
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.printing import shown
from yihu.areas.parcels import rules
from yihu.areas.parcels.invariants import places
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.parcels.schedules import not_arrived
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.models import JournalEntry, Message
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
NEW = "/parcels/new/"


def take(cast: Any, number: str = "SF1088812340001", **typed: Any) -> ParcelCustody:
    """王客服 takes one in for the home, whose owner is 赵业主."""
    assert cast.owner
    data = {"unit": cast.home.pk, "tracking_no": number, "sort": "ordinary", "shelf": "A1", **typed}
    taken: ParcelCustody = open_record(ParcelCustody(community=cast.yunqi), by=cast.wang, data=data)
    return taken


def agrees(cast: Any, party: Any = None) -> None:
    agreed = {"consent_how": "desk", "consent_at": timezone.now(), "consent_by": cast.wang}
    ContactWay.objects.create(community=cast.yunqi, party=party or cast.owner, way="sms", **agreed)


def lives_there(cast: Any, name: str = "孙租户", role: str = "lessee") -> Party:
    party = Party.objects.create(community=cast.yunqi, name=name, phone="13711112222")
    Occupancy.objects.create(unit=cast.home, party=party, role=role, from_on=date(2020, 1, 1))
    return party


def signed(**typed: Any) -> dict[str, Any]:
    return {"relation": "self", "signature": signature(), **typed}


def errors_of(refused: Any) -> str:
    return str(refused.value.form.errors)


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


# -- it goes -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("MAI-01")
def test_the_code_fetches_all_that_lies_there_for_the_same_person(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    first, second = take(cast), take(cast, "JD0088812340002", shelf="B2")
    letter = take(cast, "XA12345678911", sort="registered", shelf="挂")
    strangers = take(cast, "SF1088812340003", whom="another", addressee="钱小弟")
    desk = sign_in(cast.wang)
    page = desk.get(reverse("parcels:pickup"), {"q": first.code})
    words = text_of(page)
    assert "赵**" in words
    assert "尾号 0002" in words
    assert "尾号 0003" not in words
    assert "挂号信" not in words
    typed = {"key": "k", "number": first.number, "shown_code": first.code, "also": [second.pk]}
    assert "2 件已交出" in text_of(desk.post(reverse("parcels:hand"), typed, follow=True))
    gone = ParcelCustody.objects.filter(state="picked", proof="code")
    assert set(gone.values_list("pk", flat=True)) == {first.pk, second.pk}
    assert sentences(second)[-1] == "王客服 凭取件码交出"
    for refused in (letter, strangers):
        with pytest.raises((Invalid, NotAllowed)):
            perform(refused, "hand_out", by=cast.wang, data={"shown_code": first.code})
    assert not list(places())


def test_a_wrong_code_and_a_lost_parcel_are_said_in_a_sentence(cast: Any, sign_in: Any) -> None:
    parcel, desk = take(cast), sign_in(cast.wang)
    wrong = "000000"
    typed = {"key": "k", "number": parcel.number, "shown_code": wrong}
    assert "取件码不对" in text_of(desk.post(reverse("parcels:hand"), typed, follow=True))
    assert "没有找到这一件" in text_of(desk.post(reverse("parcels:hand"), {"number": "x"}, follow=True))
    assert "没有等着取的邮件" in text_of(desk.get(reverse("parcels:pickup"), {"q": wrong}))
    perform(parcel, "sign", by=cast.wang, data=signed())
    late = {"key": "k2", "number": parcel.number, "shown_code": parcel.code}
    assert "已取" in text_of(desk.post(reverse("parcels:hand"), late, follow=True))


@pytest.mark.clause("MAI-01")
def test_somebody_else_fetches_it_with_his_name_and_signature(cast: Any) -> None:
    assert cast.owner
    first, second = take(cast), take(cast, "SF1088812340002")
    with pytest.raises(Invalid):
        perform(first, "sign", by=cast.wang, data=signed(signature=""))
    with pytest.raises(Invalid) as nameless:
        perform(first, "sign", by=cast.wang, data=signed(relation="family"))
    assert "请填取件人的姓名" in errors_of(nameless)
    data = signed(relation="family", picked_by="赵太太", also=[second.pk])
    first = perform(first, "sign", by=cast.wang, data=data)
    second.refresh_from_db()
    for one in (first, second):
        assert (one.state, one.picked_by, one.relation, one.attachments.count()) == ("picked", "赵太太", "family", 1)
    assert sentences(first)[-1] == "王客服 交出，家属签收"
    assert "赵太太" not in " ".join(f"{one.sentence} {one.changed}" for one in JournalEntry.objects.all())


@pytest.mark.clause("MAI-01")
def test_registered_mail_goes_only_against_signature_and_document(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    letter, parcel = take(cast, "XA12345678911", sort="registered", shelf="挂"), take(cast)
    page = text_of(sign_in(cast.wang).get(letter.get_absolute_url()))
    assert "凭码取件" not in page
    for lacking in ({}, {"id_type": "card"}, {"id_type": "card", "id_last4": "56"}):
        with pytest.raises(Invalid):
            perform(letter, "sign", by=cast.wang, data=signed(**lacking))
    shown = {"id_type": "card", "id_last4": "564x", "also": [parcel.pk]}
    letter = perform(letter, "sign", by=cast.wang, data=signed(**shown))
    assert (letter.proof, letter.id_last4, letter.picked_by) == ("signature", "564X", "赵业主")
    parcel.refresh_from_db()
    assert parcel.state == "picked"
    with pytest.raises(IntegrityError), transaction.atomic():
        ParcelCustody.objects.filter(pk=letter.pk).update(proof="code")


@pytest.mark.clause("MAI-01")
@pytest.mark.django_db(transaction=True)
def test_two_clerks_hand_out_the_same_parcel_and_one_did(cast: Any) -> None:
    assert cast.owner
    parcel, clerks = take(cast), (cast.wang, cast.li)
    code = parcel.code

    def hand(index: int) -> None:
        if index:
            perform(parcel, "sign", by=clerks[index], data=signed())
        else:
            perform(parcel, "hand_out", by=clerks[index], data={"shown_code": code})

    fates = at_once(2, hand)
    assert fates.count("done") == 1
    assert set(fates) - {"done"} <= {"Conflict", "Invalid"}
    gone = ParcelCustody.objects.get()
    assert (gone.state, gone.held_in, gone.code) == ("picked", None, "")
    assert gone.journal.filter(step__in=("hand_out", "sign")).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_scan_the_same_parcel_and_it_lies_there_once(cast: Any) -> None:
    assert cast.owner
    assert cast.wang
    fates = at_once(2, lambda index: take(cast))
    assert fates.count("done") == 1
    assert set(fates) - {"done"} <= {"Invalid", "Refused"}
    assert ParcelCustody.objects.count() == 1


def test_what_was_taken_by_mistake_lies_there_again(cast: Any) -> None:
    agrees(cast)
    parcel = perform(take(cast), "sign", by=cast.wang, data=signed())
    parcel = perform(parcel, "bring_back", by=cast.wang, data={"reason": "同名拿错，原封送回"})
    assert (parcel.state, parcel.picked_at, parcel.picked_by, parcel.closed_at) == ("held", None, "", None)
    assert len(parcel.code) == 6
    assert Outgoing.objects.count() == 2
    assert perform(parcel, "hand_out", by=cast.wang, data={"shown_code": parcel.code}).state == "picked"


# -- nobody comes ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("MAI-01")
def test_unclaimed_ones_are_chased_and_returned_with_the_reason(cast: Any) -> None:
    assert cast.owner
    parcel = take(cast)
    due = parcel.deadlines.get().due_at
    assert timezone.localdate(due) >= timezone.localdate() + timedelta(days=3)
    sweep(due + timedelta(minutes=1))
    assert Message.objects.filter(person=cast.wang, record_id=parcel.pk).exists()
    unclaimed = {"fault": "unclaimed", "fault_note": "两次电话没来"}
    with pytest.raises(Invalid) as early:
        perform(parcel, "report", by=cast.wang, data=unclaimed)
    assert "先“通知、催取”至少两次" in errors_of(early)
    parcel = perform(parcel, "tell", by=cast.wang, at=due, data={"told_how": "phone"})
    assert parcel.next_due_at > due  # he has days again
    parcel = perform(parcel, "tell", by=cast.wang, at=due, data={"told_how": "slip"})
    parcel = perform(parcel, "report", by=cast.wang, at=due, data=unclaimed)
    assert parcel.state_word == "待退回"
    assert parcel.deadlines.filter(stopped_at=None).get().due_at > due
    with pytest.raises(Refused):
        perform(parcel, "hand_out", by=cast.wang, data={"shown_code": parcel.code})
    with pytest.raises(Invalid):
        perform(parcel, "send_back", by=cast.wang, data={})
    parcel = perform(parcel, "send_back", by=cast.wang, data={"returned_to": "顺丰 小周", "return_no": "SF9"})
    assert (parcel.state_word, parcel.get_fault_display(), parcel.held_in) == ("已退回", "无人领取", None)
    assert not parcel.deadlines.filter(stopped_at=None).exists()


def test_refused_later_and_wanted_after_all(cast: Any) -> None:
    assert cast.owner
    parcel = perform(take(cast), "report", by=cast.wang, data={"fault": "damaged", "fault_note": "纸箱受潮"})
    assert parcel.state == "held"
    parcel = perform(parcel, "report", by=cast.wang, data={"fault": "refused", "fault_note": "见破损不收"})
    assert parcel.state == "to_return"
    parcel = perform(parcel, "keep", by=cast.wang, data={"reason": "商家补偿，改口要收"})
    assert (parcel.state, parcel.fault) == ("held", "")


def test_entered_by_mistake_it_makes_room(cast: Any) -> None:
    assert cast.owner
    perform(take(cast), "withdraw", by=cast.wang, data={"reason": "扫错"})
    again = take(cast)
    double = take(cast, "")
    merged = perform(double, "merge", by=cast.li, data={"into": again.number, "reason": "同一件"})
    assert merged.held_in is None
    split = perform(merged, "split", by=cast.li, data={"reason": "是两件"})
    assert (split.held_in, len(split.code)) == (cast.yunqi, 6)
    assert not list(places())


# -- where it is seen --------------------------------------------------------------------------------------------------


@pytest.mark.clause("DESK-09")
def test_the_file_and_the_desk_say_how_many_wait(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    desk, file, beside = sign_in(cast.wang), f"/units/{cast.home.pk}/", reverse("reception:beside")
    desk.get(file)
    questions = len(asked(desk, file))
    take(cast)
    take(cast, "SF1088812340002")
    take(cast, "SF1088812340003", fault="refused", fault_note="不收")
    for page in (desk.get(file), desk.get(beside, {"unit": cast.home.pk})):
        assert "快递 2 件待取" in text_of(page)
        assert f'href="{reverse("parcels:pickup")}?unit={cast.home.pk}"' in page.content.decode()
    assert len(asked(desk, file)) <= questions + 1  # the clocks of open matters, as with any matter
    waiting = text_of(desk.get(reverse("parcels:pickup"), {"unit": cast.home.pk}))
    assert "尾号 0001" in waiting
    assert "签收取件" in waiting
    assert "件待取" not in text_of(sign_in(cast.gong).get(beside, {"unit": cast.home.pk}))


@pytest.mark.parametrize("words", ["40001", "SF1088812340001", "sf1088812340001", "0001"])
def test_the_search_box_finds_it_by_its_end(cast: Any, sign_in: Any, words: str) -> None:
    assert cast.owner
    parcel = take(cast)
    box = {"HX-Request": "true"}
    found = sign_in(cast.wang).get("/search/", {"q": words}, headers=box).content.decode()
    assert f'href="{parcel.get_absolute_url()}"' in found
    for other in (cast.lin, cast.chen):
        assert (
            parcel.get_absolute_url() not in sign_in(other).get("/search/", {"q": words}, headers=box).content.decode()
        )


def test_the_box_of_the_pickup_page_takes_number_room_and_name(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    parcel, desk, page = take(cast), sign_in(cast.wang), reverse("parcels:pickup")
    for words in ("0001", "0101", "赵业主", "zyz"):
        assert parcel.get_absolute_url() in desk.get(page, {"q": words}).content.decode(), words
    assert parcel.get_absolute_url() not in sign_in(cast.lin).get(page, {"q": "0001"}).content.decode()


def test_the_shelves_are_a_list_that_prints(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    take(cast)
    take(cast, "JD0088812340002", shelf="B2")
    gone = perform(take(cast, "SF1088812340003"), "sign", by=cast.wang, data=signed())
    client, page = sign_in(cast.wang), reverse("parcels:shelves")
    words = text_of(client.get(page))
    assert words.index("尾号 0001") < words.index("尾号 0002")
    assert gone.what not in words
    assert "尾号 0001" not in text_of(client.get(page, {"shelf": "B2"}))
    assert "尾号0002" in sheets.text_of(client.get(page, {"as": "pdf"}).content)


def test_the_days_sheet_counts_them_where_parcels_are_taken_in(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    now = timezone.now()
    sheet = next(one for one in come_round(now) if isinstance(one, DaySheet) and one.community_id == cast.yunqi.pk)
    client, page = sign_in(cast.li), sheet.get_absolute_url()
    assert "邮件代收 代收" not in text_of(client.get(page))
    take(cast)
    perform(take(cast, "SF1088812340002"), "sign", by=cast.wang, data=signed())
    figures = {one["key"]: one["value"] for one in shown(sheet, cast.li)["parcels"]}
    assert figures == {
        "parcels.came": 2,
        "parcels.picked": 1,
        "parcels.returned": 0,
        "parcels.lying": 1,
        "parcels.late": 0,
    }
    assert "在存" in text_of(client.get(page))
    assert "邮件代收" in sheets.text_of(client.get(f"{page}print/day_sheet/").content)


def test_slip_and_register_on_paper(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    parcel, client = take(cast), sign_in(cast.wang)
    slip = sheets.text_of(client.get(f"{parcel.get_absolute_url()}print/pickup_slip/").content)
    for words in (parcel.code, "A1-1-0101", "赵**", "顺丰尾号0001", "08:30至22:00"):
        assert words in slip
    assert "赵业主" not in slip
    letter = take(cast, "XA12345678911", sort="registered", shelf="挂")
    assert "带证件来签收" in sheets.text_of(client.get(f"{letter.get_absolute_url()}print/pickup_slip/").content)
    perform(letter, "sign", by=cast.wang, data=signed(id_type="card", id_last4="5647"))
    month = sheets.text_of(client.get(f"{letter.get_absolute_url()}print/parcel_register/").content)
    for words in ("邮件代收登记表", "共2件", "XA12345678911", "挂号信", "本人签字"):
        assert words in month.replace("\u200b", "")
    again = sheets.text_of(client.get(f"{letter.get_absolute_url()}print/pickup_slip/").content)
    assert "已取" in again


def test_the_other_community_has_no_part_in_it(cast: Any, sign_in: Any) -> None:
    parcel = take(cast)
    with pytest.raises(NotFound):
        perform(parcel, "sign", by=cast.lin, data=signed())
    theirs = open_record(
        ParcelCustody(community=cast.qinghe), by=cast.lin,
        data={"tracking_no": parcel.tracking_no, "sort": "ordinary", "shelf": "A1", "fault": "wrong", "fault_note": "不是这里的"},
    )  # fmt: skip
    assert theirs.state == "to_return"  # what another community holds is no word of ours
    typed = {"key": "k", "number": parcel.number, "shown_code": parcel.code}
    assert "没有找到这一件" in text_of(sign_in(cast.lin).post(reverse("parcels:hand"), typed, follow=True))
