"""However people, prices and areas change within a period: every day is paid once and the parts are the whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yihu.areas.billing.reckoned import Reckoned
from yihu.areas.billing.tariffs import pieces
from yihu.areas.billing.tariffs.fitting import Profile
from yihu.areas.billing.tariffs.known import Area, Known
from yihu.areas.billing.tariffs.lines import lines
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.paying import EVER, NEVER, Household, Stay
from yihu.areas.billing.tariffs.plan import Group
from yihu.basics.months import Month
from yihu.basics.periods import FirstMonth, months_in
from yihu.basics.pricing import Rounding, to_fen
from yihu.ground.ledger.models import FeeItem

MONTH = Month(2026, 11)
ONE_DAY = timedelta(days=1)
ITEM = FeeItem(pk=1, name="物业服务费", community_id=1)
PROFILE = Profile("home", "", None, 1)
DAYS = st.integers(2, 30).map(lambda day: date(2026, 11, day))
FIGURES = st.decimals("0.01", "999", places=2)


def tariff(pk: int, price: Decimal, since: date, until: date | None, **more: Any) -> Tariff:
    facts = {"kind": "area_gross", "from_on": since, "to_on": until, **more}
    return Tariff(pk=pk, item=ITEM, community_id=1, price=price, **facts)


def chain(days: list[date]) -> list[tuple[date, date]]:
    """From ever to for ever, cut on these days."""
    starts = [EVER, *sorted(set(days))]
    return list(zip(starts, [day - ONE_DAY for day in starts[1:]] + [NEVER], strict=True))


def group(tariffs: list[Tariff]) -> Group:
    return Group(ITEM, MONTH.first, MONTH.last, tariffs, {one.pk: MONTH.last for one in tariffs})


@st.composite
def cases(draw: Any) -> tuple[Known, Group]:
    how = draw(st.sampled_from(["half_up", "up", "down"]))
    rule = draw(st.sampled_from(["daily", "half_month", "full", "next_month"]))
    prices = [
        tariff(place, draw(FIGURES), first, None if last == NEVER else last, rounding=how, first_month=rule)
        for place, (first, last) in enumerate(chain(draw(st.lists(DAYS, max_size=2))), 1)
    ]
    owners = [Stay(place, *time) for place, time in enumerate(chain(draw(st.lists(DAYS, max_size=3))), 10)]
    handed = draw(st.sampled_from([date(2020, 1, 1)]) | DAYS)
    people = Household(handed, owners, developers=[Stay(99, EVER, NEVER)])
    areas = [Area(first, str(draw(FIGURES)), None, None) for first, _ in chain(draw(st.lists(DAYS, max_size=2)))]
    return Known(7, "A1-0101", PROFILE, people, areas), group(prices)


@given(cases())
def test_every_day_is_paid_once_and_the_parts_are_the_whole(case: tuple[Known, Group]) -> None:
    one, plan = case
    rows = list(plan.reckon(one))
    assert all(isinstance(row, Reckoned) and row.amount for row in rows)
    paid = [day for row in rows for day in range(row.from_on.day, row.to_on.day + 1)]
    assert len(paid) == len(set(paid))
    whole = Fraction(0)
    handed = one.people.handed
    for price in plan.tariffs:
        for place, area in enumerate(one.areas):
            after = one.areas[place + 1].first if place + 1 < len(one.areas) else NEVER
            first = max(price.from_on, area.first, MONTH.first)
            last = min(price.to_on or NEVER, after - ONE_DAY, MONTH.last)
            if first <= last:
                months = months_in(first, last, handed, FirstMonth(price.first_month))
                whole += Fraction(price.price) * Fraction(area.gross or 0) * months * 100
    assert sum(row.amount for row in rows) == to_fen(whole, Rounding(plan.tariffs[0].rounding))


@given(
    price=FIGURES,
    area=FIGURES,
    kind=st.sampled_from(["area_gross", "household"]),
    how=st.sampled_from(["half_up", "up", "down"]),
)
def test_the_usual_case_is_reckoned_like_any_other(price: Decimal, area: Decimal, kind: str, how: str) -> None:
    plan = group([tariff(1, price, date(2025, 1, 1), None, kind=kind, rounding=how)])
    people = Household(date(2020, 1, 1), [Stay(10, EVER, NEVER)])
    one = Known(7, "A1-0101", PROFILE, people, [Area(EVER, str(area), None, None)])
    cut = [row for row in pieces.cut(one, plan.fits_of(one)[0]) if isinstance(row, pieces.Piece)]
    slowly = list(lines(cut, lambda _: MONTH.last))
    assert list(plan.reckon(one)) == slowly
    assert list(plan.reckon(one)) == slowly  # the second unit of the same area too


def test_of_a_site_with_many_areas_only_some_sums_are_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr("yihu.areas.billing.tariffs.plan.MOST_SUMS", 2)
    plan = group([tariff(1, Decimal(1), date(2025, 1, 1), None)])
    people = Household(date(2020, 1, 1), [Stay(10, EVER, NEVER)])
    units = [Known(place, "", PROFILE, people, [Area(EVER, str(place), None, None)]) for place in (1, 2, 3, 1)]
    assert [row.amount for one in units for row in plan.reckon(one) if isinstance(row, Reckoned)] == [
        100,
        200,
        300,
        100,
    ]


def test_what_costs_less_than_half_a_cent_is_no_line() -> None:
    plan = group([tariff(1, Decimal("0.0001"), date(2025, 1, 1), None)])
    one = Known(1, "", PROFILE, Household(date(2020, 1, 1), [Stay(10, EVER, NEVER)]), [Area(EVER, "1", None, None)])
    assert list(plan.reckon(one)) == []
