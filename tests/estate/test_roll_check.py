"""What a roll says is understood in all its spellings; what is wrong is told with its place, and nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.messy_roll import HEAD, IDS, ROW, row, small_roll, table, workbook
from yihu.demo.roll import SMALL
from yihu.ground.estate.roll.check import Roll, figures
from yihu.kernel.importing.declare import import_of
from yihu.kernel.importing.staging import HandedIn, hand_in

TODAY = date(2026, 11, 21)


def handed_in(content: bytes, name: str = "名册.xlsx", **mapping: str) -> HandedIn:
    return hand_in(import_of("estate.rollimport"), content, name, mapping, TODAY)


def told(content: bytes, name: str = "名册.xlsx", **mapping: str) -> Roll:
    return handed_in(content, name, **mapping).checked


def kinds(roll: Roll) -> list[str]:
    return [found.kind for found in roll.problems]


def keys(roll: Roll) -> list[tuple[str, ...]]:
    return [found.key for found in roll.rows]


# ------------------------------------------------------------------------------------------------ the whole messy sheet


def test_the_usual_mess_is_read_without_an_error() -> None:
    roll = told(small_roll())
    assert roll.errors == []
    assert figures(roll.rows) == {cluster.code: cluster.figures() for cluster in SMALL}
    assert roll.clusters == {"A": "A组团(听松)", "B": "B组团(望湖)"}


@pytest.mark.parametrize(
    "written",
    [
        "2009.5.16",
        "2009/05/16",
        "2009年5月16日",
        date(2009, 5, 16),
        "２００９．５．１６",
        39949,
        "2009-05-16",
        "20090516",
    ],
)
def test_a_day_in_every_spelling(written: Any) -> None:
    roll = told(table(row(交房日期=written)))
    assert roll.errors == []
    assert roll.rows[0].handed_over_on == date(2009, 5, 16)


@pytest.mark.parametrize("written", [89.52, "89.52㎡", " 89.52 ", "８９．５２", "89.52平方米", "89.52 m²"])
def test_an_area_in_every_spelling(written: Any) -> None:
    assert told(table(row(建筑面积=written))).rows[0].gross_area == Decimal("89.52")


@pytest.mark.parametrize(
    "written",
    ["13800138112", "138-0013-8112", "138 0013 8112", "１３８００１３８１１２", 13800138112, "+86 13800138112"],
)
def test_a_telephone_in_every_spelling(written: Any) -> None:
    assert told(table(row(联系电话=written))).rows[0].owners[0].phone == "13800138112"


def test_co_owners_each_stand_for_themselves_and_the_numbers_belong_to_the_first() -> None:
    roll = told(table(row(业主姓名="赵晓禾、钱思远", 身份证号=IDS[0].lower())))
    assert [(person.name, person.id_no, person.phone) for person in roll.rows[0].owners] == [
        ("赵晓禾", IDS[0], "13800138112"), ("钱思远", "", ""),
    ]  # fmt: skip


def test_as_many_numbers_as_owners_go_to_each_his_own() -> None:
    roll = told(
        table(row(业主姓名="赵晓禾/钱思远", 身份证号=f"{IDS[0]}、{IDS[1]}", 联系电话="13800138112/13900139223"))
    )
    assert [(person.id_no, person.phone) for person in roll.rows[0].owners] == [
        (IDS[0], "13800138112"),
        (IDS[1], "13900139223"),
    ]


def test_a_firm_is_a_firm_and_its_brackets_stay() -> None:
    roll = told(table(row(业主姓名="安博会计师事务所(普通合伙)", 身份证号="")))
    assert [(person.name, person.firm) for person in roll.rows[0].owners] == [("安博会计师事务所(普通合伙)", True)]


def test_marks_that_turn_the_writing_and_signs_that_nobody_sees_go_and_rare_characters_stay() -> None:
    roll = told(table(row(业主姓名="\u202e曾𠅤\u200b\x07", 房号="01\u200e01")))
    assert (roll.rows[0].owners[0].name, roll.rows[0].key) == ("曾𠅤", ("A", "A1", "1", "0101"))


def test_a_formula_that_is_only_text_stays_text() -> None:
    assert told(table(row(业主姓名='=HYPERLINK("x")'))).rows[0].owners[0].name == '=HYPERLINK("x")'


# ------------------------------------------------------------------------------------------------------- which lines


def test_titles_footers_sums_blank_lines_and_repeated_headings_are_no_units() -> None:
    roll = told(
        workbook(
            {
                "A组团": [
                    ["A组团(听松) 业主基本情况汇总表"], ["填表日期：2026年11月"], HEAD, ROW, [], HEAD, row(房号="0102"),
                    ["合计", "", "", 179.04], ["", "  "], ["制表人:        审核人:"], ["共 2 户"],
                ]
            }
        )
    )  # fmt: skip
    assert (len(roll.rows), roll.problems) == (2, [])


def test_a_line_with_people_but_no_room_is_an_error_with_its_place() -> None:
    roll = told(table(ROW, row(房号="", 楼栋="", 单元="")))
    assert [(found.kind, found.sheet, found.row, found.column) for found in roll.errors] == [
        ("no_key", "A组团", 3, "房号")
    ]


# ------------------------------------------------------------------------------------------------------------ columns


def test_other_headings_in_another_order() -> None:
    head = [
        "备注说明",
        "手机号码",
        "产权人",
        "户号",
        "收房时间",
        "建筑面积(平方米)",
        "楼号",
        "证件号码",
        "门洞",
        "装修时间",
        "验收日期",
    ]
    cells = [
        "",
        "13800138112",
        "赵晓禾",
        "101室",
        "2009-5-16",
        "89.52",
        "3号楼",
        IDS[0],
        "2单元",
        "2009.6.1",
        "2009.9.1",
    ]
    roll = told(table(cells, head=head))
    found = roll.rows[0]
    assert roll.errors == []
    assert found.key == ("A", "3", "2", "101")
    assert (found.handed_over_on, found.renovation_begun_on, found.moved_in_on) == (
        date(2009, 5, 16),
        date(2009, 6, 1),
        date(2009, 9, 1),
    )
    assert (found.owners[0].name, found.owners[0].id_no) == ("赵晓禾", IDS[0])


def test_headings_on_two_lines_belong_to_their_groups() -> None:
    roll = told(
        workbook(
            {
                "A组团": [
                    ["楼栋", "房号", "业主信息", "", "租户信息", "", "紧急联系人"],
                    ["", "", "姓名", "电话", "姓名", "电话", "姓名"],
                    ["A1", "0101", "赵晓禾", "13800138112", "孙清越", "13900139223", "李月华"],
                ]
            }
        )
    )  # fmt: skip
    found = roll.rows[0]
    assert roll.errors == []
    assert [(role, person.name, person.phone) for role, person in found.people()] == [
        ("owner", "赵晓禾", "13800138112"), ("lessee", "孙清越", "13900139223"), ("emergency", "李月华", ""),
    ]  # fmt: skip


def test_an_unknown_column_is_a_question_and_nothing_is_taken_over_on_a_guess() -> None:
    content = table([*ROW, "13900139223"], head=[*HEAD, "户主二"])
    roll = told(content)
    assert [(found.kind, found.column, found.row, found.value) for found in roll.errors] == [
        ("unknown_column", "户主二", 1, "139****9223")
    ]
    assert told(content, 户主二="备用电话").rows[0].owners[0].phone2 == "13900139223"
    assert (
        told(content, 户主二="phone2").errors
        == told(content, 户主二="忽略").errors
        == told(content, J="不导入").errors
        == []
    )


def test_a_mapping_that_names_nothing_is_told() -> None:
    assert kinds(told(table(ROW), 不存在="房号")) == ["column_not_there"]
    assert kinds(told(table(ROW), 楼栋="楼的号")) == ["unknown_target"]


def test_two_columns_that_seem_to_say_the_same_are_a_question() -> None:
    assert kinds(told(table([*ROW, "钱思远"], head=[*HEAD, "姓名"]))) == ["two_columns"]
    assert told(table([*ROW, "13900139223"], head=[*HEAD, "电话"])).rows[0].owners[0].phone2 == "13900139223"


def test_a_table_without_headings_is_a_question_and_may_be_left_out() -> None:
    content = workbook({"A组团": [HEAD, ROW], "水电": [["一", "二", "三"]] * 6})
    assert kinds(told(content)) == ["no_heading"]
    assert told(content, 水电="不导入").errors == []


def test_a_hidden_sheet_is_left_out_and_said_so() -> None:
    roll = told(
        workbook(
            {"A组团": [HEAD, ROW], "旧表": [HEAD, *[row(房号=f"010{n}") for n in range(1, 7)]]},
            lambda book: book.worksheets()[1].hide(),
        )
    )
    assert (len(roll.rows), kinds(roll)) == (1, ["hidden_sheet"])


# ------------------------------------------------------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12号楼-2-301", ("A", "12", "2", "301")),
        ("12-2-301", ("A", "12", "2", "301")),
        ("12号楼2单元301室", ("A", "12", "2", "301")),
        ("１２栋３０１", ("A", "12", "", "301")),
        ("三号楼二单元0301", ("A", "3", "2", "0301")),
        ("A组团3号楼2单元301", ("A", "3", "2", "301")),
        ("B-507", ("A", "B", "", "507")),
    ],
)
def test_a_room_in_one_cell(written: str, key: tuple[str, ...]) -> None:
    roll = told(table([written, "赵晓禾", "13800138112"], head=["房号", "业主姓名", "联系电话"]))
    assert (keys(roll), roll.errors) == ([key], [])


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("301", "没有楼栋。"),
        ("1-101、1-102", "一格里写了几个房号，须每套房屋一行。"),
        ("A1101", "可以读成 A-1101、A1-101、A-1-101，请写成“楼栋-单元-房号”。"),
    ],
)
def test_a_room_that_cannot_be_told_is_never_guessed(written: str, reason: str) -> None:
    roll = told(table([written, "赵晓禾"], head=["房号", "业主姓名"]))
    assert [found.reason for found in roll.errors] == [reason]


def test_a_room_that_contradicts_its_building_is_an_error() -> None:
    assert kinds(told(table(row(房号="2号楼-1-0101")))) == ["no_key"]


def test_building_numbers_that_begin_again_in_each_cluster() -> None:
    rows = [row(楼栋="1号楼"), row(楼栋="2号楼")]
    roll = told(workbook({"A组团": [HEAD, *rows], "B组团": [HEAD, *rows]}))
    assert (len(roll.rows), roll.errors) == (4, [])
    column = told(
        table(
            *[[cluster, *cells] for cluster in ("一期", "二期") for cells in rows], head=["组团", *HEAD], sheet="名册"
        )
    )
    assert (keys(column)[0], keys(column)[3], column.errors) == (
        ("1期", "1", "1", "0101"),
        ("2期", "2", "1", "0101"),
        [],
    )


def test_the_same_rooms_on_two_sheets_without_a_cluster_are_a_question() -> None:
    content = workbook({"翠园": [HEAD, ROW], "兰园": [HEAD, ROW]})
    assert [(found.kind, found.sheet) for found in told(content).errors] == [("which_cluster", "兰园")]
    assert keys(told(content, 翠园="组团", 兰园="组团")) == [("翠园", "A1", "1", "0101"), ("兰园", "A1", "1", "0101")]


def test_a_list_of_lessees_knows_its_building_from_the_title() -> None:
    head = [
        "楼层",
        "单元号",
        "租赁面积㎡",
        "租户名称",
        "统一社会信用代码",
        "联系人",
        "联系电话",
        "租期起",
        "租期止",
        "状态",
    ]
    cells = [
        11,
        "A1101",
        195.23,
        "安博科技有限公司",
        "",
        "罗浩然",
        "13800138112",
        "2025.3.30",
        "2026年10月31日",
        "在租",
    ]
    roll = told(
        workbook(
            {"租户台账": [["写字楼租户台账(A座)"], head, cells, [12, "A1201", 88, "", "", "", "", "", "", "空置"]]}
        )
    )
    let, vacant = roll.rows
    assert (let.key, let.kind, let.use) == (("", "A", "", "1101"), "office", "let")
    assert [(person.name, person.contact_name, person.phone) for person in let.lessees] == [
        ("安博科技有限公司", "罗浩然", "13800138112")
    ]
    assert (let.lease_from, let.lease_to) == (date(2025, 3, 30), date(2026, 10, 31))
    assert (vacant.use, vacant.people()) == ("vacant", [])
    assert kinds(roll) == ["lease_over"]


# ----------------------------------------------------------------------------------------------- errors and warnings


@pytest.mark.parametrize(
    ("cells", "kind", "column", "value"),
    [
        ({"交房日期": "2009年2月30日"}, "bad_date", "交房日期", "2009年2月30日"),
        ({"交房日期": "09.5.16"}, "bad_date", "交房日期", "09.5.16"),
        ({"交房日期": "待定"}, "bad_date", "交房日期", "待定"),
        ({"建筑面积": "约90"}, "bad_area", "建筑面积", "约90"),
        ({"建筑面积": 0}, "bad_area", "建筑面积", "0"),
        ({"建筑面积": -5}, "bad_area", "建筑面积", "-5"),
        ({"业主姓名": "长" * 90}, "too_long", "业主姓名", "长" * 60),
    ],
)
def test_an_error_names_sheet_row_column_value_reason_and_remedy(
    cells: dict[str, Any], kind: str, column: str, value: str
) -> None:
    found = told(table(ROW, row(房号="0102", **cells))).errors
    assert [(one.kind, one.sheet, one.row, one.column, one.value) for one in found] == [
        (kind, "A组团", 3, column, value)
    ]
    assert found[0].reason
    assert found[0].remedy


def test_a_room_twice_is_an_error_that_names_both_places() -> None:
    found = told(table(ROW, row(房号="0102"), ROW)).errors
    assert [(one.kind, one.row, one.reason) for one in found] == [("key_twice", 4, "与“A组团”第 2 行是同一房屋。")]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"联系电话": ""}, "missing_phone"),
        ({"联系电话": "12"}, "doubtful_phone"),
        ({"业主姓名": ""}, "missing_name"),
        ({"使用情况": ""}, "missing_use"),
        ({"使用情况": "不知道"}, "unknown_use"),
        ({"身份证号": IDS[0][:-1] + "0"}, "doubtful_id"),
        ({"身份证号": 1.19901198001e17}, "spoilt_id"),
        ({"交房日期": "2030.1.1"}, "future_date"),
        ({"交房日期": 39949}, "serial_date"),
    ],
)
def test_a_warning_is_told_and_the_row_is_taken(cells: dict[str, Any], kind: str) -> None:
    roll = told(table(row(**cells)))
    assert (kinds(roll), len(roll.rows), roll.errors) == ([kind], 1, [])


def test_personal_values_are_masked_in_what_is_told() -> None:
    roll = told(table(row(身份证号=IDS[0][:-1] + "0", 联系电话="138001381129")))
    assert {found.value for found in roll.problems} == {"**************0010", "***********"}


def test_what_two_rows_claim_stays_with_the_first() -> None:
    head = [*HEAD, "车位号", "车牌号"]
    roll = told(table([*ROW, "A-001", "川A12345"], [*row(房号="0102"), "A-001", "川A12345"], head=head))
    assert kinds(roll) == ["parking_twice", "plate_twice"]
    assert [(found.parking, found.plates) for found in roll.rows] == [(["A-001"], ["川A12345"]), ([], [])]


def test_one_number_with_two_names_is_worth_a_look() -> None:
    assert kinds(told(table(row(身份证号=IDS[0]), row(房号="0102", 身份证号=IDS[0], 业主姓名="钱思远")))) == [
        "one_id_two_names"
    ]


def test_one_person_in_two_rows_has_the_telephones_of_both() -> None:
    roll = told(table(row(身份证号=IDS[0]), row(房号="0102", 身份证号=IDS[0], 联系电话="13900139223")))
    assert [(found.owners[0].phone, found.owners[0].phone2) for found in roll.rows] == [
        ("13800138112", "13900139223")
    ] * 2


def test_an_empty_roll_is_refused() -> None:
    assert kinds(told(table())) == ["nothing_found"]
