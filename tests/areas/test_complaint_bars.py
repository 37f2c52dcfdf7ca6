"""Who is complained of, his deputy, or his whole team, has nothing of the complaint: no page, count, search, bell, sheet or API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.complaining import answer, apologise, complain, issue, opinion, to_call_back, to_opinion
from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.printing import of_month
from yihu.areas.reception.models import Contact
from yihu.basics.months import Month
from yihu.ground.staff.models import Deputy
from yihu.kernel.bars import is_barred
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotFound, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Message, Record

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DESK-06")]
SECRET = "说话极其难听"


@pytest.fixture(autouse=True)
def everybody(cast: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong, cast.chen, cast.owner))


def finds_nothing(cast: Any, sign_in: Any, person: Any, complaint: Any) -> None:
    client = sign_in(person)
    assert not Record.objects.seen_by(person).filter(pk=complaint.pk).exists()
    base = complaint.get_absolute_url()
    for path in (
        base,
        f"{base}history/",
        f"{base}print/sheet/",
        f"{base}print/record/",
        f"{base}do/note/",
        f"{base}do/correct/",
    ):
        assert client.get(path).status_code == 404, path
    for step in (
        "note",
        "draw",
        "confirm",
        "reply",
        "tell",
        "opinion",
        "approve",
        "call_back",
        "withdraw",
        "correct",
        "transfer",
    ):
        with pytest.raises(NotFound):
            perform(complaint, step, by=person, data={"words": "看得到吗"})
    pages = (
        "/", "/complaints/?tab=all", "/complaints/?tab=all&q=难听", "/messages/", f"/units/{cast.home.pk}/", f"/units/{cast.home.pk}/beside/",
        f"/parties/{cast.owner.pk}/", f"/complaints/alike/?unit={cast.home.pk}", f"/reception/beside/?unit={cast.home.pk}",
    )  # fmt: skip
    for path in pages:
        shown = client.get(path, follow=True).content.decode()
        assert complaint.number not in shown, path
        assert SECRET not in shown, path
    for words in (complaint.number, "难听"):
        assert "没有找到" in text_of(client.get("/search/", {"q": words}, headers={"HX-Request": "true"}))
    assert not Message.objects.filter(person=person, record_id=complaint.pk).exists()


def test_a_person_complained_of_finds_nothing_to_the_very_end(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast, by=cast.li, content=SECRET, about_staff=cast.wang.pk, party=cast.owner.pk)
    finds_nothing(cast, sign_in, cast.wang, complaint)
    other = cast.person("xu", "许前台", "receptionist")
    issued = issue_by(cast, complaint, other)
    replied = perform(issued, "reply", by=cast.gong, data=FOUR_WORDS)
    told = perform(replied, "tell", by=other, data={"told": "已批评教育"})
    done = perform(told, "opinion", by=other, data={"way": "phone", "opinion": "fair", "opinion_words": "9 点通话"})
    done = apologise(cast.li, done)
    with pytest.raises(Invalid):
        perform(done, "approve", by=cast.xiang, data={"caller": cast.wang.pk})
    filed = perform(done, "approve", by=cast.xiang, data={"caller": cast.li.pk})
    assert sign_in(cast.wang).get(filed.get_absolute_url()).status_code == 404
    assert not Message.objects.filter(person=cast.wang).exists()
    assert "投诉意见处理表" not in text_of(sign_in(cast.wang).get(f"/units/{cast.home.pk}/beside/"))
    assert "投诉意见处理表" in text_of(sign_in(cast.li).get(f"/units/{cast.home.pk}/beside/"))
    month = of_month(cast.yunqi, Month.running(filed.opened_at), cast.wang, "客户抱怨登记表")
    assert filed.number not in str(month["lines"])
    assert month["hidden"] == 1


FOUR_WORDS = {
    "decided": "yes", "cause": "情绪失控", "cause_class": "attitude", "remedy": "批评并道歉", "prevention": "培训", "due_on": "2199-01-01",
}  # fmt: skip


def issue_by(cast: Any, complaint: Any, clerk: Any) -> Any:
    data = {"team": "engineering", "category": complaint.category, "level": complaint.level}
    drawn = perform(complaint, "draw", by=clerk, data=data)
    return perform(drawn, "confirm", by=cast.gao, data={**data, "validity": "valid"})


def test_one_who_writes_down_a_complaint_about_himself_gets_its_number_and_no_more(cast: Any, sign_in: Any) -> None:
    """Scenario 5."""
    client = sign_in(cast.wang)
    typed = {
        "key": "self", "unit": cast.home.pk, "channel": "visit", "relation": "owner", "category": "complaint", "content": SECRET,
        "about_staff": cast.wang.pk, "to-category": "attitude", "to-level": "important", "to-source": "direct",
    }  # fmt: skip
    answered = client.post("/reception/new/", typed, follow=True).content.decode()
    contact, complaint = Contact.objects.get(), Complaint.objects.get()
    assert contact.number in answered
    assert "已转主管" in answered
    assert SECRET not in answered
    assert complaint.content == SECRET
    finds_nothing(cast, sign_in, cast.wang, complaint)
    assert client.get(contact.get_absolute_url()).status_code == 404
    assert Record.objects.seen_by(cast.li).count() == 2


def test_his_deputy_is_kept_out_as_long_as_he_stands_in(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast, by=cast.li, content=SECRET, about_staff=cast.wang.pk)
    xu = cast.person("xu", "许前台", "receptionist")
    assert Record.objects.seen_by(xu).filter(pk=complaint.pk).exists()
    today = timezone.localdate()
    Deputy.objects.create(absent=cast.wang, stand_in=xu, from_on=today, to_on=today + timedelta(days=1))
    xu.__dict__.pop("_grants", None)
    finds_nothing(cast, sign_in, xu, complaint)


def test_a_whole_department_finds_nothing_nor_who_joins_it_later(cast: Any, sign_in: Any) -> None:
    typed = {"to-about_dept": "engineering", "to-whole_team_out": "on", "content": SECRET}
    cast.appoint(cast.gong, "engineering_clerk", cast.yunqi)  # a post that sees what the desk sees of repairs
    complaint = complain(cast, **typed)
    for person in (cast.gong, cast.chen):
        finds_nothing(cast, sign_in, person, complaint)
    late = cast.person("xin", "新工程", "receptionist")
    assert Record.objects.seen_by(late).filter(pk=complaint.pk).exists()
    cast.appoint(late, "technician", cast.yunqi)
    late.__dict__.pop("_grants", None)
    finds_nothing(cast, sign_in, late, complaint)
    assert not any(result.faults for result in check_all() if result.name == "bars.spread")


def test_the_department_complained_of_does_not_handle_it(cast: Any) -> None:
    away = {"to-about_dept": "engineering", "to-whole_team_out": "on"}
    with pytest.raises(Invalid) as refused:
        complain(cast, **away, **{"to-team": "engineering"})
    assert "须回避的部门" in str(refused.value.form.hand_over_form.errors["team"])
    assert not Complaint.objects.exists()
    complaint = complain(cast, **away)
    with pytest.raises(Invalid):
        issue(cast, complaint)
    issued = issue(cast, complaint, team="cs_dept")
    with pytest.raises(Invalid):
        perform(issued, "redirect", by=cast.li, data={"team": "engineering", "reason": "归他们管"})
    with pytest.raises(Refused, match="须回避"):
        perform(issued, "transfer", by=cast.li, data={"to": cast.chen.pk, "reason": "由他办"})


def test_who_is_named_later_is_out_from_then_on(cast: Any, sign_in: Any) -> None:
    complaint = issue(cast, complain(cast, content=SECRET))
    complaint = perform(complaint, "transfer", by=cast.li, data={"to": cast.chen.pk, "reason": "由他说明"})
    assert Record.objects.seen_by(cast.chen).filter(pk=complaint.pk).exists()
    complaint = perform(complaint, "name_subject", by=cast.li, data={"about_staff": cast.chen.pk})
    assert (complaint.handler, complaint.about_dept) == (None, "engineering")
    assert is_barred(cast.chen, complaint.pk)
    assert not Record.objects.seen_by(cast.chen).exists()
    assert sign_in(cast.chen).get(complaint.get_absolute_url()).status_code == 404


def test_where_the_manager_is_meant_the_project_manager_decides(cast: Any) -> None:
    complaint = complain(cast, about_staff=cast.gao.pk, **{"to-team": "engineering"})
    assert Message.objects.filter(record_id=complaint.pk, person=cast.xiang).exists()
    assert not Message.objects.filter(person=cast.gao).exists()
    data = {"team": "engineering", "level": "important", "validity": "valid"}
    with pytest.raises(NotFound):
        perform(complaint, "confirm", by=cast.gao, data=data)
    assert perform(complaint, "confirm", by=cast.xiang, data=data).state == "issued"


def test_a_second_round_keeps_the_same_people_out(cast: Any) -> None:
    first = to_call_back(cast, complain(cast, about_staff=cast.chen.pk))
    perform(first, "call_back", by=cast.li, data={
        "outcome": "reached", "method": "phone", "feedback": "C", "score": "1", "words": "没有道歉",
    })  # fmt: skip
    second = Complaint.objects.latest("pk")
    assert second.round == 2
    assert is_barred(cast.chen, second.pk)
    again = open_record(
        Complaint(community=cast.yunqi), by=cast.wang,
        data={
            "unit": cast.home.pk, "channel": "phone", "relation": "owner", "source": "direct", "category": "attitude", "level": "minor",
            "content": "还是那个人", "repeat_of": second.number,
        },
    )  # fmt: skip
    assert is_barred(cast.chen, again.pk)


def test_the_subject_witnesses_no_refusal_and_is_not_called_in(cast: Any) -> None:
    told = to_opinion(cast, complain(cast, about_staff=cast.chen.pk))
    typed = {
        "way": "refused",
        "signature": "",
        "opinion": "",
        "opinion_refused": "要赔偿",
        "witness_1": cast.chen.pk,
        "witness_2": cast.li.pk,
    }
    with pytest.raises(Invalid) as refused:
        opinion(cast, told, **typed)
    assert "须回避" in str(refused.value.form.errors["witness_1"])
    about_li = complain(cast, about_staff=cast.li.pk)
    with pytest.raises(Invalid) as refused:
        perform(about_li, "call_in", by=cast.wang, data={"came": cast.li.pk, "came_at": timezone.now(), "said": "解释"})
    assert "须回避" in str(refused.value.form.errors["came"])
    assert answer(cast, issue(cast, about_li)).state == "replied"
