"""Nothing half done, nothing doubled, nothing lost: crash points and preemption over the named doors, with controls."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.harness.breaking import at_once, die_at, in_between
from tests.support.cast import Cast
from tests.support.doing import assign, finish, log_contact, sign, the_order
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import PartLine, WorkOrder
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Attachment, Command, Deadline, JournalEntry, Link, Message, Record, SearchEntry

pytestmark = pytest.mark.django_db(transaction=True)

MODELS = (Record, Contact, WorkOrder, PartLine, JournalEntry, Deadline, Link, Message, SearchEntry, Command, Attachment)
HIGHEST = 120


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    for name in ("yunqi", "home", "owner", "wang", "li", "gong", "chen"):
        getattr(made, name)
    return made


def world() -> dict[str, Any]:
    """How many of everything there are, and where each record stands."""
    counts = {model.__name__: model.objects.count() for model in MODELS}
    return {**counts, "states": sorted(Record.objects.values_list("kind", "state", "version", "journal_seq"))}


def faults() -> list[str]:
    return [fault for result in check_all() for fault in result.faults]


class ContactWithHandOver:
    """Door 1: a contact that opens a work order in the same command."""

    def prepare(self, cast: Cast) -> None:
        self.typed = {
            "unit": cast.home.pk, "channel": "phone", "relation": "owner", "caller_name": "赵业主", "category": "repair", "content": "水管爆裂",
        }  # fmt: skip

    def knock(self, cast: Cast) -> Any:
        return open_record(Contact(community=cast.yunqi), by=cast.wang, key="door-1", data=self.typed)

    def rival(self, cast: Cast) -> Any:
        return self.knock(cast)


class StepWithForm:
    """Door 2: a step with a form: the engineering head names a worker."""

    def prepare(self, cast: Cast) -> None:
        self.order = the_order(log_contact(cast))

    def knock(self, cast: Cast) -> Any:
        data = {"handler": cast.chen.pk, "level": "urgent", "trade": "water"}
        return perform(self.order, "assign", by=cast.gong, key="door-2", data=data, version=1)

    def rival(self, cast: Cast) -> Any:
        data = {"handler": cast.chen.pk, "level": "minor", "trade": "power"}
        return perform(self.order, "assign", by=cast.gong, key="rival", data=data, version=1)


DOORS = (ContactWithHandOver, StepWithForm)


@pytest.mark.parametrize("door_class", DOORS)
def test_a_crash_at_any_statement_leaves_nothing_and_the_same_key_goes_through(door_class: Any, cast: Cast) -> None:
    door = door_class()
    door.prepare(cast)
    before = world()
    points = 0
    for number in range(1, HIGHEST):
        if not die_at(number, lambda: door.knock(cast)):
            break
        points += 1
        assert world() == before, f"statement {number} left something behind"
    assert points > 10
    assert faults() == []
    after = world()  # the last round came through
    assert after != before
    door.knock(cast)
    assert world() == after


@pytest.mark.parametrize("door_class", DOORS)
def test_somebody_in_between_at_any_statement_and_exactly_one_wins(door_class: Any, cast: Cast) -> None:
    outcomes = []
    for number in range(1, HIGHEST):
        _clear()
        door = door_class()
        door.prepare(cast)
        before = world()
        fates = in_between(number, lambda door=door: door.knock(cast), lambda door=door: door.rival(cast))
        if fates[1] == "not reached":
            break
        outcomes.append(fates)
        assert set(fates) <= {"done", "Conflict", "Refused"}, fates
        assert "done" in fates
        assert faults() == [], f"between statements {number - 1} and {number}"
        grown = {name: count - before[name] for name, count in world().items() if name != "states"}
        assert grown == door_growth(door, grown), f"at statement {number}: {grown}"
    assert len(outcomes) > 10


def door_growth(door: Any, grown: dict[str, int]) -> dict[str, int]:
    """What exactly one of the two commands adds, however they were interleaved."""
    if isinstance(door, ContactWithHandOver):
        expected = {
            "Record": 2,
            "Contact": 1,
            "WorkOrder": 1,
            "JournalEntry": 2,
            "Link": 1,
            "SearchEntry": 2,
            "Command": 1,
        }
    else:
        expected = {"Record": 0, "WorkOrder": 0, "JournalEntry": 1, "Link": 0, "Message": 1, "Command": 1}
    return {**grown, **expected}


def _clear() -> None:
    for model in (
        Message,
        Attachment,
        Deadline,
        JournalEntry,
        Link,
        SearchEntry,
        Command,
        PartLine,
        WorkOrder,
        Contact,
        Record,
    ):
        model.objects.all().delete()


def test_twenty_people_close_one_order_and_one_wins(cast: Cast) -> None:
    order = sign(cast, finish(cast, assign(cast, the_order(log_contact(cast)))))
    sheet = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
    people = [cast.person(f"desk{index}", f"客服{index}", "receptionist") for index in range(20)]
    fates = at_once(20, lambda index: perform(order, "call_back", by=people[index], key=f"close-{index}", data=sheet))
    assert sorted(fates) == sorted(["done"] + ["Conflict"] * 19)
    assert faults() == []


def test_twenty_clicks_on_one_button_open_one_contact(cast: Cast) -> None:
    door = ContactWithHandOver()
    door.prepare(cast)
    assert at_once(20, lambda index: door.knock(cast)) == ["done"] * 20
    assert (Contact.objects.count(), WorkOrder.objects.count(), Command.objects.count()) == (1, 1, 1)


def test_twenty_contacts_at_once_get_twenty_numbers(cast: Cast) -> None:
    fates = at_once(20, lambda index: log_contact(cast, content=f"灯不亮 {index}"))
    assert fates == ["done"] * 20
    assert len(set(Contact.objects.values_list("number", flat=True))) == 20
    assert faults() == []


# -- controls: the harness must find what is broken --------------------------------------------------------------------


def test_control_a_door_without_a_transaction_is_caught(cast: Cast) -> None:
    """The same writing, one statement at a time: a crash in the middle must be seen to leave something behind."""

    def careless() -> None:
        now = timezone.now()
        record = Contact(community=cast.yunqi, opened_by=cast.wang, opened_at=now, received_at=now, category="other")
        record.number, record.state, record.content = "YQ-JD-000000-0001", "registered", "x"
        record.save()
        SearchEntry.objects.create(community=cast.yunqi, kind="record", object_id=record.pk, title="x", grams="x")

    before = world()
    left_behind = False
    for number in range(1, HIGHEST):
        if not die_at(number, careless):
            break
        left_behind = left_behind or world() != before
        _clear()
    assert left_behind


def test_control_a_step_without_a_claim_is_caught(cast: Cast) -> None:
    """Read, think, write without asking whether it still stands: two winners must be seen."""
    order = the_order(log_contact(cast))

    def careless(level: str) -> None:
        read = Record.objects.get(pk=order.pk)
        if read.state != "to_assign":
            raise Refused("已派")
        with transaction.atomic():
            Record.objects.filter(pk=order.pk).update(state="assigned")
            Message.objects.create(
                person=cast.chen, community=cast.yunqi, record_id=order.pk, sentence=level, at=timezone.now()
            )

    winners = 0
    for number in range(1, HIGHEST):
        Record.objects.filter(pk=order.pk).update(state="to_assign")
        fates = in_between(number, lambda: careless("一"), lambda: careless("二"))
        winners = max(winners, fates.count("done"))
        if fates[1] == "not reached":
            break
    assert winners == 2
