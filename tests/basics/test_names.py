"""Names are found by what a clerk types: initials or pinyin, in whatever reading he takes for right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.names import full_pinyin, initials, search_words


@pytest.mark.parametrize(
    ("name", "first", "spelt"),
    [
        ("林晓禾", "lxh", "linxiaohe"), ("单雄信", "sxx", "shanxiongxin"), ("曾小贤", "zxx", "zengxiaoxian"),
        ("查良镛", "zly", "zhaliangyong"), ("解晓东", "xxd", "xiexiaodong"), ("仇英", "qy", "qiuying"),
        ("区楚良", "ocl", "ouchuliang"), ("朴树", "ps", "piaoshu"), ("盖叫天", "gjt", "gejiaotian"),
        ("尉迟恭", "ycg", "yuchigong"), ("万俟卨", "mqx", "moqixie"), ("长孙无忌", "zswj", "zhangsunwuji"),
        ("单于", "sy", "shanyu"), ("单于信", "cyx", "chanyuxin"), ("覃懿", "qy", "qinyi"), ("乐嘉", "yj", "yuejia"),
        ("吕布", "lb", "lvbu"), ("曾𠅤", "zx", "zengxi"), ("向䶮", "xy", "xiangyan"), ("任涵", "rh", "renhan"),
        ("重庆森林酒店有限公司", "cqsljdyxgs", "chongqingsenlinjiudianyouxiangongsi"), ("Ｔｏｍ 张", "tz", "tomzhang"),
    ],
)  # fmt: skip
def test_the_likeliest_reading_comes_first(name, first, spelt):
    assert initials(name).split()[0] == first
    assert full_pinyin(name).split()[0] == spelt


def test_every_reading_is_there():
    assert {"sxx", "dxx", "cxx"} <= set(initials("单雄信").split())
    assert {"zengxiaoxian", "cengxiaoxian"} <= set(full_pinyin("曾小贤").split())
    assert search_words("林晓禾") == "lxh linxiaohe"


def test_there_is_an_end_to_readings():
    assert len(full_pinyin("单重行长").split()) <= 16


def test_nothing_to_read():
    assert [search_words(text) for text in ("", "   ", "！？", "😀")] == ["", "", "", ""]


@given(st.text())
def test_any_name_gives_plain_words(name):
    assert all(char.isalnum() and not char.isupper() for word in search_words(name).split() for char in word)
