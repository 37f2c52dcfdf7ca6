"""收支表: income from the ledger's own lines, spending from paid claims; frozen when signed, published by others."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from tests.support.doing import at
from tests.support.paying import counter_of
from tests.support.sheets import text_of
from tests.support.spending import Spenders
from yihu.areas.spending import incomes
from yihu.areas.spending.models import Statement
from yihu.ground.ledger import bank_fees, carrying
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
DECEMBER = "2026-12-01 09:00"


@pytest.fixture
def office(cast: Any) -> Spenders:
    return Spenders(cast)


def opened(office: Spenders, when: str = DECEMBER, **more: Any) -> Statement:
    data = {"book": "office", "from_on": "2026-11-01", "to_on": "2026-11-30", **more}
    found: Statement = open_record(Statement(community=office.cast.yunqi), by=office.accountant, data=data, at=at(when))
    return found


def published(office: Spenders, one: Any) -> Any:
    one = office.step(one, "sign", office.accountant, when=DECEMBER, remarks="电费上调")
    one = office.step(one, "review", office.head, when=DECEMBER)
    return office.step(one, "publish", office.cast.wang, when=DECEMBER, posted_where="大堂", posted_on="2026-12-01")


@pytest.mark.clause("FEE-23")
def test_the_offices_income_and_spending_of_a_month_are_signed_published_and_printed(
    office: Spenders, sign_in: Any
) -> None:
    counter = counter_of(office.cast)
    bill = counter.charge(35_941)
    counter.settle(counter.receive(20_000), bill)
    counter.charge(9_900, item=counter.water)  # collected for the utility: nobody's income
    office.paid(office.approved("500"), "500")
    one = opened(office)
    page = sign_in(office.accountant).get(f"{one.get_absolute_url()}do/sign/").content.decode()
    assert "359.41" in page
    one = published(office, one)
    assert one.told == {
        "income": [{"pk": counter.property_fee.pk, "name": "物业服务费", "billed": 35_941, "received": 20_000}],
        "costs": [{"pk": office.line().pk, "name": "办公", "amount": 50_000}],
        "before": None,
    }
    page = sign_in(office.cast.wang).get(one.get_absolute_url()).content.decode()
    for said in ("359.41", "200.00", "500.00", "-300.00"):
        assert said in page
    paper = text_of(render(procedure_of(Statement).prints[0], one, office.cast.wang, now=at(DECEMBER)))
    for said in ("管理处财务收支表", "物业服务费", "359.41", "500.00", "负叁佰元整", "电费上调"):
        assert said in paper
    asked = f"/spending/income/{counter.property_fee.pk}/?what=received&from=2026-11-01&to=2026-11-30"
    assert "200.00" in sign_in(office.head).get(asked).content.decode()


@pytest.mark.clause("FEE-23")
def test_what_the_bank_and_the_channels_took_stands_in_a_line_of_its_own(office: Spenders, sign_in: Any) -> None:
    """By hand: 500.00 of paper; the bank took 25.00, the terminal 6.00 of 1 000.00; 3.00 that were none came back:
    手续费 31.00, together 531.00. What the bank took in October stands in October."""
    counter = counter_of(office.cast)
    take(counter, 4_000, "2026-10-20 10:00")
    one = office.step(opened(office), "sign", office.accountant, when=DECEMBER)
    counter.receive(100_000, method="card", when="2026-11-05 10:00")
    pays = partial(carrying.terminal_pays, day=date(2026, 11, 5), amount=99_400, fee=600, words="刷卡结算")
    counter.does(counter.collector, pays, "2026-11-06 10:00")
    take(counter, 2_500, "2026-11-10 10:00")
    wrong = take(counter, 300, "2026-11-11 10:00")
    counter.does(counter.head, lambda books: bank_fees.not_charged(books, wrong, "是退票费"), "2026-11-12 10:00")
    assert one.told["costs"] == []  # as it was signed
    with pytest.raises(Conflict, match="重新编制"):
        office.step(one, "review", office.head, when=DECEMBER)
    office.paid(office.approved("500"), "500")
    again = office.step(one, "send_back", office.head, when=DECEMBER, why_back="没有手续费")
    again = published(office, again)
    assert [(row["name"], row["amount"]) for row in again.told["costs"]] == [("办公", 50_000), ("手续费", 3_100)]
    client = sign_in(office.head)
    page = client.get(again.get_absolute_url())
    address = "/spending/fees/?from=2026-11-01&to=2026-11-30"
    assert address.replace("&", "&amp;") in page.content.decode()
    behind = client.get(address)
    assert (behind.context["total"], [row["amount"] for row in behind.context["rows"]]) == (
        "31.00", ["6.00", "25.00", "3.00", "-3.00"],
    )  # fmt: skip
    paper = text_of(render(procedure_of(Statement).prints[0], again, office.head, now=at(DECEMBER)))
    for said in ("手续费", "31.00", "531.00", "按本期入账计"):
        assert said in paper
    common = opened(office, book="common")
    assert incomes.reckon(common.community_id, "common", common.from_on, common.to_on)["costs"] == []


def take(counter: Any, amount: int, when: str) -> Any:
    day = date.fromisoformat(when[:10])
    return counter.does(
        counter.accountant, lambda books: bank_fees.charged(books, amount, day, words="对公手续费"), when
    )


def test_what_changes_after_the_signature_is_signed_again(office: Spenders) -> None:
    counter = counter_of(office.cast)
    one = office.step(opened(office), "sign", office.accountant, when=DECEMBER)
    with pytest.raises(NotAllowed):
        office.step(one, "review", office.accountant, when=DECEMBER)
    counter.charge(100)
    with pytest.raises(Conflict, match="重新编制"):
        office.step(one, "review", office.head, when=DECEMBER)
    one = office.step(one, "send_back", office.head, when=DECEMBER, why_back="漏了一笔")
    assert published(office, one).told["income"][0]["billed"] == 100


def test_only_what_is_over_can_be_stated(office: Spenders) -> None:
    with pytest.raises(Invalid, match="只能编到昨天"):
        opened(office, when="2026-11-30 09:00")


@pytest.mark.clause("FEE-26")
def test_the_common_income_stands_in_a_ledger_of_its_own_with_what_is_left_of_it(
    office: Spenders, sign_in: Any
) -> None:
    counter = counter_of(office.cast)
    adverts = counter.item("GG", "公共部位广告收入", nature="common", legal_class="optional_paid")
    counter.settle(
        counter.receive(30_000, when="2026-09-02 10:00"),
        counter.charge(30_000, 9, adverts, when="2026-09-01 10:00"),
        when="2026-09-02 10:00",
    )
    counter.settle(counter.receive(50_000), counter.charge(50_000, 10, adverts))
    counter.charge(70_000)  # the property fee is no common income
    repairs = office.line("公共设施更新", source="common")
    office.paid(office.approved("100", line=repairs), "100")
    office.paid(office.approved("7", line=office.line()), "7")
    one = opened(office, when="2027-01-04 09:00", book="common", from_on="2026-10-01", to_on="2026-12-31")
    one = office.step(one, "sign", office.accountant, when="2027-01-04 09:00")
    assert one.told["before"] == 30_000
    assert [(row["name"], row["received"]) for row in one.told["income"]] == [("公共部位广告收入", 50_000)]
    assert [(row["name"], row["amount"]) for row in one.told["costs"]] == [("公共设施更新", 10_000)]
    paper = text_of(render(procedure_of(Statement).prints[0], one, office.head, now=at("2027-01-04 09:00")))
    for said in ("公共收益收支表", "上期结余", "300.00", "期末结余", "700.00", "柒佰元整"):
        assert said in paper
    client = sign_in(office.head)
    behind = {}
    for day in ("2026-09-30", "2026-12-31"):  # what the statement's 上期结余 and 期末结余 open
        address = f"/spending/standing/common/?to={day}"
        assert address in client.get(one.get_absolute_url()).content.decode()
        behind[day] = client.get(address).context
    assert [context["total"] for context in behind.values()] == ["300.00", "700.00"]
    assert [(row["words"], row["amount"]) for row in behind["2026-12-31"]["rows"]] == [
        ("公共部位广告收入", "800.00"), ("公共设施更新", "-100.00"),
    ]  # fmt: skip
    for row in behind["2026-12-31"]["rows"]:
        assert client.get(row["url"]).context["total"] == row["amount"].lstrip("-")
    assert client.get("/spending/standing/office/").status_code == 200
    assert client.get("/spending/standing/x/").status_code == 404


@pytest.mark.clause("FEE-26")
def test_advertising_letting_agency_and_the_club_each_have_a_ledger_of_their_own(
    office: Spenders, sign_in: Any
) -> None:
    counter = counter_of(office.cast)
    kinds = (
        ("GG", "公共部位广告收入", "common"),
        ("ZS", "房屋租售代理费", "income"),
        ("HS", "会所与商务服务费", "income"),
    )
    for place, (code, name, nature) in enumerate(kinds, start=1):
        item = counter.item(code, name, nature=nature, legal_class="optional_paid")
        counter.settle(counter.receive(place * 11_100), counter.charge(place * 11_100, 10, item))
    counter.charge(70_000)
    client = sign_in(office.head)
    found = {}
    for account in ("common", "income"):
        sheet = client.get(f"/reports/fees/detail/?month=2026-11&account={account}").context["sheet"]
        found |= {block.title: block.total.cells[-1].value for block in sheet.blocks}
    assert found == {
        "公共收益—公共部位广告收入": 11_100, "物业收入—房屋租售代理费": 22_200, "物业收入—会所与商务服务费": 33_300,
        "物业收入—物业服务费": 70_000,
    }  # fmt: skip


def test_each_month_and_after_a_quarter_a_statement_comes_round_once(office: Spenders) -> None:
    assert come_round(at("2026-10-01 00:10"), only="statements") == []
    office.line()
    found = come_round(at("2026-10-01 00:10"), only="statements")
    assert [(one.book, f"{one.from_on} {one.to_on}") for one in found] == [
        ("office", "2026-09-01 2026-09-30"), ("common", "2026-07-01 2026-09-30"),
    ]  # fmt: skip
    assert [one.book for one in come_round(at("2026-11-03 00:10"), only="statements")] == ["office"]
    assert come_round(at("2026-11-20 00:10"), only="statements") == []
