"""A roll from the command line, into a community that is not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.breaking import die_at
from tests.support.cast import Cast
from tests.support.importing import CommandLine
from tests.support.messy_roll import ROW, row, small_roll, workbook
from tests.support.rolls import S, everything, rows
from yihu.demo.roll import SMALL
from yihu.ground.estate.models import (
    Community,
    RollImport,
    Unit,
)
from yihu.ground.estate.roll.importing import RollOfUnits
from yihu.kernel.doors import perform
from yihu.kernel.models import Record

pytestmark = pytest.mark.django_db
command_line = CommandLine("import_roll", "翠湖天地")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "业主名册.xlsx"
    path.write_bytes(small_roll())
    return path


def test_the_command_line_imports_into_a_new_community(sheet: Path) -> None:
    tried = command_line(sheet, None, "--dry-run")
    assert (tried["created"], Community.objects.count(), Record.objects.count()) == (32, 0, 0)

    told = command_line(sheet)
    assert {name: told[name] for name in ("rows", "created", "updated", "unchanged", "refused")} == {
        "rows": 32, "created": 32, "updated": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip
    assert told["clusters"] == [{"code": cluster.code, "name": cluster.name, **cluster.figures()} for cluster in SMALL]
    community = Community.objects.get()
    assert (community.name, community.code, Unit.objects.count()) == ("翠湖天地", "CHTD", 32)
    assert [str(run.opened_by) for run in RollImport.objects.select_related("opened_by")] == ["系统"]

    before = everything()
    again = command_line(sheet)
    assert (again["created"], again["updated"], again["unchanged"], again["refused"]) == (0, 0, 32, 0)
    assert everything() == before


def test_the_command_line_refuses_with_places_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(rows(ROW, row(房号="0102", 交房日期="明年"), ROW))
    told = command_line.refused(path)
    assert (told["refused"], told["created"]) == (3, 0)
    assert [(found["sheet"], found["row"], found["column"], found["value"], found["severity"]) for found in told["problems"]] == [
        ("A组团", 3, "交房日期", "明年", "error"), ("A组团", 4, "房号", "A-A1-1-0101", "error"),
    ]  # fmt: skip
    assert all(found["reason"] and found["remedy"] for found in told["problems"])
    assert Community.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"hello", small_roll()[:900]])
def test_the_command_line_refuses_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    told = command_line.refused(path)
    assert (told["refused"], [found["severity"] for found in told["problems"]]) == (1, ["error"])
    assert command_line.refused(tmp_path / "没有.xlsx")["problems"][0]["reason"] == "打不开文件 没有.xlsx。"


def test_the_command_line_takes_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "别样.xlsx"
    path.write_bytes(workbook({"Sheet1": [["编码", "谁家", "号码"], ["12号楼-2-301", "赵晓禾", "13800138112"]]}))
    told = command_line.refused(path)
    assert told["needs_mapping"] or told["problems"]
    told = command_line(path, None, "--map", "编码=房号", "--map", "谁家=owner", "--map", "号码=联系电话")
    assert (told["created"], Unit.objects.get().label) == (1, "12-2-301")
    assert "列=项目" in command_line.refused(path, None, "--map", "没有等号")["problems"][0]["reason"]


@pytest.mark.django_db(transaction=True)
def test_the_command_line_killed_half_way_is_gone_on_with(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RollOfUnits, "in_one_breath", 10)
    monkeypatch.setattr(RollOfUnits, "slice", 7)
    statement, deaths = 20, 0
    while die_at(statement, lambda: command_line(sheet)):
        deaths += 1
        statement += 25
        told = command_line(sheet)
        assert (told["created"] + told["unchanged"], Unit.objects.count()) == (32, 32)
        assert RollImport.objects.filter(state=S.LIVE).count() == 1
        for run in RollImport.objects.filter(state=S.LIVE):
            again = Cast().person(f"li{statement}", "李二", "cs_supervisor", community=run.community)
            perform(run, "undo", by=again, data={"reason": "传错了文件"})
    assert deaths
