"""The collection rate's sheets: each Friday's, and its line on the year's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, log_contact, signature
from tests.support.fee_reports import bill, books_of, pay
from tests.support.paying import Counter, counter_of
from yihu.areas.duties.models import FeeSheet, LongSheet
from yihu.areas.duties.printing import shown
from yihu.fronts.reports.fees import lines, weekly
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.models import Message
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


@pytest.fixture
def books(counter: Counter) -> Any:
    return books_of(counter)


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
