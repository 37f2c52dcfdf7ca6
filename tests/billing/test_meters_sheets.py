"""A sheet of readings at its edges: several months in one file, swaps with their numbers, what nobody can read or place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.support.importing import CommandLine
from tests.support.messy_readings import HEAD, LINES, ROOMS, SHEET, sheet
from tests.support.messy_roll import upload, workbook
from tests.support.meters import OCTOBER, Readers, meter
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.bringing import places
from yihu.areas.billing.meters.models import Meter, Reading, ReadingImport
from yihu.basics.months import Month
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db
D = Decimal
NOVEMBER_SHEET = "2026年11月20日抄表"
bring = CommandLine("import_readings", "云栖苑")


@pytest.fixture
def office(cast: Any) -> Readers:
    assert cast.home
    for room in ROOMS:
        cast.unit(room)
    return Readers(cast)


@pytest.fixture
def file(tmp_path: Path, office: Readers) -> Path:
    return tmp_path / "抄表.xlsx"


def kinds(told: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in told["problems"]]


def power(previous: Any, current: Any, note: Any = None, number: str | None = "电6", room: str = "A1-1-0302") -> Any:
    return room, number, "电", previous, current, 1, note


def readings() -> list[tuple[str, int, Decimal, str]]:
    rows = Reading.objects.select_related("installation").order_by("on", "pk")
    return [(one.installation.number, one.month.month, one.use, one.state) for one in rows]


def live(office: Readers, content: bytes) -> ReadingImport:
    files = {"import_file": upload(content, "抄表.xlsx")}
    run = open_record(ReadingImport(community=office.cast.yunqi), by=office.clerk, data={}, files=files)
    perform(run, "go_live", by=office.clerk, data={})
    run_waiting()
    return ReadingImport.objects.get(pk=run.pk)


# Several months in one file


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("number", ["电6", None])
def test_the_months_of_one_file_follow_each_other(file: Path, office: Readers, known: bool, number: str | None) -> None:
    """Whether the meter was entered before or comes with the file, whether its number is written, however the sheets stand."""
    if known:
        meter(office.cast.yunqi.units.get(room="0302"), number="电6", opening="4002")
    content = {
        NOVEMBER_SHEET: [HEAD, power(4100, 4190, number=number)],
        SHEET: [HEAD, power(4002, 4100, number=number)],
    }
    told = bring(file, workbook(content))
    assert (told["created"], told["problems"], Meter.objects.count()) == (2, [], 1)
    assert [row[1:] for row in readings()] == [(10, 98, "stands"), (11, 90, "stands")]
    again = bring(file, workbook(content))
    assert (again["created"], again["unchanged"], Reading.objects.count()) == (0, 2, 2)


def test_what_follows_a_figure_that_somebody_has_to_look_at_waits_for_him(file: Path, office: Readers) -> None:
    """Else what was used since would be counted twice once the first figure is agreed to."""
    content = {
        SHEET: [HEAD, power(9990, 10.9, "表走一圈", "水4")],
        NOVEMBER_SHEET: [HEAD, power(None, 20, number="水4")],
    }
    told = bring(file, workbook(content))
    assert kinds(told) == ["reading_went_round", "reading_waits"]
    assert "2026-10-20 的读数 10.9 还在等人复核" in told["problems"][1]["reason"]
    assert bring(file, workbook(content))["created"] == 0
    office.agree(Reading.objects.get())
    assert bring(file, workbook(content))["created"] == 1
    assert [row[2] for row in readings()] == [D("20.9"), D("9.1")]


def test_a_month_is_read_once_in_a_file(file: Path) -> None:
    head = (*HEAD, "抄表日期")
    told = bring(file, sheet([(*power(0, 10), "2026-10-19"), (*power(10, 12), "2026-10-20")], "抄表", head))
    assert (told["created"], kinds(told)) == (1, ["reading_read_already"])


def test_what_was_corrected_since_is_told_apart_from_the_sheet(file: Path, office: Readers) -> None:
    bring(file, sheet([power(4002, 4100)]))
    row = Reading.objects.get()
    office.agree(recording.correct(row, D(4010), "把 01 看成 10", by=office.clerk))
    told = bring(file, sheet([power(None, 4100)], "2026年10月21日抄表"))
    assert (kinds(told), Reading.objects.filter(state="stands").count()) == (["reading_read_already"], 1)
    assert "本月已有读数 4,010" in told["problems"][0]["reason"]


# Swaps


def test_a_swap_in_a_sheet_brings_the_number_of_the_new_device(file: Path, office: Readers) -> None:
    one = meter(office.cast.yunqi.units.get(room="0302"), number="电6", opening="4002")
    swapped = power(4002, 50, "换表:旧表止数4131,新表号:电60 新表起数0")
    told = bring(file, workbook({SHEET: [HEAD, swapped], NOVEMBER_SHEET: [HEAD, power(50, 150, number="电60")]}))
    assert (told["created"], kinds(told)) == (2, ["reading_swapped"])
    one.refresh_from_db()
    assert (one.number, [device.number for device in one.installations.order_by("pk")]) == ("电60", ["电6", "电60"])
    assert [row[:3] for row in readings()] == [("电6", 10, 129), ("电60", 10, 50), ("电60", 11, 100)]


@pytest.mark.parametrize(
    ("note", "kind", "words"),
    [
        ("换了新表", "reading_parts", "没有写清旧表止数"),
        ("换表:旧表止数4001,新表起数0", "reading_refused", "旧表止数 4,001 小于上次读数"),
        ("换表:旧表止数4131,新表号:电1 新表起数0", "reading_taken", "新表表号 电1 已经装在别处"),
    ],
)
def test_a_swap_that_cannot_be_is_asked(file: Path, office: Readers, note: str, kind: str, words: str) -> None:
    meter(office.cast.home, number="电1")
    one = meter(office.cast.yunqi.units.get(room="0302"), number="电6", opening="4002")
    told = bring(file, sheet([power(4002, 50, note)]))
    assert (told["created"], kinds(told), one.installations.count()) == (0, [kind], 1)
    assert words in told["problems"][0]["reason"]
    assert not Reading.objects.exists()


# What nobody can read or place


def test_a_figure_that_the_dial_cannot_show_is_asked(file: Path, office: Readers) -> None:
    meter(office.cast.yunqi.units.get(room="0302"), number="电6", opening="4002", digits=4)
    told = bring(file, sheet([power(4002, 41000)]))
    assert kinds(told) == ["reading_refused"]
    assert "表盘是 4 位整数" in told["problems"][0]["reason"]


def test_without_a_column_for_it_the_number_says_what_is_measured(file: Path) -> None:
    head = ("房号", "表号", "上次读数", "本次读数")
    told = bring(file, sheet([("A1-1-0302", "水表7", 10, 12), ("A1-1-0302", "电8", 5, 9)], SHEET, head))
    assert (told["created"], sorted(Meter.objects.values_list("kind", flat=True))) == (2, ["power", "water"])
    refused = bring.refused(file, sheet([("A1-1-0401", "甲1", 10, 12)], SHEET, head))
    assert kinds(refused) == ["reading_no_kind"]


def test_a_file_without_a_line_is_refused_and_a_sheet_may_be_left_out(file: Path) -> None:
    assert kinds(bring.refused(file, sheet([]))) == ["nothing_found"]
    told = bring(file, workbook({SHEET: [HEAD, power(1, 2)], "旧表": [HEAD, power(7, 9)]}), "--map", "旧表!=不导入")
    assert (told["created"], readings()) == (1, [("电6", 10, D(1), "stands")])


def test_a_room_is_found_however_often_and_however_it_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_MANY", 1)
    told = bring(file, sheet([power(1, 2), power(5, 8, number="电7", room="A1栋1单元302")]))
    assert (told["created"], told["problems"]) == (2, [])
    assert set(Meter.objects.values_list("unit__room", flat=True)) == {"0302"}


# Taken back


def test_a_sheet_on_which_something_stands_is_not_taken_back(office: Readers) -> None:
    one = meter(office.cast.yunqi.units.get(room="0302"), number="电6", opening="4002")
    run = live(office, sheet([power(4002, 4100), *LINES[:1]]))
    office.read(one, "4200", "2026-11-20", month=Month(2026, 11))
    with pytest.raises(Refused, match="之后又抄的读数 1 条"):
        perform(run, "undo", by=office.clerk, data={"reason": "传错文件"})
    other = meter(office.cast.home, number="电1", opening="0")
    again = live(office, sheet([power(0, 8, "换表:旧表止数9,新表起数0", "电1", "A1-1-0101")]))
    assert other.installations.count() == 2
    with pytest.raises(Refused, match="登记过的换表 1 块"):
        perform(again, "undo", by=office.clerk, data={"reason": "传错文件"})
    assert set(Reading.objects.values_list("state", flat=True)) == {"stands"}


# Questions


def test_a_question_is_answered_once_and_with_a_figure(office: Readers, sign_in: Any) -> None:
    one = meter(office.cast.yunqi.units.get(room="0302"), number="电6", opening="4002")
    run = live(office, sheet([power(4002, None, "家中无人"), power(7, "看不清", number="电7", room="A1-1-0401")]))
    client, url = sign_in(office.clerk), reverse("meters:questions", args=[run.number])
    assert client.get(reverse("meters:imports"), follow=True).status_code == 200
    page = client.get(url).content.decode()
    assert "家中无人" in page
    assert "读不出这个数" in page
    row = run.staged.get(values__number="电6")
    answer = client.post(url, {"row": row.pk, "kind": "read", "current": "四千"})
    assert (answer.status_code, "请填数字，例如 1203.4" in answer.content.decode()) == (409, True)
    office.read(one, "4050", month=OCTOBER)  # somebody went there meanwhile
    page = client.get(url).content.decode()
    assert "家中无人" not in page
    assert "读不出这个数" in page
