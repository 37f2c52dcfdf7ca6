"""Fee reports: every figure opens the bills that make it; pages, papers and exports say the same."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.fee_reports import bill, books_of
from tests.support.paying import Counter, counter_of
from yihu.fronts.reports.fees import ages, ledger, lines, moves, pages, quality, rates, years
from yihu.ground.ledger import charging
from yihu.kernel import exports
from yihu.kernel.models import Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


@pytest.fixture
def books(counter: Counter) -> Any:
    return books_of(counter)


# -- pages ---------------------------------------------------------------------------------------------------------------


def get(counter: Counter, sign_in: Any, url: str) -> Any:
    answer = sign_in(counter.head).get(url)
    assert answer.status_code == 200, url
    return answer


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
    assert set(sheet.form.fields) == {"month"}  # no filter that narrows nothing
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


@pytest.mark.parametrize(("name", "most"), [("rates", 7), ("ages", 6), ("ledger", 8), ("years", 5), ("lines", 5)])
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
