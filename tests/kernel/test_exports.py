"""Tables that leave the program: no formula, no number in the clear, and who took them and when."""

import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from yihu.ground.estate.models import Party
from yihu.kernel import exports
from yihu.kernel.errors import Refused
from yihu.kernel.exports import Column, defused, write_xlsx

OFFICE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
BY = "王客服"


def cells(title, columns, rows, **options):
    with write_xlsx(title, columns, rows, by=BY, now=NOW, **options) as file:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()


def parts(title, columns, rows) -> str:
    with write_xlsx(title, columns, rows, by=BY, now=NOW) as file, zipfile.ZipFile(file) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist())


def test_a_table_says_what_it_is_who_took_it_and_when():
    table = cells("报修记录表", ["单号", "内容"], [["YQ-1", "漏水"], ["YQ-2", "停电"]])
    assert table[0][0] == "报修记录表"
    assert table[1][0] == "导出人：王客服　导出时间：2026-11-21 09:05　含个人信息，请勿外传"
    assert table[2:5] == [["单号", "内容"], ["YQ-1", "漏水"], ["YQ-2", "停电"]]
    assert table[5][0].startswith("共 2 行　导出人：王客服")
    inside = parts("报修记录表", ["单号"], [["YQ-1"]])
    assert "&amp;L导出人：王客服" in inside
    assert "&amp;R第 &amp;P 页，共 &amp;N 页" in inside


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "　=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "=cmd|' /C calc'!A0",
        "\x00=1",
    ],
)
def test_no_cell_is_a_formula(text):
    assert defused(text).startswith("'")
    [[cell]] = cells("表", ["内容"], [[text]])[3:4]
    assert cell.startswith("'")
    inside = parts(text, [text], [[text]])
    assert "<f>" not in inside


def test_harmless_text_stays_as_it_is():
    for text in ("漏水", "A1-1-0101", "3-2-101", "m² ㎡", "👍🏻", "多行\n内容", "a=b", "5"):
        assert defused(text) == text


def test_personal_values_and_numbers_in_free_text_are_masked():
    party = Party(name="赵业主", phone="13800138112", id_no="11010519491231002X")
    columns = [Column("姓名"), Column("电话"), Column("证件"), Column("内容"), Column("单号", "code")]
    row = [party.name, party.phone, party.id_no, "请打 13900139001 联系", "YQ-WO-202611-0001"]
    table = cells("客户", columns, [row])
    assert table[3] == ["赵业主", "138****8112", "110105********002X", "请打 139****9001 联系", "YQ-WO-202611-0001"]
    everything = parts("客户", columns, [row])
    assert [number for number in ("13800138112", "13900139001", "19491231") if number in everything] == []


def test_numbers_money_days_and_moments_are_values():
    columns = [
        Column("数", "number"),
        Column("金额", "money"),
        Column("面积", "number"),
        Column("日期", "date"),
        Column("时间", "moment"),
        "是否",
        "空",
    ]
    row = [42, 123456, Decimal("89.52"), date(2026, 11, 21), NOW, True, None]
    assert cells("表", columns, [row])[3] == [
        42.0,
        1234.56,
        89.52,
        date(2026, 11, 21),
        NOW.astimezone(OFFICE).replace(tzinfo=None),
        "是",
        "",
    ]


def test_days_before_excel_counts_are_written_out():
    assert cells("表", [Column("日期", "date")], [[date(1873, 5, 4)]])[3] == ["1873-05-04"]


def test_hostile_values_break_nothing():
    row = [
        "x" * 40_000,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        10**400,
        "\ud800\x01\x1b",
        "</t></is>&<b>",
        "😀" * 20_000,
    ]
    table = cells("坏[表]:*?/\\'" + "长" * 60, [Column("列", "text")] * len(row), [row])
    assert len(table[3][0]) == exports.LONGEST_CELL + 1
    assert table[3][6] == "</t></is>&<b>"


def test_too_many_rows_are_refused_with_a_sentence_and_read_no_further():
    read = []
    rows = ([read.append(n) or n] for n in range(1000))
    with pytest.raises(Refused, match=r"超过 10 行.*缩小范围"):
        write_xlsx("表", ["数"], rows, by=BY, now=NOW, limit=10)
    assert len(read) == 11


def test_a_long_table_takes_little_memory():
    rows = ([f"YQ-{n}", "水管漏水，请尽快处理" * 5, n] for n in range(5000))
    tracemalloc.start()
    with write_xlsx("表", ["单号", "内容", "数"], rows, by=BY, now=NOW):
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def test_a_full_disk_is_said(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports.tempfile, "TemporaryFile", full)
    with pytest.raises(Refused, match="磁盘满了"):
        write_xlsx("表", ["数"], [[1]], by=BY, now=NOW)


def test_an_error_among_the_rows_is_not_swallowed():
    def rows():
        yield ["一"]
        raise LookupError("gone")

    with pytest.raises(LookupError):
        write_xlsx("表", ["列"], rows(), by=BY, now=NOW)
    with pytest.raises(ValueError, match="argument"):
        write_xlsx("表", ["列"], [["一", "二"]], by=BY, now=NOW)


def test_an_empty_table_has_its_headings():
    assert cells("表", ["甲", "乙"], [])[2:] == [
        ["甲", "乙"],
        ["共 0 行　导出人：王客服　导出时间：2026-11-21 09:05　含个人信息，请勿外传", ""],
    ]
