"""Fee reports: the formulas of domain.md §4 from the lines, at any date; every figure opens the bills that make it."""

from __future__ import annotations

import html
import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.billing.noticing import OUT, billing_of
from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, log_contact, signature
from tests.support.paying import Counter, counter_of
from yihu.areas.billing.notices.models import Notice, NoticeBatch
from yihu.areas.duties.models import FeeSheet, LongSheet
from yihu.areas.duties.printing import shown
from yihu.basics.months import Month
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import ages, ledger, lines, moves, pages, quality, rates, weekly, years
from yihu.fronts.reports.fees.measures import Choice, Measure, before, of, rows_of, since, tally
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, receiving
from yihu.ground.ledger.models import Charge
from yihu.kernel import exports
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.models import Book, Message
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def bill(
    counter: Counter, amount: int, month: int, unit: Any = None, *, when: str, party: Any = None, **more: Any
) -> Any:
    """A bill of one month's service, due on its 28th."""
    facts = {"unit": (unit or counter.cast.home).pk, "party": (party or counter.cast.owner).pk, **more}
    return counter.charge(amount, month, when=when, **facts)


def pay(counter: Counter, charge: Any, amount: int, when: str) -> Any:
    receipt = counter.receive(amount, charge.party, when=when)
    counter.does(
        counter.collector,
        lambda books: receiving.allocate(books, receipt, [(charge, amount)], rule="instruction"),
        when,
    )
    return receipt


@pytest.fixture
def books(counter: Counter) -> Any:
    """Two households. September unpaid; October: one paid in October, one half in November; November billed, a little paid."""
    cast = counter.cast
    other = Party.objects.create(community=cast.yunqi, name="钱业主")
    home, next_door = cast.home, cast.unit("902")
    september = bill(counter, 30000, 9, home, when="2026-09-26 10:00")
    first = bill(counter, 40000, 10, home, when="2026-10-24 10:00")
    second = bill(counter, 20000, 10, next_door, when="2026-10-24 10:00", party=other)
    pay(counter, first, 40000, "2026-10-30 09:00")
    pay(counter, second, 10000, "2026-11-05 09:00")
    pay(counter, september, 12000, "2026-11-06 09:00")
    third = bill(counter, 40000, 11, home, when="2026-11-20 10:00")
    counter.does(counter.head, lambda books: charging.waive(books, third, 5000, "停梯"), "2026-11-21 09:00")
    return {"september": september, "first": first, "second": second, "third": third, "door": next_door}


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


# -- pages ---------------------------------------------------------------------------------------------------------------


def get(counter: Counter, sign_in: Any, url: str) -> Any:
    answer = sign_in(counter.head).get(url)
    assert answer.status_code == 200, url
    return answer


def links(answer: Any) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'href="(/reports/fees/[^"]+)"', answer.content.decode())]


@pytest.mark.clause("RPT-02", part="收费：每个数字都能点开它背后的账单、户或分录，合计相符")
@pytest.mark.parametrize("report", [rates, ages, ledger, years])
def test_every_figure_opens_what_it_is_made_of(counter: Counter, books: Any, report: Any) -> None:
    """Each cell's address leads to lines whose total is the cell."""
    asked = {
        "first": "2026-10",
        "last": "2026-11",
        "day": "2026-11-30",
        "month": "2026-11",
        "year": "2026",
        "show": "left",
    }
    sheet = report.build(counter.cast.yunqi, asked, 0)
    opened = 0
    for block in sheet.blocks:
        for row in [*block.rows, block.total]:
            for head, cell in zip(sheet.heads, row.cells, strict=True):
                if not cell.link or not cell.link.startswith("/reports/fees/"):
                    continue
                name, _, query = cell.link.removeprefix("/reports/fees/").partition("/?")
                told = dict(part.split("=") for part in query.split("&"))
                behind = {"lines": lines.build, "moves": moves.build, "households": lines.households}[name]
                found = behind(counter.cast.yunqi, told, 0).blocks[0]
                opened += 1
                if name == "households":
                    assert cell.sub.endswith(f"/{len(found.rows)}") or cell.value == len(found.rows)
                elif name == "moves":
                    assert abs(found.total.cells[-1].value) == abs(cell.value), (row.label, head.label)
                else:
                    column = {"base": 4, "paid": 5, "waived": 6, "left": 7}[told["show"]]
                    if head.kind == "money":
                        assert found.total.cells[column].value == cell.value, (row.label, head.label, cell.link)
                    assert sum(one.cells[column].value for one in found.rows) == found.total.cells[column].value
    assert opened >= 8


