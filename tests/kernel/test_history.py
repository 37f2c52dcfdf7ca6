"""What happened before the program came is opened closed: no clocks, no hand-over, nobody told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import at
from yihu.areas.reception.models import Contact
from yihu.kernel.doors import open_record
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message, Record


@pytest.mark.django_db
def test_a_line_of_an_old_register_is_kept_and_sets_nothing_going(cast: Any) -> None:
    typed = {
        "unit": cast.home.pk,
        "channel": "phone",
        "relation": "owner",
        "caller_name": "赵业主",
        "category": "repair",
        "content": "水管漏水",
    }
    when = at("2025-03-02 09:12")
    old = open_record(Contact(community=cast.yunqi), by=cast.li, key="line-7", data=typed, at=when, closed_in="struck")
    run_waiting()
    assert (old.state, old.closed_at, old.opened_at) == ("struck", when, when)
    assert old.number.startswith("YQ-JD-202503-")
    assert list(Record.objects.all()) == [Record.objects.get(pk=old.pk)]
    assert not Deadline.objects.exists()
    assert not Message.objects.exists()
    entry = old.journal.get()
    assert entry.at == when
    assert entry.written_at > entry.at
    assert [fault for result in check_all() for fault in result.faults] == []


@pytest.mark.django_db
def test_an_old_complaint_about_somebody_is_kept_from_him_and_tells_nobody(cast: Any) -> None:
    typed = {
        "channel": "visit", "relation": "owner", "caller_name": "赵业主", "category": "complaint", "content": "前台态度差",
        "about_staff": cast.wang.pk,
    }  # fmt: skip
    assert cast.li
    old = open_record(
        Contact(community=cast.yunqi),
        by=cast.gong,
        key="line-8",
        data=typed,
        at=at("2025-03-02 09:12"),
        closed_in="struck",
    )
    run_waiting()
    assert not Contact.objects.seen_by(cast.wang).filter(pk=old.pk).exists()
    assert not Message.objects.exists()
