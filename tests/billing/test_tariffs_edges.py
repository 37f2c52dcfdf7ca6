"""Differences of several units at once, units in between that nobody asked about, what is entered twice, a page without a bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from tests.billing.test_tariffs_agreements import agree
from tests.billing.test_tariffs_correcting import AUGUST, JULY, JUNE, billed, odd, reckon
from tests.ledger.conftest import Office
from tests.support.tariffs import area_of, household, item_of, stay_of, tariff_of
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.areas.billing.tariffs.models import Holding
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.basics.months import Month
from yihu.ground.estate.corrections import correct_unit
from yihu.ground.estate.models import Occupancy

pytestmark = pytest.mark.django_db
MIDDLE = date(2026, 6, 16)


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def test_each_unit_is_put_right_from_its_own_day_on(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee, "1")
    first, second = household(cast, "0201", area="100"), household(cast, "0202", area="100")
    for month in (JUNE, JULY):
        billed(office, month, first, second)
    area_of(first, "90", since=MIDDLE)
    area_of(second, "90", since=date(2026, 7, 5))
    rows = reckon("corrections", AUGUST, first, second)
    assert sorted((one.unit, one.from_on.month) for one in rows) == [(first.pk, 6), (first.pk, 7), (second.pk, 7)]


def test_a_unit_between_those_that_are_asked_about_is_left_alone(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee, "1")
    first, between, last = (household(cast, room, area="100") for room in ("0201", "0202", "0203"))
    billed(office, JUNE, first, between, last)
    area_of(between, "90", since=MIDDLE)
    assert reckon("corrections", JULY, first, last) == []
    assert [one.unit for one in reckon("corrections", JULY, first, between, last)] == [between.pk]


def test_what_is_billed_by_the_year_makes_no_older_months_of_what_is_billed_by_the_month(
    cast: Any, office: Office
) -> None:
    tariff_of(office.property_fee, "1")
    yearly = office.item("DT", "电梯维护费")
    tariff_of(yearly, "1", cycle=12, prepaid=True)
    home = household(cast, "0201", area="100")
    items = {office.property_fee.pk: office.property_fee, yearly.pk: yearly}
    for month in [Month(2025, place) for place in range(7, 13)] + [Month(2026, place) for place in range(1, 7)]:
        for one in reckon("tariffs", month, home):
            days = {"from_on": one.from_on, "to_on": one.to_on, "due_on": one.due_on}
            office.charge(
                one.amount,
                item=items[one.item],
                party=one.party,
                unit=home.pk,
                part=one.part,
                basis=dict(one.basis),
                **days,
            )
    figures = {"gross_area": Decimal(90), "net_area": None, "billing_area": None}
    correct_unit(home, {}, by=cast.li, key="area", reason="测绘报告", figures=figures, from_on=None)
    rows = reckon("corrections", JULY, home)
    assert sorted((one.item, one.amount) for one in rows) == [
        *[(office.property_fee.pk, -1000)] * 12, (yearly.pk, -12000),
    ]  # fmt: skip
    assert odd(JULY, home) == []


def test_what_should_only_be_looked_at_does_not_keep_the_difference_back(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee, "1")
    home = household(cast, "0201", area="100")
    lessee = stay_of(home, "拾光设计", "lessee", date(2026, 1, 1))
    agree(cast, home, "payer", office.property_fee, from_on="2026-06-01")
    Occupancy.objects.filter(party=lessee).update(to_on=date(2026, 5, 31))
    billed(office, JUNE, home)
    found = list(SOURCES["tariffs"].reckon(cast.yunqi.pk, JUNE, [home.pk]))
    assert [(one.kind, one.stops) for one in found if isinstance(one, Oddity)] == [("lessee_left", False)]
    area_of(home, "90", since=MIDDLE)
    found = list(SOURCES["corrections"].reckon(cast.yunqi.pk, JULY, [home.pk]))
    assert [one.amount for one in found if isinstance(one, Reckoned)] == [-500]


def test_what_a_unit_has_is_entered_once_however_often_it_is_sent(cast: Any, sign_in: Any) -> None:
    parking, home = item_of(cast.yunqi, "CW", "车位使用费"), household(cast, "0201")
    tariff_of(parking, "300", Kind.QUANTITY, measure="个")
    said = {"unit": home.pk, "item": parking.pk, "what": "A-012", "quantity": "1", "from_on": "2026-11-01", "key": "k"}
    browser = sign_in(cast.li)
    for _ in range(2):
        assert browser.post(reverse("tariffs:new_holding"), said).status_code == 302
    assert str(Holding.objects.get()) == "车位使用费 A-012"


def test_the_page_of_an_item_says_when_a_unit_is_not_billed_for_it(cast: Any, sign_in: Any) -> None:
    parking, home = item_of(cast.yunqi, "CW", "车位使用费"), household(cast, "0201")
    tariff_of(parking, "300", Kind.QUANTITY, measure="个")
    url, browser = reverse("tariffs:item", args=[parking.pk]), sign_in(cast.wang)
    assert browser.get(url, {"unit": home.pk}).context["example"]["lines"] == []
    Holding.objects.create(unit=home, item=parking, what="A-012", from_on=date(2026, 1, 1))
    assert [one["amount"] for one in browser.get(url, {"unit": home.pk}).context["example"]["lines"]] == ["300.00"]


def test_where_there_are_no_items_yet_the_page_leads_to_them(cast: Any, sign_in: Any) -> None:
    page = sign_in(cast.xiang).get(reverse("tariffs:prices")).content.decode()
    assert reverse("cashier:list_fee-items") in page
