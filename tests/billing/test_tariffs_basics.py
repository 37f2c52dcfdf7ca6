"""Months, parts that add up, price steps and rents: domain §5.3 and the vectors of §11."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.periods import (
    FirstMonth,
    billed_in,
    by_month,
    last_of,
    months_in,
    share_of_first_month,
)
from yihu.basics.pricing import Rent, Rounding, Step, in_parts, plain, stepped, to_fen

MONTHLY = Fraction("128.36") * Fraction("2.80") * 100
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def test_handed_over_on_11_june_twenty_of_thirty_days_are_paid() -> None:
    handed = date(2026, 6, 11)
    months = months_in(handed, date(2026, 6, 30), handed)
    assert (months, to_fen(MONTHLY * months)) == (Fraction(20, 30), 23961)


def test_title_passes_on_12_february_and_both_parts_are_the_month() -> None:
    old = months_in(date(2026, 2, 1), date(2026, 2, 11))
    new = months_in(date(2026, 2, 12), date(2026, 2, 28))
    assert in_parts([MONTHLY * old, MONTHLY * new]) == [14120, 21821]
    assert to_fen(MONTHLY) == 35941


@pytest.mark.parametrize(
    ("day", "rule", "mine"),
    [
        (11, FirstMonth.DAILY, Fraction(20, 30)),
        (11, FirstMonth.HALF_MONTH, Fraction(1)),
        (15, FirstMonth.HALF_MONTH, Fraction(1)),
        (16, FirstMonth.HALF_MONTH, Fraction(1, 2)),
        (16, FirstMonth.FULL, Fraction(1)),
        (16, FirstMonth.NEXT_MONTH, Fraction(0)),
        (1, FirstMonth.NEXT_MONTH, Fraction(1)),
    ],
)
def test_the_month_of_handing_over_follows_its_rule_and_the_giver_has_the_rest(
    day: int, rule: FirstMonth, mine: Fraction
) -> None:
    handed = date(2026, 6, day)
    assert share_of_first_month(handed, rule) == mine
    assert months_in(handed, date(2026, 6, 30), handed, rule) == mine
    if day > 1:
        assert months_in(date(2026, 6, 1), handed - timedelta(days=1), handed, rule) == 1 - mine
    assert months_in(date(2026, 6, 1), date(2026, 7, 31), handed, rule) == 2


@given(
    first=DAYS,
    days=st.lists(st.integers(1, 200), min_size=1, max_size=6),
    rule=st.sampled_from(FirstMonth),
    handed=st.none() | DAYS,
)
def test_however_a_time_is_cut_its_parts_count_as_much_as_the_whole(
    first: date, days: list[int], rule: FirstMonth, handed: date | None
) -> None:
    cuts, begin = [], first
    for one in days:
        cuts.append((begin, begin + timedelta(days=one - 1)))
        begin += timedelta(days=one)
    whole = months_in(first, cuts[-1][1], handed, rule)
    assert sum(months_in(*cut, handed, rule) for cut in cuts) == whole
    assert next(cut[0] for cut in by_month(first, cuts[-1][1])) == first


@given(exact=st.lists(st.fractions(-(10**7), 10**7, max_denominator=3100), max_size=8), how=st.sampled_from(Rounding))
def test_rounded_parts_always_add_up_to_the_rounded_whole(exact: list[Fraction], how: Rounding) -> None:
    assert sum(in_parts(exact, how)) == to_fen(sum(exact, Fraction(0)), how)


@pytest.mark.parametrize(("how", "fen"), [(Rounding.HALF_UP, 13), (Rounding.UP, 13), (Rounding.DOWN, 12)])
def test_each_item_has_its_own_rounding_and_a_reversal_is_exactly_the_negative(how: Rounding, fen: int) -> None:
    assert to_fen(Fraction(25, 2), how) == fen
    assert to_fen(Fraction(-25, 2), how) == -fen
    assert to_fen(Fraction(12), how) == 12


def test_figures_are_written_as_people_write_them() -> None:
    assert [plain(Decimal(one), 2) for one in ("2.8000", "0.4883", "60")] == ["2.80", "0.4883", "60.00"]
    assert [plain(Decimal(one)) for one in ("128.360", "100", "0.5")] == ["128.36", "100", "0.5"]


LADDER = (Step(Decimal(210), Decimal("0.4883")), Step(Decimal(400), Decimal("0.5383")), Step(None, Decimal("0.7883")))


def test_price_steps_go_on_from_what_was_used_before() -> None:
    assert stepped(Decimal(430), LADDER) == [
        (Decimal(210), Decimal("0.4883")), (Decimal(190), Decimal("0.5383")), (Decimal(30), Decimal("0.7883")),
    ]  # fmt: skip
    assert stepped(Decimal(20), LADDER, already=Decimal(200)) == [
        (Decimal(10), Decimal("0.4883")), (Decimal(10), Decimal("0.5383")),
    ]  # fmt: skip
    assert stepped(Decimal(0), LADDER) == []
    with pytest.raises(ValueError, match="open above"):
        stepped(Decimal(300), LADDER[:1])


@given(st.decimals(0, 2000, places=2), st.decimals(0, 2000, places=2))
def test_price_steps_divide_a_quantity_without_rest(quantity: Decimal, already: Decimal) -> None:
    assert sum((part for part, _ in stepped(quantity, LADDER, already)), Decimal(0)) == quantity


def test_a_rent_has_free_days_and_grows_each_year() -> None:
    rent = Rent(Decimal(5000), date(2026, 3, 15), 47, date(2027, 3, 15), Decimal(5), 12)
    assert rent.free_until == date(2026, 4, 30)
    assert rent.within(date(2026, 3, 1), date(2026, 4, 30)) == []
    assert rent.within(date(2027, 3, 1), date(2027, 3, 31)) == [
        (date(2027, 3, 1), date(2027, 3, 14), Decimal(5000)), (date(2027, 3, 15), date(2027, 3, 31), Decimal("5250.00")),
    ]  # fmt: skip
    assert rent.within(date(2028, 5, 1), date(2028, 5, 31)) == [
        (date(2028, 5, 1), date(2028, 5, 31), Decimal("5512.50"))
    ]


def test_a_rent_that_grows_on_the_31st_keeps_its_day() -> None:
    """Vector 12: the last day of a shorter month, and the 31st again afterwards."""
    rent = Rent(Decimal(1000), date(2026, 1, 1), 0, date(2026, 8, 31), Decimal(10), 6)
    days = [day for day, _ in rent.changes(date(2028, 3, 1))]
    assert days == [date(2026, 1, 1), date(2026, 8, 31), date(2027, 2, 28), date(2027, 8, 31), date(2028, 2, 29)]


def test_a_rent_may_grow_once_or_never() -> None:
    once = Rent(Decimal(1000), date(2026, 1, 1), 0, date(2026, 2, 1), Decimal(10))
    assert [rate for *_, rate in once.within(date(2026, 1, 1), date(2030, 1, 1))] == [Decimal(1000), Decimal("1100.00")]
    assert Rent(Decimal(1000), date(2026, 1, 31)).within(date(2026, 1, 1), date(2026, 1, 30)) == []


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        ({}, ((2026, 5, 1), (2026, 5, 31))),
        ({"prepaid": True, "ahead": 1}, ((2026, 6, 1), (2026, 6, 30))),
        ({"span": 3}, None),
        ({"span": 3, "starts": 3}, ((2026, 3, 1), (2026, 5, 31))),
        ({"span": 3, "starts": 2, "prepaid": True}, ((2026, 5, 1), (2026, 7, 31))),
        ({"span": 12, "starts": 7, "prepaid": True, "ahead": 2}, ((2026, 7, 1), (2027, 6, 30))),
        ({"span": 12, "starts": 6}, ((2025, 6, 1), (2026, 5, 31))),
    ],
)
def test_each_cycle_is_billed_in_its_month(asked: dict[str, object], period: object) -> None:
    found = billed_in(2026, 5, **asked)  # type: ignore[arg-type]
    assert found == (tuple(date(*day) for day in period) if period else None)  # type: ignore[attr-defined]


@given(span=st.sampled_from([1, 3, 6, 12]), starts=st.integers(1, 12), prepaid=st.booleans(), ahead=st.integers(0, 3))
def test_in_two_years_every_month_is_billed_once(span: int, starts: int, prepaid: bool, ahead: int) -> None:
    found = [
        billed_in(year, month, span=span, starts=starts, prepaid=prepaid, ahead=ahead if prepaid else 0)
        for year in (2025, 2026, 2027) for month in range(1, 13)
    ]  # fmt: skip
    periods = [one for one in found if one]
    assert all(before[1] + timedelta(days=1) == after[0] for before, after in itertools.pairwise(periods))
    assert all(last_of(last) == last and months_in(first, last) == span for first, last in periods)
