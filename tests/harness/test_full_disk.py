"""The disk under the database is full: a sentence, nothing half done, and all goes on once there is room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.kernel import job_samples as samples
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_due
from yihu.kernel.jobs.runner import take_back
from yihu.kernel.jobs.worker import Worker
from yihu.kernel.models import JournalEntry, Record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.logs_errors]

NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger AS $$ BEGIN
    IF (SELECT count(*) FROM kernel_journalentry) >= {limit} THEN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER no_room BEFORE INSERT ON kernel_journalentry FOR EACH ROW EXECUTE FUNCTION no_room();
"""
MANY = 200


@contextmanager
def full_disk(spare: int = 0) -> Iterator[None]:
    """SQLite may grow its file by ``spare`` pages; PostgreSQL's journal may grow by as many rows, then says what it says
    when a file cannot be extended."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("VACUUM")  # what other tests have left empty would be room
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + spare}")
        else:
            cursor.execute(NO_ROOM.format(limit=JournalEntry.objects.count() + spare))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823" if sqlite else "DROP FUNCTION no_room CASCADE")


def typed(cast: Any, number: int) -> dict[str, Any]:
    return {
        "key": f"call-{number}", "unit": cast.home.pk, "channel": "phone", "relation": "owner", "caller_name": "赵业主", "phone": "",
        "category": "repair", "content": "漏水" * 900, "to-level": "minor", "to-trade": "water",
    }  # fmt: skip


def counted() -> tuple[int, int, int]:
    return Contact.objects.count(), WorkOrder.objects.count(), JournalEntry.objects.count()


def test_what_finds_no_room_is_refused_with_a_sentence_and_leaves_nothing(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    client.raise_request_exception = False
    with full_disk(spare=30):
        for number in range(MANY):
            before = counted()
            answer = client.post("/reception/new/", typed(cast, number))
            if answer.status_code != 302:
                break
            assert Contact.objects.count() == before[0] + 1
        assert 0 < number < MANY - 1
        assert answer.status_code == 503
        said = answer.content.decode()
        assert "磁盘满了" in said
        assert "这一步没有保存" in said
        assert counted() == before
        for page in ("/", "/reception/", f"/units/{cast.home.pk}/"):
            assert client.get(page).status_code == 200, page  # what is there can still be read
    # room was made: the same form, sent again, is taken once
    assert client.post("/reception/new/", typed(cast, number)).status_code == 302
    assert client.post("/reception/new/", typed(cast, number)).status_code == 302
    assert counted()[0] == before[0] + 1
    assert (
        Record.objects.filter(kind="reception.contact").count()
        == Record.objects.filter(kind="repairs.workorder").count()
    )
    assert [fault for result in check_all() for fault in result.faults] == []


def test_work_in_the_background_waits_for_room_and_is_then_done_once(cast: Any) -> None:
    samples.write_at_length.enqueue(pages=MANY)
    worker = Worker(threads=1, lost_after=0, grace=1)
    with full_disk():
        worker.guarded(lambda: worker.run_one("here/1"))
        assert written() == 0
    take_back(timedelta(0))  # it could not even write down that it had failed
    run_due(timezone.now() + timedelta(hours=2))
    assert written() == MANY


def written() -> int:
    return JournalEntry.objects.filter(book__register="test.novel").count()
