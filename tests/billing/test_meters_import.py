"""A sheet of readings comes in: what is clear is taken, what is doubtful is asked, the same file again changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.support.importing import CommandLine
from tests.support.messy_readings import HEAD, LINES, ROOMS, sheet
from tests.support.messy_roll import upload
from tests.support.meters import OCTOBER, Readers, meter
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.bringing.check import day_of, figure
from yihu.areas.billing.meters.history import usages
from yihu.areas.billing.meters.models import Meter, Reading, ReadingImport
from yihu.areas.billing.meters.rounds import missing, pending
from yihu.basics.cells import CellError
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db
D = Decimal
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


def reading(number: str, **more: Any) -> Reading:
    return Reading.objects.select_related("meter", "installation").get(meter__number=number, **more)


def test_what_is_clear_goes_in_and_what_is_doubtful_is_told(file: Path, office: Readers) -> None:
    told = bring(file, sheet())
    assert (told["rows"], told["created"], told["unchanged"], told["refused"]) == (11, 9, 0, 0)
    kinds = sorted(one["kind"] for one in told["problems"])
    assert kinds == [
        "reading_absent", "reading_figure", "reading_less", "reading_not_round", "reading_swapped", "reading_swapped", "reading_twice",
        "reading_unit", "reading_went_round",
    ]  # fmt: skip
    water, power = reading("水1"), reading("电1")
    assert (water.use, water.state, water.on, water.from_on) == (
        D("19.6"),
        "stands",
        date(2026, 10, 20),
        date(2026, 9, 21),
    )
    assert (power.use, power.month, power.meter.unit.label) == (394, date(2026, 10, 1), "A1-1-0101")
    rolled = reading("水4")
    assert (rolled.use, rolled.kind, rolled.state, rolled.installation.digits) == (D("20.9"), "rolled", "pending", 4)
    plain = reading("水5")
    assert (plain.use, plain.kind, plain.state) == (D("9.9"), "read", "pending")
    assert not Meter.objects.filter(number="水8").exists()


def test_a_swap_in_a_sheet_is_two_parts_and_alike_ones_are_looked_at(file: Path, office: Readers) -> None:
    bring(file, sheet())
    alike, other = Meter.objects.get(number="电6"), Meter.objects.get(number="电7")
    told = usages([alike.pk, other.pk], OCTOBER)
    assert [one.use for one in told[alike.pk].parts] == [129, 129]
    assert [one.state for one in told[alike.pk].parts] == ["stands", "pending"]
    assert [one.use for one in told[other.pk].parts] == [D("124"), D("136")]  # 3.1 × 40 + 3.4 × 40
    assert told[other.pk].total == 260
    assert alike.installations.count() == 2


def test_what_was_not_read_is_missing_and_what_waits_is_on_the_check_list(file: Path, office: Readers) -> None:
    bring(file, sheet())
    round_ = office.round()
    assert [one.number for one in missing(round_)] == ["电2", "电3", "电9"]
    assert sorted(one.meter.number for one in pending(round_)) == ["水4", "水5", "电6"]


def test_the_same_file_again_changes_nothing(file: Path, office: Readers) -> None:
    bring(file, sheet())
    before = list(Reading.objects.order_by("pk").values_list("pk", "state"))
    again = bring(file, sheet())
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 6)
    assert list(Reading.objects.order_by("pk").values_list("pk", "state")) == before
    assert (Meter.objects.count(), ReadingImport.objects.count()) == (9, 1)


def test_next_month_goes_on_from_the_last(file: Path, office: Readers) -> None:
    bring(file, sheet())
    for row in pending(office.round()):
        office.agree(row)
    lines = [
        ("A1-1-0101", "水1", "水", 6293.1, 6300, 1, None),
        ("A1-1-0101", "电1", "电", 5440, 5900, 1, None),
        ("A1-1-0202", "水4", "水", 10.9, 20, 2, None),
        ("A1-1-0302", "别的", "电", 129, 140, 1, None),
    ]
    told = bring(file, sheet(lines, "2026年11月20日抄表"))
    kinds = [one["kind"] for one in told["problems"]]
    assert (told["created"], kinds) == (1, ["reading_apart", "reading_times_apart", "reading_other_meter"])
    assert reading("水1", month=date(2026, 11, 1)).use == D("6.9")
    assert "5,440" in told["problems"][0]["reason"]
    assert "5,441" in told["problems"][0]["reason"]


def test_a_month_that_went_to_finance_takes_no_sheet(file: Path, office: Readers) -> None:
    clear = LINES[:2]
    bring(file, sheet(clear))
    office.checked()
    told = bring(file, sheet([*clear, ("A1-1-0102", "水9", "水", 1, 2, 1, None)]))
    assert (told["created"], {one["kind"] for one in told["problems"]}) == (0, {"reading_locked"})


def test_what_was_read_already_is_left_alone(file: Path, office: Readers) -> None:
    one = meter(office.cast.home, number="电1", opening="5047")
    office.read(one, "5400")
    told = bring(file, sheet(LINES[:2]))
    assert [found["kind"] for found in told["problems"]] == ["reading_read_already"]
    assert Reading.objects.filter(meter=one).count() == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [(("", "水1", "水", 1, 2, 1, None), "reading_no_room"), (("A1-1-0101", "甲1", "油", 1, 2, 1, None), "reading_kind"),
     (("A1-1-0101", "水1", "水", 1, 2, 0, None), "reading_times")],
)  # fmt: skip
def test_what_can_be_no_line_refuses_the_file(file: Path, line: tuple[Any, ...], kind: str) -> None:
    told = bring.refused(file, sheet([line, LINES[0]]))
    assert kind in [one["kind"] for one in told["problems"]]
    assert not Reading.objects.exists()


def test_a_sheet_without_a_day_or_with_one_to_come_is_refused(file: Path) -> None:
    assert bring.refused(file, sheet(LINES[:1], "抄表"))["problems"][0]["kind"] == "reading_no_day"
    head = (*HEAD, "抄表日期")
    assert (
        bring.refused(
            file, sheet([(*LINES[0], (timezone.localdate() + timedelta(days=30)).isoformat())], "抄表", head)
        )["problems"][0]["kind"]
        == "reading_to_come"
    )
    told = bring(file, sheet([(*LINES[0], "2026-10-19")], "抄表", head))
    assert (told["created"], reading("水1").on) == (1, date(2026, 10, 19))


def test_days_and_figures_as_people_write_them() -> None:
    today = date(2026, 11, 22)
    told = {
        "10月20日抄表": date(2026, 10, 20),
        "12月20日": date(2025, 12, 20),
        "2026年1月": date(2026, 1, 20),
        "2026-02-31": None,
        "水电": None,
    }
    assert {words: day_of(words, today) for words in told} == told
    assert [figure(cell) for cell in (6273.5, "1,203.4 度", None, "", 100)] == [
        D("6273.5"),
        D("1203.4"),
        None,
        None,
        D(100),
    ]
    for cell in ("看不清", -1, 10**11):
        with pytest.raises(CellError):
            figure(cell)


def test_in_the_browser_a_person_looks_first_and_answers_what_is_doubtful(office: Readers, sign_in: Any) -> None:
    clerk = office.clerk
    with pytest.raises(NotAllowed):
        open_record(
            ReadingImport(community=office.cast.yunqi),
            by=office.cast.wang,
            files={"import_file": upload(sheet(), "抄表.xlsx")},
        )
    run = open_record(
        ReadingImport(community=office.cast.yunqi),
        by=clerk,
        data={},
        files={"import_file": upload(sheet(), "抄表.xlsx")},
    )
    client = sign_in(clerk)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "新增 9 行" in page
    assert "读数变小" in page
    assert not Reading.objects.exists()
    perform(run, "go_live", by=clerk, data={})
    run_waiting()
    run.refresh_from_db()
    assert (run.state, Reading.objects.filter(reader=clerk).count()) == ("live", 8)
    url = reverse("meters:questions", args=[run.number])
    assert url in client.get(run.get_absolute_url()).content.decode()
    asked = client.get(url).content.decode()
    for words in ("没有本次读数：家中无人", "小于上次 2,762", "读不出这个数"):
        assert words in asked
    row = next(one for one in run.staged.all() if one.values.get("number") == "电3")
    lower = client.post(url, {"row": row.pk, "kind": "read", "current": "2727.3"})
    assert (lower.status_code, "翻转" in lower.content.decode()) == (409, True)
    assert client.post(url, {"row": row.pk, "kind": "read", "current": "2772.7", "why": "重抄"}).status_code == 302
    assert reading("电3").use == D("10.7")
    assert "小于上次" not in client.get(url).content.decode()
    assert client.post(url, {"row": row.pk, "kind": "read", "current": "2772.7"}).status_code == 409
    with pytest.raises(Refused, match="您自己抄的"):
        office.agree(reading("水4"), by=clerk)


def test_a_file_that_says_nothing_new_is_not_taken(office: Readers) -> None:
    files = {"import_file": upload(sheet(LINES[:2]), "抄表.xlsx")}
    run = open_record(ReadingImport(community=office.cast.yunqi), by=office.clerk, data={}, files=files)
    perform(run, "go_live", by=office.clerk, data={})
    run_waiting()
    again = {"import_file": upload(sheet(LINES[:2]), "抄表.xlsx")}
    with pytest.raises(Invalid, match="完全一致"):
        open_record(ReadingImport(community=office.cast.yunqi), by=office.clerk, data={}, files=again)


def test_a_sheet_is_taken_back_until_something_stands_on_it(office: Readers) -> None:
    def brought() -> Any:
        run = open_record(
            ReadingImport(community=office.cast.yunqi),
            by=office.clerk,
            data={},
            files={"import_file": upload(sheet(), "抄表.xlsx")},
        )
        perform(run, "go_live", by=office.clerk, data={})
        run_waiting()
        return ReadingImport.objects.get(pk=run.pk)

    run = brought()
    perform(run, "undo", by=office.clerk, data={"reason": "传错文件"})
    assert set(Reading.objects.values_list("state", flat=True)) == {"taken_back"}
    assert not Meter.objects.filter(shown=True).exists()
    again = brought()
    assert Meter.objects.filter(shown=True).count() == 9
    recording.correct(reading("电1", state="stands"), D(5440), "看错", by=office.cast.gong)
    with pytest.raises(Refused, match="另抄的读数 1 条"):
        perform(again, "undo", by=office.clerk, data={"reason": "传错文件"})