def test_arrears_by_age_agree_with_what_is_owed(counter: Counter, books: Any) -> None:
    old = bill(
        counter,
        7000,
        1,
        when="2026-09-01 10:00",
        from_on=date(2023, 1, 1),
        to_on=date(2023, 1, 31),
        due_on=date(2023, 1, 28),
    )
    assert old.open
    sheet = ages.build(counter.cast.yunqi, {"day": "2026-11-30"}, 0)
    every = {head.label: cell.value for head, cell in zip(sheet.heads, sheet.blocks[-1].total.cells, strict=True)}
    assert every == {
        "未到期": 0, "30 天内": 35000, "31–90 天": 28000, "91–180 天": 0, "181–365 天": 0, "1–3 年": 0, "三年以上": 7000,
        "退补未用": 0, "合计": 70000, "逾期户": 2,
    }  # fmt: skip
    earlier = ages.build(counter.cast.yunqi, {"day": "2026-09-28"}, 0).blocks[-1].total.cells
    assert [cell.value for cell in earlier][:2] == [30000, 0]  # due that very day: not late yet


@pytest.mark.clause("FEE-22", part="各收费项目的月台账与年度明细，逐户，可打印、可导出")
def test_the_month_adds_up_to_the_cent_per_household_item_and_in_total(counter: Counter, books: Any) -> None:
    counter.does(
        counter.head, lambda opened: charging.reverse_charge(opened, books["second"], "面积错"), "2026-11-22 09:00"
    )
    for month in ("2026-09", "2026-10", "2026-11"):
        sheet = ledger.build(counter.cast.yunqi, {"month": month}, 0)
        assert sheet.figures[4]["text"] == "相符"
        for block in sheet.blocks:
            sums = [0] * 7
            for row in block.rows:
                opening, billed, waived, offset, received, reversed_, closing, _ = (cell.value for cell in row.cells)
                assert opening + billed - waived - offset - received - reversed_ == closing
                sums = [one + cell.value for one, cell in zip(sums, row.cells[:7], strict=True)]
            assert sums == [cell.value for cell in block.total.cells[:7]]
    november = [cell.value for cell in sheet.blocks[0].total.cells]
    # 222 − 100 paid for a bill that was taken back (100 still owed on it): 200 billed less 100 come back
    assert november == [50000, 40000, 5000, 0, 22000, 10000, 53000, ""]


def test_the_ledger_of_one_item_names_the_receipts(counter: Counter, books: Any) -> None:
    sheet = ledger.build(counter.cast.yunqi, {"month": "2026-10", "item": str(counter.property_fee.pk)}, 0)
    assert len(sheet.blocks) == 1
    paid = next(row for row in sheet.blocks[0].rows if row.cells[4].value == 40000)
    assert paid.cells[7].value == "YQ-SJ-2026-000001"


def test_the_year_has_a_row_for_each_household_and_a_column_for_each_month(counter: Counter, books: Any) -> None:
    asked = {"year": "2026", "show": "left", "item": str(counter.property_fee.pk)}
    sheet = years.build(counter.cast.yunqi, asked, 0)
    rows = {row.label: [cell.value for cell in row.cells] for row in sheet.blocks[0].rows}
    assert rows[counter.cast.home.label][8:] == [18000, 0, 35000, 0, 53000]
    assert rows[books["door"].label][8:] == [0, 10000, 0, 0, 10000]
    every = years.build(counter.cast.yunqi, {"year": "2026", "show": "paid"}, 0).blocks[0]
    assert [row.label for row in every.rows] == ["物业服务费"]
    assert every.total.cells[-1].value == 62000


