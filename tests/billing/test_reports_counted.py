"""Every count on the sheet of quality opens as many papers, one by one, the very ones that were counted (FEE-12, RPT-02)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.billing.noticing import OUT, billing_of
from tests.support.dunning import Desk, desk_of
from yihu.areas.billing.notices.models import Notice, NoticeBatch
from yihu.fronts.reports.fees import counted, quality
from yihu.fronts.reports.fees.sheets import Sheet
from yihu.ground.ledger import charging

pytestmark = pytest.mark.django_db
NOVEMBER = {"month": "2026-11"}


@pytest.fixture
def desk(cast: Any) -> Desk:
    """October and November: entries and a red letter, a notice that was wrong and the one in its place, of both kinds."""
    desk, office = desk_of(cast), billing_of(cast)
    office.charge(35941, 11, due_on=date(2026, 12, 10))
    office.out()
    notice, batch = Notice.objects.get(), NoticeBatch.objects.get()
    line = notice.lines.get().charge
    office.does(office.head, lambda books: charging.reverse_charge(books, line, "面积录错"), OUT)
    office.charge(30000, 11, due_on=date(2026, 12, 10), when=OUT)
    office.step(batch, "replace", office.accountant, OUT, notice=notice.pk, wrong="amount", cause="面积录错")
    case = desk.case(desk.debtor("孙业主", "0303", 100, month=9), "2026-10-30 09:00")
    wrong = desk.notice(case, "2026-10-30 09:05")
    desk.do(wrong, "void", desk.accountant, "2026-10-30 10:00", wrong="paid", void_why="他已经缴过")
    desk.notice(case, "2026-11-02 09:00")  # in the place of October's
    desk.notice(desk.case(desk.debtor("周业主", "0404", 100, month=10)))
    desk.receive(700, method="online", reference="4200001", when="2026-11-22 11:00")
    red = desk.red(receipt=desk.receive(500, when="2026-11-21 09:00").pk, when="2026-11-22 09:00")
    desk.step(red, "approve", desk.head, when="2026-11-22 10:00")
    return desk


def behind(desk: Desk, url: str, **more: str) -> Sheet:
    assert urlsplit(url).path == "/reports/fees/counted/", url
    return counted.build(desk.cast.yunqi, {**dict(parse_qsl(urlsplit(url).query)), **more}, 0)


@pytest.mark.clause("FEE-12", part="每个笔数、张数点开就是那几笔、那几张")
def test_each_count_opens_as_many_papers(desk: Desk) -> None:
    block = quality.build(desk.cast.yunqi, NOVEMBER, 0).blocks[0]
    assert block.total is not None
    told = [cell.value for cell in block.total.cells[:7]]
    assert [told[place] for place in (0, 1, 3, 4, 5)] == [1, 1, 1, 2, 2]
    assert [block.rows[0].cells[4].value, block.rows[1].cells[4].value] == [1, 1]
    opened = 0
    for row in [*block.rows, block.total]:
        for cell in row.cells[:7]:
            if cell.kind == "count" and cell.value:
                rows = behind(desk, cell.link).blocks[0].rows
                assert len(rows) == cell.value, (row.label, cell.link)
                opened += 1
    assert opened >= 12
    issued = behind(desk, block.total.cells[3].link).blocks[0].rows
    assert [row.label for row in issued] == [Notice.objects.get(replaces=None).number]


def test_each_paper_opens_its_page_and_what_was_wrong_is_said(desk: Desk, sign_in: Any) -> None:
    client = sign_in(desk.head)
    page = client.get("/reports/fees/counted/", {"what": "wrong", "first": "2026-10", "last": "2026-11"})
    words = page.content.decode()
    assert "共 2 笔" in words
    assert "已经缴过的又催了" in words
    for what in counted.WHAT:
        sheet = counted.build(desk.cast.yunqi, {"what": what, "first": "2026-10", "last": "2026-11"}, 0)
        for row in sheet.blocks[0].rows:
            assert client.get(row.url).status_code == 200, row.url


def test_a_long_list_goes_on_and_junk_shows_the_entries(desk: Desk, monkeypatch: Any) -> None:
    desk.receive(900, when="2026-11-21 09:30")
    monkeypatch.setattr(counted, "PAGE", 1)
    asked = {"what": "entries", "first": "2026-11", "last": "2026-11"}
    sheet = counted.build(desk.cast.yunqi, asked, 0)
    assert (len(sheet.blocks[0].rows), sheet.blocks[0].counted) == (1, "共 2 笔")
    rest = behind(desk, sheet.blocks[0].next_url).blocks[0]
    assert (len(rest.rows), rest.next_url) == (1, "")
    assert counted.build(desk.cast.yunqi, asked, 1).left_off == 1
    for junk in ({"what": "x"}, {"after": "９"}, {"after": "9" * 30}, {"after": "-1"}):
        assert counted.build(desk.cast.yunqi, {**asked, **junk}, 0).title == counted.WHAT["entries"]
