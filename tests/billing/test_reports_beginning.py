"""What was carried over when the program was introduced is an old debt: no bill of its month, on no sheet (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at
from tests.support.fee_reports import bill, pay
from tests.support.paying import Counter, counter_of
from tests.support.running import Estate, flat_source
from yihu.areas.duties.models import FeeSheet
from yihu.areas.duties.printing import shown
from yihu.basics.months import Month
from yihu.fronts.reports.fees import lines, moves, quality, rates, years
from yihu.fronts.reports.fees.beginning import BEFORE, begun
from yihu.fronts.reports.fees.measures import Choice, Measure, rows_of, tally
from yihu.fronts.reports.fees.sheets import Row
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (8, 9, 10, 11))


@pytest.fixture
def counter(cast: Any) -> Counter:
    """By hand, all entered on 8 October: 100.00 of August and 200.00 of September are still open in the old books. 50.00 of
    September come in on the 20th. October is billed here, 400.00, paid in it; November 300.00, of which 30.00 in it and
    20.00 after."""
    counter = counter_of(cast)
    bill(counter, 10000, 8, when="2026-10-08 10:00")
    old = bill(counter, 20000, 9, when="2026-10-08 10:01")
    pay(counter, old, 5000, "2026-10-20 09:00")
    pay(counter, bill(counter, 40000, 10, when="2026-10-24 10:00"), 40000, "2026-10-30 09:00")
    newest = bill(counter, 30000, 11, when="2026-11-24 10:00")
    pay(counter, newest, 3000, "2026-11-30 09:00")
    pay(counter, newest, 2000, "2026-12-01 09:00")
    return counter


def total(counter: Counter, first: Month, last: Month, day: str = "2026-12-01") -> Any:
    return tally(rows_of(Choice(counter.cast.yunqi, first, last, date.fromisoformat(day))))[None]


def told(counter: Counter, **asked: str) -> list[Row]:
    block = quality.build(counter.cast.yunqi, {"month": "2026-12", **asked}, 0).blocks[0]
    assert block.total is not None
    return [*block.rows, block.total]


@pytest.mark.clause("FEE-12", part="启用以前转入的旧欠费不是当月账单；当月收款率显示“—”并写明")
def test_a_month_that_the_program_never_billed_has_no_rate_and_says_why(counter: Counter, sign_in: Any) -> None:
    rows = told(counter)
    of_month = {row.label: ([cell.value for cell in row.cells[-3:]], row.sub) for row in rows}
    assert of_month["2026年10月"] == ([40000, 40000, "100.00%"], "")
    assert of_month["2026年11月"] == ([30000, 3000, "10.00%"], "")
    for month in ("2026年9月", "2026年8月", "2026年1月"):
        assert of_month[month] == ([0, 0, "—"], BEFORE)
    assert of_month["十二个月"] == ([70000, 43000, "61.43%"], "")
    client = sign_in(counter.head)
    asked = "?month=2026-12"
    export = client.get(f"/reports/fees/quality/export/{asked}")
    table = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(export.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert BEFORE in text_of(client.get(f"/reports/fees/quality/{asked}"))
    assert BEFORE in sheets.text_of(client.get(f"/reports/fees/quality/print/{asked}").content)
    assert any(row[0] == f"2026年9月　{BEFORE}" and row[-1] == "—" for row in table)


@pytest.mark.clause("FEE-12", part="十二个月的应收、已收、未收点开就是加成它的账单和分录")
def test_the_twelve_months_open_the_bills_that_come_to_them(counter: Counter, sign_in: Any) -> None:
    """What came in on each bill is looked at on the last day of its own month."""
    row = told(counter)[-1]
    for cell, show, right in zip(row.cells[-3:], ("base", "paid", "left"), (70000, 43000, 27000), strict=True):
        asked = dict(parse_qsl(urlsplit(cell.link).query))
        assert asked["show"] == show
        block = lines.build(counter.cast.yunqi, asked, 0).blocks[0]
        place = {"base": 4, "paid": 5, "left": 7}[show]
        assert block.total is not None
        assert block.total.cells[place].value == sum(one.cells[place].value for one in block.rows) == right
        posted = moves.build(counter.cast.yunqi, asked, 0).blocks[0]
        assert abs(sum(one.cells[-1].value for one in posted.rows)) == right
    page = text_of(sign_in(counter.head).get(row.cells[-2].link))
    assert "收款截至各月月末" in page
    assert "430.00" in page


@pytest.mark.clause("FEE-10", part="启用以前转入的旧欠费算往期欠费")
def test_it_counts_among_the_old_debts_whichever_months_are_asked_for(counter: Counter) -> None:
    """300.00 came over, 50.00 of it came in: whether one asks for October, for the half-year or for September itself."""
    for first, last in ((OCTOBER, OCTOBER), (Month(2026, 7), OCTOBER), (Month(2026, 1), OCTOBER)):
        one = total(counter, first, last)
        assert one.current == Measure(40000, 40000, 0, 0), first
        assert one.prior == Measure(30000, 5000, 0, 25000), first
        assert one.households("current") == (1, 1)
        assert one.households("prior") == (0, 1)
    september = total(counter, SEPTEMBER, SEPTEMBER)
    assert (september.current, september.month) == (Measure(), Measure())
    assert september.prior == Measure(30000, 5000, 0, 25000)
    august = total(counter, AUGUST, AUGUST)
    assert august.prior == Measure(10000, 0, 0, 10000)  # what is of a later month is not old in August


def test_the_rates_say_since_when_and_open_what_they_count(counter: Counter, sign_in: Any) -> None:
    asked = {"first": "2026-09", "last": "2026-09", "day": "2026-12-01"}
    sheet = rates.build(counter.cast.yunqi, asked, 0)
    assert sheet.period.endswith("，本系统自2026年10月起出账")
    figures = {one["label"]: (one["text"], one["sub"], one["url"]) for one in sheet.figures}
    assert figures["当期收费率"] == figures["2026年9月当月收款率"] == ("—", BEFORE, "")
    assert figures["往期清欠率"][:2] == ("16.67%", "50.00 / 300.00")
    row = sheet.blocks[0].total
    assert row is not None
    assert [cell.value for cell in row.cells[:3]] == [0, 0, "—"]
    for cell, place, right in ((row.cells[4], 4, 30000), (row.cells[5], 5, 5000), (row.cells[8], 7, 25000)):
        found = lines.build(counter.cast.yunqi, dict(parse_qsl(urlsplit(cell.link).query)), 0).blocks[0].total
        assert found is not None
        assert found.cells[place].value == right
    later = rates.build(counter.cast.yunqi, {**asked, "first": "2026-10", "last": "2026-11"}, 0)
    assert "起出账" not in later.period
    assert "本系统自2026年10月起出账" in text_of(sign_in(counter.head).get("/reports/fees/rates/", asked))


def test_the_year_lists_it_under_its_own_month_all_the_same(counter: Counter) -> None:
    row = years.build(counter.cast.yunqi, {"year": "2026", "show": "left"}, 0).blocks[0].total
    assert row is not None
    assert [cell.value for cell in row.cells[7:10]] == [10000, 15000, 0]
    for cell in row.cells:
        if cell.value:
            found = lines.build(counter.cast.yunqi, dict(parse_qsl(urlsplit(cell.link).query)), 0).blocks[0].total
            assert found is not None
            assert found.cells[7].value == cell.value


def test_fridays_sheet_of_the_month_of_introduction_has_no_current_rate(counter: Counter) -> None:
    """Before the 26th it is about September, which was never billed here."""
    sheet = next(one for one in come_round(at("2026-10-23 09:01"), "fee-sheet") if one.friday == date(2026, 10, 23))
    told = shown(FeeSheet.objects.get(pk=sheet.pk), counter.head)
    rates_ = {one["label"]: one["text"] for one in told["rates"]}
    assert rates_ == {f"2026年9月（{BEFORE}）当期收费率": "—", "往期清欠率": "16.67%", "综合收缴率": "16.67%"}


# -- from when on --------------------------------------------------------------------------------------------------------


@pytest.fixture
def estate(cast: Any) -> Iterator[Estate]:
    with flat_source() as flat:
        yield Estate(cast, flat)


def test_the_first_run_says_from_when_on_the_program_bills(estate: Estate) -> None:
    """Of a payer who owed October when the office began in October, and is billed from November on."""
    here, today = estate.cast.yunqi, timezone.localdate()
    assert begun(here, date(2026, 10, 31)) == OCTOBER  # nothing was billed: nothing is older
    estate.charge(10000, 10, when="2026-10-15 10:00", part="旧")
    assert begun(here, date(2026, 10, 31)) == begun(here, today) == OCTOBER
    run = estate.post(estate.draw())
    assert begun(here, today) == NOVEMBER
    assert begun(here, date(2026, 10, 31)) == OCTOBER  # as the books stood then
    rows = quality.build(here, {"month": "2026-11"}, 0).blocks[0].rows
    assert [row.sub for row in rows[:3]] == ["", BEFORE, BEFORE]
    assert rows[0].cells[-3].value == run.amount_posted
    assert rows[1].cells[-1].value == "—"
    assert tally(rows_of(Choice(here, OCTOBER, NOVEMBER, today)))[None].prior.base == 10000
    estate.take_back(run)
    assert begun(here, today + timedelta(days=1)) == OCTOBER  # a run that was taken back whole billed nothing
