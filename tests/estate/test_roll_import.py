"""A roll goes live as one batch, changes nothing the second time, and keeps what people corrected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from tests.support.cast import Cast
from tests.support.messy_roll import HEAD, IDS, ROW, row, small_roll, table, upload, workbook
from tests.support.rolls import S, carried_out, counts, everything, gone_live, handed_in, refusal_of_form, rows
from yihu.demo.roll import SMALL
from yihu.ground.estate.corrections import correct_party, correct_unit
from yihu.ground.estate.finding import occupancy_counts
from yihu.ground.estate.models import (
    Occupancy,
    Party,
    RollFile,
    RollImport,
    RollRow,
    Unit,
    Vehicle,
)
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_due
from yihu.kernel.models import JournalEntry, Record

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------------------------------------------------- going live
@pytest.mark.clause("ARC-08", "MOV-06")
def test_a_messy_roll_goes_live_with_its_figures(cast: Cast) -> None:
    run = handed_in(cast, small_roll())
    assert (run.state, run.created, run.updated, run.errors) == (S.CHECKING, 32, 0, 0)
    assert counts() == dict.fromkeys(counts(), 0)

    run = perform(run, "go_live", by=cast.li, data={})
    assert run.state == S.RUNNING
    run_due(timezone.now())

    run.refresh_from_db()
    assert (run.state, run.created, run.unchanged, run.done) == (S.LIVE, 32, 0, 32)
    figures = {told.pop("code"): told for told in occupancy_counts(cast.yunqi)}
    assert figures == {cluster.code: {"name": cluster.name, **cluster.figures()} for cluster in SMALL}
    assert [fault for result in check_all() for fault in result.faults] == []


def test_a_unit_with_everything_the_row_says(cast: Cast) -> None:
    head = [
        *HEAD,
        "套内面积",
        "装修日期",
        "入住日期",
        "租户姓名",
        "租户电话",
        "租期起",
        "租期止",
        "车位号",
        "车牌号",
        "备注",
    ]
    cells = [
        *row(业主姓名="赵晓禾、钱思远", 身份证号=IDS[0], 使用情况="出租"),
        73.4,
        "2009.6.1",
        "2009.9.1",
        "孙清越",
        "13900139223",
        "2026.1.1",
        "2027.12.31",
        "A-001",
        "川A12345",
        "联系爱人",
    ]
    gone_live(cast, table(cells, head=head))

    unit = Unit.objects.get()
    assert (unit.label, str(unit.cluster), unit.building.code, unit.entrance, unit.room) == (
        "A1-1-0101",
        "A组团",
        "A1",
        "1",
        "0101",
    )
    assert (unit.handed_over_on, unit.renovation_begun_on, unit.moved_in_on) == (
        date(2009, 5, 16),
        date(2009, 6, 1),
        date(2009, 9, 1),
    )
    assert (unit.use, unit.remark, unit.area.gross_area, unit.area.net_area) == (
        "let",
        "联系爱人",
        Decimal("89.52"),
        Decimal("73.40"),
    )
    assert [(stay.role, stay.place, stay.party.name, str(stay.party.phone)) for stay in unit.occupancies.order_by("pk")] == [
        ("owner", 0, "赵晓禾", "138****8112"), ("owner", 1, "钱思远", ""), ("lessee", 0, "孙清越", "139****9223"),
    ]  # fmt: skip
    lease = unit.occupancies.get(role="lessee")
    assert (lease.from_on, lease.to_on) == (date(2026, 1, 1), date(2027, 12, 31))
    assert [vehicle.plate for vehicle in unit.vehicles.all()] == ["川A12345"]
    assert [space.code for space in unit.parking_spaces.all()] == ["A-001"]


def test_name_and_number_together_are_one_person_and_a_name_alone_is_not(cast: Cast) -> None:
    gone_live(
        cast,
        rows(
            row(身份证号=IDS[0]),
            row(房号="0102", 身份证号=IDS[0]),
            row(房号="0201"),
            row(房号="0202"),
            row(房号="0301", 身份证号=IDS[1]),
        ),
    )
    owners = {stay.unit.room: stay.party_id for stay in Occupancy.objects.select_related("unit")}
    assert owners["0101"] == owners["0102"]
    assert len({owners[room] for room in ("0101", "0201", "0202", "0301")}) == 4


def test_building_numbers_that_begin_again_stay_apart_in_key_and_label(cast: Cast) -> None:
    twice = [row(楼栋="1"), row(楼栋="2")]
    gone_live(cast, workbook({"A组团": [HEAD, *twice], "B组团": [HEAD, *twice]}))
    assert sorted(Unit.objects.values_list("label", flat=True)) == [
        "A-1-1-0101",
        "A-2-1-0101",
        "B-1-1-0101",
        "B-2-1-0101",
    ]


def test_the_desk_may_not_hand_in_a_roll(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_record(
            RollImport(community=cast.yunqi), by=cast.wang, data={}, files={"import_file": upload(small_roll())}
        )


# ------------------------------------------------------------------------------------------------------------- errors
def test_a_file_with_an_error_cannot_go_live(cast: Cast) -> None:
    run = handed_in(cast, rows(ROW, row(房号="0102", 交房日期="2009年2月30日")))
    assert run.errors == 1
    with pytest.raises(Refused, match="还有 1 处错误"):
        perform(run, "go_live", by=cast.li, data={})
    run = perform(run, "withdraw", by=cast.li)
    assert (run.state, Unit.objects.count(), RollFile.objects.count()) == (S.REFUSED, 0, 0)


def test_a_damaged_file_is_refused_at_once_and_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        handed_in(cast, small_roll()[:2000])
    assert refusal_of_form(refused) == "文件已损坏，打不开。请在 Excel 中打开原表，另存为 .xlsx 后再上传。"
    assert Record.objects.count() == 0


def test_a_person_says_what_an_unknown_column_is(cast: Cast) -> None:
    run = handed_in(cast, table([*ROW, "13900139223"], head=[*HEAD, "户主二"]))
    assert run.errors == 1
    form = {"s0": ""} | {
        f"c0_{letters}": column["field"]
        for sheet in run.questions
        for column in sheet["columns"]
        if (letters := column["letters"])
    }
    with pytest.raises(Invalid) as invalid:
        perform(run, "map", by=cast.li, data=form)
    assert list(invalid.value.form.errors) == ["c0_J"]

    run = perform(run, "map", by=cast.li, data={**form, "c0_J": "phone2"})
    assert (run.errors, run.created) == (0, 1)
    carried_out(perform(run, "go_live", by=cast.li, data={}))
    assert str(Party.objects.get().phone2) == "139****9223"


# --------------------------------------------------------------------------------------------------- the second time
def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    gone_live(cast, small_roll())
    before = everything()
    with pytest.raises(Invalid) as refused:
        handed_in(cast, small_roll())
    assert refusal_of_form(refused) == "名册中的 32 户与现有资料完全一致，不需要导入。"
    assert everything() == before


def test_a_new_roll_changes_what_is_new_and_says_so_in_the_units_journal(cast: Cast) -> None:
    gone_live(cast, rows(row(联系电话=""), row(房号="0102")))
    run = gone_live(cast, rows(row(使用情况="出租", 建筑面积=90), row(房号="0102"), row(房号="0201")))
    assert (run.created, run.updated, run.unchanged) == (1, 1, 1)
    unit = Unit.objects.get(room="0101")
    assert (unit.use, str(Party.objects.get(occupancies__unit=unit).phone)) == ("let", "138****8112")
    today = timezone.localdate()
    assert list(unit.areas.order_by("from_on").values_list("gross_area", "from_on")) == [
        (Decimal("89.52"), date(1900, 1, 1)), (Decimal("90.00"), today),
    ]  # fmt: skip
    entry = JournalEntry.objects.get(book__register="estate.unit", book__object_id=str(unit.pk))
    assert entry.sentence == f"名册导入 {run.number} 更新使用情况、建筑面积、联系电话"


def test_what_a_person_changed_since_is_kept_unless_he_ticks_it(cast: Cast) -> None:
    gone_live(cast, rows(ROW, row(房号="0102")))
    unit = Unit.objects.get(room="0101")
    correct_unit(unit, {"use": "vacant"}, by=cast.li, key="k1", reason="上门核实")
    correct_party(
        Party.objects.get(occupancies__unit=unit), {"phone": "13700137334"}, by=cast.li, key="k2", reason="业主来电"
    )
    fresh = rows(row(使用情况="出租", 联系电话="13900139223"), row(房号="0102", 使用情况="出租"))

    run = gone_live(cast, fresh)
    unit.refresh_from_db()
    assert (unit.use, str(Party.objects.get(occupancies__unit=unit).phone)) == ("vacant", "137****7334")
    assert (Unit.objects.get(room="0102").use, run.kept, run.updated) == ("let", 2, 1)

    run = handed_in(cast, fresh)
    kept = {found.column: found for found in run.problems.filter(kind="kept")}
    assert kept["联系电话"].reason == "上次导入后有人改过，现为“137****7334”，没有覆盖。"
    carried_out(perform(run, "go_live", by=cast.li, data={"overwrite": [str(kept["使用情况"].pk)]}))
    unit.refresh_from_db()
    assert (unit.use, str(Party.objects.get(occupancies__unit=unit).phone)) == ("let", "137****7334")


def test_the_old_file_again_does_not_undo_what_a_person_corrected(cast: Cast) -> None:
    gone_live(cast, rows(ROW))
    correct_unit(Unit.objects.get(), {"remark": "老人独居"}, by=cast.li, key="k", reason="补登")
    Unit.objects.update(use="let")
    run = handed_in(cast, rows(row(建筑面积=91)))
    assert (run.updated, run.kept) == (1, 1)
    carried_out(perform(run, "go_live", by=cast.li, data={}))
    assert list(Unit.objects.values_list("use", "remark")) == [("let", "老人独居")]


def test_empty_cells_say_nothing(cast: Cast) -> None:
    gone_live(cast, rows(ROW))
    with pytest.raises(Invalid):
        handed_in(cast, rows(row(建筑面积="", 联系电话="", 交房日期="", 使用情况="", 业主姓名="")))


def test_a_new_owner_follows_the_old_one_from_today(cast: Cast) -> None:
    gone_live(cast, rows(row(身份证号=IDS[0])))
    run = gone_live(cast, rows(row(业主姓名="钱思远", 身份证号=IDS[1], 联系电话="13900139223")))
    today = timezone.localdate()
    old, new = Occupancy.objects.select_related("party").order_by("pk")
    assert (old.party.name, old.to_on, new.party.name, new.from_on, new.to_on) == (
        "赵晓禾",
        date.fromordinal(today.toordinal() - 1),
        "钱思远",
        today,
        None,
    )
    assert list(run.problems.values_list("kind", flat=True)) == ["owner_changed"]


def test_an_owner_who_keeps_his_number_and_changes_his_name_stays_the_same(cast: Cast) -> None:
    gone_live(cast, rows(row(身份证号=IDS[0])))
    gone_live(cast, rows(row(业主姓名="赵小禾", 身份证号=IDS[0])))
    assert [
        (stay.party.name, stay.party.name_initials.split()[0]) for stay in Occupancy.objects.select_related("party")
    ] == [("赵小禾", "zxh")]


def test_a_room_without_its_noughts_is_the_same_room(cast: Cast) -> None:
    gone_live(cast, rows(ROW))
    with pytest.raises(Invalid):
        handed_in(cast, rows(row(房号=101)))


def test_a_plate_that_another_unit_holds_stays_there(cast: Cast) -> None:
    head = [*HEAD, "车牌号"]
    gone_live(cast, table([*ROW, "川A12345"], head=head))
    run = gone_live(cast, table([*row(房号="0102"), "川A12345"], head=head))
    assert [vehicle.unit.room for vehicle in Vehicle.objects.select_related("unit")] == ["0101"]
    assert list(run.problems.values_list("kind", "reason")) == [("taken_by_other", "已登记在 A1-1-0101 名下，未改。")]


# ------------------------------------------------------------------------------------------------------- personal data
def test_nothing_personal_lies_in_the_clear(cast: Cast) -> None:
    secrets = ("13800138112", "13900139223", IDS[0], IDS[1])
    content = rows(
        row(身份证号=IDS[0]),
        row(房号="0102", 业主姓名="钱思远", 身份证号=IDS[1], 联系电话="13900139223"),
        row(房号="0201", 身份证号=IDS[0][:-1] + "0"),
    )
    run = handed_in(cast, content)
    assert RollFile.objects.get().sealed
    assert _in_the_clear(secrets) == []
    carried_out(perform(run, "go_live", by=cast.li, data={}))
    gone_live(cast, rows(row(身份证号=IDS[0], 联系电话="13700137334")))
    assert _in_the_clear((*secrets, "13700137334")) == []
    assert (RollFile.objects.count(), RollRow.objects.exclude(sealed="").count()) == (0, 0)


def _in_the_clear(secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Every column of every table that holds one of these texts."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            for line in cursor.fetchall():
                text = " ".join(str(cell) for cell in line)
                found += [(name, secret) for secret in secrets if secret in text]
    return found
