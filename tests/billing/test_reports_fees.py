"""Fee reports: the formulas of domain.md §4 from the lines, at any date; every figure opens the bills that make it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db.models import Q

from tests.billing.noticing import OUT, billing_of
from tests.support.fee_reports import bill, books_of, pay
from tests.support.paying import Counter, counter_of
from yihu.areas.billing.notices.models import Notice, NoticeBatch
from yihu.basics.months import Month
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import lines, moves, quality
from yihu.fronts.reports.fees.measures import Choice, Measure, before, of, rows_of, since, tally
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Charge

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


@pytest.fixture
def books(counter: Counter) -> Any:
    return books_of(counter)


def total(counter: Counter, first: Month, last: Month, day: str) -> Any:
    rows = rows_of(Choice(counter.cast.yunqi, first, last, date.fromisoformat(day)))
    return tally(rows)[None]


@pytest.mark.clause("FEE-10", part="收费率与账龄按金额、按户，按组团、楼栋、收费项目，任何一天")
def test_current_old_and_both_by_amount_and_by_household(counter: Counter, books: Any) -> None:
    october = total(counter, OCTOBER, OCTOBER, "2026-11-10")
    assert (october.current.paid, october.current.base) == (50000, 60000)
    assert october.month.paid == 40000  # what came in by 31 October
    assert (october.prior.base, october.prior.paid, october.prior.left) == (30000, 12000, 18000)
    assert october.households("current") == (1, 2)
    assert october.households("prior") == (0, 1)
    assert october.households("both") == (0, 2)
    assert percent(october.both.paid, october.both.base) == "68.89%"


def test_the_same_at_an_earlier_day(counter: Counter, books: Any) -> None:
    """Nothing that came in later counts: at the end of October nobody had paid anything of September."""
    then = total(counter, OCTOBER, OCTOBER, "2026-10-31")
    assert (then.current.paid, then.current.base, then.prior.base, then.prior.paid) == (40000, 60000, 30000, 0)
    before = rows_of(Choice(counter.cast.yunqi, OCTOBER, OCTOBER, date(2026, 10, 1)))
    assert [row["current_base"] for row in before] == [0]  # October was not billed yet


def test_a_waiver_is_neither_paid_nor_owed_and_stands_apart(counter: Counter, books: Any) -> None:
    november = total(counter, NOVEMBER, NOVEMBER, "2026-11-30")
    assert november.current == Measure(40000, 0, 5000, 35000)
    assert november.prior == Measure(40000 + 10000 - 0, 22000, 0, 28000)  # September 300 and what was left of October


def test_an_adjustment_lowers_what_was_to_be_paid(counter: Counter, books: Any) -> None:
    favour = bill(counter, -4000, 9, when="2026-11-21 10:00", part="退补")
    third = books["third"]
    third.refresh_from_db()
    counter.does(counter.accountant, lambda opened: charging.offset(opened, favour, third, 4000), "2026-11-22 10:00")
    november = total(counter, NOVEMBER, NOVEMBER, "2026-11-30")
    assert (november.current.base, november.current.left) == (36000, 31000)


def test_service_over_the_month_ends_belongs_where_it_ends_and_a_year_in_advance_where_it_begins(
    counter: Counter,
) -> None:
    facts = {"due_on": date(2026, 10, 28)}
    water = {"item": counter.water, "from_on": date(2026, 9, 21), "to_on": date(2026, 10, 20)}
    counter.charge(1000, when="2026-10-24 10:00", **water, **facts)
    parking = {"from_on": date(2026, 10, 1), "to_on": date(2027, 9, 30)}
    counter.charge(500, when="2026-10-24 10:00", **parking, **facts)
    found = total(counter, OCTOBER, OCTOBER, "2026-10-31")
    assert (found.current.base, found.prior.base) == (1500, 0)


def test_a_bill_taken_back_leaves_no_trace_in_the_rates_of_later_days(counter: Counter, books: Any) -> None:
    counter.does(
        counter.head, lambda opened: charging.reverse_charge(opened, books["second"], "面积错"), "2026-11-22 09:00"
    )
    assert total(counter, OCTOBER, OCTOBER, "2026-11-21").current.base == 60000
    after = total(counter, OCTOBER, OCTOBER, "2026-11-22")
    assert (after.current.base, after.current.paid, after.households("current")) == (40000, 40000, (1, 1))


@pytest.mark.clause("FEE-12")
def test_what_was_billed_after_its_month_was_not_paid_in_it(counter: Counter) -> None:
    """By hand, October: 400.00 billed and paid in it, 200.00 billed and paid in November: 400 / 600 = 66.67 %.
    September: 300.00, all of it billed and paid in October: 0 / 300 = 0 %, not a month without bills: the program billed
    in August already."""
    bill(counter, 100, 8, when="2026-08-24 10:00")
    in_time = bill(counter, 40000, 10, when="2026-10-24 10:00")
    pay(counter, in_time, 40000, "2026-10-30 09:00")
    old = bill(counter, 30000, 9, when="2026-10-09 10:00")
    pay(counter, old, 30000, "2026-10-10 09:00")
    late = bill(counter, 20000, 10, when="2026-11-05 10:00", part="补收")
    pay(counter, late, 20000, "2026-11-06 09:00")
    assert collected(counter) == {10: (60000, 40000, "66.67%"), 9: (30000, 0, "0.00%")}
    for month in (OCTOBER, Month(2026, 9)):  # the head of 收费率 says the same of any month
        one = total(counter, month, month, "2026-11-21").month
        assert (one.base, one.paid, percent(one.paid, one.base)) == collected(counter)[month.month]
    assert total(counter, OCTOBER, OCTOBER, "2026-10-31").month == Measure(40000, 40000, 0, 0)  # not known by then
    counter.does(counter.head, lambda opened: charging.reverse_charge(opened, in_time, "面积错"), "2026-11-21 09:00")
    assert collected(counter)[10] == (
        20000,
        0,
        "0.00%",
    )  # a bill taken back is no bill, and what was paid on it no part
    assert total(counter, OCTOBER, OCTOBER, "2026-11-20").month == Measure(60000, 40000, 0, 20000)


def collected(counter: Counter) -> dict[int, tuple[int, int, str]]:
    """The months of the sheet of quality; what each figure opens comes to it, to the bill and to the posting."""
    found = {}
    sheet = quality.build(counter.cast.yunqi, {"month": "2026-11"}, 0)
    for month, row in zip((11, 10, 9), sheet.blocks[0].rows, strict=False):
        base, paid, share = row.cells[-3:]
        if share.value == "—":
            continue
        found[month] = (base.value, paid.value, share.value)
        for cell, place, sign in ((base, 4, 1), (paid, 5, -1)):
            if not cell.link:
                assert not cell.value
                continue
            asked = dict(parse_qsl(urlsplit(cell.link).query))
            opened = lines.build(counter.cast.yunqi, asked, 0).blocks[0]
            assert opened.total is not None
            assert opened.total.cells[place].value == cell.value
            posted = moves.build(counter.cast.yunqi, asked, 0).blocks[0].total
            assert posted is not None
            assert posted.cells[-1].value == sign * cell.value
    return found


# -- Friday --------------------------------------------------------------------------------------------------------------


def test_the_month_of_a_charge_is_where_it_ends_unless_it_runs_over_more_than_two(counter: Counter) -> None:
    """The comparisons of days agree with the sentence, for every pair of days that could be on the edge."""
    edges = [date(2026, month, day) for month in (8, 9, 10, 11, 12) for day in (1, 15, 28)]
    spans = [(first, last) for first in edges for last in edges if first <= last]
    for number, (first, last) in enumerate(spans):
        Charge.objects.create(
            community=counter.cast.yunqi, party=counter.cast.owner, item=counter.property_fee, from_on=first, to_on=last,
            due_on=last, amount=1, open=1, part=str(number),
        )  # fmt: skip

    def plain(first: date, last: date) -> int:
        return first.month if last.month - first.month > 1 else last.month

    for month in (8, 9, 10, 11, 12):
        here = Month(2026, month)
        for asked, right in (
            (before(here), lambda at, month=month: at < month),
            (since(here), lambda at, month=month: at >= month),
            (of(here), lambda at, month=month: at == month),
        ):
            of_charge = Q(*[_plain(one) for one in asked.children], _connector=asked.connector)
            found = sorted(Charge.objects.filter(of_charge).values_list("from_on", "to_on"))
            assert found == sorted(span for span in spans if right(plain(*span)))


def _plain(one: Any) -> Any:
    """The same condition asked of the charge itself."""
    if isinstance(one, Q):
        return Q(*[_plain(child) for child in one.children], _connector=one.connector, _negated=one.negated)
    return one[0].removeprefix("charge__"), one[1]


def test_a_notice_that_was_wrong_counts_once_against_those_issued(cast: Any) -> None:
    office = billing_of(cast)
    assert cast.owner.pk
    charge = office.charge(35941, 11, due_on=date(2026, 12, 10), when="2026-11-23 09:00")
    office.out()
    asked = {"month": "2026-11"}
    assert [cell.value for cell in quality.build(cast.yunqi, asked, 0).blocks[0].rows[0].cells][3:7] == [
        1,
        0,
        0,
        "0.000%",
    ]
    office.does(office.head, lambda books: charging.reverse_charge(books, charge, "面积录错"), OUT)
    office.charge(30000, 11, due_on=date(2026, 12, 10), when=OUT)
    said = {"notice": Notice.objects.get().pk, "wrong": "amount", "cause": "面积录错"}
    office.step(NoticeBatch.objects.get(), "replace", office.accountant, OUT, **said)
    sheet = quality.build(cast.yunqi, asked, 0)
    assert [cell.value for cell in sheet.blocks[0].rows[0].cells][3:7] == [1, 0, 1, "100.000%"]
    assert [cell.value for cell in sheet.blocks[0].total.cells][3:7] == [1, 0, 1, "100.000%"]
