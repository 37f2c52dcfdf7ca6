"""Room numbers are read in every way they can be meant, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.rooms import RoomError, RoomKey, candidates, fold, parse, spellings


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("A1-1-0101", ("A1", "1", "0101")),
        ("12号楼-2-301", ("12", "2", "301")),
        ("12号楼2单元301室", ("12", "2", "301")),
        ("12-2-301", ("12", "2", "301")),
        ("A座0201", ("A", "", "0201")),
        ("A0201", ("A", "", "0201")),
        ("A1001", ("A", "", "1001")),
        ("１２－２－３０１", ("12", "2", "301")),
        ("十二号楼二单元301", ("12", "2", "301")),
        ("12#2-301", ("12", "2", "301")),
        ("12栋2单元3层301", ("12", "2", "301")),
        ("a1 1单元 0101", ("A1", "1", "0101")),
        ("12号楼301", ("12", "", "301")),
        ("12号2单元301室", ("12", "2", "301")),
        ("银杏楼2单元301", ("银杏楼", "2", "301")),
        ("B-507", ("B", "", "507")),
        ("12-301", ("12", "", "301")),
        ("12-301A", ("12", "", "301A")),
        ("0101", ("", "", "0101")),
        ("A组团12号楼2单元301室", ("12", "2", "301", "A")),
        ("云栖苑A区3栋1单元101", ("3", "1", "101", "A")),
        ("商铺-12", ("商铺", "", "12")),
        ("D10-1-0102", ("D10", "1", "0102")),
        ("A1 \u200b- 1 — 0101", ("A1", "1", "0101")),
    ],
)
def test_one_reading(text, key):
    assert parse(text) == RoomKey(*key)
    assert candidates(text)[0] == RoomKey(*key)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("A1201", ["A-1201", "A1-201", "A-1-201"]),
        ("a11 0101", ["A11-0101", "A1-1-0101", "A-11-0101"]),
        ("F30501", ["F3-0501", "F-3-0501", "F30-501", "F-30-501"]),
        ("122301", ["12-2301", "1-2-2301", "12-2-301", "1-22-301"]),
        ("12 301", ["12-301", "1-2-301"]),
    ],
)
def test_several_readings_are_all_given_and_none_is_taken(text, readings):
    assert [str(key) for key in candidates(text)] == readings
    with pytest.raises(RoomError, match="可以读成"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "漏水", "hello", "A栋", "A1", "13800138112", "1" * 100, "--", "A1-1-", "A1-1-01<1>"]
)
def test_what_is_no_room_number(text):
    assert candidates(text) == ()
    with pytest.raises(RoomError, match="房号"):
        parse(text)


def test_the_same_room_in_two_spellings():
    assert RoomKey("A1", "1", "0101").folded() == RoomKey("a01", "01", "101").folded() == ("a1", "1", "101")
    assert RoomKey("10", "", "0010").folded() == ("10", "", "10")


def test_folded_for_search():
    assert [fold(text) for text in ("a11 0101", "Ａ1-1-0101", "12号楼2单元301室", "12-2-301", "A座 0201")] == [
        "a110101",
        "a110101",
        "122301",
        "122301",
        "a0201",
    ]


@pytest.mark.parametrize(
    "typed", ["a11 0101", "A1-1-101", "a1-0101", "A1 1单元 0101室", "a1101", "A01-01-0101", "A1-1", "a组团 a1 1 101"]
)
def test_what_a_clerk_types_finds_the_unit(typed):
    known = spellings(RoomKey("A1", "1", "0101", "A")) + spellings(RoomKey("A01", "01", "0101"))

    assert any(spelling.startswith(fold(typed)) for spelling in known)


def test_other_units_are_not_found():
    assert not any(spelling.startswith(fold("12-2-301")) for spelling in spellings(RoomKey("12", "1", "301")))


parts = st.tuples(
    st.from_regex(r"[A-Z]?[1-9][0-9]?", fullmatch=True),
    st.from_regex(r"[1-9]", fullmatch=True),
    st.from_regex(r"(0[1-9]|[1-3][0-9])0[1-9]", fullmatch=True),
)


@given(parts)
def test_however_it_is_written_it_is_among_the_readings(key):
    building, entrance, room = key
    meant = RoomKey(*key)

    assert parse(f"{building}-{entrance}-{room}") == parse(f"{building}号楼{entrance}单元{room}室") == meant
    assert meant in candidates(f"{building}{entrance} {room}")
    if len(building) < 3:
        assert meant in candidates(f"{building}{entrance}{room}")
    assert fold(f"{building}{entrance} {room}") in spellings(meant)


@given(st.text())
def test_any_text_is_read_or_refused_in_a_sentence(text):
    assert all(key.room for key in candidates(text))
    assert fold(fold(text)) == fold(text)
    try:
        sentence = "" if parse(text) in candidates(text) else "other"
    except RoomError as refused:
        sentence = str(refused)
    assert not sentence or sentence.endswith("。")
