"""Every figure of the budget and of the two statements opens what it adds up, down to the postings, to the cent (RPT-02)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.spending.test_statements import opened, take
from tests.support.doing import at
from tests.support.paying import counter_of
from tests.support.sheets import text_of
from tests.support.spending import Spenders
from yihu.areas.spending.models import BudgetReview
from yihu.kernel.doors import open_record

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a href="(/spending/[^"]+)">(?:<b>)?(-?[\d,]+\.\d\d)(?:</b>)?</a>')
NOVEMBER = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def office(cast: Any) -> Spenders:
    """October and November of both books: two kinds of income, a waiver, two lines of cost, 手续费, a request half paid."""
    spenders, counter = Spenders(cast), counter_of(cast)
    spenders.line("手续费", fees=True)
    spenders.line("物业费", kind="income", item=counter.property_fee)
    adverts = counter.item("GG", "公共部位广告收入", nature="common", legal_class="optional_paid")
    spenders.line("广告", kind="income", item=adverts)
    spenders.budget(办公="12000", 手续费="144", 物业费="60000")
    counter.settle(counter.receive(30_000, when="2026-10-02 10:00"), counter.charge(30_000, 9, adverts, when="2026-10-01 10:00"), when="2026-10-02 10:00")  # fmt: skip
    bill = counter.charge(35_941)
    counter.settle(counter.receive(20_000), bill)
    counter.step(counter.waiver(bill, 941), "approve", counter.head)
    counter.settle(counter.receive(50_000), counter.charge(50_000, 10, adverts))
    take(counter, 400, "2026-10-20 10:00")
    take(counter, 2_800, "2026-11-10 10:00")
    spenders.paid(spenders.approved("1000"), "400", last="")
    spenders.paid(spenders.approved("100", line=spenders.line("公共设施更新", source="common")), "100")
    spenders.approved("77", line=spenders.line("保洁"))
    return spenders


def walked(client: Any, page: str, seen: dict[str, str]) -> int:
    """Each figure's address comes to it, and so do the rows of what it opened."""
    count = 0
    for url, figure in FIGURE.findall(page):
        address = html.unescape(url)
        if address in seen:
            assert seen[address] == figure.lstrip("-"), address
            continue
        seen[address] = figure.lstrip("-")
        told = client.get(address).context
        assert told["total"].lstrip("-") == figure.lstrip("-"), address
        fen = [round(100 * float(row["amount"].replace(",", ""))) for row in told["rows"]]
        assert sum(fen) == round(100 * float(told["total"].replace(",", ""))), address
        count += 1
        below = "".join(
            f'<a href="{row["url"]}">{row["amount"]}</a>' for row in told["rows"] if row["url"].startswith("/spending/")
        )
        count += walked(client, below, seen)
    return count


@pytest.mark.clause("RPT-02", part="预算执行、执行表、两张收支表：每个金额和合计都点得开，一直点到分录")
def test_every_amount_and_sum_opens_what_comes_to_it(office: Spenders, sign_in: Any) -> None:
    client, here = sign_in(office.head), office.cast.yunqi
    data = {"span": "month", "from_on": "2026-11-01"}
    when = at("2026-12-01 09:00")
    review = open_record(BudgetReview(community=here), by=office.accountant, data=data, at=when)
    statements = [opened(office), opened(office, book="common")]
    pages = [
        "/spending/?month=2026-11",
        "/spending/?month=2026-10",
        *(one.get_absolute_url() for one in (review, *statements)),
    ]
    counts = [walked(client, client.get(page).content.decode(), {}) for page in pages]
    assert all(count >= 8 for count in counts), counts


def test_the_sums_are_those_that_one_reckons_by_hand(office: Spenders, sign_in: Any) -> None:
    """Income 350.00 + 500.00; cost 400.00 + 100.00 + 28.00; agreed 600.00 + 77.00. The office keeps 200.00 less 428.00."""
    client = sign_in(office.head)
    totals = {
        address: client.get(f"/spending/{address}&{NOVEMBER}").context["total"]
        for address in (
            "sums/income/?what=actual", "sums/cost/?what=actual", "sums/cost/?what=agreed", "stated/office/?what=billed",
            "stated/office/?what=received", "stated/office/?what=costs", "stated/office/?what=left", "stated/common/?what=left",
        )
    }  # fmt: skip
    assert list(totals.values()) == ["850.00", "528.00", "677.00", "350.00", "200.00", "428.00", "-228.00", "400.00"]
    for wrong in ("sums/x/", "stated/x/?what=left", "stated/office/?what=x"):
        assert client.get(f"/spending/{wrong}").status_code == 404
    assert client.get("/spending/sums/cost/?from=x&to=2026-99-99").status_code == 404


def test_what_is_opened_leads_back_and_its_paper_says_of_when_it_is(office: Spenders, sign_in: Any) -> None:
    client = sign_in(office.head)
    for address, back, word in (
        (f"sums/cost/?what=actual&{NOVEMBER}", "/spending/?month=2026-11", "预算执行"),
        (f"stated/office/?what=costs&{NOVEMBER}", "/statements/", "收支表"),
    ):
        page = client.get(f"/spending/{address}").content.decode()
        assert f'href="{back}"' in page
        assert word in page
        paper = text_of(client.get(f"/spending/{address}&as=pdf").content)
        assert "2026-11-01至2026-11-30" in paper.replace(" ", "")
        assert "28.00" in paper
    assert "2026年11月" in text_of(client.get("/spending/?month=2026-11&as=pdf").content).replace(" ", "")
    budget = client.get("/spending/?month=2026-11").context["budget_url"]
    assert client.get(budget).status_code == 200
