"""Money: what is typed, what is printed, and that no 分 is ever lost."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.money import MoneyError, fen, rmb_capitals, round_half_up, share, yuan


def test_late_fee_and_transformer_ratio():
    assert yuan(round_half_up(35941 * Decimal("0.0005") * 23)) == "4.13"
    used = Decimal("1203.4") - Decimal("1186.9")
    assert yuan(round_half_up(used * 40 * Decimal("0.92") * 100)) == "607.20"


def test_a_thousand_among_three():
    assert share(100_000, [1, 1, 1]) == [33_334, 33_333, 33_333]
    assert share(-100_000, [1, 1, 1]) == [-33_334, -33_333, -33_333]


def test_the_largest_remainder_comes_first():
    assert share(100, [Decimal("62.89"), Decimal("96.15"), 0]) == [40, 60, 0]
    assert share(10, [1, 2, 4]) == [1, 3, 6]
    assert share(0, [3, 4]) == [0, 0]


def test_nobody_to_divide_among():
    with pytest.raises(MoneyError, match="权重合计为零"):
        share(100, [])
    with pytest.raises(MoneyError, match="权重合计为零"):
        share(100, [0, 0])
    with pytest.raises(MoneyError, match="不能是负数"):
        share(100, [2, -1])


def test_halves_go_away_from_zero():
    assert [round_half_up(Decimal(text)) for text in ("2.5", "-2.5", "2.4999", "0.5", "-0.4")] == [3, -3, 2, 1, 0]
    with pytest.raises(MoneyError):
        round_half_up(Decimal("NaN"))
    with pytest.raises(MoneyError):
        round_half_up(Decimal("Infinity"))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234.5", 123_450), ("1,234.50", 123_450), ("￥1,234.50元", 123_450), ("¥0.01", 1), ("-3", -300),
        ("１２３．４５", 12_345), ("，", None), (" 1 286.40 ", 128_640), (".5", 50), ("5.", 500), ("+2", 200),
        ("0", 0), ("−800.00", -80_000),
    ],
)  # fmt: skip
def test_amounts_as_they_are_typed(typed, amount):
    if amount is None:
        with pytest.raises(MoneyError, match="不是金额"):
            fen(typed)
    else:
        assert fen(typed) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234", "最多两位小数"), ("", "请填写金额"), ("  ", "请填写金额"), ("1e5", "不是金额"), ("12,34", "不是金额"),
        ("一百", "不是金额"), ("١", "不是金额"), ("1.2.3", "不是金额"), ("=1+1", "不是金额"),
        ("NaN", "不是金额"), ("-", "不是金额"),
        ("9" * 17, "太大"), ("9" * 4000, "太大"), (Decimal("0.001"), "最多两位小数"), (Decimal("NaN"), "不是一个数"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_said_in_a_sentence(typed, sentence):
    with pytest.raises(MoneyError, match=sentence):
        fen(typed)


def test_amounts_that_were_computed():
    assert [fen(Decimal("17.5")), fen(Decimal("17.500")), fen(20), fen(Decimal("1E+3"))] == [1750, 1750, 2000, 100_000]


def test_amounts_as_they_are_printed():
    assert [yuan(amount) for amount in (0, 5, -5, 123_450, -123_450_000)] == [
        "0.00", "0.05", "-0.05", "1,234.50", "-1,234,500.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("0", "零元整"),
        ("10005.03", "壹万零伍元零叁分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10", "壹拾元整"),
        ("12.30", "壹拾贰元叁角整"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
        ("0.15", "壹角伍分"),
        ("20.05", "贰拾元零伍分"),
        ("1286.40", "壹仟贰佰捌拾陆元肆角整"),
        ("100050000", "壹亿零伍万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("100000001", "壹亿零壹元整"),
        ("200001", "贰拾万零壹元整"),
        ("101000", "壹拾万壹仟元整"),
        ("1000000000000", "壹万亿元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("1000000000001.01", "壹万亿零壹元零壹分"),
        ("1010101.01", "壹佰零壹万零壹佰零壹元零壹分"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-800.00", "负捌佰元整"),
        ("-0.01", "负壹分"),
    ],
)
def test_capital_figures(amount, capitals):
    assert rmb_capitals(fen(amount)) == capitals


def test_capital_figures_have_an_end():
    with pytest.raises(MoneyError, match="太大"):
        rmb_capitals(10**18)


# For every amount

amounts = st.integers(-(10**18) + 1, 10**18 - 1)
weights = st.lists(st.decimals(0, 10_000, places=2), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_the_parts_add_up_and_stay_within_one_fen(total, by):
    parts = share(total, by)

    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total) * Fraction(w) / Fraction(sum(by))) < 1 for part, w in zip(parts, by, strict=True)
    )
    assert all(part == 0 for part, w in zip(parts, by, strict=True) if not w)


@given(amounts)
def test_what_is_printed_can_be_typed_again(amount):
    assert fen(yuan(amount)) == amount


@given(amounts)
def test_capital_figures_say_the_same_amount(amount):
    assert _spoken(rmb_capitals(amount)) == amount


def _spoken(capitals: str) -> int:
    """Reads capital figures back, in another way than they were written."""
    places = {"拾": 10, "佰": 100, "仟": 1000}
    sign = -1 if capitals.startswith("负") else 1
    total = section = digit = cents = 0
    for char in capitals.removeprefix("负"):
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
            continue
        if char in places:
            section += digit * places[char]
        elif char == "万":
            section = (section + digit) * 10_000
        elif char == "亿":
            total, section = (section + digit) * 10**8, 0
        elif char == "元":
            total += section + digit
        elif char in "角分":
            cents += digit * (10 if char == "角" else 1)
        digit = 0
    return sign * (total * 100 + cents)


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_a_sentence(text):
    try:
        sentence = "" if abs(fen(text)) < 10**18 else "too much"
    except MoneyError as refused:
        sentence = str(refused)
    assert not sentence or sentence.endswith("。")
