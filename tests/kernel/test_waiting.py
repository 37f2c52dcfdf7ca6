"""Two commands that wait for each other: the database stops one of them, the door takes it up again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from tests.support.doing import log_contact
from yihu.areas.reception.models import Contact, Matter
from yihu.kernel import builtin
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.models import Command, Record

MERGE = {"reason": "同一件事"}


@pytest.fixture
def cast(transactional_db: None) -> Any:
    from tests.support.cast import Cast

    return Cast()


def two_contacts(cast: Any) -> list[Contact]:
    """Two calls about one thing, without anything that came of them."""
    logged = [log_contact(cast, category="other", content="路灯不亮", answered="on", result="已转") for _ in range(2)]
    assert cast.li.grants
    return logged


def at_once(*doings: Callable[[], Any]) -> list[str]:
    """Run them in threads of their own; gives "" or the refusal of each."""
    answers = [""] * len(doings)

    def run(place: int) -> None:
        try:
            doings[place]()
        except Refused as refused:
            answers[place] = refused.sentence
        except Exception as error:
            answers[place] = f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_two_people_merge_both_ways_and_one_of_them_is_told(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_contacts(cast)
    meeting = threading.Barrier(2)

    def after_both_hold_theirs(act: Any) -> None:
        if connection.vendor == "postgresql":  # on SQLite the second waits before it holds anything
            with suppress(threading.BrokenBarrierError):  # the one that was stopped comes again, alone
                meeting.wait(3)
        builtin_merge(act)

    step = builtin.step(first.procedure, "merge")
    assert step is not None
    builtin_merge = step.then
    assert builtin_merge is not None
    slow = type(step)(**{**step.__dict__, "then": after_both_hold_theirs})
    monkeypatch.setattr(builtin, "step", lambda procedure, name: slow)

    def merge(one: Contact, into: Contact) -> Callable[[], Any]:
        person = type(cast.li).objects.get(pk=cast.li.pk)
        return lambda: perform(one, "merge", by=person, data={"into": into.number, **MERGE})

    answers = at_once(merge(first, second), merge(second, first))
    assert answers.count("") == 1, answers
    assert "Error" not in "".join(answers)
    assert Contact.objects.filter(closed_as="merged").count() == 1
    assert Record.objects.filter(closed_at__isnull=True).count() == 1


def test_an_opening_that_had_to_give_way_is_opened_once(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same door, with the database's refusal played: what the first attempt left behind does no harm."""
    from django.db import OperationalError

    from yihu.kernel.commanding import Commanding

    whole, tried = Commanding.open, []

    def gives_way_once(self: Commanding, record: Any, **words: Any) -> Any:
        opened = whole(self, record, **words)
        if isinstance(opened, Contact) and not tried:
            tried.append(opened.number)
            cause = RuntimeError("deadlock detected")
            cause.sqlstate = "40P01"  # type: ignore[attr-defined]
            raise OperationalError("deadlock detected") from cause
        return opened

    monkeypatch.setattr(Commanding, "open", gives_way_once)
    data = {"channel": "phone", "relation": "owner", "category": "other", "content": "问路", "phone": "13800138112"}
    opened = open_record(Contact(community=cast.yunqi), by=cast.wang, key="one", data=data)
    assert tried
    assert Contact.objects.get().pk == opened.pk
    assert Matter.objects.get().phone == "13800138112"
    assert Command.objects.filter(key="one").count() == 1


def test_any_other_trouble_of_the_database_is_not_tried_again(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from yihu.kernel.commanding import Commanding

    tries: list[int] = []

    def broken(self: Commanding, record: Any, **words: Any) -> Any:
        tries.append(1)
        raise OperationalError("disk is full")

    monkeypatch.setattr(Commanding, "open", broken)
    with pytest.raises(OperationalError):
        open_record(Contact(community=cast.yunqi), by=cast.wang, data={})
    assert len(tries) == 1


@pytest.mark.parametrize("key", ["k" * 150, "a\x00b", "钥匙\n", "\ud800"])
def test_a_key_that_no_form_of_ours_made_does_no_harm(cast: Any, key: str) -> None:
    contact = log_contact(cast, category="other", content="问路")
    for _ in range(2):
        perform(contact, "note", by=cast.wang, key=key, data={"words": "已看"})
    with pytest.raises(Refused, match="已经提交过"):
        perform(contact, "note", by=cast.wang, key=key, data={"words": "另一句"})
    assert contact.journal.filter(step="note").count() == 1
