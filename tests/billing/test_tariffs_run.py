"""From a price to the books and back: the run takes what the prices make, and settles what it learns later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.doing import at
from tests.support.running import Estate, Flat, faults
from tests.support.tariffs import area_of, tariff_of
from yihu.areas.billing.tariffs.setting import billed_until
from yihu.ground.estate.models import Party, Unit
from yihu.ground.estate.tenure import pass_title
from yihu.ground.ledger.models import Charge
from yihu.kernel.doors import command, perform
from yihu.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.clause("FEE-19", part="出账后的账单行带着面积、单价、天数的算式，更正行写明应为多少、已出多少")
def test_a_run_bills_by_the_price_and_the_next_one_settles_what_was_learnt_since(cast: Any) -> None:
    estate = Estate(cast, Flat(), homes=2)
    price = tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    for unit in estate.units:
        area_of(unit)
    estate.post(estate.draw())
    assert [(row.party, row.amount) for row in Charge.objects.order_by("unit")] == [
        (one, 35941) for one in estate.owners
    ]
    assert {row.words for row in Charge.objects.all()} == {"128.36㎡ × 2.80元 = 359.41元"}
    assert billed_until(price) == date(2026, 11, 30)

    heir = Party.objects.create(community=cast.yunqi, name="林新主")
    with command(by=cast.li, at=at("2026-12-02 09:00"), verb="test") as writing:
        pass_title(writing, cast.home, [(heir, None)], date(2026, 11, 16), "买卖")
    estate.post(estate.draw(month="2026-12-01"))
    later = (
        Charge.objects.filter(from_on__year=2026, unit=cast.home)
        .order_by("from_on", "amount")
        .values_list("party", "amount")
    )
    assert list(later) == [(cast.owner.pk, -17971), (heir.pk, 17971), (cast.owner.pk, 35941), (heir.pk, 35941)]
    assert faults() == []


@pytest.mark.clause("FEE-20")
def test_a_second_run_of_a_month_in_which_title_passed_bills_no_day_twice(cast: Any) -> None:
    """The month is cut at the transfer now; its days were billed whole before. The next month settles the difference."""
    estate = Estate(cast, Flat(), homes=1)
    tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    estate.post(estate.draw())
    heir = Party.objects.create(community=cast.yunqi, name="林新主")
    with command(by=cast.li, at=at("2026-11-25 09:00"), verb="test") as writing:
        pass_title(writing, cast.home, [(heir, None)], date(2026, 11, 16), "买卖")
    again = estate.draw()
    assert (again.lines, again.figures["already"]) == (0, 2)
    with pytest.raises(Refused, match="没有要出的账单"):
        estate.check(again)
    perform(again, "withdraw", by=estate.accountant)
    estate.post(estate.draw(month="2026-12-01"))
    november = Charge.objects.filter(unit=cast.home, from_on=date(2026, 11, 1))
    assert sum(november.values_list("amount", flat=True)) == 35941
    assert sum(november.filter(party=heir).values_list("amount", flat=True)) == 17971
    assert faults() == []
