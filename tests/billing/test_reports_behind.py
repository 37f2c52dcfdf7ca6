"""Every figure of the fee sheets opens what it adds up, and what is opened comes to the same, to the cent (RPT-02)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db.models import Sum
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at
from tests.support.fee_reports import bill
from tests.support.paying import Counter, counter_of
from yihu.areas.billing.notices.models import Round
from yihu.basics.identity import mask_free_text
from yihu.basics.money import fen
from yihu.fronts.reports.fees import weekly
from yihu.fronts.reports.fees.pages import REPORTS
from yihu.fronts.reports.fees.sheets import Sheet
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, deposits, receiving
from yihu.ground.ledger.models import Account, Deposit, Line
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.surplus import EVERY, Whose, differences
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
ASKED = {"first": "2026-09", "last": "2026-11", "day": "2026-11-30", "month": "2026-11", "year": "2026", "show": "left"}
# the running balance of a ledger's row is the first one and the rows above it; a sum of balances is that of the column above
BY_THE_PAGE = {("general", "余额"), ("detail", "余额"), ("trial", "期末借方"), ("trial", "期末贷方")}


@pytest.fixture
def books(cast: Any) -> Counter:
    """Two years of bills, waivers of the office's and of the owners' own income, payments, a bill and a payment taken back."""
    counter = counter_of(cast)
    common = counter.item("GG", "电梯广告费", nature="common")
    counter.charge(50000, 9, common, when="2025-12-30 09:00")
    counter.charge(7700, 12, when="2025-12-30 09:10", from_on=date(2025, 12, 1), to_on=date(2025, 12, 31))
    advert = counter.charge(20000, 10, common, when="2026-09-15 09:00")
    old, new = counter.charge(30000, 9, when="2026-09-26 10:00"), counter.charge(40000, 11, when="2026-11-20 10:00")
    wrong = counter.charge(1234, 8, when="2026-10-20 10:00")
    counter.does(counter.head, lambda books: charging.waive(books, old, 1000, "服务"), "2026-10-24 09:00")
    counter.does(counter.head, lambda books: charging.waive(books, advert, 500, "少挂三天"), "2026-10-24 09:01")
    counter.does(counter.head, lambda books: charging.reverse_charge(books, wrong, "面积错"), "2026-11-22 09:00")
    for amount, charge, when in ((12000, old, "2026-10-30 09:00"), (3000, new, "2026-11-25 09:00")):
        receipt = counter.receive(amount, when=when)
        counter.settle(receipt, charge, when=when)
    bounced = counter.receive(600, when="2026-11-26 09:00")
    counter.settle(bounced, new, when="2026-11-26 09:01")
    counter.does(counter.head, lambda books: receiving.reverse_receipt(books, bounced, "退票"), "2026-11-27 09:00")
    kept = counter.held(20000, "2026-11-10 09:00")
    counter.does(
        counter.head, lambda books: deposits.deduct(books, kept, new, 1500, consent="TB-1"), "2026-11-28 09:00"
    )
    counter.does(counter.head, lambda books: deposits.give_back(books, kept, 5000, method="bank", why="TB-1"), "2026-11-28 09:01")  # fmt: skip
    counter.owe(Part(7000, counter.cost["G01"]), Part(900, counter.cost["Z03"]), when="2026-10-25 09:00")
    counter.pay_out(counter.owe(Part(1200, counter.cost["Z07"]), when="2026-11-23 09:00"), "2026-11-23 10:00")
    return counter


def opened(counter: Counter, url: str) -> tuple[str, Sheet, dict[str, str]]:
    name, told = urlsplit(url).path.removeprefix("/reports/fees/").strip("/"), dict(parse_qsl(urlsplit(url).query))
    return name, REPORTS[name].build(counter.cast.yunqi, told, 0), told


def comes_to(counter: Counter, url: str) -> set[int]:
    """What the page at an address adds up to."""
    name, sheet, told = opened(counter, url)
    figures = {fen(one["text"].replace(",", "")) for one in sheet.figures if one["text"][-1:].isdigit()}
    if name == "surplus":
        return {cell.value for row in sheet.blocks[0].rows for cell in row.cells}
    total = sheet.blocks[-1].total
    values = [cell.value for cell in total.cells if cell.kind == "money"] if total else []
    if name == "lines":
        return {values[["base", "paid", "waived", "left"].index(told["show"])]}
    if name == "moves":
        assert sum(row.cells[-1].value for row in sheet.blocks[0].rows) == values[0]
        return {values[0], -values[0]}
    if name == "detail" and len(sheet.blocks) > 1:
        values = []
    if name == "entries":
        assert sum(row.cells[-2].value or 0 for row in sheet.blocks[0].rows) == values[0]
        figures |= {values[0] - values[1], values[1] - values[0]}
    return {*values, *figures, *(-one for one in figures)}


def cells(sheet: Sheet) -> Iterator[tuple[str, str, Any, bool]]:
    for block in sheet.blocks:
        for row in [*block.rows, *([block.total] if block.total else [])]:
            for head, cell in zip(sheet.heads, row.cells, strict=True):
                yield row.label, head.label, cell, row is block.total


@pytest.mark.clause("RPT-02", part="收费：各表的每个金额都点得开，点开的分录、账单相加就是它")
@pytest.mark.parametrize("name", [name for name, one in REPORTS.items() if one.tab])
def test_each_amount_opens_lines_that_come_to_it(books: Counter, name: str) -> None:
    several = {"detail": ({**ASKED, "first": "all"}, {"month": "2026-11"}, {"month": "2026-11", "account": "waived"})}
    seen = 0
    for asked in several.get(name, (ASKED,)):
        sheet = REPORTS[name].build(books.cast.yunqi, asked, 0)
        for label, head, cell, is_total in cells(sheet):
            if cell.kind == "rate" and cell.value != "—":
                assert cell.link, (label, head)
                opened(books, cell.link)
            if cell.kind != "money" or not cell.value:
                continue
            if not cell.link:
                assert (name, head) in BY_THE_PAGE, (label, head)
                assert is_total or head == "余额", (label, head)
                continue
            seen += 1
            assert cell.value in comes_to(books, cell.link), (label, head, cell.link)
        for one in sheet.figures:
            if one["url"].startswith("/reports/") and one["sub"] == "元":
                assert fen(one["text"].replace(",", "")) in comes_to(books, one["url"]), one
    assert seen >= 2


@pytest.mark.parametrize("name", ["rates", "ages", "ledger", "years"])
def test_what_narrows_a_sheet_narrows_what_its_figures_open(books: Counter, name: str) -> None:
    """A neighbour's bills, another payer's and those of no household stand beside: none of them comes into a figure."""
    cast = books.cast
    other, door = Party.objects.create(community=cast.yunqi, name="钱业主"), cast.unit("902")
    bill(books, 9900, 10, door, when="2026-10-24 10:00", party=other)
    bill(books, 8800, 10, when="2026-10-24 10:01", party=other, part="租户")
    books.charge(7700, 10, when="2026-10-24 10:02", unit=None, part="场地")
    Round.objects.create(community=cast.yunqi, building=cast.home.building, steward=cast.wang)
    for more in (
        {"unit": door.pk},
        {"unit": "none"},
        {"party": other.pk},
        {"steward": cast.wang.pk},
        {"steward": "none"},
        {"party": other.pk, "unit": cast.home.pk},
    ):
        sheet = REPORTS[name].build(cast.yunqi, {**ASKED, **{key: str(value) for key, value in more.items()}}, 0)
        seen = 0
        for label, head, cell, _ in cells(sheet):
            if cell.kind == "money" and cell.value:
                seen += 1
                assert cell.value in comes_to(books, cell.link), (more, label, head, cell.link)
        assert seen >= 2, more


def test_the_year_the_years_before_and_all_of_it_open_their_lines(books: Counter, sign_in: Any) -> None:
    """What was let off of the owners' income is not opened with what was let off of the office's."""
    sheet = REPORTS["surplus"].build(books.cast.yunqi, {"month": "2026-11"}, 0)
    rows = {row.label: row for row in [*sheet.blocks[0].rows, sheet.blocks[0].total]}
    heads = [head.label for head in sheet.heads]
    office, owners = (heads.index(word) for word in ("减免", "公共收益减免"))
    of_year = rows["本年累计"].cells
    assert (of_year[office].value, of_year[owners].value) == (-1000, -500)
    client = sign_in(books.head)
    for place, said in ((office, "10.00"), (owners, "5.00")):
        page = text_of(client.get(of_year[place].link))
        assert "2026年1月至2026年11月" in page
        assert f"收支差额 -{said}" in page
        assert "15.00" not in page
        lines = client.get(entries_of(books, of_year[place].link))
        assert "（冲销）" not in text_of(lines)
    left = rows["以前年度"].cells[heads.index("公共收益差额")]
    assert left.value == 50000
    assert "开账至2025年12月" in text_of(client.get(left.link))
    # one oracle for all of it: the lines themselves
    every = sum(rows["开账以来"].cells[heads.index(word)].value for word in ("物业收支差额", "公共收益差额"))
    assert every == -Line.objects.filter(account__in=EVERY).aggregate(sum=Sum("amount"))["sum"]
    assert every == sum(differences(books.cast.yunqi, date(2026, 11, 30)).values())


def entries_of(counter: Counter, url: str) -> str:
    """From the detailed ledger on to the postings, as one clicks: the first amount of its first table."""
    _, sheet, _ = opened(counter, url)
    return next(cell.link for row in sheet.blocks[0].rows for cell in row.cells[1:3] if cell.link)


def test_a_ledger_of_several_months_has_a_row_for_each_and_goes_on_from_what_stood_before(
    books: Counter, sign_in: Any
) -> None:
    _, sheet, _ = opened(books, "/reports/fees/detail/?first=2026-09&month=2026-11&account=income")
    block = sheet.blocks[0]
    assert [row.label for row in block.rows] == ["期初", "2026-09", "2026-10", "2026-11"]
    assert [cell.value for cell in block.rows[0].cells][-2:] == ["贷", 7700]
    assert [cell.value for cell in block.total.cells] == [
        "",
        1234,
        70000 + 1234,
        "贷",
        77700,
    ]  # the wrong bill came and went
    assert {one["label"]: one["text"] for one in sheet.figures} == {
        "期初": "-77.00", "借方": "12.34", "贷方": "712.34", "期末": "-777.00", "收支差额": "700.00",
    }  # fmt: skip
    paper = sign_in(books.head).get("/reports/fees/detail/print/?first=2026-09&month=2026-11&account=income")
    assert paper["Content-Type"] == "application/pdf"
    backwards = REPORTS["detail"].build(books.cast.yunqi, {"first": "2027-01", "month": "2026-11"}, 0)
    assert backwards.period.startswith("2026年11月")  # from later than to: the month alone


def test_wrong_words_in_an_address_of_the_books_show_the_month(books: Counter, sign_in: Any) -> None:
    client = sign_in(books.head)
    for query in (
        "first=%00&side=x",
        "first=all&account=none",
        "item=none&cost=abc",
        "day=2026-99-99&kind=q",
        "show=left&since=x",
    ):
        for name in ("detail", "entries", "moves", "surplus", "trial", "general"):
            assert client.get(f"/reports/fees/{name}/?{query}").status_code == 200


def test_what_came_in_during_the_week_opens_its_postings(books: Counter) -> None:
    choice = {"first": "2026-11", "last": "2026-11", "day": "2026-11-27"}
    months = {"current": 3000, "prior": 0}  # 30.00 on the 25th; the cheque that bounced on the 27th is out again
    for part, amount in months.items():
        url = weekly.behind(choice, f"week.{part}")
        assert amount in comes_to(books, url), part
    receipt = books.receive(700, when="2026-11-27 10:00")
    books.settle(receipt, books.charge(700, 12, when="2026-11-27 09:00"), when="2026-11-27 10:01")
    assert 700 in comes_to(books, weekly.behind(choice, "week.ahead"))
    assert Line.objects.filter(account=Account.RECEIVABLE, amount=-700).exists()
    assert set(Whose) == {"office", "owners"}


def test_the_ledger_of_deposits_says_of_each_what_became_of_it_on_any_day(books: Counter, sign_in: Any) -> None:
    """F91: taken, deducted, returned, left; what is due back and was not asked for stands by itself."""
    books.held(30000, "2026-11-12 09:00")
    Deposit.objects.filter(amount=30000).update(due_back_on=date(2026, 11, 20))
    other = books.item("CRYJ", "出入证押金", nature="deposit")
    books.does(books.collector, lambda opened: deposits.take_deposit(opened, books.receive(700), other, 700), "2026-11-13 09:00")  # fmt: skip

    def told(**asked: str) -> list[tuple[str, list[int]]]:
        sheet = REPORTS["deposits"].build(books.cast.yunqi, {"day": "2026-11-30", **asked}, 0)
        (block,) = sheet.blocks
        rows = [(row.cells[4].value, [cell.value for cell in row.cells[5:]]) for row in block.rows]
        assert [sum(row[1][place] for row in rows) for place in range(4)] == [
            cell.value for cell in block.total.cells[5:]
        ]  # type: ignore[union-attr]
        return rows

    due, first, card = (
        ("2026-11-20（已到期）", [30000, 0, 0, 30000]),
        ("—", [20000, 1500, 5000, 13500]),
        ("—", [700, 0, 0, 700]),
    )
    assert told() == told(show="all") == [due, first, card]
    assert told(show="due") == [due]
    assert told(item=str(other.pk)) == [card]
    assert told(day="2026-11-11") == [("—", [20000, 0, 0, 20000])]
    assert told(day="2026-11-09") == []
    client = sign_in(books.head)
    page = client.get("/reports/fees/deposits/").content.decode()
    assert "各种押金" in page
    for said in ("押金台账", "押金种类", "到期还没有退的", "/cashier/receipts/YQ-SJ-2026-"):
        assert said in page, said
    assert client.get("/reports/fees/deposits/print/?show=due")["Content-Type"] == "application/pdf"
    assert "spreadsheet" in client.get("/reports/fees/deposits/export/")["Content-Type"]


@pytest.mark.clause("RPT-02", part="收费：缩小了范围的表、点开的清单、打印和导出都写明是哪里的")
def test_what_a_sheet_is_narrowed_to_stands_on_page_paper_and_export(books: Counter, sign_in: Any) -> None:
    home, client = books.cast.home, sign_in(books.head)
    Round.objects.create(community=books.cast.yunqi, building=home.building, steward=books.cast.wang)
    asked = {**ASKED, "building": home.building_id, "item": books.property_fee.pk, "part": "all"}
    words = f"，{home.building}，物业服务费"
    for name in ("rates", "ages", "ledger", "lines", "households", "moves"):
        assert words in text_of(client.get(f"/reports/fees/{name}/", asked)), name
    paper = sheets.text_of(client.get("/reports/fees/lines/print/", asked).content)
    assert words.replace(" ", "") in paper.replace(" ", "")
    export = b"".join(client.get("/reports/fees/lines/export/", asked).streaming_content)
    table = CalamineWorkbook.from_filelike(BytesIO(export)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert words in table[0][0]
    for more, said in (
        ({"steward": books.cast.wang.pk}, f"楼管 {books.cast.wang}"), ({"steward": "none"}, "没有分工的"), ({"steward": "9999999"}, "没有这个楼管"),
        ({"unit": home.pk}, home.label), ({"unit": "none"}, "没有房屋的"), ({"building": "9999999"}, "没有这个楼栋"),
        ({"party": books.cast.owner.pk}, mask_free_text(books.cast.owner.name)),
    ):  # fmt: skip
        assert said in text_of(client.get("/reports/fees/lines/", {**ASKED, "part": "all", **more})), more
    page = text_of(client.get("/reports/fees/deposits/", {"day": "2026-11-30", "item": books.property_fee.pk}))
    assert "物业服务费" not in page  # no kind of deposit: nothing was narrowed
    assert books.deposit.name in text_of(client.get("/reports/fees/deposits/", {"item": books.deposit.pk}))


def test_an_export_says_the_small_words_and_what_stands_above_the_tables(books: Counter, sign_in: Any) -> None:
    """Who pays, of how many households, whether it agrees: as on the page."""
    client = sign_in(books.head)

    def exported(name: str) -> list[list[Any]]:
        file = b"".join(client.get(f"/reports/fees/{name}/export/", ASKED).streaming_content)
        return CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()

    rates_ = exported("rates")
    assert any(row[:2] == ["页首", "当期收费率"] and row[2].endswith("%") for row in rates_)
    assert any(str(cell).endswith("%　0/1") for row in rates_ for cell in row)
    ledger = exported("ledger")
    owner = f"{books.cast.home.label}　{mask_free_text(books.cast.owner.name)}"
    assert any(row[1] == owner for row in ledger)
    assert any(row[1:4] == ["恒等式", "相符", "差 0.00 元"] for row in ledger)


@pytest.mark.clause("RPT-02", part="收费率周报：每个数字点开的账单、户、分录相加就是它")
def test_each_figure_of_fridays_sheet_opens_what_comes_to_it(books: Counter) -> None:
    sheet = next(one for one in come_round(at("2026-11-27 09:01"), "fee-sheet") if one.friday == date(2026, 11, 27))
    told = weekly.figures(sheet, books.head, at("2026-11-27 16:00"))
    figures = [one for group in ("rates", "current", "prior", "week", "ages") for one in told[group]]
    figures += [cell for row in told["tables"][0]["rows"] for cell in row["cells"] if cell.get("key")]
    seen = 0
    for one in figures:
        url = weekly.behind(told["asked"], one["key"])
        if one["key"].startswith("homes."):
            assert len(opened(books, url)[1].blocks[0].rows) == one["value"], one
        else:
            assert one["value"] in comes_to(books, url), one
        seen += bool(one["value"])
    assert seen >= 10
