"""The water is back, but not for everybody: who is not satisfied gets a second round of his own, the others are done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.areas.test_outages import NOW, calls_about, do, due, fresh, off
from tests.fronts.looking import text_of
from tests.support.doing import at, log_contact, sentences
from yihu.areas.outages.models import Outage
from yihu.areas.reception.models import Contact
from yihu.areas.reception.printing import month_register
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Link, Message

pytestmark = pytest.mark.django_db
HAPPY = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
UNHAPPY = {"outcome": "reached", "method": "phone", "feedback": "C", "score": "1", "words": "三楼还是没有水"}


def three_callers(cast: Any) -> tuple[Outage, list[Contact]]:
    outage = off(cast)
    callers = [calls_about(cast, outage, unit=cast.unit(room).pk) for room in ("0201", "0301", "0401")]
    return do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已换三通"), callers


@pytest.mark.clause("REP-11")
@pytest.mark.clause("DESK-05")
@pytest.mark.clause("DESK-14")
def test_who_is_not_satisfied_gets_a_second_round_and_the_others_are_struck_off(cast: Any, sign_in: Any) -> None:
    assert cast.li
    outage, (first, second, third) = three_callers(cast)
    outage = do(cast, outage, "call_back", "2026-11-03 10:10", caller=first.pk, **HAPPY)
    outage = do(cast, outage, "call_back", "2026-11-03 10:20", caller=second.pk, **UNHAPPY)
    again = Outage.objects.get(round_no=2)
    assert again.links_in.get(why=Link.Why.REWORK).origin_id == outage.pk
    assert (again.state, again.place_words, again.supply) == ("remains", "A1-1-0301", "water")
    assert "三楼还是没有水" in again.cause
    assert due(again, "D04") == at("2026-11-03 18:20")  # eight hours of service
    assert not Deadline.objects.filter(record_id=again.pk, code="D79").exists()
    assert Message.objects.filter(person=cast.li, sentence__contains=again.number).exists()
    outage = do(cast, outage, "call_back", "2026-11-03 10:30", caller=third.pk, **{**UNHAPPY, "words": "四楼水是浑的"})
    run_waiting()
    assert outage.state == "closed"
    assert (Outage.objects.count(), [fresh(one) for one in (first, second, third)]) == (
        2,
        ["struck", "in_hand", "in_hand"],
    )
    again.refresh_from_db()
    assert again.place_words == "A1-1-0301、A1-1-0401"
    page = text_of(sign_in(cast.wang).get(again.get_absolute_url()))
    for said in ("三楼还是没有水", "四楼水是浑的", "共 2 人来电", "（第 2 轮）"):
        assert said in page
    again = do(cast, again, "settle", "2026-11-03 14:00", explanation="清洗立管，两户放水看过")
    assert (again.state, again.recovered_at) == ("calling", at("2026-11-03 14:00"))
    with pytest.raises(Refused, match="逐个回访"):
        do(cast, again, "tell_all", "2026-11-03 14:10", told_how="sms", told_words="已修好")
    with pytest.raises(Invalid):
        do(cast, again, "call_back", "2026-11-03 14:10", caller=first.pk, **HAPPY)  # he was content
    again = do(cast, again, "call_back", "2026-11-03 14:10", caller=second.pk, **HAPPY)
    again = do(cast, again, "call_back", "2026-11-03 14:20", caller=third.pk, **HAPPY)
    run_waiting()
    assert (again.state, fresh(second), fresh(third)) == ("closed", "struck", "struck")


@pytest.mark.clause("DESK-14")
def test_still_not_satisfied_there_is_a_third_round_tied_to_the_second(cast: Any) -> None:
    outage = off(cast)
    caller = calls_about(cast, outage)
    do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    do(cast, outage, "call_back", "2026-11-03 10:10", caller=caller.pk, **UNHAPPY)
    again = do(cast, Outage.objects.get(round_no=2), "settle", "2026-11-03 11:00", explanation="又修了一次")
    do(cast, again, "call_back", "2026-11-03 11:10", caller=caller.pk, **{**UNHAPPY, "words": "还是没有"})
    third = Outage.objects.get(round_no=3)
    run_waiting()
    assert third.links_in.get(why=Link.Why.REWORK).origin_id == again.pk
    assert (Outage.objects.get(pk=again.pk).state, fresh(caller)) == ("closed", "in_hand")
    with pytest.raises(Refused, match="还没有办结"):
        perform(Contact.objects.get(), "children_done", by=authority().system())


def test_what_is_left_over_says_nothing_to_new_callers(cast: Any, sign_in: Any) -> None:
    """The water is back: a new call from that flat is not answered with what somebody else was unhappy about."""
    outage = off(cast)
    caller = calls_about(cast, outage)
    do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    do(cast, outage, "call_back", "2026-11-03 10:10", caller=caller.pk, **UNHAPPY)
    assert "按停水答复" not in text_of(sign_in(cast.wang).get("/reception/beside/", {"unit": cast.home.pk}))


# -- joined afterwards, and taken out again ----------------------------------------------------------------------------


def noted(cast: Any, **typed: Any) -> Contact:
    """What a guard logged; the desk has not looked at it yet."""
    told = {"by": cast.chen, "when": NOW, "category": "other", "content": "家里没有水了", "channel": "patrol", **typed}
    contact = log_contact(cast, **told)
    assert contact.state == "registered"
    return contact


def join(cast: Any, contact: Any, record: Any, when: str = "2026-11-03 09:30", **typed: Any) -> Any:
    return perform(contact, "join_job", by=cast.wang, at=at(when), data={"joins_job": record.number, **typed})


@pytest.mark.clause("REP-11")
@pytest.mark.clause("DESK-05")
def test_a_contact_that_was_logged_is_joined_to_the_outage_and_goes_with_it(cast: Any, sign_in: Any) -> None:
    outage = off(cast)
    contact = noted(cast)
    client = sign_in(cast.wang)
    base = contact.get_absolute_url()
    for page in (base, f"{base}do/route/", f"{base}do/join_job/"):
        shown = client.get(page).content.decode()
        assert outage.number in shown, page
        assert "并入这次停水" in shown, page
    contact = join(cast, contact, outage)
    assert (contact.state, contact.category, contact.links_out.get().target_id) == ("in_hand", "other", outage.pk)
    assert f"王客服 并入 {outage.number}" in sentences(contact)
    assert f"王客服 并入来电 {contact.number}" in sentences(outage)
    assert "恢复后告知您" in client.get(f"{base}do/reply/").content.decode()  # nothing left to type
    assert Deadline.objects.filter(record_id=contact.pk, code="D04", stopped_at__isnull=True).exists()
    with pytest.raises(Conflict):
        join(cast, contact, outage)
    outage = do(cast, outage, "recover", "2026-11-03 13:00", recovered_at="2026-11-03 12:50", explanation="修好")
    outage = do(cast, outage, "call_back", "2026-11-03 13:10", caller=contact.pk, **HAPPY)
    run_waiting()
    assert (outage.state, fresh(contact)) == ("closed", "struck")


def test_one_press_on_the_page_is_enough(cast: Any, sign_in: Any) -> None:
    outage, contact = off(cast), noted(cast)
    posted = {"joins_job": outage.number, "version": contact.version, "key": "one"}
    assert sign_in(cast.wang).post(f"{contact.get_absolute_url()}do/join_job/", posted).status_code == 302
    assert Contact.objects.get().links_out.get().target_id == outage.pk


def test_who_was_answered_by_hand_is_joined_as_well(cast: Any) -> None:
    outage = off(cast)
    contact = calls_about(cast, outage, joins="")
    assert contact.state == "ready"
    contact = join(cast, contact, outage)
    assert contact.state == "in_hand"
    assert not Deadline.objects.filter(record_id=contact.pk, code="D21", stopped_at__isnull=True).exists()


def test_a_complaint_is_heard_as_a_complaint_and_what_is_over_takes_nobody_in(cast: Any, sign_in: Any) -> None:
    outage = off(cast)
    complaint = noted(cast, category="complaint", content="停水不通知")
    assert "并入这次停水" not in sign_in(cast.wang).get(complaint.get_absolute_url()).content.decode()
    with pytest.raises(Invalid):
        join(cast, complaint, outage)
    contact = noted(cast)
    with pytest.raises(NotAllowed):
        perform(contact, "join_job", by=cast.chen, data={"joins_job": outage.number})
    do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    with pytest.raises(Invalid, match="没有找到这个编号"):
        join(cast, contact, outage)


@pytest.mark.clause("REP-11")
def test_who_was_joined_wrongly_is_taken_out_with_a_reason_and_both_tell_it(cast: Any, sign_in: Any) -> None:
    outage = off(cast, handler=cast.li.pk)
    stays, goes = calls_about(cast, outage), calls_about(cast, outage, unit=cast.unit("0201").pk)
    page = sign_in(cast.wang).get(f"{goes.get_absolute_url()}do/leave/").content.decode()
    assert outage.number in page
    with pytest.raises(Invalid):
        perform(goes, "leave", by=cast.wang, at=at("2026-11-03 09:40"), data={"job": outage.pk})
    data = {"job": outage.pk, "reason": "是他家总阀坏了，不是停水"}
    goes = perform(goes, "leave", by=cast.wang, at=at("2026-11-03 09:40"), data=data)
    assert (goes.state, goes.answered, goes.result, goes.links_out.count()) == ("registered", False, "", 0)
    assert due(goes, "D04") > at("2026-11-03 09:40")
    assert f"王客服 从 {outage.number} 撤出：是他家总阀坏了，不是停水" in sentences(goes)
    assert f"王客服 撤出来电 {goes.number}：是他家总阀坏了，不是停水" in sentences(outage)
    assert Message.objects.filter(person=cast.li, sentence__contains="已撤出").exists()
    routed = {"category": "repair", "to-level": "minor", "to-trade": "water"}
    perform(goes, "route", by=cast.wang, at=at("2026-11-03 09:45"), data=routed)
    assert WorkOrder.objects.get().links_in.get().origin_id == goes.pk
    outage = do(cast, outage, "recover", "2026-11-03 13:00", recovered_at="2026-11-03 12:50", explanation="修好")
    outage = do(cast, outage, "call_back", "2026-11-03 13:10", caller=stays.pk, **HAPPY)
    assert outage.state == "closed"


def test_the_last_one_taken_out_ends_the_waiting(cast: Any) -> None:
    outage = off(cast)
    caller = calls_about(cast, outage)
    outage = do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    assert outage.state == "calling"
    perform(caller, "leave", by=cast.wang, at=at("2026-11-03 10:30"), data={"job": outage.pk, "reason": "并错了"})
    run_waiting()
    assert (Outage.objects.get().state, fresh(caller)) == ("closed", "registered")


def test_who_has_heard_of_it_is_not_taken_out_any_more(cast: Any) -> None:
    outage = off(cast)
    heard, waits = calls_about(cast, outage), calls_about(cast, outage)
    outage = do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    do(cast, outage, "call_back", "2026-11-03 10:10", caller=heard.pk, **HAPPY)
    leaving = {"job": outage.pk, "reason": "并错了"}
    with pytest.raises(Invalid, match="已经就"):
        perform(heard, "leave", by=cast.wang, at=at("2026-11-03 10:20"), data=leaving)
    assert waits.links_out.exists()


@pytest.mark.clause("DESK-05")
def test_a_logged_contact_is_joined_to_the_repair_and_taken_out_again(cast: Any, sign_in: Any) -> None:
    order = WorkOrder.objects.get(links_in__origin_id=log_contact(cast, content="楼道水管爆裂，水往外喷").pk)
    neighbour = cast.unit("0102")
    contact = noted(cast, unit=neighbour.pk, content="楼道水管爆了一直喷水", when=None)
    shown = sign_in(cast.wang).get(f"{contact.get_absolute_url()}do/route/").content.decode()
    assert order.number in shown
    contact = perform(contact, "join_job", by=cast.wang, data={"joins_job": order.number, "urges": "on"})
    order.refresh_from_db()
    assert (contact.state, contact.category, contact.team, order.times_urged) == ("in_hand", "repair", "engineering", 1)
    assert WorkOrder.objects.count() == 1
    first = Contact.objects.exclude(pk=contact.pk).get()
    with pytest.raises(NotAllowed):  # its own order is not something it was joined to
        perform(first, "leave", by=cast.wang, data={"job": order.pk, "reason": "x"})
    contact = perform(contact, "leave", by=cast.wang, data={"job": order.pk, "reason": "是另一层的水管"})
    assert (contact.state, contact.team, order.links_in.count()) == ("registered", "", 1)
    assert f"王客服 撤出来电 {contact.number}：是另一层的水管" in sentences(order)


def test_equipment_that_the_caller_names_is_offered(cast: Any, sign_in: Any) -> None:
    common = {"unit": "", "level": "urgent", "trade": "other", "building": cast.home.building_id, "system": "lift",
              "common_area": "二单元轿厢", "symptom": "停在五楼不动"}  # fmt: skip
    order = open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=common)
    lift, tap = noted(cast, content="电梯坏了吗", when=None), noted(cast, content="阳台灯不亮", when=None)
    client = sign_in(cast.wang)
    assert order.number in client.get(f"{lift.get_absolute_url()}do/route/").content.decode()
    assert order.number not in client.get(f"{tap.get_absolute_url()}do/route/").content.decode()


# -- the month's register ----------------------------------------------------------------------------------------------


def test_the_register_names_the_job_on_the_line_of_each_caller(cast: Any) -> None:
    outage = off(cast)
    callers = [calls_about(cast, outage, unit=cast.unit(room).pk) for room in ("0201", "0301", "0401")]
    early, late = (
        log_contact(cast, when=NOW, content="楼道水管爆裂", unit=cast.unit(room).pk) for room in ("0501", "0601")
    )
    mine, other = (WorkOrder.objects.get(links_in__origin_id=one.pk) for one in (early, late))
    perform(mine, "merge", by=cast.gong, at=NOW, data={"into": other.number, "reason": "同一处"})
    lines = {line["number"]: line["result"] for line in month_register(callers[0], cast.wang)["lines"]}
    for one in callers:
        assert f"转 {outage.number}（停用中）" in lines[one.number]
    assert lines[early.number] == f"转 {mine.number}（已合并），并入 {other.number}（待派）"
    assert lines[late.number] == f"转 {other.number}（待派）"


def test_each_caller_is_called_from_his_own_line(cast: Any, sign_in: Any) -> None:
    """One press beside his telephone number; who he is stands in the sheet already."""
    outage, (first, *_) = three_callers(cast)
    client, there = sign_in(cast.wang), f"{outage.get_absolute_url()}do/call_back/?caller={first.pk}"
    assert f'href="{there}"' in client.get(outage.get_absolute_url()).content.decode()
    form = client.get(there).context["form"]
    assert [form[name].value() for name in ("caller", "interviewee")] == [str(first.pk), "赵业主"]
