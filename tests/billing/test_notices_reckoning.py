"""What a payer is asked for, reckoned without a database."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yihu.areas.billing.notices.reckoning import Asked, Open, drafts

TODAY, MONTH_ENDS, PAY_BY = date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 10)
DAYS = {"drawn_on": TODAY, "month_ends": MONTH_ENDS, "pay_by": PAY_BY}


def one(
    pk: int, amount: int, due: date = PAY_BY, *, party: int = 1, unit: int | None = 1, since: date = date(2026, 11, 1)
) -> Open:
    return Open(pk, party, unit, since, due, amount)


def test_what_was_due_before_stands_apart_from_this_months() -> None:
    (draft,) = drafts([one(2, 35941), one(1, 14120, date(2026, 11, 10))], [], **DAYS)
    assert draft.lines == (Asked(1, 14120, True), Asked(2, 35941, False))
    assert (draft.month, draft.arrears, draft.total, draft.due) == (35941, 14120, 50061, 50061)


def test_what_is_due_on_the_very_day_is_not_late_yet() -> None:
    """The day itself is the payer's (民法典第201条)."""
    (draft,) = drafts([one(1, 100, TODAY), one(2, 200, date(2026, 11, 23))], [], **DAYS)
    assert draft.lines == (Asked(2, 200, True), Asked(1, 100, False))


def test_what_is_served_and_due_later_is_not_asked_for_yet() -> None:
    later = one(3, 900, date(2027, 1, 10), since=date(2027, 1, 1))
    ahead = one(4, 800, date(2026, 12, 5), since=date(2026, 12, 1))
    (draft,) = drafts([one(2, 100), later, ahead], [], **DAYS)
    assert [line.charge for line in draft.lines] == [4, 2]
    assert drafts([later], [], **DAYS) == []


def test_each_payer_and_unit_has_its_own_notice() -> None:
    found = drafts([one(1, 100), one(2, 200, party=2), one(3, 300, unit=2), one(4, 400, unit=None)], [], **DAYS)
    assert {(draft.party, draft.unit): draft.due for draft in found} == {
        (1, 1): 100,
        (2, 1): 200,
        (1, 2): 300,
        (1, None): 400,
    }


def test_nothing_but_adjustments_is_no_reason_for_a_notice() -> None:
    assert drafts([one(1, -500)], [], **DAYS) == []
    (draft,) = drafts([one(1, -500), one(2, 300)], [], **DAYS)
    assert (draft.total, draft.due) == (-200, 0)


def test_money_for_a_unit_counts_for_it_alone_other_money_for_what_is_left() -> None:
    charges = [one(1, 1000), one(2, 1000, unit=2), one(3, 500, unit=None)]
    found = drafts(charges, [(1, 1, 400), (1, 1, 100), (1, None, 1200), (2, None, 900)], **DAYS)
    told = {draft.unit: (draft.credit, draft.due) for draft in found}
    assert sum(credit for credit, _ in told.values()) == 500 + 1200
    assert told[1] == (1000, 0)
    assert sum(due for _, due in told.values()) == 2500 - 1700
    (rich,) = drafts([one(1, 100)], [(1, 1, 900)], **DAYS)
    assert (rich.credit, rich.due) == (900, 0)


CHARGES = st.lists(
    st.builds(
        Open, st.integers(1, 10**6), st.integers(1, 3), st.sampled_from([None, 1, 2]), st.just(date(2026, 11, 1)),
        st.dates(date(2026, 1, 1), PAY_BY), st.integers(-10_000, 50_000).filter(bool),
    ),
    unique_by=lambda row: row.pk, max_size=12,
)  # fmt: skip
MONEY = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, 1, 2]), st.integers(1, 60_000)), max_size=6)


@given(CHARGES, MONEY)
def test_every_line_is_asked_once_and_no_money_twice(
    charges: list[Open], money: list[tuple[int, int | None, int]]
) -> None:
    found = drafts(charges, money, **DAYS)
    asked = [line.charge for draft in found for line in draft.lines]
    assert len(asked) == len(set(asked))
    assert {row.pk for row in charges if row.open > 0} <= set(asked)
    for party in (1, 2, 3):
        given_out = sum(draft.credit for draft in found if draft.party == party)
        assert given_out <= sum(left for whose, _, left in money if whose == party)
    assert all(draft.due == max(0, draft.total - draft.credit) for draft in found)
