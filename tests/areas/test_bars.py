"""Who is complained of sees nothing and gets nothing into his hands, however the complaint came to hang together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import assign, log_contact, sentences, the_order
from yihu.areas.complaints.models import Complaint
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Book, Message, Record, SearchEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DESK-06")]


def complaint(cast: Any, *, by: Any, about: Any, **typed: Any) -> Contact:
    return log_contact(
        cast, by=by, category="complaint", content="电话里说话难听", about_staff=about.pk if about else "", **typed
    )


def bars_hold() -> bool:
    return not any(result.faults for result in check_all() if result.name == "bars.spread")


def test_the_subject_is_not_given_the_complaint(cast: Any) -> None:
    complaint(cast, by=cast.li, about=cast.wang)
    with pytest.raises(Refused, match="须回避"):
        perform(Complaint.objects.get(), "transfer", by=cast.li, data={"to": cast.wang.pk, "reason": "由他处理"})


def test_what_turns_out_to_be_a_complaint_is_kept_from_its_subject(cast: Any) -> None:
    contact = log_contact(cast, by=cast.chen, category="other", content="前台态度", about_staff=cast.wang.pk)
    perform(contact, "route", by=cast.li, data={"category": "complaint"})
    assert not Record.objects.seen_by(cast.wang).exists()
    assert Record.objects.seen_by(cast.li).count() == 2
    assert bars_hold()


def test_a_merged_complaint_takes_its_bars_along_to_all_that_hangs_there(cast: Any) -> None:
    first = complaint(cast, by=cast.li, about=cast.wang)
    second = complaint(cast, by=cast.wang, about=None)
    later = Complaint.objects.get(links_in__origin_id=second.pk)
    perform(later, "transfer", by=cast.li, data={"to": cast.wang.pk, "reason": "由他办"})
    perform(Complaint.objects.get(links_in__origin_id=first.pk), "withdraw", by=cast.li, data={"reason": "重复"})
    perform(first, "merge", by=cast.li, data={"into": second.number, "reason": "同一件事"})
    assert not Record.objects.seen_by(cast.wang).exists()
    assert bars_hold()
    later = Complaint.objects.get(links_in__origin_id=second.pk)
    assert later.handler is None  # what he had in hand is taken out of it, and the journal says so
    assert sentences(later)[-1] == "王客服 须回避，责任人待定"


def test_nobody_settles_a_complaint_about_himself_on_the_spot(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        complaint(cast, by=cast.wang, about=cast.wang, answered="on", result="已道歉")
    assert "answered" in refused.value.form.errors


def test_where_there_is_no_supervisor_the_manager_is_told(cast: Any) -> None:
    assert cast.xiang
    contact = complaint(cast, by=cast.wang, about=cast.wang)
    told = Message.objects.filter(record_id=contact.pk, sentence__contains="请亲自处理")
    assert [message.person for message in told] == [cast.xiang]


def test_a_technician_picks_nobody_from_the_roll(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    page = sign_in(cast.chen).get(f"/reception/new/?party={cast.owner.pk}&unit={cast.home.pk}").content.decode()
    assert "赵业主" not in page
    data = {
        "channel": "patrol",
        "relation": "owner",
        "category": "other",
        "content": "路灯不亮",
        "party": cast.owner.pk,
    }
    with pytest.raises(Invalid):
        open_record(Contact(community=cast.yunqi), by=cast.chen, data=data)


def test_a_unit_is_corrected_among_those_of_the_community_only(cast: Any, sign_in: Any) -> None:
    from yihu.ground.estate.models import Building, Unit

    tower = Building.objects.create(community=cast.qinghe, code="B", name="B座")
    office = Unit.objects.create(community=cast.qinghe, building=tower, room="1901")
    contact = log_contact(cast)
    assert str(office) not in sign_in(cast.li).get(f"{contact.get_absolute_url()}do/correct/").content.decode()
    with pytest.raises(Invalid) as refused:
        perform(contact, "correct", by=cast.li, data={
            "unit": office.pk, "relation": "owner", "channel": "phone", "content": "漏水", "reason": "门牌写错",
        })  # fmt: skip
    assert "unit" in refused.value.form.errors


def test_a_repair_logged_by_engineering_is_opened_once(cast: Any) -> None:
    contact = log_contact(cast, by=cast.gong)
    assert (contact.state, WorkOrder.objects.count()) == ("in_hand", 1)
    with pytest.raises(Refused):
        perform(contact, "route", by=cast.wang, data={"category": "repair"})


def test_a_post_that_may_not_log_contacts_logs_none(cast: Any) -> None:
    keeper = cast.person("ma", "马管理", "sysadmin")
    with pytest.raises(NotAllowed):
        log_contact(cast, by=keeper)


def test_no_number_that_belongs_to_a_person_gets_into_messages_search_or_the_journal(cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast, caller_name="赵业主13912345678", content=f"{'水' * 33}13912345678 联系")
    order = assign(cast, the_order(contact))
    perform(order, "correct", by=cast.gong, data={
        "symptom": "漏水", "location": "门口 13912345678", "level": "minor", "trade": "water", "chargeable": "undecided",
        "responsibility": "own", "reason": "位置",
    })  # fmt: skip
    perform(order, "urge", by=cast.wang, data={"words": "请速联系 13912345678"})
    sign_in(cast.li).get("/reception/export/?q=13912345678&tab=all")
    assert not any("1391234" in sentence for sentence in Message.objects.values_list("sentence", flat=True))
    assert not any("1391234" in row.summary for row in Record.objects.all())
    assert not SearchEntry.objects.filter(grams__contains="1234").exists()
    exported = Book.objects.get(register="kernel.export").journal.get()
    assert "13912345678" not in str(exported.changed)


def test_who_gives_an_order_back_goes_on_with_his_list(cast: Any, sign_in: Any) -> None:
    order = assign(cast, the_order(log_contact(cast)))
    page = f"{order.get_absolute_url()}do/reject/"
    answer = sign_in(cast.chen).post(page, {"key": "r", "version": order.version, "reason": "不会修"}, follow=True)
    assert answer.status_code == 200
    assert "退单已保存" in answer.content.decode()
