"""集体投诉: a later call joins with one press, each household is answered, a wrong one is taken out; its bars hold for all of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fronts.looking import asked, section, text_of
from tests.harness.breaking import at_once
from tests.support.cast import Cast
from tests.support.complaining import call, complain, opinion, to_call_back, to_opinion
from tests.support.doing import log_contact, sentences
from yihu.areas.complaints.models import Complaint, Household
from yihu.areas.reception.models import Contact
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Link, Message, Record

OUTAGE = "昨天停水没有提前通知，家里没有存水"
LATER = "停水没有通知，饭都做不成"


@pytest.fixture
def people(db: Any, cast: Any) -> Any:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))
    return cast


def calls(cast: Any, room: Any, complaint: Any, *, name: str = "钱邻居", **typed: Any) -> Contact:
    """Another household's call about the same thing, tied to it with one press."""
    said = {"category": "complaint", "content": LATER, "caller_name": name, "phone": "13911112222"}
    return log_contact(cast, unit=room.pk if room else "", joins_job=complaint.number, **{**said, **typed})


def faults() -> list[str]:
    return [fault for result in check_all() for fault in result.faults]


def test_a_later_call_is_recognised_while_it_is_typed_and_joins_with_one_press(people: Any, sign_in: Any) -> None:
    complaint = complain(people, content=OUTAGE)
    neighbour, desk = people.unit("0102"), sign_in(people.wang)
    typed = {"unit": neighbour.pk, "category": "complaint", "content": LATER}
    shown = desk.get("/reception/same/", typed).content.decode()
    assert complaint.number in shown
    assert f'data-join="{complaint.number}" data-category="complaint"' in shown
    assert "记为催办" not in shown  # the matter is not his own yet
    assert complaint.number not in desk.get("/reception/same/", {**typed, "content": "保安态度不好"}).content.decode()
    assert complaint.number not in desk.get("/reception/same/", {**typed, "category": "repair"}).content.decode()
    assert complaint.number not in sign_in(people.chen).get("/reception/same/", typed).content.decode()
    joining = calls(people, neighbour, complaint)
    assert (joining.state, Complaint.objects.count()) == ("in_hand", 1)
    household = Household.objects.get()
    assert (household.unit, household.name, str(household.phone), household.came_by_id) == (
        neighbour, "钱邻居", "139****2222", joining.pk,
    )  # fmt: skip
    complaint = Complaint.objects.get()
    assert "集体 2 户" in complaint.summary
    assert f"王客服 并入来电 {joining.number}" in sentences(complaint)
    assert joining.number in desk.get(complaint.get_absolute_url()).content.decode()


def test_the_same_household_is_in_it_once_and_may_urge(people: Any, sign_in: Any) -> None:
    complaint = complain(people, content=OUTAGE)
    typed = {"unit": people.home.pk, "category": "complaint", "content": "怎么还没答复"}
    assert "记为催办" in sign_in(people.wang).get("/reception/same/", typed).content.decode()
    again = calls(people, people.home, complaint, name="赵业主", urges="on")
    assert (Complaint.objects.count(), Household.objects.count()) == (1, 0)
    assert any(again.number in said and "催办" in said for said in sentences(complaint))


def test_a_call_about_what_is_over_is_a_complaint_of_its_own(people: Any) -> None:
    over = to_call_back(people, complain(people, content=OUTAGE))
    calls(people, people.unit("0102"), over)
    assert Complaint.objects.count() == 2


def test_what_a_colleague_logged_joins_from_the_page_on_which_it_is_routed(people: Any, sign_in: Any) -> None:
    complaint = complain(people, content=OUTAGE)
    neighbour = people.unit("0102")
    logged = log_contact(
        people, by=people.chen, unit=neighbour.pk, category="complaint", content=LATER, caller_name="钱邻居"
    )
    assert logged.state == "registered"
    desk, base = sign_in(people.wang), logged.get_absolute_url()
    page = desk.get(f"{base}do/route/").content.decode()
    assert complaint.number in page
    assert f'action="{base}do/join_job/"' in page
    answer = desk.post(f"{base}do/join_job/", {"key": "j", "joins_job": complaint.number})
    assert answer.status_code == 302
    logged.refresh_from_db()
    assert (logged.state, Complaint.objects.count()) == ("in_hand", 1)
    assert Household.objects.get().unit == neighbour


