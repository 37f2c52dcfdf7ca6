"""The third named door: an import going live, with somebody else stepping in before each of its statements."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.breaking import in_between
from tests.support.cast import Cast
from tests.support.messy_roll import row, table, upload
from yihu.ground.estate.corrections import correct_unit
from yihu.ground.estate.models import RollImport, RollRow, Unit
from yihu.kernel.doors import open_record, perform
from yihu.kernel.importing import running
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Book, Command, JournalEntry

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "estate.rollimport"
EVERY = 4  # statements apart; an import sends some dozens
HIGHEST = 160


def handed_in(cast: Cast, use: str) -> RollImport:
    content = table(row(使用情况=use), row(房号="0102", 使用情况=use), row(房号="0201", 使用情况=use))
    fresh = RollImport(community=cast.yunqi)
    return open_record(fresh, by=cast.li, data={}, files={"import_file": upload(content)})


def make_live(run: RollImport) -> None:
    running.make_live.func(KIND, run.pk)


def one_round(cast: Cast, number: int, rival: Any) -> tuple[tuple[str, str], RollImport]:
    """The units stand as 自住; a second roll says 出租 and goes live while ``rival`` steps in before its statement."""
    run = perform(handed_in(cast, "出租"), "go_live", by=cast.li, data={})
    fates = in_between(number, lambda: make_live(run), lambda: rival(run))
    run.refresh_from_db()
    return fates, run


def put_back(run: RollImport) -> None:
    """Ready for the next round."""
    if run.state == RollImport.State.LIVE:
        RollRow.objects.filter(run=run).update(before={})
    Unit.objects.update(use="own")
    for unit in Unit.objects.all():
        Unit.objects.filter(pk=unit.pk).update(as_rolled={**unit.as_rolled, "use": "own"})


@pytest.fixture
def settled(cast: Cast) -> Cast:
    run = perform(handed_in(cast, "自住"), "go_live", by=cast.li, data={})
    make_live(run)
    assert cast.li
    return cast


def faults() -> list[str]:
    return [fault for result in check_all() for fault in result.faults]


def rounds(cast: Cast, rival: Any, look: Any) -> int:
    reached = 0
    for number in range(1, HIGHEST, EVERY):
        fates, run = one_round(cast, number, rival)
        if fates[1] == "not reached":
            break
        reached += 1
        assert fates[0] == "done", fates
        assert run.state == RollImport.State.LIVE
        assert sorted(RollRow.objects.filter(run=run).values_list("outcome", flat=True)).count("") == 0
        look(number, fates, run)
        assert faults() == [], f"before statement {number}"
        put_back(run)
    return reached


def test_another_worker_steps_in_and_everything_is_written_once(settled: Cast) -> None:
    def look(number: int, fates: Any, run: RollImport) -> None:
        assert fates[1] == "done"
        assert set(Unit.objects.values_list("use", flat=True)) == {"let"}
        said = JournalEntry.objects.filter(sentence__contains=f"名册导入 {run.number} 更新")
        assert said.count() == 3, number
        assert Command.objects.filter(key=f"{KIND}:{run.pk}:0").count() == 1

    assert rounds(settled, make_live, look) > 5


def test_somebody_takes_it_back_too_early_and_is_refused(settled: Cast) -> None:
    def undo(run: RollImport) -> None:
        perform(run, "undo", by=settled.li, data={"reason": "传错了文件"})

    found = []
    for number in range(1, HIGHEST, EVERY):
        fates, run = one_round(settled, number, undo)
        if fates[1] == "not reached":
            break
        found.append(fates)
        assert fates[0] == "done"
        # refused while it runs; taken back as a whole once it is live
        whole = {"let"} if run.state == RollImport.State.LIVE else {"own"}
        assert run.state in (RollImport.State.LIVE, RollImport.State.UNDONE)
        assert set(Unit.objects.values_list("use", flat=True)) == whole, (number, fates)
        assert faults() == []
        put_back(run)
    assert len(found) > 5


def test_what_somebody_corrects_meanwhile_is_never_lost(settled: Cast) -> None:
    unit = Unit.objects.get(room="0102")
    tried = iter(range(1000))

    def correct(run: RollImport) -> None:
        correct_unit(unit, {"use": "vacant"}, by=settled.li, key=f"by-hand-{next(tried)}", reason="上门核实")

    def look(number: int, fates: Any, run: RollImport) -> None:
        assert fates[1] == "done", (number, fates)
        assert dict(Unit.objects.values_list("room", "use")) == {"0101": "let", "0102": "vacant", "0201": "let"}, number

    assert rounds(settled, correct, look) > 5


def test_control_an_import_that_reads_and_writes_without_holding_loses_a_correction(settled: Cast) -> None:
    """The same writing without a transaction around it: somewhere the harness must see the correction overwritten."""
    unit = Unit.objects.get(room="0102")
    tried = iter(range(1000))

    def careless() -> None:
        read = list(Unit.objects.order_by("pk"))
        Book.objects.count()
        for one in read:
            if one.use == "own":
                Unit.objects.filter(pk=one.pk).update(use="let")

    def correct() -> None:
        correct_unit(unit, {"use": "vacant"}, by=settled.li, key=f"careless-{next(tried)}", reason="上门核实")

    lost = False
    for number in range(1, 12):
        Unit.objects.update(use="own")
        fates = in_between(number, careless, correct)
        if fates[1] == "not reached":
            break
        unit.refresh_from_db()
        lost = lost or unit.use != "vacant"
    assert lost
