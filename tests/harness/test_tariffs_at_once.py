"""Several people set a price for the same at the same moment: one holds, whoever asks the door or the table."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.harness.breaking import at_once, in_between
from tests.support.running import Estate, Flat
from tests.support.tariffs import area_of, item_of, tariff_of
from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Tariff
from yihu.ground.estate.models import Unit
from yihu.kernel.doors import perform
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_eight_who_set_a_price_at_once_one_does(cast: Any) -> None:
    item, old = item_of(cast.yunqi), tariff_of(item_of(cast.yunqi))
    people = [cast.person(f"pm{index}", f"经理{index}", "project_manager") for index in range(8)]

    def sets(index: int) -> None:
        new = Tariff(
            community=cast.yunqi, item=item, kind="area_gross", price=Decimal(index + 3), from_on=date(2027, 1, 1), document="批复"
        )  # fmt: skip
        setting.set_prices([new], by=people[index])

    assert sorted(at_once(8, sets)) == sorted(["done"] + ["Refused"] * 7)
    old.refresh_from_db()
    assert (old.to_on, Tariff.objects.count()) == (date(2026, 12, 31), 2)


def test_the_table_itself_lets_one_of_eight_in(cast: Any) -> None:
    item = item_of(cast.yunqi)
    fates = at_once(8, lambda index: tariff_of(item, str(index + 1), to_on=None if index % 2 else date(2030, 1, 1)))
    assert sorted(fates) == sorted(["done"] + ["IntegrityError"] * 7)


@pytest.mark.clause("FEE-20", part="定价与出账同时，只成一个")
def test_whoever_sets_a_price_in_between_at_any_statement_of_a_posting_one_comes_through(cast: Any) -> None:
    estate = Estate(cast, Flat(), homes=1)
    tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    run, fates = estate.draw(), []
    for number in range(1, 60, 2):
        checked, day = estate.check(estate.fresh(run)), date(2026, 11, 2) + timedelta(days=len(fates))
        new = Tariff(
            community=cast.yunqi, item=estate.property_fee, kind="area_gross", price=Decimal(2), from_on=day, document="批复"
        )  # fmt: skip
        fates.append(
            in_between(
                number,
                lambda checked=checked: perform(checked, "post", by=estate.accountant),  # type: ignore[misc]
                lambda new=new: setting.set_prices([new], by=cast.xiang),  # type: ignore[misc]
            )
        )
        if fates[-1][0] == "done":
            break
        perform(estate.fresh(run), "redraw", by=estate.accountant)
        run_waiting()
    assert fates[-1] == ("done", "Refused")
    assert set(fates[:-1]) <= {("Refused", "done")}
    assert Tariff.objects.count() == len(fates)  # the first one, and one for each that came before the posting