def test_each_household_is_answered_and_then_its_call_is_struck_off(people: Any) -> None:
    complaint = complain(people, content=OUTAGE)
    first = Contact.objects.get()
    joined = [calls(people, people.unit(f"020{number}"), complaint) for number in (1, 2)]
    told = Message.objects.filter(person=people.xiang, sentence__contains="已有 3 户")
    assert told.count() == 1
    done = opinion(people, to_opinion(people, complaint))
    with pytest.raises(Refused, match="还有 2 户没有答复"):
        perform(done, "approve", by=people.xiang, data={"caller": people.li.pk})
    waiting = [one.pk for one in done.joined]
    done = perform(done, "answer", by=people.wang, data={"households": waiting, "answer": "已逐户致歉"})
    filed = perform(done, "approve", by=people.xiang, data={"caller": people.li.pk})
    late = perform(filed, "join", by=people.wang, data={"unit_joining": people.unit("0301").pk})
    with pytest.raises(Refused, match="还有 1 户没有答复"):
        call(late, people.li)
    late = perform(late, "answer", by=people.wang, data={"households": [late.joined.last().pk], "answer": "同样"})
    assert call(late, people.li).state == "closed"
    run_waiting()
    assert [Contact.objects.get(pk=one.pk).state for one in (first, *joined)] == ["ready", "struck", "struck"]
    assert faults() == []


def test_who_has_no_home_here_is_known_by_his_name(people: Any) -> None:
    complaint = complain(people, content=OUTAGE)
    calls(people, None, complaint, name="商户孙", relation="visitor")
    assert str(Household.objects.get()) == "商户孙"
    calls(people, None, complaint, name="", relation="anonymous")
    assert Household.objects.count() == 1  # nobody can be answered
    with pytest.raises(Invalid) as refused:
        perform(complaint, "join", by=people.wang, data={"name": ""})
    assert "unit_joining" in refused.value.form.errors


def test_who_joined_wrongly_is_taken_out_and_stands_before_the_desk_again(people: Any, sign_in: Any) -> None:
    complaint, neighbour = complain(people, content=OUTAGE), people.unit("0102")
    with pytest.raises(NotAllowed):
        perform(complaint, "unjoin", by=people.wang, data={"household": 1, "reason": "不是一件事"})
    joining = calls(people, neighbour, complaint)
    household = Household.objects.get()
    with pytest.raises(Invalid):
        perform(complaint, "unjoin", by=people.wang, data={"household": household.pk, "reason": ""})
    complaint = perform(complaint, "unjoin", by=people.wang, data={"household": household.pk, "reason": "说的是停电"})
    joining.refresh_from_db()
    assert (joining.state, complaint.collective_count, "集体" in complaint.summary) == ("registered", 1, False)
    assert not Link.objects.filter(origin_id=joining.pk).exists()
    assert any("说的是停电" in said for said in sentences(joining))
    assert "撤出：说的是停电" in text_of(sign_in(people.wang).get(complaint.get_absolute_url()))
    assert complaint.number not in text_of(sign_in(people.wang).get(f"/units/{neighbour.pk}/"))
    perform(
        joining, "route", by=people.wang,
        data={"category": "complaint", "to-category": "facilities", "to-level": "minor", "to-source": "direct"},
    )  # fmt: skip
    assert Complaint.objects.latest("pk").unit == neighbour
    perform(complaint, "join", by=people.wang, data={"unit_joining": neighbour.pk})  # he may join after all
    assert Complaint.objects.get(pk=complaint.pk).collective_count == 2
    assert faults() == []


def test_what_is_under_way_is_not_routed_anew(people: Any) -> None:
    contact = log_contact(people)
    with pytest.raises(NotAllowed):
        perform(contact, "reroute", by=people.wang, data={"reason": "换个部门"})


