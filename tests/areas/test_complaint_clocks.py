"""The two clocks of a complaint, what is major, invalid or of many households, and fifty people at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.complaining import answer, complain, issue, opinion, running, to_call_back, to_opinion
from tests.support.doing import at
from yihu.areas.complaints.models import Complaint, one_month_after
from yihu.areas.complaints.schedules import escalate_until
from yihu.ground.contact.models import CallBack
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message, Record
from yihu.kernel.sweep import sweep


@pytest.fixture
def people(db: Any, cast: Any) -> Any:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))
    return cast


def due(complaint: Any, code: str) -> Any:
    return Deadline.objects.filter(record_id=complaint.pk, code=code, stopped_at__isnull=True).get().due_at


@pytest.mark.clause("CMP-03")
@pytest.mark.clause("CMP-04")
@pytest.mark.parametrize(
    ("level", "safety", "owner_due", "dept_due"),
    [
        ("important", "", "2026-11-03 09:50", "2026-11-03 10:05"),
        ("major", "", "2026-11-02 23:20", "2026-11-02 23:35"),
        ("minor", "on", "2026-11-02 23:20", "2026-11-02 23:35"),
    ],
)
def test_two_hours_over_closing_time(people: Any, level: str, safety: str, owner_due: str, dept_due: str) -> None:
    """domain.md §11 no. 11 and scenario 6: received 21:20, issued 21:35, the desk closes at 22:00."""
    complaint = complain(people, when=at("2026-11-02 21:20"), **{"to-level": level, "to-safety": safety})
    assert due(complaint, "D06") == at(owner_due)
    issued = issue(people, complaint, at("2026-11-02 21:35"), safety=safety)
    assert (due(issued, "D05"), due(issued, "D06")) == (at(dept_due), at(owner_due))
    called = Message.objects.filter(person=people.xiang, sentence__contains="不分昼夜").exists()
    assert called == (owner_due == "2026-11-02 23:20")
    if level == "important":  # the owner's clock falls due first: the desk gives an interim answer
        told = perform(issued, "interim", by=people.wang, at=at("2026-11-03 09:40"), data={"first_answer": "正在核实"})
        assert Deadline.objects.get(record_id=told.pk, code="D06").met
        assert "D05" in running(told)


def test_who_is_told_when_the_department_stays_silent(people: Any) -> None:
    issued = issue(people, complain(people, when=at("2026-11-02 09:00")), at("2026-11-02 09:10"))
    Message.objects.all().delete()
    for moment, person in (("11:10", people.li), ("13:11", people.gao)):
        sweep(at(f"2026-11-02 {moment}"))
        assert Message.objects.filter(record_id=issued.pk, person=person, sentence__contains="责任部门答复").exists()


def test_what_turns_out_major_hurries_and_is_reported_within_an_hour(people: Any) -> None:
    complaint = complain(people, when=at("2026-11-02 21:20"), **{"to-level": "minor"})
    graded = perform(
        complaint, "grade", by=people.li, at=at("2026-11-02 21:40"), data={"level": "major", "level_reason": "有人受伤"}
    )
    assert due(graded, "D09") == at("2026-11-02 22:40")
    assert due(graded, "D06") == at("2026-11-02 23:20")
    assert "D11" not in running(graded)
    assert Message.objects.filter(person=people.xiang, sentence__contains="定为重大投诉").exists()
    informed = perform(graded, "inform", by=people.wang, at=at("2026-11-02 21:50"), data={"words": "已电话报告"})
    assert "D09" not in running(informed)


@pytest.mark.parametrize(
    ("received", "over"),
    [
        ("2026-01-31 09:00", "2026-02-28 09:00"),
        ("2028-01-31 09:00", "2028-02-29 09:00"),
        ("2026-12-15 10:00", "2027-01-15 10:00"),
    ],
)
def test_a_month_ends_on_its_last_day(received: str, over: str) -> None:
    assert one_month_after(at(received)) == at(over)


def test_a_valid_one_that_is_not_solved_in_a_month_becomes_major(people: Any) -> None:
    complaint = complain(people, when=at("2026-09-30 09:00"))
    pending = complain(people, when=at("2026-09-30 09:05"), content="另一件")
    issue(people, complaint, at("2026-09-30 09:20"))
    assert due(complaint, "D11") == at("2026-10-30 09:00")
    assert escalate_until(at("2026-10-30 08:59")) == 0
    assert escalate_until(at("2026-10-30 09:01")) == 1
    assert escalate_until(at("2026-10-30 09:02")) == 0
    levels = dict(Complaint.objects.values_list("pk", "level"))
    assert (levels[complaint.pk], levels[pending.pk]) == ("major", "important")
    assert due(complaint, "D09") == at("2026-10-30 10:01")


def test_an_invalid_one_is_explained_and_appealed_once(people: Any) -> None:
    """Scenario 8."""
    complaint = complain(people, content="把门口市政路上的车拖走")
    with pytest.raises(NotAllowed):
        perform(complaint, "invalid", by=people.wang, data={"invalid_reason": "市政道路", "explained": "已解释"})
    with pytest.raises(Invalid) as refused:
        perform(complaint, "invalid", by=people.li, data={"invalid_reason": "市政道路", "explained": ""})
    assert "explained" in refused.value.form.errors
    explained = perform(
        complaint, "invalid", by=people.li, data={"invalid_reason": "市政道路，不归物业管", "explained": "已电话解释"}
    )
    assert (explained.state, explained.validity) == ("explained", "invalid")
    assert not running(explained) & {"D05", "D06", "D07", "D10", "D11"}
    appealed = perform(explained, "appeal", by=people.wang, data={"appeal": "那是小区门口"})
    with pytest.raises(Refused, match="先答复"):
        perform(appealed, "file_invalid", by=people.li)
    with pytest.raises(NotAllowed):
        perform(appealed, "uphold", by=people.li, data={"appeal_answer": "维持"})
    upheld = perform(appealed, "uphold", by=people.xiang, data={"appeal_answer": "已请交警处理"})
    with pytest.raises(Refused, match="不能再申诉"):
        perform(upheld, "appeal", by=people.wang, data={"appeal": "还是不服"})
    assert perform(upheld, "file_invalid", by=people.li).state == "closed"
    assert Complaint.objects.filter(validity="invalid").count() == 1


def test_the_project_manager_judges_what_is_major_and_may_overturn(people: Any) -> None:
    complaint = complain(people, **{"to-level": "major"})
    typed = {"invalid_reason": "不属物业", "explained": "已解释"}
    with pytest.raises(NotAllowed):
        perform(complaint, "invalid", by=people.li, data=typed)
    explained = perform(complaint, "invalid", by=people.xiang, data=typed)
    appealed = perform(explained, "appeal", by=people.wang, data={"appeal": "合同写着"})
    again = perform(appealed, "overturn", by=people.xiang, data={"appeal_answer": "确属我方"})
    assert (again.state, again.validity) == ("received", "valid")
    assert "D07" in running(again)


def test_many_households_with_one_matter_are_each_answered(people: Any, sign_in: Any) -> None:
    """Scenario 9: seven households about the same outage."""
    complaint = complain(people, content="停水没有通知")
    for number in range(2, 8):
        home = people.unit(f"0{number}01")
        complaint = perform(
            complaint,
            "join",
            by=people.wang,
            data={"unit_joining": home.pk, "name": f"{number} 楼", "phone": "13800138112"},
        )
    assert complaint.collective_count == 7
    assert Complaint.objects.count() == 1
    told = Message.objects.filter(person=people.xiang, sentence__contains="已有 3 户")
    assert told.count() == 1
    with pytest.raises(Invalid) as refused:
        perform(complaint, "join", by=people.wang, data={"unit_joining": people.home.pk})
    assert "已经在这件投诉里" in str(refused.value.form.errors["unit_joining"])
    page = sign_in(people.wang).get(complaint.get_absolute_url()).content.decode()
    assert "共 7 户" in page
    assert "13800138112" not in page
    done = opinion(people, to_opinion(people, complaint))
    with pytest.raises(Refused, match="还有 6 户没有答复"):
        perform(done, "approve", by=people.xiang, data={"caller": people.li.pk})
    waiting = list(done.households.order_by("pk"))
    done = perform(done, "answer", by=people.wang, data={"households": [waiting[0].pk], "answer": "上门说明"})
    done = perform(
        done, "answer", by=people.wang, data={"households": [one.pk for one in waiting[1:]], "answer": "群里统一答复"}
    )
    assert perform(done, "approve", by=people.xiang, data={"caller": people.li.pk}).state == "call_back"


def test_what_may_repeat_an_earlier_one_is_offered(people: Any, sign_in: Any) -> None:
    first = complain(people, **{"to-about_dept": "engineering"})
    client = sign_in(people.wang)
    same_home = client.get(f"/complaints/alike/?field=to-repeat_of&unit={people.home.pk}").content.decode()
    assert first.number in same_home
    assert 'name="to-repeat_of"' in same_home
    elsewhere = people.unit("0909")
    asked = f"/complaints/alike/?unit={elsewhere.pk}&to-category=repair&to-about_dept="
    assert first.number in client.get(f"{asked}engineering").content.decode()
    assert first.number not in client.get(f"{asked}security").content.decode()
    second = complain(people, **{"to-repeat_of": first.number})
    assert (second.repeat_of, second.round) == (first, 1)
    Record.objects.filter(pk__in=[first.pk, second.pk]).update(opened_at=timezone.now() - timedelta(days=61))
    assert first.number not in client.get(f"/complaints/alike/?unit={people.home.pk}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_fifty_people_close_it_and_one_wins(cast: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))
    filed = to_call_back(cast, complain(cast))
    said = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
    fates = at_once(50, lambda index: perform(filed, "call_back", by=cast.li, key=f"close-{index}", data=said))
    assert fates.count("done") == 1, fates
    assert set(fates) <= {"done", "Conflict"}
    assert (CallBack.objects.count(), Record.objects.get(pk=filed.pk).state) == (1, "closed")


def test_an_answer_in_time_is_kept_as_such(people: Any) -> None:
    replied = answer(
        people,
        issue(people, complain(people, when=at("2026-11-02 09:00")), at("2026-11-02 09:10")),
        at("2026-11-02 10:00"),
    )
    assert Deadline.objects.get(record_id=replied.pk, code="D05").met
    assert Deadline.objects.get(record_id=replied.pk, code="D07").met
