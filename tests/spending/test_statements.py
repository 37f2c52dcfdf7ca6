"""收支表: income from the ledger's own lines, spending from paid claims; frozen when signed, published by others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import at
from tests.support.paying import counter_of
from tests.support.sheets import text_of
from tests.support.spending import Spenders
from yihu.areas.spending.models import Statement
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
def test_the_common_income_stands_in_a_ledger_of_its_own_with_what_is_left_of_it(office: Spenders) -> None:
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


def test_each_month_and_after_a_quarter_a_statement_comes_round_once(office: Spenders) -> None:
    assert come_round(at("2026-10-01 00:10"), only="statements") == []
    office.line()
    found = come_round(at("2026-10-01 00:10"), only="statements")
    assert [(one.book, f"{one.from_on} {one.to_on}") for one in found] == [
        ("office", "2026-09-01 2026-09-30"), ("common", "2026-07-01 2026-09-30"),
    ]  # fmt: skip
    assert [one.book for one in come_round(at("2026-11-03 00:10"), only="statements")] == ["office"]
    assert come_round(at("2026-11-20 00:10"), only="statements") == []
