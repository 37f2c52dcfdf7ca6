"""What became known after its month was billed: the bills stay, the difference is a line of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.billing.test_tariffs_source import told
from tests.ledger.conftest import Office
from tests.support.doing import at
from tests.support.tariffs import area_of, household, item_of, stay_of, tariff_of
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.areas.billing.tariffs.models import Developer
from yihu.basics.months import Month
from yihu.ground.estate.corrections import correct_unit
from yihu.ground.estate.models import Party, Unit
from yihu.ground.estate.tenure import pass_title
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import Charge
from yihu.kernel.doors import command

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = Month(2026, 6), Month(2026, 7), Month(2026, 8)


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def reckon(slug: str, month: Month, *units: Unit) -> list[Reckoned]:
    rows = SOURCES[slug].reckon(units[0].community_id, month, [unit.pk for unit in units])
    return [row for row in rows if isinstance(row, Reckoned)]


def odd(month: Month, *units: Unit) -> list[str]:
    rows = SOURCES["corrections"].reckon(units[0].community_id, month, [unit.pk for unit in units])
    return [row.words for row in rows if isinstance(row, Oddity)]


def post(office: Office, lines: list[Reckoned]) -> None:
    owed = [
        Owed(party=one.party, unit=one.unit, item=office.property_fee, from_on=one.from_on, to_on=one.to_on, due_on=one.due_on,
             amount=one.amount, part=one.part, words=one.words, basis=dict(one.basis))
        for one in lines
    ]  # fmt: skip
    office.does(office.accountant, lambda books: charging.charge_many(books, owed, words="出账"))


def billed(office: Office, month: Month, *units: Unit) -> None:
    post(office, reckon("tariffs", month, *units))


def transfer(cast: Any, home: Unit, on: date) -> None:
    heir = Party.objects.create(community=cast.yunqi, name="林新主")
    with command(by=cast.li, at=at("2026-07-02 09:00"), verb="test") as writing:
        pass_title(writing, home, [(heir, None)], on, "买卖")


@pytest.mark.clause("FEE-20", part="账单出了以后才知道的变动，另出差额行，原账单不动，更正只出一次")
def test_title_that_had_passed_before_anybody_said_so_is_put_right_once(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, neighbour = household(cast, "0201", owner="程旧主"), household(cast, "0202")
    billed(office, JUNE, home, neighbour)
    assert reckon("corrections", JULY, home, neighbour) == []
    transfer(cast, home, date(2026, 6, 16))
    rows = reckon("corrections", JULY, home, neighbour)
    assert told(rows) == [("程旧主", 1, 30, -17971), ("林新主", 1, 30, 17971)]
    assert rows[0].words == "更正 2026-06-01 至 2026-06-30：应为 179.70元，已出账 359.41元"
    post(office, rows)
    billed(office, JULY, home, neighbour)
    assert reckon("corrections", AUGUST, home, neighbour) == []


def test_a_late_hand_over_moves_the_days_from_the_developer_to_the_owner(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home = household(cast, "0201", handed=None)
    builder = stay_of(cast.home, "云栖置业", "emergency")
    Developer.objects.create(community=cast.yunqi, party=builder, from_on=date(2020, 1, 1))
    billed(office, JUNE, home)
    Unit.objects.filter(pk=home.pk).update(handed_over_on=date(2026, 6, 11))
    assert sorted(told(reckon("corrections", JULY, home))) == [("云栖置业", 1, 30, -23961), ("孙业主", 1, 30, 23961)]


def test_an_area_that_was_measured_later_concerns_the_year_that_was_paid_in_advance(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee, "1", cycle=12, prepaid=True)
    home = household(cast, "0201", area="100")
    billed(office, Month(2026, 1), home)
    area_of(home, "90", since=date(2026, 7, 1))
    (line,) = reckon("corrections", AUGUST, home)
    assert (line.from_on, line.to_on, line.amount) == (date(2026, 1, 1), date(2026, 12, 31), -6000)


def measured(cast: Any, home: Unit, figure: str) -> None:
    """The area was wrong from the beginning; it is told in July."""
    values = {"gross_area": Decimal(figure), "net_area": None, "billing_area": None}
    correct_unit(home, {}, by=cast.li, key="area", reason="测绘报告", figures=values, from_on=None)


def test_what_is_told_many_months_late_is_settled_for_a_year_back_and_only_once(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee, "1")
    home, neighbour = household(cast, "0201", area="100"), household(cast, "0202", area="100")
    months = [Month(2026, place) for place in range(1, 7)]
    for month in months:
        billed(office, month, home, neighbour)
    assert reckon("corrections", JULY, home, neighbour) == []
    measured(cast, home, "90")
    rows = reckon("corrections", JULY, home, neighbour)
    assert sorted((one.unit, one.from_on, one.amount) for one in rows) == [
        (home.pk, month.first, -1000) for month in months
    ]
    assert odd(JULY, home, neighbour) == []
    post(office, rows)
    billed(office, JULY, home, neighbour)
    assert reckon("corrections", AUGUST, home, neighbour) == []


def test_what_reaches_farther_back_than_a_year_is_said_with_its_months(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee, "1")
    home = household(cast, "0201", area="100")
    for month in [Month(2025, place) for place in range(5, 13)] + [Month(2026, place) for place in range(1, 7)]:
        billed(office, month, home)
    measured(cast, home, "90")
    assert len(reckon("corrections", JULY, home)) == 12
    [said] = odd(JULY, home)
    assert said.startswith(f"{home} 补登的资料影响到更早的账单：物业服务费 2025年5月至2025年6月已经出过账")


@pytest.mark.parametrize("case", ["nobody", "by hand", "taken back", "no area", "by use"])
def test_what_is_in_a_persons_hands_is_left_alone(cast: Any, office: Office, case: str) -> None:
    price = tariff_of(office.property_fee, **({"use": "own"} if case == "by use" else {}))
    home = household(cast, "0201", owner="程旧主")
    if case == "by use":
        Unit.objects.filter(pk=home.pk).update(use="own")
    if case != "nobody":
        billed(office, JUNE, home)
    if case == "by hand":
        office.charge(100, 6, party=home.occupancies.get().party_id, unit=home.pk, basis={"kind": "hand"})
    if case == "taken back":
        office.does(office.head, lambda books: charging.reverse_charge(books, Charge.objects.get(), "错了"))
    transfer(cast, home, date(2026, 6, 16))
    if case == "no area":
        home.areas.all().delete()
    assert price.pk
    assert reckon("corrections", JULY, home) == []


def test_asking_costs_the_same_for_many_units(cast: Any, office: Office, django_assert_num_queries: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    units = [household(cast, f"{place:04}", "程旧主") for place in range(12)]
    billed(office, JUNE, *units)
    for home in units:
        area_of(home, "130", since=date(2026, 6, 16))
    for some in (units[:1], units):
        with django_assert_num_queries(19):
            assert len(reckon("corrections", JULY, *some)) == len(some)
