"""A long roll is read and made live in slices, beside the work of the desk; whoever dies in between, it ends the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import at_once, die_at
from tests.support.cast import Cast
from tests.support.messy_roll import HEAD, ROW, small_roll, table
from tests.support.rolls import S, carried_out, gone_live, handed_in
from yihu.ground.estate.models import (
    Occupancy,
    ParkingSpace,
    Party,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.ground.estate.roll.importing import RollOfUnits
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.importing import running, staging
from yihu.kernel.jobs import run_due

pytestmark = pytest.mark.django_db


def test_a_long_roll_goes_live_in_slices_that_end_alike(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RollOfUnits, "in_one_breath", 10)
    monkeypatch.setattr(RollOfUnits, "slice", 7)
    run = gone_live(cast, small_roll())
    assert (run.state, run.created, run.done) == (S.LIVE, 32, 32)
    sliced = shape()
    perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})
    monkeypatch.setattr(RollOfUnits, "in_one_breath", 1000)
    gone_live(cast, small_roll())
    assert shape() == sliced


def shape() -> list[Any]:
    """The estate without its row numbers."""
    stays = Occupancy.objects.select_related("unit", "party").order_by("unit__sort_key", "role", "place")
    return [
        sorted(Unit.objects.values_list("label", "use", "handed_over_on", "moved_in_on", "remark")),
        [
            (str(stay.unit), stay.role, stay.party.name, stay.party.phone_index, stay.party.id_no_index)
            for stay in stays
        ],
        sorted(Vehicle.objects.values_list("plate", "unit__label")),
        sorted(ParkingSpace.objects.values_list("code", "unit__label")),
        sorted(UnitArea.objects.values_list("unit__label", "gross_area", "net_area")),
        Party.objects.count(),
    ]


def test_a_long_file_is_read_beside_the_desks_work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "AT_ONCE", 100)
    run = handed_in(cast, table([*ROW, "13900139223"], head=[*HEAD, "户主二"]))
    assert (run.still_reading, run.rows) == (True, 0)
    for step in ("go_live", "map"):
        with pytest.raises(Refused, match="名册还在读取"):
            perform(run, step, by=cast.li, data={})
    run_due(timezone.now())
    run.refresh_from_db()
    assert (run.still_reading, run.rows, run.errors, run.summary) == (False, 1, 1, "业主名册.xlsx，1 户")

    form = {f"c0_{column['letters']}": column["field"] or "phone2" for column in run.questions[0]["columns"]}
    perform(run, "map", by=cast.li, data=form)
    run_due(timezone.now())
    run.refresh_from_db()
    assert (run.still_reading, run.errors, run.created) == (False, 0, 1)
    perform(run, "go_live", by=cast.li, data={})
    run_due(timezone.now())
    assert str(Party.objects.get().phone2) == "139****9223"


def test_a_long_file_that_cannot_be_read_says_so_on_its_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "AT_ONCE", 100)
    run = handed_in(cast, small_roll()[:2000])
    run_due(timezone.now())
    run.refresh_from_db()
    assert (run.errors, list(run.problems.values_list("kind", flat=True))) == (1, ["unreadable_file"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("breath", [1000, 10])
def test_whenever_the_process_dies_it_is_gone_on_with_and_ends_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, breath: int
) -> None:
    monkeypatch.setattr(RollOfUnits, "in_one_breath", breath)
    monkeypatch.setattr(RollOfUnits, "slice", 11)
    content = small_roll()
    whole = gone_live(cast, content)
    expected = shape()
    perform(whole, "undo", by=cast.li, data={"reason": "传错了文件"})
    statement, deaths = 1, 0
    while True:
        run = perform(handed_in(cast, content), "go_live", by=cast.li, data={})
        if not die_at(statement, lambda run=run: running.make_live.func("estate.rollimport", run.pk)):
            break
        deaths += 1
        if breath > 32:
            assert Unit.objects.count() in (0, 32), "half a roll is there"
        run = carried_out(run)
        assert (run.state, run.created, shape()) == (S.LIVE, 32, expected)
        perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})
        statement += 3 if breath > 32 else 8
    assert deaths > 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_roll_write_it_once(cast: Cast) -> None:
    run = perform(handed_in(cast, small_roll()), "go_live", by=cast.li, data={})
    assert at_once(2, lambda _: running.make_live.func("estate.rollimport", run.pk)) == ["done", "done"]
    run.refresh_from_db()
    assert (run.state, run.created, Unit.objects.count()) == (S.LIVE, 32, 32)