def test_two_that_were_opened_apart_are_put_together_and_apart_again(people: Any) -> None:
    kept = complain(people, content=OUTAGE)
    other = complain(people, content=LATER, unit=people.unit("0102").pk, caller_name="钱邻居")
    perform(other, "join", by=people.wang, data={"unit_joining": people.unit("0103").pk, "name": "孙邻居"})
    merged = perform(other, "merge", by=people.li, data={"into": kept.number, "reason": "同一次停水"})
    kept.refresh_from_db()
    assert [str(one) for one in kept.joined.order_by("pk")] == ["A1-1-0102 钱邻居", "A1-1-0103 孙邻居"]
    assert (kept.collective_count, "集体 3 户" in kept.summary) == (3, True)
    with pytest.raises(Invalid):  # what came by a merge goes by its undoing
        perform(kept, "unjoin", by=people.wang, data={"household": kept.joined.first().pk, "reason": "不是"})
    perform(merged, "split", by=people.li, data={"reason": "两次停水"})
    kept.refresh_from_db()
    assert (kept.collective_count, "集体" in kept.summary) == (1, False)
    assert Complaint.objects.get(pk=merged.pk).collective_count == 2


def test_the_file_of_each_household_shows_it_at_no_more_cost(people: Any, sign_in: Any) -> None:
    neighbour, desk = people.unit("0102"), sign_in(people.wang)
    page = f"/units/{neighbour.pk}/"
    log_contact(people, unit=neighbour.pk, content="窗户漏风")
    before = len(asked(desk, page))
    complaint = complain(people, content=OUTAGE)
    calls(people, neighbour, complaint)
    answer = desk.get(page)
    assert complaint.number in section(answer, "未结事项")
    assert complaint.number in section(answer, "历史")
    assert complaint.number in desk.get(f"{page}history/").content.decode()
    assert len(asked(desk, page)) <= before
    assert complaint.number not in text_of(desk.get(f"/units/{people.unit('0909').pk}/"))


@pytest.mark.django_db
@pytest.mark.clause("DESK-06")
def test_who_is_complained_of_learns_nothing_through_any_household(people: Any, sign_in: Any) -> None:
    xu, neighbour = people.person("xu", "许前台", "receptionist"), people.unit("0102")
    complaint = complain(people, by=people.li, content=OUTAGE, about_staff=people.wang.pk)
    joining = calls(people, neighbour, complaint, by=xu)
    his, typed = sign_in(people.wang), {"unit": neighbour.pk, "category": "complaint", "content": LATER}
    for path, asks in (("/reception/same/", typed), (f"/units/{neighbour.pk}/", {}), ("/complaints/?tab=all", {}),
                       ("/reception/?tab=all", {}), ("/complaints/month/", {})):  # fmt: skip
        shown = his.get(path, asks).content.decode()
        assert complaint.number not in shown, path
        assert joining.number not in shown, path
    with pytest.raises(NotFound):
        perform(joining, "note", by=people.wang, data={"words": "看得到吗"})
    blind = calls(people, people.unit("0103"), complaint, by=people.wang, **{
        "to-category": "facilities", "to-level": "minor", "to-source": "direct",
    })  # fmt: skip
    assert not Link.objects.filter(
        origin_id=blind.pk, target_id=complaint.pk
    ).exists()  # he can't join what he can't see
    xu_says = calls(people, people.unit("0104"), complaint, by=xu, about_staff=people.gong.pk)
    for record in (complaint, joining, xu_says):  # named by one household, he is kept from all of it
        assert not Record.objects.seen_by(people.gong).filter(pk=record.pk).exists()
    perform(complaint, "unjoin", by=xu, data={"household": Household.objects.get(came_by=joining).pk, "reason": "误并"})
    assert not Record.objects.seen_by(people.wang).filter(pk__in=[complaint.pk, joining.pk]).exists()
    assert faults() == []


@pytest.fixture
def desk() -> Cast:
    """Written out before threads come in."""
    made = Cast()
    for name in ("yunqi", "home", "owner", "wang", "li", "gao", "xiang"):
        getattr(made, name)
    return made


@pytest.mark.django_db(transaction=True)
def test_ten_calls_at_once_are_ten_households_of_one_complaint(desk: Cast) -> None:
    complaint = complain(desk, content=OUTAGE)
    rooms = [desk.unit(f"03{number:02d}") for number in range(1, 10)]
    fates = at_once(10, lambda index: calls(desk, rooms[index % 9], complaint))  # one household calls twice
    assert set(fates) == {"done"}
    assert (Complaint.objects.count(), Complaint.objects.get().collective_count) == (1, 10)
    assert Contact.objects.filter(links_out__target_id=complaint.pk).count() == 11
    assert faults() == []
