"""邮件代收, it goes: handed out once, chased, returned with the reason (MAI-01)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.harness.breaking import at_once
from tests.support.doing import sentences
from tests.support.parcels import agrees, errors_of, signed, take
from yihu.areas.parcels.invariants import places
from yihu.areas.parcels.models import ParcelCustody
from yihu.ground.sending.models import Outgoing
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import JournalEntry, Message
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


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
