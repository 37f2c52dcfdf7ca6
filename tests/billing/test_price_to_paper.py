"""From the price to the payer's own paper: a stranger reckons each line again with nothing else in his hands (FEE-19)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.noticing import billing_of
from tests.support.doing import at
from tests.support.running import BILLED
from tests.support.sheets import text_of_pages
from tests.support.tariffs import area_of, item_of, tariff_of
from yihu.areas.billing.reckoned import SOURCES
from yihu.areas.billing.running.models import BillingRun
from yihu.areas.billing.tariffs.models import Holding
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.ground.estate.models import Unit
from yihu.kernel import files
from yihu.kernel.doors import open_record, perform
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db


@pytest.mark.clause("FEE-19")
def test_each_line_says_what_for_when_how_much_of_it_at_what_price_and_the_sum(cast: Any) -> None:
    """Handed over on the 11th of a month of thirty days, with a parking space that is paid by the piece."""
    assert cast.owner
    office = billing_of(cast)
    tariff_of(office.property_fee)
    parking = item_of(cast.yunqi, "CW", "车位使用费", legal_class="optional_paid")
    tariff_of(parking, "300", Kind.QUANTITY, measure="个")
    area_of(cast.home)
    Unit.objects.filter(pk=cast.home.pk).update(handed_over_on=date(2026, 11, 11))
    Holding.objects.create(unit=cast.home, item=parking, what="B1-023", from_on=date(2026, 11, 1))

    said = {"month_on": "2026-11-01", "sources": list(SOURCES), "threshold": "30"}
    run = open_record(BillingRun(community=cast.yunqi), by=office.accountant, data=said, at=at(BILLED))
    run_waiting()
    checker = cast.person("he", "何会计", "accountant")
    perform(BillingRun.objects.get(pk=run.pk), "check", by=checker, data={"check_note": "逐户看过"})
    perform(BillingRun.objects.get(pk=run.pk), "post", by=office.accountant)
    run_waiting()

    (page,) = text_of_pages(files.read(office.printed().paper.path))
    told = page.replace(" ", "").replace("\u200b", "")
    for words in (
        "物业服务费", "2026.11.11–11.30", "128.36㎡×2.80元×20/30天=239.61元",
        "车位使用费（B1-023）", "1个×300.00元×20/30天=200.00元",
        "439.61", "肆佰叁拾玖元陆角壹分",
    ):  # fmt: skip
        assert words in told, words
