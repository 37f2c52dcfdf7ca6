"""Cells as offices write them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.cells import CellError, area, blank, day, identity, names, phone, text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (None, ""),
        ("", ""),
        (" 甲\u00a0 乙\u200b\n丙\x07 ", "甲 乙 丙"),
        (1.0, "1"),
        (13800138112.0, "13800138112"),
        (62.89, "62.89"),
        (1e-07, "0.0000001"),
        (float("nan"), ""),
        (True, "是"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (date(2009, 9, 19), "2009-09-19"),
        (datetime.fromisoformat("2009-09-19T00:00"), "2009-09-19"),
        (datetime.fromisoformat("2009-09-19T08:05"), "2009-09-19 08:05"),
        (time(8, 5), "08:05:00"),
        ("\u3000A1 ", "A1"),
    ],
)
def test_text(cell, value):
    assert text(cell) == value


@pytest.mark.parametrize("cell", [None, "", " \u00a0\u200b", "-", "——", "/", "无", "N/A"])
def test_signs_for_nothing(cell):
    assert blank(cell)
    assert (day(cell), area(cell), phone(cell), identity(cell), names(cell)) == (None, None, "", "", [])


def test_nought_is_something():
    assert [blank(cell) for cell in (0, 0.0, False, "0")] == [False] * 4


@pytest.mark.parametrize(
    "cell",
    [
        "2009年9月19日",
        "2009.9.19",
        "2009/09/19",
        "2009-9-19",
        "２００９年９月１９日",
        " 2009 年 9 月 19 日 ",
        "20090919",
        20090919,
        20090919.0,
        40075,
        40075.0,
        40075.5,
        "40075",
        "二〇〇九年九月十九日",
        "2009年9月19号",
        "2009-09-19 00:00:00",
        "2009-09-19T08:30:00",
        "2009/9/19 8:30",
        "2009 9 19",
        date(2009, 9, 19),
        datetime.fromisoformat("2009-09-19T23:59"),
    ],
)
def test_one_day_in_many_spellings(cell):
    assert day(cell) == date(2009, 9, 19)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("2009-02-30", "没有这一天"),
        ("2009.13.1", "没有这一天"),
        ("20090931", "没有这一天"),
        ("09.6.12", "不是能读懂的日期"),
        ("19/9/2009", "不是能读懂的日期"),
        ("2009年9月", "没有写明是哪一天"),
        ("2009.9", "没有写明是哪一天"),
        ("待定", "不是能读懂的日期"),
        ("12", "不是能读懂的日期"),
        (12, "不是能读懂的日期"),
        (True, "不是日期"),
        (time(8, 30), "不是日期"),
        (date(1012, 1, 1), "年份不可信"),
        ("2909-09-19", "年份不可信"),
        (-5.0, "不是能读懂"),
        (1e30, "不是能读懂"),
        ("水" * 100, "…”不是能读懂"),
    ],
)
def test_what_is_no_day_is_said(cell, sentence):
    with pytest.raises(CellError, match=sentence) as refused:
        day(cell)

    assert len(str(refused.value)) < 80


@pytest.mark.parametrize(
    ("cell", "square_metres"),
    [
        (89.52, "89.52"),
        ("89.52㎡", "89.52"),
        (" 96.15 ", "96.15"),
        ("89.52平方米", "89.52"),
        ("89.52 m²", "89.52"),
        ("89.5m2", "89.50"),
        ("８９．５２", "89.52"),
        (96.0, "96.00"),
        (96, "96.00"),
        ("1,234.5", "1234.50"),
        (62.890000000000001, "62.89"),
        (89.525, "89.53"),
        ("89.", "89.00"),
        (".5", "0.50"),
    ],
)
def test_areas(cell, square_metres):
    assert area(cell) == Decimal(square_metres)
    assert str(area(cell)) == square_metres


@pytest.mark.parametrize(
    "cell", ["约90", "89.52.1", "90-100", 0, "-3", 2_000_000, "八十九", True, date(2009, 9, 19), "9" * 60, "."]
)
def test_what_is_no_area_is_said(cell):
    with pytest.raises(CellError, match="面积"):
        area(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("１３８００１３８１１２", "13800138112"),
        ("138 0013 8112", "13800138112"),
        ("138-0013-8112", "13800138112"),
        (13800138112.0, "13800138112"),
        (13800138112, "13800138112"),
        ("+86 13800138112", "13800138112"),
        ("0830-2345678", "08302345678"),
    ],
)
def test_phones(cell, number):
    assert phone(cell) == number


@pytest.mark.parametrize("cell", ["1380013811", "13800138112/13900139000", "问爱人", 12.5, True, date(2009, 9, 19)])
def test_what_is_no_phone_is_said(cell):
    with pytest.raises(CellError, match="不是能读懂的电话号码"):
        phone(cell)


def test_identity_numbers():
    assert identity(" 51150219560107005x") == "51150219560107005X"
    with pytest.raises(CellError, match="末几位已经丢失"):
        identity(511502195905105645.0)


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("任涵", ["任涵"]),
        ("陈东玉、尹懿晓", ["陈东玉", "尹懿晓"]),
        ("张三,李四，王五;赵六；钱七/孙八", ["张三", "李四", "王五", "赵六", "钱七", "孙八"]),
        ("张三 李四", ["张三", "李四"]),
        ("张三\n李四", ["张三", "李四"]),
        ("王　伟", ["王伟"]),
        ("王 小 伟", ["王小伟"]),
        ("欧阳 娜", ["欧阳娜"]),
        ("诸葛霞辉 欧阳娜刚", ["诸葛霞辉", "欧阳娜刚"]),
        ("张三、", ["张三"]),
        ("远联会计师事务所(普通合伙)", ["远联会计师事务所(普通合伙)"]),
        ("远联会计师事务所 （普通合伙）", ["远联会计师事务所 （普通合伙）"]),
        ("云栖 商贸 有限公司", ["云栖 商贸 有限公司"]),
        ("甲公司（北京、上海）", ["甲公司（北京、上海）"]),
        ("鼎科文化传媒有限公司、方桐", ["鼎科文化传媒有限公司", "方桐"]),
        ("Acme Trading Co", ["Acme Trading Co"]),
        ("买买提·艾力", ["买买提·艾力"]),
        ("曾𠅤、于㛃", ["曾𠅤", "于㛃"]),
        ("张三 丰 李四", ["张三 丰 李四"]),
    ],
)
def test_people_in_a_cell(cell, people):
    assert names(cell) == people


@pytest.mark.parametrize("book", ["一" * 200_000, "、" * 200_000, "1" * 200_000, "（" * 200_000])
def test_a_book_in_a_cell_is_refused_at_once(book):
    began = perf_counter()

    for read in (day, area, phone, names):
        with pytest.raises(CellError, match="200000个字，太长了"):
            read(book)

    assert perf_counter() - began < 2


anything = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.from_regex(r"[0-9]{1,5}[-./年][0-9]{1,3}[-./月][0-9]{1,3}日?"),
)


@given(anything)
def test_any_cell_is_a_value_or_a_sentence(cell):
    assert "\n" not in text(cell)
    for read in (day, area, phone, identity, names):
        try:
            read(cell)
        except CellError as refused:
            sentence = str(refused)
        else:
            sentence = "。"
        assert sentence.endswith("。")


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back(value):
    serial = (value - date(1899, 12, 30)) / timedelta(days=1)

    assert day(serial) == day(value.isoformat()) == day(f"{value.year}年{value.month}月{value.day}日") == value


@given(st.decimals(Decimal("0.01"), 1_000_000, places=2))
def test_every_area_is_read_back(value):
    assert area(f"{value}㎡") == area(float(value)) == value
