"""Several people set a price for the same at the same moment: one holds, whoever asks the door or the table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support.tariffs import item_of, tariff_of
from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Tariff

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
