"""Use between two readings, dials that go round, estimates and what looks wrong: plain figures (domain.md §5.4, §11)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.areas.billing.meters import reckoning
from yihu.areas.billing.meters.reckoning import Part, ReadingError

D = Decimal
dial = st.decimals(min_value=0, max_value=99999, places=2)


def test_a_dial_of_five_figures_that_went_round() -> None:
    assert reckoning.turned_round(D(99985), D(37), 5) == 52


def test_a_current_transformer_multiplies() -> None:
    went = reckoning.turned(D("1186.9"), D("1203.4"))
    assert went == D("16.5")
    assert reckoning.use(went, D(40)) * D("0.92") == D("607.20")


def test_a_swapped_meter_counts_both_devices() -> None:
    old = reckoning.use(reckoning.turned(D("1186.9"), D("1203.4")), D(40))
    new = reckoning.use(reckoning.turned(D(0), D("8.2")), D(30))
    assert (old, new, old + new) == (660, 246, 906)


@given(dial, dial)
def test_round_and_on_is_where_it_stands(previous: Decimal, current: Decimal) -> None:
    if current < previous:
        went = reckoning.turned_round(previous, current, 5)
        assert 0 < went <= 100000
        assert (previous + went) % 100000 == current
    else:
        with pytest.raises(ReadingError, match="没有走过一圈"):
            reckoning.turned_round(previous, current, 5)


def test_a_dial_shows_only_what_it_has_figures_for() -> None:
    assert reckoning.fits(D("9999.9"), 4)
    assert not reckoning.fits(D(10000), 4)
    assert not reckoning.fits(D(-1), 4)
    with pytest.raises(ReadingError, match="4 位"):
        reckoning.turned_round(D(10000), D(3), 4)


@pytest.mark.parametrize(
    ("now", "uses", "told"),
    [("15", ["10", "10", "10"], 50), ("5", ["10", "10", "10"], -50), ("16", ["1", "8", "10", "12"], 60),
     ("12.5", ["10"], 25), ("1", ["3", "3", "3"], -67), ("-5", ["10"], -150)],
)  # fmt: skip
def test_deviation_is_from_the_mean_of_the_last_three(now: str, uses: list[str], told: int) -> None:
    found = reckoning.deviation(D(now), [D(one) for one in uses])
    assert found is not None
    assert reckoning.percent(found) == told


def test_nothing_to_compare_with_is_no_deviation() -> None:
    assert reckoning.deviation(D(5), []) is None
    assert reckoning.deviation(D(5), [D(0), D(0), D(0)]) is None


def test_what_somebody_should_look_at() -> None:
    usual = [D(10)] * 3
    assert reckoning.oddities(D(15), usual, occupied=True) == []  # just at the limit
    assert reckoning.oddities(D("15.1"), usual, occupied=True) == ["far"]
    assert reckoning.oddities(D("15.1"), usual, occupied=True, most=Fraction(3, 5)) == []
    assert reckoning.oddities(D(0), [], occupied=True) == ["zero"]
    assert reckoning.oddities(D(0), usual, occupied=False) == ["far"]
    assert reckoning.oddities(D(1), [], occupied=False) == ["vacant"]
    assert reckoning.oddities(D(0), [], occupied=None) == []


def test_an_estimate_is_the_mean_or_last_year() -> None:
    assert reckoning.estimate([D(99), D(10), D(11), D(12)]) == 11
    assert reckoning.estimate([D(10), D(10), D(12)]) == D("10.67")
    assert reckoning.estimate([D(10)], D(7), by_last_year=True) == 7
    assert reckoning.estimate([D(-4)]) == 0
    with pytest.raises(ReadingError, match="估不出来"):
        reckoning.estimate([])
    with pytest.raises(ReadingError, match="去年"):
        reckoning.estimate([D(10)], None, by_last_year=True)


def test_no_third_estimate_in_a_row() -> None:
    assert [reckoning.may_estimate(row) for row in (0, 1, 2)] == [True, True, False]


@given(st.lists(st.decimals(min_value=0, max_value=5000, places=3), min_size=1, max_size=6))
def test_an_estimate_lies_between_the_months_it_comes_of(uses: list[Decimal]) -> None:
    found, last = reckoning.estimate(uses), uses[-3:]
    assert min(last) - D("0.005") <= found <= max(last) + D("0.005")
    assert found == found.quantize(D("0.01"))


def test_a_part_says_how_it_came_about() -> None:
    one = Part("电60A", D("1186.900"), D("1203.400"), D(40), D(660))
    assert one.words == "1,203.4 − 1,186.9 = 16.5 × 40"
    assert Part("水1", D(10), D(10), D(1), D(0)).words == "10 − 10 = 0"
    assert Part("水1", D(99985), D(37), D(1), D(52), went_round=True, digits=5).words == "100,000 − 99,985 + 37 = 52"


@given(dial, dial, st.integers(1, 200))
def test_readings_one_after_the_other_lose_nothing(first: Decimal, second: Decimal, times: int) -> None:
    low, high = sorted((first, second))
    middle = (low + high) / 2
    whole = reckoning.use(reckoning.turned(low, high), D(times))
    halves = sum(reckoning.use(reckoning.turned(*pair), D(times)) for pair in ((low, middle), (middle, high)))
    assert whole == halves
