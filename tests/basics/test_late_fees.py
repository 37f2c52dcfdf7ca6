"""The contract's late fee and the court's, day by day (domain.md §5.5, §11 vector 7)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics import lpr_cn
from yihu.basics.late_fees import Movement, Span, Terms, late_fee, rate_on
from yihu.basics.pricing import Rounding, to_fen

DUE = date(2026, 10, 1)
HALF = Terms(Fraction(5, 10_000))
THREE = [(date(2025, 5, 20), Fraction(3, 100))]


def fee(terms: Terms = HALF, principal: int = 35941, until: date = date(2026, 10, 24), **more: object) -> object:
    return late_fee(terms, principal, DUE, until, rates=THREE, **more)  # type: ignore[arg-type]


def test_the_vector_of_the_handbook() -> None:
    found = fee()
    assert (found.claim, found.days, found.capped) == (413, 23, False)  # type: ignore[attr-defined]


def test_the_court_leaves_the_lending_rate_and_a_third_more() -> None:
    # 359.41 × 3 % × 1.3 ÷ 365 × 23 = 0.8832…
    assert fee().court == 88  # type: ignore[attr-defined]


def test_nothing_is_owed_on_the_due_day_itself() -> None:
    assert fee(until=DUE).claim == 0  # type: ignore[attr-defined]
    assert fee(until=date(2026, 10, 2)).days == 1  # type: ignore[attr-defined]


def test_a_payment_counts_from_the_day_after() -> None:
    # ten days on 359.41, then thirteen on 159.41
    found = fee(movements=[Movement(date(2026, 10, 11), -20000)])
    assert found.claim == round(35941 * 0.0005 * 10 + 15941 * 0.0005 * 13)  # type: ignore[attr-defined]


def test_it_stops_with_the_payment() -> None:
    paid = [Movement(date(2026, 10, 11), -35941)]
    assert fee(movements=paid).claim == fee(until=date(2026, 10, 11)).claim  # type: ignore[attr-defined]


def test_a_dispute_freezes_it() -> None:
    frozen = fee(frozen=[Span(date(2026, 10, 5), date(2026, 10, 14))])
    assert frozen.days == 13  # type: ignore[attr-defined]
    assert fee(frozen=[Span(date(2026, 10, 5))]).days == 3  # type: ignore[attr-defined]


def test_it_never_exceeds_the_principal_unless_the_contract_says_less() -> None:
    long_after = date(2036, 10, 1)
    assert fee(until=long_after).claim == 35941  # type: ignore[attr-defined]
    assert fee(until=long_after).capped  # type: ignore[attr-defined]
    assert fee(Terms(Fraction(5, 10_000), cap=Fraction(3, 10)), until=long_after).claim == 10782  # type: ignore[attr-defined]
    assert fee(Terms(Fraction(5, 10_000), most=200)).claim == 200  # type: ignore[attr-defined]


def test_days_of_grace_and_roundings_are_the_contract_s() -> None:
    assert fee(Terms(Fraction(5, 10_000), starts=11)).days == 13  # type: ignore[attr-defined]
    exact = 35941 * 23 * 5  # 4.133215 元
    assert exact == 4133215
    assert fee(Terms(Fraction(5, 10_000), rounding=Rounding.DOWN)).claim == 413  # type: ignore[attr-defined]
    assert fee(Terms(Fraction(5, 10_000), rounding=Rounding.UP)).claim == 414  # type: ignore[attr-defined]
    assert to_fen(Fraction(4), Rounding.UP) == 4


def test_the_lending_rate_is_that_of_each_day() -> None:
    rates = [(date(2026, 1, 1), Fraction(3, 100)), (date(2026, 10, 12), Fraction(6, 100))]
    found = late_fee(Terms(Fraction(1, 100)), 3_650_000, DUE, date(2026, 10, 21), rates=rates)
    # ten days at 3 %, ten at 6 %: 300 + 600 a day of a year, times 1.3
    assert found.court == round(1.3 * (3_650_000 * 0.03 / 365 * 10 + 3_650_000 * 0.06 / 365 * 10))
    assert rate_on(rates, date(2019, 1, 1)) == Fraction(3, 100)


def test_the_published_rates_stand_in_order() -> None:
    days = [since for since, _ in lpr_cn.rates()]
    assert days == sorted(set(days))
    assert rate_on(lpr_cn.rates(), date(2025, 6, 1)) == Fraction(3, 100)


@given(
    st.integers(1, 10**9), st.integers(1, 3000), st.integers(0, 900),
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 10**7)), max_size=4), st.tuples(st.integers(0, 900), st.integers(0, 60)),
)  # fmt: skip
def test_day_by_day_says_the_same(
    principal: int, rate: int, days: int, paid: list[tuple[int, int]], frozen: tuple[int, int]
) -> None:
    """A second reckoning that walks through every day agrees to the 分."""
    left, moves = principal, []
    for when, amount in sorted(paid):
        amount = min(amount, left)
        left -= amount
        moves.append(Movement(DUE + timedelta(days=when), -amount))
    terms, until = Terms(Fraction(rate, 1_000_000)), DUE + timedelta(days=days)
    span = Span(DUE + timedelta(days=frozen[0]), DUE + timedelta(days=sum(frozen)))
    total = Fraction(0)
    for after in range(1, days + 1):
        day = DUE + timedelta(days=after)
        if not span.first <= day <= span.last:  # type: ignore[operator]
            total += terms.rate * (principal + sum(one.amount for one in moves if one.on < day))
    begun = principal + sum(one.amount for one in moves if one.on <= DUE)
    found = late_fee(terms, principal, DUE, until, movements=moves, frozen=[span], rates=THREE)
    assert found.claim == to_fen(min(total, Fraction(begun)))
    assert 0 <= found.court <= found.claim


@pytest.mark.parametrize("until", [date(2026, 9, 1), DUE])
def test_what_is_not_late_costs_nothing(until: date) -> None:
    assert fee(until=until).stretches == ()  # type: ignore[attr-defined]
