"""Which price holds for a unit, what it makes of a quantity, and who pays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.support.tariffs import household, item_of, stay_of, tariff_of
from yihu.areas.billing.tariffs.models import Developer, Holding, Tariff
from yihu.areas.billing.tariffs.prices import Kind, cost_of, due_on, households, prices, split
from yihu.basics.months import Month
from yihu.ground.estate.models import Unit

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def test_the_nearest_price_holds_and_is_cut_where_it_changes(cast: Any) -> None:
    water = item_of(cast.yunqi, "SF", "代收水费", nature="pass_through")
    old = tariff_of(water, "3.10", Kind.METER, measure="吨", to_on=date(2026, 11, 14))
    new = tariff_of(water, "3.40", Kind.METER, measure="吨", from_on=date(2026, 11, 15))
    homes = tariff_of(water, "2.90", Kind.METER, measure="吨", unit_kind="home")
    home, shop = household(cast, "0201"), household(cast, "0202")
    Unit.objects.filter(pk=shop.pk).update(kind="shop")
    found = prices(cast.yunqi.pk, Kind.METER, [home.pk, shop.pk], *NOVEMBER)
    assert [fit.tariff for fit in found[home.pk][water.pk]] == [homes]
    assert [(fit.first.day, fit.last.day, fit.tariff) for fit in found[shop.pk][water.pk]] == [
        (1, 14, old),
        (15, 30, new),
    ]
    assert prices(cast.yunqi.pk, Kind.SHARE, [home.pk], *NOVEMBER) == {}


def test_two_prices_of_which_neither_is_nearer_are_a_question(cast: Any) -> None:
    water, home = item_of(cast.yunqi), household(cast, "0201")
    both = {
        tariff_of(water, "3", Kind.METER, building=home.building),
        tariff_of(water, "4", Kind.METER, unit_kind="home"),
    }
    (fit,) = prices(cast.yunqi.pk, Kind.METER, [home.pk], *NOVEMBER)[home.pk][water.pk]
    assert (fit.tariff, set(fit.rivals)) == (None, both)
    own = tariff_of(water, "5", Kind.METER, unit=home)
    (fit,) = prices(cast.yunqi.pk, Kind.METER, [home.pk], *NOVEMBER)[home.pk][water.pk]
    assert fit.tariff == own


def test_a_quantity_costs_what_its_price_steps_say(cast: Any) -> None:
    steps = [["210", "0.4883"], ["400", "0.5383"], [None, "0.7883"]]
    power = tariff_of(item_of(cast.yunqi), "0.4883", Kind.METER, measure="度", steps=steps, due_day=31, due_months=3)
    cost = cost_of(power, Decimal(230))
    assert (cost.amount, cost.words) == (11331, "210度 × 0.4883元 + 20度 × 0.5383元 = 113.31元")
    assert cost_of(power, Decimal(10), already=Decimal(400)).amount == 788
    assert cost_of(power, Decimal(0)).amount == 0
    assert due_on(power, Month(2026, 11)) == date(2027, 2, 28)


@pytest.mark.parametrize("columns", [{}, {"unit_kind": "home"}, {"use": "vacant"}])
def test_two_prices_for_the_same_never_hold_on_one_day(cast: Any, columns: dict[str, str]) -> None:
    item = item_of(cast.yunqi)
    first = tariff_of(item, to_on=date(2026, 6, 30), **columns)
    for dates in ({"from_on": date(2026, 6, 30)}, {"from_on": date(2020, 1, 1)}, {"to_on": date(2025, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            tariff_of(item, "3", **columns, **dates)
    second = tariff_of(item, "3", from_on=date(2026, 7, 1), **columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tariff.objects.filter(pk=first.pk).update(to_on=None)
    tariff_of(item, "9", from_on=date(2026, 7, 1), cancelled=True, **columns)
    assert Tariff.objects.filter(cancelled=False).count() == len({first, second})


def test_a_price_is_never_changed(cast: Any) -> None:
    price = tariff_of(item_of(cast.yunqi))
    for change in ({"price": F("price") + 1}, {"kind": "household"}, {"from_on": date(2026, 1, 1)}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            Tariff.objects.filter(pk=price.pk).update(**change)


def test_neither_a_thing_nor_a_developer_counts_twice(cast: Any) -> None:
    home, parking = household(cast, "0201"), item_of(cast.yunqi, "CW", "车位使用费")
    builder = stay_of(home, "云栖置业", "emergency")
    for make in (
        lambda: Holding.objects.create(unit=home, item=parking, what="A-012", from_on=date(2026, 1, 1)),
        lambda: Developer.objects.create(community=cast.yunqi, party=builder, from_on=date(2026, 1, 1)),
    ):
        make()
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_who_pays_follows_title_and_handing_over(cast: Any) -> None:
    home = household(cast, "0201", handed=date(2026, 11, 11))
    builder = stay_of(cast.home, "云栖置业", "emergency")
    Developer.objects.create(community=cast.yunqi, party=builder, from_on=date(2020, 1, 1))
    people = households(cast.yunqi.pk, [home.pk], *NOVEMBER)[home.pk]
    paid = people.payers(None, *NOVEMBER)
    assert [(one.first.day, one.last.day, one.as_what) for one in paid] == [(1, 10, "developer"), (11, 30, "owner")]
    assert [(one.as_what, amount) for one, amount in split(10000, paid)] == [("developer", 3333), ("owner", 6667)]


def test_asking_costs_the_same_for_many_units(cast: Any, django_assert_max_num_queries: Any) -> None:
    tariff_of(item_of(cast.yunqi), "3", Kind.METER)
    units = [household(cast, f"03{place:02}", f"业主{place}").pk for place in range(12)]
    for some in (units[:1], units):
        with django_assert_max_num_queries(8):
            prices(cast.yunqi.pk, Kind.METER, some, *NOVEMBER)
            households(cast.yunqi.pk, some, *NOVEMBER)
