"""个人信息请求: copy, correct, erase, lock; decided item by item by somebody else, carried out, answered within fifteen days."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, log_contact, photo, signature
from yihu.areas.archives.models import DataRequest
from yihu.areas.archives.procedure import REQUEST
from yihu.areas.households.models import Roster
from yihu.areas.reception.models import Contact
from yihu.ground.estate import corrections
from yihu.ground.estate.finding import find_parties
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.sending.models import ContactWay
from yihu.ground.sending.outbox import no_consent
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.exports import in_the_clear
from yihu.kernel.journal import verify
from yihu.kernel.models import Book, Deadline, JournalEntry, Message, Record
from yihu.kernel.prints import render
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
PHONE = "13800138112"
COPY, ANSWER = REQUEST.prints


def ask(cast: Any, asks: str, *, by: Any = None, when: Any = None, files: Any = None, **typed: Any) -> DataRequest:
    data = {"party": cast.owner.pk, "asks": asks, "asker": "self", "id_type": "card", "id_last4": "5647", "signature": signature()}  # fmt: skip
    data |= {"said": "备用电话不对"} if asks in ("correct", "erase") else {}
    asked: DataRequest = open_record(
        DataRequest(community=cast.yunqi), by=by or cast.wang, at=when, data={**data, **typed}, files=files or {}
    )
    return asked


def decide(request: Any, by: Any, **chosen: str) -> Any:
    """As the page offers it, unless ``chosen`` says otherwise."""
    step = "decide" if request.state == "asked" else "decide_again"
    form = REQUEST.step(step).form(instance=request, by=by, at=timezone.now())
    data = {name: field.initial for name, field in form.fields.items()}
    return perform(request, step, by=by, data={**data, **chosen})


def answer(request: Any, by: Any) -> Any:
    return perform(
        request, "answer", by=by, data={"delivery": "hand", "received_by": "赵业主", "signature": signature()}
    )


def wrong(caught: Any) -> str:
    return "；".join(str(one) for errors in caught.value.form.errors.values() for one in errors)


def gone(cast: Any, years: int) -> Party:
    """赵业主, who sold years ago."""
    left = timezone.localdate() - timedelta(days=366 * years)
    Occupancy.objects.filter(party=cast.owner).update(from_on=date(2009, 1, 1), to_on=left)
    Party.objects.filter(pk=cast.owner.pk).update(remark="爱猫", contact_name="赵太太")
    found: Party = Party.objects.get(pk=cast.owner.pk)
    return found


def ended(record: Any, years: int) -> None:
    when = timezone.now() - timedelta(days=366 * years)
    Record.objects.filter(pk=record.pk).update(opened_at=when, closed_at=when)


def test_who_asks_must_be_he_or_bring_a_letter(cast: Any) -> None:
    Party.objects.filter(pk=cast.owner.pk).update(id_no="11010519491231002X")
    with pytest.raises(Invalid) as caught:
        ask(cast, "copy", id_last4="5647")
    assert "后四位不一样" in wrong(caught)
    assert ask(cast, "copy", id_last4="002x").unit == cast.home
    with pytest.raises(Invalid) as caught:
        ask(cast, "copy", asker="proxy")
    assert "代办人的姓名" in wrong(caught)
    assert "委托书" in wrong(caught)
    sent = ask(cast, "copy", asker="proxy", asker_name="钱律师", files={"letter": [photo("委托书.png")]})
    assert {row.purpose for row in sent.attachments.all()} == {"paper", "signature"}
    with pytest.raises(Invalid) as caught:
        ask(cast, "erase", said="", id_last4="002X")
    assert "请写清楚" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        ask(cast, "correct", said=f"电话应是 {PHONE}", id_last4="002X")
    assert "不要写号码本身" in wrong(caught)


def test_the_clock_of_fifteen_days_climbs_to_the_project_manager(cast: Any) -> None:
    begun = at("2026-11-02 10:00")
    request = ask(cast, "copy", when=begun)
    due = Deadline.objects.get(record_id=request.pk, code="D83").due_at
    assert timezone.localdate(due) == date(2026, 11, 17)
    _ = cast.gao, cast.xiang
    sweep(due + timedelta(minutes=1))
    assert not Message.objects.filter(person=cast.xiang, record_id=request.pk).exists()
    sweep(due + timedelta(days=1, minutes=1))
    for person in (cast.gao, cast.xiang):
        assert Message.objects.filter(person=person, record_id=request.pk).exists()


def test_nobody_decides_what_he_took_in_himself(cast: Any) -> None:
    cast.appoint(cast.gao, "receptionist", cast.yunqi)
    own = ask(cast, "copy", by=cast.gao)
    for person in (cast.gao, cast.wang, cast.li):
        with pytest.raises(NotAllowed):
            decide(own, person)
    assert decide(own, cast.xiang).decided_by == cast.xiang
    with pytest.raises(Invalid) as caught:
        decide(ask(cast, "copy"), cast.gao, decide_copy="refuse")
    assert "请写明理由" in wrong(caught)


def test_the_copy_holds_all_of_him_and_nothing_of_others(cast: Any, sign_in: Any) -> None:
    other = Party.objects.create(community=cast.yunqi, name="孙同住", phone="13900139001")
    Occupancy.objects.create(unit=cast.home, party=other, role="resident")
    log_contact(cast, party=cast.owner.pk, content="隔壁孙同住半夜弹琴")
    log_contact(
        cast, party=other.pk, caller_name="孙同住", phone="13900139001", category="suggestion", content="加装路灯"
    )
    ContactWay.objects.create(
        community=cast.yunqi,
        party=cast.owner,
        way="sms",
        consent_how="signed",
        consent_at=timezone.now(),
        consent_by=cast.wang,
    )
    request = ask(cast, "copy")
    early = sheets.text_of(render(COPY, request, cast.wang))
    assert "现在没有内容" in early
    assert PHONE not in early
    request = decide(request, cast.gao)
    with pytest.raises(Refused, match="请先打印"):
        answer(request, cast.wang)
    page = sign_in(cast.wang).get(f"{request.get_absolute_url()}print/subject_copy/")
    words = sheets.text_of(page.content)
    for said in ("赵业主", PHONE, "A1-1-0101", str(Contact._meta.verbose_name), "短信", "业主"):
        assert said in words
    for never in ("孙同住", "13900139001", "弹琴", "路灯"):
        assert never not in words
    reveals = JournalEntry.objects.filter(record_id=request.pk, step__in=("reveal", "copy"), by=cast.wang)
    assert reveals.filter(step="copy").count() == 1
    assert reveals.filter(step="reveal").exists()
    request = answer(DataRequest.objects.get(pk=request.pk), cast.wang)
    assert request.state == "answered"
    assert PHONE not in sheets.text_of(render(COPY, request, cast.wang))  # it is over
    letter = sheets.text_of(render(ANSWER, request, cast.wang))
    for said in ("提供", "副本随附", "投诉、举报", "人民法院"):
        assert said in letter
    told = [request.summary, *request.journal.values_list("sentence", flat=True)]
    assert not any(PHONE in one or "8112" in one or "赵业主" in one for one in told)


def test_what_is_said_to_be_corrected_was_corrected(cast: Any, sign_in: Any) -> None:
    request = decide(ask(cast, "correct"), cast.gao)
    assert "更正客户资料" in text_of(sign_in(cast.wang).get(request.get_absolute_url()))
    with pytest.raises(Refused, match="还没有更正"):
        perform(request, "corrected", by=cast.wang, data={"outcome": "改了电话"})
    with pytest.raises(Refused, match="还没有办理"):
        answer(request, cast.wang)
    corrections.correct_party(cast.owner, {"phone2": "13700137001"}, by=cast.wang, key="c1", reason="本人更正")
    with pytest.raises(Invalid):
        perform(request, "corrected", by=cast.wang, data={"outcome": "改成 13700137001"})
    done = perform(request, "corrected", by=cast.wang, data={"outcome": "备用电话已改"})
    with pytest.raises(NotAllowed):
        decide(done, cast.gao)
    letter = sheets.text_of(render(ANSWER, answer(done, cast.wang), cast.wang))
    assert "备用电话已改" in letter
    assert "已更正" in letter


def test_who_still_lives_here_is_not_erased_whatever_the_manager_picks(cast: Any) -> None:
    request = ask(cast, "erase")
    with pytest.raises(Invalid):
        decide(request, cast.gao, decide_numbers="erase")
    kept = decide(request, cast.gao)
    assert {item["decision"] for item in kept.items} == {"keep"}
    letter = sheets.text_of(render(ANSWER, answer(kept, cast.wang), cast.wang))
    assert "保留" in letter
    assert "物业服务合同所必需" in letter
    assert str(Party.objects.get(pk=cast.owner.pk).phone) == "138****8112"


def test_what_the_law_keeps_is_locked_and_the_rest_is_erased(cast: Any, sign_in: Any) -> None:
    old, young = log_contact(cast, party=cast.owner.pk), log_contact(cast, party=cast.owner.pk)
    ended(old, 4)
    ended(young, 1)
    party = gone(cast, 2)
    corrections.correct_party(party, {"remark": "爱猫，怕吵"}, by=cast.wang, key="r", reason="补充")
    ContactWay.objects.create(
        community=cast.yunqi, party=party, way="email", address="zhao@example.com", consent_how="signed", consent_at=timezone.now(),
        consent_by=cast.wang,
    )  # fmt: skip
    request = decide(ask(cast, "erase"), cast.gao)
    assert {item["code"]: item["decision"] for item in request.items} == {
        "card": "lock", "details": "erase", "numbers": "lock", "ways": "erase", "records": "lock", "old": "erase", "texts": "erase",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        perform(request, "carry_out", by=cast.wang)
    request = perform(request, "carry_out", by=cast.li)
    party = Party.objects.get(pk=party.pk)
    assert party.locked_at is not None
    assert (party.remark, party.contact_name, str(party.phone)) == ("", "", "138****8112")
    way = ContactWay.objects.get()
    assert (way.in_force, str(way.address)) == (False, "")
    old, young = type(old).objects.get(pk=old.pk), type(young).objects.get(pk=young.pk)
    assert (str(old.phone), str(young.phone)) == ("", "138****8112")
    assert old.journal.filter(erased_at__isnull=False).exists()
    assert not young.journal.filter(erased_at__isnull=False).exists()
    assert verify(old) == []
    book = Book.objects.get(register="estate.party", object_id=str(party.pk))
    assert verify(book) == []
    assert not any("爱猫" in str(entry.changed) + entry.sentence for entry in book.journal.all())
    letter = sheets.text_of(render(ANSWER, answer(request, cast.wang), cast.wang))
    for said in ("已删除", "已锁定", "诉讼时效", "只作保存"):
        assert said in letter


def test_when_every_time_is_over_nothing_of_him_is_left(cast: Any) -> None:
    old = log_contact(cast, party=cast.owner.pk)
    for record in Record.objects.filter(party=old.party):
        ended(record, 6)
    gone(cast, 5)
    request = perform(decide(ask(cast, "erase"), cast.gao), "carry_out", by=cast.li)
    party = Party.objects.get(pk=request.party_id)
    assert party.locked_at is None
    assert (party.name, str(party.phone), party.remark) == ("已删除客户", "", "")
    assert find_parties("赵业主", [cast.yunqi.pk]) == []


def test_what_happened_since_the_decision_is_decided_anew(cast: Any) -> None:
    gone(cast, 5)
    request = decide(ask(cast, "erase"), cast.gao)
    assert request.decision("numbers") == "erase"
    Occupancy.objects.create(unit=cast.unit("0102"), party_id=request.party_id, role="lessee")
    with pytest.raises(Refused, match="重新决定"):
        perform(request, "carry_out", by=cast.li)
    assert decide(request, cast.gao).decision("numbers") == "keep"


def locked(cast: Any) -> Party:
    contact = log_contact(cast, party=cast.owner.pk)
    ended(contact, 1)
    gone(cast, 1)
    request = perform(decide(ask(cast, "erase"), cast.gao), "carry_out", by=cast.li)
    found: Party = Party.objects.get(pk=request.party_id)
    return found


def test_a_locked_person_is_neither_shown_nor_found_nor_written_to(cast: Any, sign_in: Any) -> None:
    party = locked(cast)
    contact = party.records.get(kind="reception.contact").typed
    page, reveal = party.get_absolute_url(), reverse("unitfile:reveal", args=[party.pk, "phone"])
    for person in (cast.wang, cast.li):
        client = sign_in(person)
        assert "已锁定" in text_of(client.get(page))
        assert reveal not in client.get(page).content.decode()
        assert client.post(reveal, {"reason": "回电联系"}).status_code == 404
        with pytest.raises(Refused, match="已锁定"):
            party.phone.reveal(by=person, reason="回电联系")
        with pytest.raises(Refused, match="已锁定"):
            contact.phone.reveal(by=person, reason="办理", record=contact)
    assert PHONE not in sign_in(cast.li).get(f"/reception/{contact.number}/").content.decode()
    assert find_parties(PHONE, [cast.yunqi.pk]) == find_parties("8112", [cast.yunqi.pk]) == []
    assert find_parties("赵业主", [cast.yunqi.pk]) == [party]
    assert "已锁定" in no_consent(party, "sms")
    assert in_the_clear(party.phone) == "138****8112"
    with pytest.raises(Refused, match="已锁定"):
        corrections.correct_party(party, {"phone2": "13700137001"}, by=cast.li, key="x", reason="改")
    manager = sign_in(cast.gao)
    assert PHONE[-4:] in text_of(manager.post(reveal, {"reason": "法院调查令"}))
    assert manager.post(reveal, {"reason": ""}).status_code == 422
    assert JournalEntry.objects.filter(step="reveal", by=cast.gao, sentence__contains="法院调查令").exists()
    assert "已锁定" in text_of(sign_in(cast.wang).get(reverse("unitfile:file", args=[cast.home.pk])))


def test_an_allowed_roster_keeps_a_locked_persons_numbers_masked(cast: Any, sign_in: Any) -> None:
    party = locked(cast)
    Occupancy.objects.filter(party=party).update(to_on=None)
    roster = open_record(Roster(community=cast.yunqi), by=cast.li, data={"why": "核对", "goes_to": "社区"})
    perform(roster, "allow", by=cast.gao)
    taken = sign_in(cast.li).post(reverse("households:take", args=[roster.number]))
    told = str(
        CalamineWorkbook.from_filelike(BytesIO(b"".join(taken.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert "赵业主" in told
    assert PHONE not in told


def test_he_may_have_the_lock_opened_again(cast: Any) -> None:
    with pytest.raises(Invalid) as caught:
        ask(cast, "unlock")
    assert "没有锁定" in wrong(caught)
    party = locked(cast)
    request = decide(ask(cast, "unlock"), cast.gao)
    with pytest.raises(Refused, match="还没有办理"):
        answer(request, cast.wang)
    answer(perform(request, "carry_out", by=cast.li), cast.wang)
    assert Party.objects.get(pk=party.pk).locked_at is None
    assert find_parties(PHONE, [cast.yunqi.pk]) == [party]
