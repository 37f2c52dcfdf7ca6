"""A price for a friend, a month billed twice, numbers of which nobody could pay one: what the bills do not let pass."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from tests.ledger.conftest import Office
from tests.support.doing import at
from tests.support.running import Estate, Flat, faults
from tests.support.tariffs import area_of, household, item_of, tariff_of
from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.ground.estate.models import Party, Unit
from yihu.ground.estate.tenure import pass_title
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Charge
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused

pytestmark = pytest.mark.django_db
NEXT = date(2027, 1, 1)


def fresh(item: Any, price: str, kind: str = Kind.GROSS, **more: Any) -> Tariff:
    facts = {"from_on": NEXT, "document": "批复", "measure": "", **more}
    return Tariff(community=item.community, item=item, kind=kind, price=Decimal(price), **facts)


# -- a price for one unit alone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "kind", "more"),
    [
        ("2.79", Kind.GROSS, {}),
        ("280", Kind.FIXED, {}),  # 128.36 × 2.80 = 359.41
        ("0.01", Kind.HOUSEHOLD, {}),
        ("2.80", Kind.NET, {}),  # 100 ㎡ net
        ("33", Kind.GROSS, {"per": "term", "cycle": 12}),
        ("0", Kind.RENT, {}),  # billed only where a rent was agreed to
    ],
)
def test_one_person_sets_no_lower_price_for_one_home(cast: Any, price: str, kind: str, more: dict[str, Any]) -> None:
    item, home = item_of(cast.yunqi), cast.home
    area_of(home, net_area=Decimal(100), billing_area=Decimal(110))
    tariff_of(item)
    with pytest.raises(Refused, match="请登记收费约定，由另一人审批"):
        setting.set_prices([fresh(item, price, kind, unit=home, **more)], by=cast.xiang)
    assert Tariff.objects.count() == 1


def test_a_higher_price_for_one_home_or_one_where_nothing_is_charged_is_set(cast: Any) -> None:
    item, home = item_of(cast.yunqi), cast.home
    area_of(home)
    tariff_of(item)
    setting.set_prices([fresh(item, "2.80", unit=home)], by=cast.xiang)
    setting.set_prices([fresh(item, "400", Kind.FIXED, unit=cast.unit("0909"))], by=cast.xiang)  # its area is not known
    parking = item_of(cast.yunqi, "CW", "车位费")
    setting.set_prices([fresh(parking, "1", Kind.FIXED, unit=home)], by=cast.xiang)
    setting.set_prices([fresh(item, "1", Kind.FIXED, unit=home, cycle=0, from_on=date(2028, 1, 1))], by=cast.xiang)
    assert Tariff.objects.filter(unit__isnull=False).count() == 4


def test_a_favour_on_the_page_is_refused_with_the_way_that_there_is(cast: Any, sign_in: Any) -> None:
    item = item_of(cast.yunqi)
    area_of(cast.home)
    tariff_of(item)
    typed = {
        "item": item.pk, "kind": "area_gross", "price": "0.01", "unit": cast.home.pk, "from_on": "2027-01-01", "document": "口头",
        "pricing": "contract", "cycle": "1", "per": "month", "starts": "1", "ahead": "0", "due_months": "1", "due_day": "10",
        "first_month": "daily", "rounding": "half_up", "steps_per": "month", "key": "k",
    }  # fmt: skip
    page = sign_in(cast.xiang).post(reverse("tariffs:new"), typed)
    assert "请登记收费约定，由另一人审批" in page.content.decode()
    assert Tariff.objects.count() == 1


# -- the same days twice ------------------------------------------------------------------------------------------------


def test_a_month_is_billed_once_whatever_changes_on_the_same_days(cast: Any) -> None:
    """Another area, another owner, another payer and another price, all within the month that was billed."""
    estate = Estate(cast, Flat(), homes=1)
    tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    estate.post(estate.draw())
    area_of(cast.home, "100", since=date(2026, 11, 10))
    heir = Party.objects.create(community=cast.yunqi, name="林新主")
    with command(by=cast.li, at=at("2026-11-25 09:00"), verb="test") as writing:
        pass_title(writing, cast.home, [(heir, None)], date(2026, 11, 10), "买卖")
    again = estate.draw()
    assert (again.lines, again.figures["already"]) == (0, 2)
    november = Charge.objects.filter(from_on=date(2026, 11, 1))
    assert [row.amount for row in november] == [35941]
    assert faults() == []


def test_owner_and_lessee_do_not_both_owe_one_month_of_one_home(cast: Any) -> None:
    office = Office(cast)
    lessee = Party.objects.create(community=cast.yunqi, name="租户")
    office.charge(10000)
    with pytest.raises(Conflict, match="没有重复出账"):
        office.charge(10000, party=lessee.pk)
    with pytest.raises(Conflict, match="没有重复出账"):
        office.does(
            office.accountant,
            lambda books: charging.charge_many(books, [office.owed(1, 9), office.owed(2, 9)], words="两笔"),
        )
    assert Charge.objects.count() == 1


def test_numbers_that_nobody_could_pay_stop_their_own_home_alone(cast: Any) -> None:
    """The dearest price that the form takes, for the largest home that the register takes, beside a usual one."""
    estate = Estate(cast, Flat(), homes=1)
    tariff_of(estate.property_fee, "99999999.9999", unit=household(cast, "0777", area="9999999.99"))
    tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    run = estate.draw()
    assert run.lines >= 1
    assert run.state == "ready"
