"""What people hand in is opened or refused with a sentence; nothing that they hand in ends the program."""

import contextlib
import io
import zipfile

import pytest

from tests.support.messy_roll import HEAD, ROW, small_roll, table, with_part, workbook
from yihu.kernel.importing import reader
from yihu.kernel.importing.reader import Unreadable, read

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def refusal(content: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, name)
    assert refused.value.remedy
    return refused.value.reason


def test_a_workbook_is_read_with_its_lines_numbered_as_on_the_screen() -> None:
    book = read(workbook({"A组团": [["业主表"], [], HEAD, ROW]}), "名册.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["A组团"]
    assert book.sheets[0].rows[3][:5] == ["A1", "1", "0101", 89.52, "赵晓禾"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_is_read_in_whatever_way_it_was_saved(encoding: str) -> None:
    book = read("楼栋,房号,业主姓名\nA1,0101,赵晓禾\n".encode(encoding), "名册.csv")
    assert book.sheets[0].rows == [["楼栋", "房号", "业主姓名"], ["A1", "0101", "赵晓禾"]]


@pytest.mark.parametrize("keep", [30, 400, 3000])
def test_a_file_that_broke_off_is_called_damaged(keep: int) -> None:
    assert refusal(small_roll()[:keep]) in ("文件已损坏，打不开。", "文件已损坏，或者不是 Excel 工作簿。")


def test_bytes_changed_on_the_way_never_end_the_program() -> None:
    whole = bytearray(small_roll())
    for place in range(100, len(whole), len(whole) // 25):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0xFF
        with contextlib.suppress(Unreadable):
            read(bytes(spoilt), "名册.xlsx")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "名册.xlsx", "文件是空的。"),
        (b"hello", "名册.xlsx", "文件已损坏，或者不是 Excel 工作簿。"),
        (b"hello", "名册.csv", "这个文件不是表格。"),
        (b"\x00\x01\x02,\x03", "名册.csv", "这个文件不是表格，或者文字编码认不出。"),
        (b"\xd0\xcf\x11\xe0 and no more", "名册.xls", "文件已损坏，打不开。"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, name: str, reason: str) -> None:
    assert refusal(content, name) == reason


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(kept.getvalue()) == "这个文件不是 Excel 工作簿。"


def test_a_file_beyond_the_limit_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_FILE_BYTES", 1000)
    assert "超过" in refusal(small_roll())


def test_a_zip_bomb_is_refused() -> None:
    bomb = with_part(small_roll(), "xl/media/image1.png", lambda _: b"\0" * (reader.MAX_UNPACKED_BYTES + 1))
    assert len(bomb) < 1_000_000
    assert refusal(bomb) == "文件解压后过大，不像一张表格。"


def test_a_cell_at_the_end_of_the_world_does_not_fill_the_memory() -> None:
    far = b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert (
        refusal(with_part(table(ROW), SHEET, lambda xml: xml.replace(b"</row></sheetData>", far)))
        == "表格超过 60000 行。"
    )


def test_the_same_in_a_spelling_that_we_do_not_look_for_ends_the_reader_and_not_the_program() -> None:
    far = b"</row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData>"
    assert (
        refusal(with_part(table(ROW), SHEET, lambda xml: xml.replace(b"</row></sheetData>", far)))
        == "文件过大或已损坏，读不出来。"
    )


def test_empty_cells_that_were_only_coloured_do_no_harm() -> None:
    far = b'</row><row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    book = read(with_part(table(ROW), SHEET, lambda xml: xml.replace(b"</row></sheetData>", far)), "名册.xlsx")
    assert len(book.sheets[0].rows) == 2


def test_a_cell_of_ten_megabytes_is_marked_and_not_passed_on() -> None:
    long = with_part(table(ROW), STRINGS, lambda xml: xml.replace("赵晓禾".encode(), b"A" * (10 << 20)))
    assert str(read(long, "名册.xlsx").sheets[0].rows[1][4]) == "内容超过 1000 个字"


def test_one_long_text_in_thousands_of_cells_does_not_fill_the_memory() -> None:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (line, line) for line in range(100, 4000))
    bomb = with_part(table(ROW), STRINGS, lambda xml: xml.replace("楼栋".encode(), b"A" * (10 << 20)))
    bomb = with_part(bomb, SHEET, lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"))
    assert refusal(bomb) == "文件过大或已损坏，读不出来。"


def test_entities_that_multiply_are_refused() -> None:
    laughs = b"".join(
        b'<!ENTITY a%d "%s">' % (step, b"&a%d;" % (step - 1) * 10 if step else b"ha") for step in range(12)
    )
    bomb = with_part(
        table(ROW), "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbook", b"<!DOCTYPE w [" + laughs + b"]><workbook", 1).replace("A组团".encode(), b"&a11;"),
    )  # fmt: skip
    assert refusal(bomb) == "文件已损坏，打不开。"


def test_formulas_give_their_result_and_say_so_where_they_have_none() -> None:
    def formulas(book: object) -> None:
        sheet = book.worksheets()[0]  # type: ignore[attr-defined]
        sheet.write_formula("A3", '="A"&"1"', None, "A1")
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C3", "=D3", None, "")

    rows = read(workbook({"A组团": [HEAD, ROW]}, formulas), "名册.xlsx").sheets[0].rows
    assert [str(cell) for cell in rows[2][:3]] == ["A1", "公式出错", "公式没有计算结果"]


def test_a_building_written_once_over_merged_rows_holds_for_each() -> None:
    def merge(book: object) -> None:
        book.worksheets()[0].merge_range("A2:A4", "3号楼")  # type: ignore[attr-defined]

    rows = (
        read(workbook({"名册": [["楼栋", "房号"], ["", "101"], ["", "102"], ["", "103"]]}, merge), "名册.xlsx")
        .sheets[0]
        .rows
    )
    assert rows[1:] == [["3号楼", "101"], ["3号楼", "102"], ["3号楼", "103"]]
