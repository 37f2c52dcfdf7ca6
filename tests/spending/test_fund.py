"""专项维修资金: per unit opening, paid in, used by a vote, interest; what is left stays with the unit when the title passes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.support.doing import at
from tests.support.sharing import Sharers
from tests.support.sheets import text_of
from tests.support.spending import Spenders
from yihu.areas.spending import fund
from yihu.areas.spending.models import FundEntry, FundVoucher
from yihu.areas.spending.printing import FUND
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.estate.tenure import pass_title
from yihu.kernel.doors import command, open_record
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.prints import render

pytestmark = pytest.mark.django_db
TODAY = "2026-11-20 12:00"
VOTED = {
    "vote_on": "2026-11-01",
    "joined_area": "70",
    "joined_owners": "66.67",
    "agreed_area": "51",
    "agreed_owners": "50.01",
}


@pytest.fixture
def office(cast: Any) -> Spenders:
    assert len(Sharers(cast).homes) == 3  # A1-1-0101, 0601 and 1101, of 100 ㎡ each
    return Spenders(cast)


def asked(office: Spenders, sort: str, **more: Any) -> Any:
    data = {"sort": sort, "day": "2026-11-19", "words": "测试", **more}
    return open_record(FundVoucher(community=office.cast.yunqi), by=office.accountant, data=data, at=at(TODAY))


def posted(office: Spenders, sort: str, **more: Any) -> Any:
    return office.step(asked(office, sort, **more), "post", office.head, when=TODAY)


def opening(office: Spenders) -> Any:
    return posted(office, "opening", listed="A1-1-0101 1,000.00\nA1-1-0601 1000\nA1-1-1101：2000")


@pytest.mark.clause("FEE-18")
def test_each_unit_has_its_opening_what_it_paid_its_part_of_what_was_used_and_its_interest(
    office: Spenders, sign_in: Any
) -> None:
    opening(office)
    posted(office, "paid", listed="A1-1-0101 500")
    posted(office, "interest", amount_fen="45")  # by balance: 1500, 1000, 2000
    posted(office, "used", amount_fen="1000", words="屋面防水大修", **VOTED)  # by area, a third each
    rows = fund.ledger(office.cast.yunqi, date(2026, 11, 20))
    assert [(str(row.unit), row.opening, row.paid, row.interest, row.used, row.balance) for row in rows] == [
        ("A1-1-0101", 100_000, 50_000, 1500, 33_334, 118_166),
        ("A1-1-0601", 100_000, 0, 1000, 33_333, 67_667),
        ("A1-1-1101", 200_000, 0, 2000, 33_333, 168_667),
    ]  # fmt: skip
    page = sign_in(office.head).get("/spending/fund/").content.decode()
    for said in ("1,181.66", "333.34", "4,000.00"):
        assert said in page
    detail = sign_in(office.head).get(f"/spending/fund/{office.cast.home.pk}/").content.decode()
    assert "屋面防水大修" in detail
    pdf = sign_in(office.head).get("/spending/fund/print/")
    printed = text_of(pdf.content).replace(" ", "")
    for said in ("1,181.66", "屋面防水大修", "2026-11-01表决", "面积70.00%、人数66.67%", "面积51.00%、人数50.01%"):
        assert said in printed, said
    assert "2026-11-01 表决" in page
    assert "2026-11-01 表决" in detail
    empty = {
        "community": "云栖苑",
        "number": "",
        "day": "",
        "lines": [],
        "sums": ["合计", *["0.00"] * 5],
        "left_off": 0,
        "uses": [],
    }
    assert render(FUND, empty, office.head, now=at(TODAY))


@pytest.mark.clause("FEE-18", part="余额随房屋所有权转移")
def test_the_balance_moves_with_the_title(office: Spenders) -> None:
    opening(office)
    cast, home = office.cast, office.cast.home
    heir = Party.objects.create(community=cast.yunqi, name="钱新主")
    with command(by=cast.li, at=at(TODAY)) as commanding:
        pass_title(commanding, home, [(heir, None)], date(2026, 11, 20), "买卖")
    assert fund.balances([home.pk], date(2026, 11, 21)) == {home.pk: 100_000}
    assert Occupancy.objects.on(date(2026, 11, 21)).get(unit=home, role="owner").party == heir
    assert FundEntry.objects.filter(unit=home).count() == 1


def test_the_fund_is_used_only_after_two_thirds_took_part_and_more_than_half_of_them_agreed(office: Spenders) -> None:
    opening(office)
    for wanting, words in (
        ({"joined_area": "66.66"}, "三分之二"),
        ({"joined_owners": "60"}, "三分之二"),
        ({"agreed_area": "50"}, "一半"),
    ):
        with pytest.raises(Invalid, match=words):
            asked(office, "used", amount_fen="300", **{**VOTED, **wanting})
    with pytest.raises(Invalid, match="表决结果"):
        asked(office, "used", amount_fen="300")


def test_no_unit_is_used_beyond_what_it_has_even_when_two_uses_wait(office: Spenders) -> None:
    opening(office)
    with pytest.raises(Invalid, match="2 户余额不够，要先补交"):
        asked(office, "used", amount_fen="3003", **VOTED)
    first, second = (asked(office, "used", amount_fen="1800", **VOTED) for _ in range(2))
    office.step(first, "post", office.head, when=TODAY)
    with pytest.raises(Refused, match="余额不够，要先补交"):
        office.step(second, "post", office.head, when=TODAY)
    assert min(row.balance for row in fund.ledger(office.cast.yunqi, date(2026, 11, 20))) == 40_000


def test_a_use_that_is_dated_back_spends_nothing_that_was_used_since(office: Spenders) -> None:
    """On the day it names the money was there still."""
    posted(office, "opening", day="2026-01-01", listed="A1-1-0101 1000\nA1-1-0601 1000\nA1-1-1101 1000")
    posted(office, "used", day="2026-03-01", amount_fen="3000", **VOTED)
    with pytest.raises(Invalid, match="3 户余额不够"):
        asked(office, "used", day="2026-02-01", amount_fen="300", **VOTED)
    posted(office, "paid", day="2026-11-01", listed="A1-1-0101 1000\nA1-1-0601 1000\nA1-1-1101 1000")
    with pytest.raises(Invalid, match="3 户余额不够"):  # what came in afterwards was not there in March
        asked(office, "used", day="2026-02-01", amount_fen="300", **VOTED)
    with pytest.raises(Invalid, match="3 户余额不够"):
        asked(office, "used", day="2025-12-31", amount_fen="300", **VOTED)
    posted(office, "used", day="2026-11-02", amount_fen="300", **VOTED)
    assert min(row.balance for row in fund.ledger(office.cast.yunqi, date(2026, 11, 20))) == 90_000


def test_who_draws_up_a_voucher_does_not_post_it_and_an_opening_stands_once(office: Spenders) -> None:
    office.cast.appoint(office.accountant, "finance_supervisor", office.cast.yunqi)
    voucher = asked(office, "opening", listed="A1-1-0101 1000")
    with pytest.raises(NotAllowed):
        office.step(voucher, "post", office.accountant, when=TODAY)
    office.step(voucher, "post", office.head, when=TODAY)
    with pytest.raises(Refused, match="已经有期初余额"):
        posted(office, "opening", listed="A1-1-0101 1000")


def test_what_cannot_be_read_is_said_line_by_line(office: Spenders) -> None:
    with pytest.raises(Invalid, match="没有找到这一户"):
        asked(office, "paid", listed="B9-1-0101 100")
    with pytest.raises(Invalid, match="写了两次"):
        asked(office, "paid", listed="A1-1-0101 100\nA1-1-0101 100")
    with pytest.raises(Invalid, match="金额要大于零"):
        asked(office, "paid", listed="A1-1-0101 1.234")
    with pytest.raises(Invalid, match="利息分不下去"):
        asked(office, "interest", amount_fen="5")


def test_entries_are_only_added(office: Spenders) -> None:
    opening(office)
    with pytest.raises(TypeError):
        FundEntry.objects.all().delete()
    with pytest.raises(TypeError):
        FundEntry.objects.update(amount=1)
    entry = FundEntry.objects.earliest("pk")
    entry.amount += 1
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        entry.save()


def test_below_three_tenths_the_owner_is_to_pay_in_again(office: Spenders) -> None:
    opening(office)
    posted(office, "used", amount_fen="2103", **VOTED)
    assert [row.low for row in fund.ledger(office.cast.yunqi, date(2026, 11, 20))] == [True, True, False]