@pytest.mark.clause("FEE-12", part="录入准确率、缴费与催款通知单出错率、当月收款率，逐月与十二个月，附计数")
def test_quality_is_counted_not_claimed(counter: Counter, books: Any) -> None:
    wrong = counter.red(receipt=counter.receive(500, when="2026-11-21 09:00").pk, when="2026-11-22 09:00")
    counter.step(wrong, "approve", counter.head, when="2026-11-22 10:00")
    counter.receive(700, method="online", reference="4200001", when="2026-11-22 11:00")  # nobody typed it
    sheet = quality.build(counter.cast.yunqi, {"month": "2026-11"}, 0)
    november, october = (([cell.value for cell in row.cells]) for row in sheet.blocks[0].rows[:2])
    assert november[:3] == [3, 1, "66.67%"]
    assert october == [1, 0, "100.00%", 0, 0, 0, "—", 60000, 40000, "66.67%"]
    assert [cell.value for cell in sheet.blocks[0].rows[11].cells] == [0, 0, "—", 0, 0, 0, "—", 0, 0, "—"]
    assert [cell.value for cell in sheet.blocks[0].total.cells][:7] == [4, 1, "75.00%", 0, 0, 0, "—"]


@pytest.mark.parametrize("name", ["rates", "ages", "ledger", "years", "quality", "lines", "households", "moves"])
def test_pages_papers_and_exports_say_the_same(counter: Counter, books: Any, sign_in: Any, name: str) -> None:
    query = "first=2026-10&last=2026-10&day=2026-11-30&month=2026-11&year=2026&part=current"
    page = text_of(get(counter, sign_in, f"/reports/fees/{name}/?{query}"))
    paper = sheets.text_of(get(counter, sign_in, f"/reports/fees/{name}/print/?{query}").content)
    export = get(counter, sign_in, f"/reports/fees/{name}/export/?{query}")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(export.streaming_content))).get_sheet_by_index(0).to_python()
    figure = {"rates": "500.00", "years": "620.00", "quality": "600.00", "lines": "500.00", "households": "500.00"}.get(
        name, "350.00"
    )
    if name in ("ledger", "moves"):
        figure = "220.00" if name == "ledger" else "120.00"
    assert figure in page
    assert figure in paper
    assert any(float(figure) in row or -float(figure) in row for row in rows)
    assert Book.objects.get(register="kernel.export").journal.filter(sentence__contains="导出").exists()


def test_who_keeps_no_books_sees_no_report(counter: Counter, sign_in: Any) -> None:
    assert sign_in(counter.cast.wang).get("/reports/fees/").status_code == 403
    assert sign_in(counter.collector).get("/reports/fees/").status_code == 200
    assert sign_in(counter.collector).get("/reports/fees/rates/export/").status_code == 403
    assert sign_in(counter.head).get("/reports/fees/nothing/").status_code == 404


@pytest.mark.parametrize(("name", "most"), [("rates", 6), ("ages", 6), ("ledger", 8), ("years", 5), ("lines", 5)])
def test_the_number_of_questions_does_not_grow_with_the_books(
    counter: Counter, books: Any, name: str, most: int
) -> None:
    builds = {
        "rates": rates.build,
        "ages": ages.build,
        "ledger": ledger.build,
        "years": years.build,
        "lines": lines.build,
    }
    asked = {"first": "2026-09", "last": "2026-11", "day": "2026-11-30", "month": "2026-11", "part": "all"}

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            builds[name](counter.cast.yunqi, asked, 0)
        return len(captured)

    before = count()
    for place in range(5):
        bill(counter, 1000 + place, 11, when="2026-11-21 10:00", part=str(place))
    assert count() == before <= most


