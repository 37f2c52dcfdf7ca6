"""Digits as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.numerals import chinese_number, half_width


def test_full_width_becomes_half_width():
    assert half_width("Ａ１－２　０１０１，（室）￥") == "A1-2 0101,(室)¥"


@given(st.text())
def test_half_width_keeps_every_place(text):
    assert len(half_width(text)) == len(text)
    assert half_width(half_width(text)) == half_width(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十九", 19), ("二十", 20), ("三十一", 31), ("二〇〇九", 2009), ("二零二六", 2026), ("一百零八", 108),
     ("两千零三", 2003), ("五", 5), ("零", 0), ("一千二百", 1200)],
)  # fmt: skip
def test_chinese_numbers(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "十十", "二三十", "百", "一万", "十零", "abc", "二十百"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValueError, match="不是能读懂的中文数字"):
        chinese_number(text)
