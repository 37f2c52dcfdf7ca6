"""A sheet of readings going live, with a reader or the hand-over to finance stepping in before its statements."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.harness.breaking import in_between
from tests.support.cast import Cast
from tests.support.doing import signature
from tests.support.messy_readings import sheet
from tests.support.messy_roll import upload
from tests.support.meters import Readers, meter
from yihu.areas.billing.meters.models import Meter, Reading, ReadingImport, ReadingRound
from yihu.kernel.doors import open_record, perform
from yihu.kernel.importing import running

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "meters.readingimport"
EVERY, HIGHEST = 4, 160


@pytest.fixture
def office(cast: Cast) -> Readers:
    readers = Readers(cast)
    readers.round()
    assert readers.clerk
    return readers


def ready(office: Readers, room: str, number: str) -> ReadingImport:
    """A sheet of one line whose preview has been looked at."""
    content = sheet([(f"A1-1-{room}", number, "电", 100, 130, 1, None)])
    files = {"import_file": upload(content, f"{number}.xlsx")}
    run = open_record(ReadingImport(community=office.cast.yunqi), by=office.clerk, data={}, files=files)
    return perform(run, "go_live", by=office.clerk, data={})


def counted(one: Meter) -> list[Reading]:
    return list(Reading.objects.filter(meter=one, state__in=("stands", "pending")))


def test_a_meter_that_is_read_meanwhile_is_read_once(office: Readers) -> None:
    fates = []
    for place, number in enumerate(range(1, HIGHEST, EVERY)):
        one = meter(office.cast.unit(f"{place:04}"), number=f"电{place}", opening="100")
        run = ready(office, f"{place:04}", one.number)
        fate = in_between(number, partial(running.make_live.func, KIND, run.pk), partial(office.read, one, "131"))
        assert fate[0] == "done", (number, fate)
        assert len(counted(one)) == 1, (number, fate)
        if fate[1] == "not reached":
            break
        fates.append(fate[1])
    assert len(fates) > 5
    assert set(fates) <= {"done", "Refused"}


def test_what_goes_to_finance_meanwhile_goes_whole(office: Readers) -> None:
    """Either the sheet's reading is among what was handed over, or it is left out and said."""

    def hand_over() -> None:
        round_ = ReadingRound.objects.get()
        perform(round_, "hand_over", by=office.clerk, data={"signature": signature()})

    accountant: Any = office.accountant
    fates = []
    for place, number in enumerate(range(1, HIGHEST, EVERY)):
        office.cast.unit(f"{place:04}")
        run = ready(office, f"{place:04}", f"电{place}")
        fate = in_between(number, partial(running.make_live.func, KIND, run.pk), hand_over)
        round_ = ReadingRound.objects.get()
        assert fate[0] == "done", (number, fate)
        if round_.state == ReadingRound.State.HANDED:
            assert round_.read == Reading.objects.filter(round=round_).count(), (number, fate)
            perform(round_, "send_back", by=accountant, data={"words": "再看一遍"})
        if fate[1] == "not reached":
            break
        fates.append(fate[1])
    assert len(fates) > 5
    assert "done" in fates