def test_wrong_words_in_an_address_show_the_usual_month(counter: Counter, sign_in: Any) -> None:
    for query in (
        "first=13&last=x&day=2026-99-99",
        "month=%00&after=~~",
        "year=99999&show=q",
        "building=abc&item=-1",
        "after=a~b",
    ):
        for name in ("rates", "ages", "ledger", "years", "quality", "lines", "households", "moves"):
            get(counter, sign_in, f"/reports/fees/{name}/?{query}")


def test_a_long_list_is_read_page_by_page(counter: Counter, monkeypatch: Any) -> None:
    for name in (lines, moves):
        monkeypatch.setattr(name, "PAGE", 3)
    for place in range(8):
        bill(counter, 1000 + place, 10, when="2026-10-24 10:00", part=str(place))
    for report in (lines.build, moves.build):
        seen, asked = [], {"day": "2026-11-30"}
        while True:
            block = report(counter.cast.yunqi, asked, 0).blocks[0]
            seen += [cell.value for row in block.rows for cell in row.cells[-1:]]
            if not block.next_url:
                break
            asked = dict(part.split("=") for part in block.next_url.split("?")[1].split("&"))
        assert sorted(seen) == [1000 + place for place in range(8)]


# -- Friday --------------------------------------------------------------------------------------------------------------


def heard(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).values_list("sentence", flat=True))


@pytest.mark.clause("FEE-14")
def test_each_friday_finance_signs_and_each_manager_reads_current_and_old_debt(
    counter: Counter, books: Any, sign_in: Any
) -> None:
    cast = counter.cast
    assert cast.gao.pk
    assert cast.xiang.pk
    assert [one for one in come_round(at("2026-11-27 08:00"), "fee-sheet") if one.friday == date(2026, 11, 27)] == []
    sheet = next(one for one in come_round(at("2026-11-27 09:01"), "fee-sheet") if one.friday == date(2026, 11, 27))
    assert come_round(at("2026-11-27 15:00"), "fee-sheet") == []
    assert any(sheet.number in words for words in heard(counter.accountant))
    with pytest.raises(NotAllowed):
        perform(sheet, "sign", by=counter.collector, at=at("2026-11-27 16:00"), data={"signature": signature()})
    sheet = perform(sheet, "sign", by=counter.accountant, at=at("2026-11-27 16:00"), data={"signature": signature()})
    assert sheet.state == "signed"
    told = "当期收费率 0.00%，往期清欠率 44.00%，综合收缴率 24.44%"
    for manager in (cast.gao, cast.xiang):
        assert any(told in words.replace("2026年11月", "") for words in heard(manager))
    pay(counter, books["third"], 35000, "2026-11-28 09:00")  # what comes in later changes nothing on a signed sheet
    frozen = shown(FeeSheet.objects.get(pk=sheet.pk), cast.xiang)
    assert [one["text"] for one in frozen["rates"]] == ["0.00%", "44.00%", "24.44%"]
    assert [one["text"] for one in frozen["current"]] == ["400.00", "0.00", "50.00", "350.00", "0/1"]
    page = sign_in(cast.xiang).get(sheet.get_absolute_url())
    assert "24.44%" in text_of(page)
    behind = sign_in(cast.xiang).get(reverse("reports:day_records", args=[sheet.number, "prior.left"]), follow=True)
    assert "280.00" in text_of(behind)  # as of that Friday
    assert sign_in(cast.xiang).get(reverse("reports:day_records", args=[sheet.number, "no.such"])).status_code == 404
    paper = sheets.text_of(sign_in(cast.xiang).get(f"{sheet.get_absolute_url()}print/fee_sheet/").content)
    assert "收费率周报" in paper
    assert "24.44%" in paper
    with pytest.raises(NotAllowed):
        perform(sheet, "read", by=counter.accountant, data={})
    assert perform(sheet, "read", by=cast.xiang, data={"manager_words": "催九月的"}).state == "read"


