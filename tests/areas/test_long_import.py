"""A file of fifty thousand lines: little memory, short locks, and the desk goes on meanwhile."""

from __future__ import annotations

import resource
import threading
import time
from itertools import pairwise

import pytest
from django.db import connections

from tests.support.cast import Cast
from tests.support.doing import log_contact
from tests.support.messy_register import long_register
from tests.support.messy_roll import upload
from yihu.areas.reception.bringing.bring import RegisterOfTheDesk
from yihu.areas.reception.bringing.models import ContactImport, ContactRow
from yihu.areas.reception.models import Contact
from yihu.kernel.doors import open_record, perform
from yihu.kernel.importing import running

KIND = "bringing.contactimport"
MOST = 500  # megabytes that reading and staging fifty thousand lines may add


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.exam
@pytest.mark.django_db(transaction=True)
def test_fifty_thousand_lines_are_read_in_bounded_memory(cast: Cast) -> None:
    before = megabytes()
    run = open_record(
        ContactImport(community=cast.yunqi),
        by=cast.li,
        data={},
        files={"import_file": upload(long_register(50_000), "登记.csv")},
    )
    running.read_file.func(KIND, run.pk)
    run.refresh_from_db()
    assert (run.rows, run.created, run.errors, ContactRow.objects.filter(run=run).count()) == (
        50_000,
        50_000,
        0,
        50_000,
    )
    assert megabytes() - before < MOST


@pytest.mark.django_db(transaction=True)
def test_a_contact_is_logged_while_the_import_runs(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slice is short, and between slices the desk has its turn."""
    assert cast.wang and cast.owner  # noqa: PT018
    run = open_record(
        ContactImport(community=cast.yunqi),
        by=cast.li,
        data={},
        files={"import_file": upload(long_register(300), "登记.csv")},
    )
    run = perform(run, "go_live", by=cast.li, data={})
    ends: list[float] = []
    write = RegisterOfTheDesk.write

    def timed(self: RegisterOfTheDesk, *args: object) -> None:
        ends.append(time.monotonic())
        write(self, *args)
        ends.append(time.monotonic())

    monkeypatch.setattr(RegisterOfTheDesk, "write", timed)

    def bring_in() -> None:
        try:
            running.make_live.func(KIND, run.pk)
        finally:
            connections.close_all()

    worker = threading.Thread(target=bring_in)
    worker.start()
    waits = []
    while worker.is_alive():
        began = time.monotonic()
        log_contact(cast, content="电梯异响")
        waits.append(time.monotonic() - began)
        time.sleep(0.05)
    worker.join()
    run.refresh_from_db()
    assert (run.state, run.created) == ("live", 300)
    assert Contact.objects.filter(state="struck").count() == 300
    assert len(waits) > 1
    held = [second - first for first, second in list(pairwise(ends))[::2]]
    assert max(held) < 2, held
    assert max(waits) < 5, waits
