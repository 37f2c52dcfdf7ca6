"""Text from people: nothing unseen is stored, nothing written is lost."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.text import TooLong, clean, clean_line


def test_what_cannot_be_seen_goes():
    assert clean("漏\x00水\u200b\u202e报修\ufeff\ud800", 100) == "漏水报修"


def test_emoji_and_rare_names_stay():
    family = "👨\u200d👩\u200d👧"
    heart = "❤\ufe0f\u200d🔥"

    assert clean(f"谢谢{family}{heart}👍🏽🇨🇳", 100) == f"谢谢{family}{heart}👍🏽🇨🇳"
    assert clean("曾𠅤 葛\U000e0100", 100) == "曾𠅤 葛\U000e0100"
    assert clean("漏\u200d水👍\u200d", 100) == "漏水👍"


def test_lines_and_blanks_are_plain():
    assert clean("  一\r\n二\r三\u2028四\u3000五\t六  \n\n", 100) == "一\n二\n三\n四 五 六"
    assert clean_line(" 一\r\n  二\u3000\t三 ", 100) == "一 二 三"


def test_composed_and_decomposed_are_the_same():
    assert clean("Cafe\u0301", 10) == "Caf\u00e9"
    assert clean("Cafe\u200b\u0301", 10) == "Caf\u00e9"


def test_the_limit_is_said_in_a_sentence():
    with pytest.raises(TooLong, match="最多10字，现在约12字，请删减2字以上。"):
        clean("水" * 12, 10)
    assert clean("水" * 10, 10) == "水" * 10


def test_what_is_cut_ends_with_dots_and_whole_emoji():
    assert clean("一二三四五六", 5, cut=True) == "一二三四…"
    assert clean("一👨\u200d👩\u200d👧二", 4, cut=True) == "一…"
    assert clean("一二👍🏽三四", 4, cut=True) == "一二…"


def test_ten_megabytes_are_refused_at_once():
    began = time.perf_counter()

    with pytest.raises(TooLong):
        clean("\u200b漏" * 5_000_000, 2000)

    assert len(clean_line("漏水 " * 3_000_000, 200, cut=True)) == 200
    assert time.perf_counter() - began < 0.5


@given(st.text(st.characters(codec=None)), st.integers(0, 30))
def test_what_is_clean_stays_clean_and_can_be_stored(text, limit):
    cleaned = clean(text, limit, cut=True)

    assert len(cleaned) <= limit
    assert cleaned == clean(cleaned, limit)
    assert cleaned.encode().decode() == cleaned
    assert all(unicodedata.category(char) not in ("Cc", "Cs") or char == "\n" for char in cleaned)
    assert clean_line(text, limit, cut=True).count("\n") == 0