def test_every_figure_of_the_friday_opens_its_bills(counter: Counter, books: Any) -> None:
    sheet = open_record(
        FeeSheet(community=counter.cast.yunqi), by=authority().system(),
        data={"friday": "2026-11-27", "due_at": "2099-11-27 17:30"}, at=at("2026-11-27 09:00"),
    )  # fmt: skip
    now = at("2026-11-27 16:00")
    found = weekly.figures(sheet, counter.head, now)
    cells = [one for name in ("rates", "current", "prior", "ages") for one in found[name]]
    cells += [cell for row in found["tables"][0]["rows"] for cell in row["cells"] if cell.get("key")]
    for cell in cells:
        url = weekly.address_of(sheet, cell["key"], counter.head, now)
        name, _, query = url.removeprefix("/reports/fees/").partition("/?")
        told = dict(part.split("=") for part in query.split("&"))
        behind = {"lines": lines.build, "households": lines.households}[name](counter.cast.yunqi, told, 0).blocks[0]
        if name == "households":
            assert len(behind.rows) == cell["value"]
        else:
            column = {"base": 4, "paid": 5, "waived": 6, "left": 7}[told["show"]]
            assert behind.total.cells[column].value == cell["value"], cell
    assert [one["text"] for one in found["week"]] == ["0.00", "0.00", "0.00"]


def test_no_friday_sheet_where_nothing_was_ever_billed_and_finance_hears_when_it_is_late(counter: Counter) -> None:
    assert come_round(at("2026-11-27 09:01"), "fee-sheet") == []
    bill(counter, 1000, 10, when="2026-10-24 10:00")
    sheet = come_round(at("2026-11-27 09:02"), "fee-sheet")[0]
    sweep(sheet.due_at)
    assert any("收费率周报已到时限" in words for words in heard(counter.accountant))


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


def test_an_export_is_whole_or_refused_and_paper_says_what_it_left_off(
    counter: Counter, sign_in: Any, monkeypatch: Any
) -> None:
    for place in range(8):
        bill(counter, 1000 + place, 10, when="2026-10-24 10:00", part=str(place))
    monkeypatch.setattr(exports, "MAX_ROWS", 5)
    monkeypatch.setattr(pages, "MOST_ON_PAPER", 5)
    client = sign_in(counter.head)
    refused = client.get("/reports/fees/lines/export/?day=2026-11-30")
    assert refused.status_code == 409
    assert "分几次导出" in text_of(refused)
    assert "本单只列前面的各行" in sheets.text_of(client.get("/reports/fees/lines/print/?day=2026-11-30").content)


@pytest.mark.clause("RPT-03")
def test_the_years_sheet_says_the_collection_rate_of_each_cluster_and_opens_its_bills(
    counter: Counter, sign_in: Any
) -> None:
    log_contact(counter.cast, when=at("2026-10-05 09:00"))
    october = bill(counter, 10000, 10, when="2026-10-28 09:00")
    pay(counter, october, 7500, "2026-11-02 09:00")
    come_round(at("2026-12-21 00:05"))
    year, cast = LongSheet.objects.get(period="2026"), counter.cast
    reader = sign_in(cast.xiang)
    page = text_of(reader.get(year.get_absolute_url()))
    assert "各组团收费率" in page
    assert "100.00 75.00 75.00%" in page
    cluster = cast.home.cluster_id or "none"
    for key, sum_ in (("base", "100.00"), ("paid", "75.00")):
        address = reverse("reports:day_records", args=[year.number, f"fees.{cluster}.current.{key}"])
        assert address in reader.get(year.get_absolute_url()).content.decode()
        listed = text_of(reader.get(address, follow=True))
        assert cast.home.label in listed
        assert sum_ in listed
    lived = next(one for one in shown(year, cast.xiang)["tables"] if one["name"] == "lived_in")
    cells = [cell for row in lived["rows"] for cell in row["cells"] if cell["value"]]
    assert cells
    for cell in cells:
        answer = reader.get(reverse("reports:day_records", args=[year.number, cell["key"]]), follow=True)
        assert text_of(answer).count(cast.home.label) >= 1
