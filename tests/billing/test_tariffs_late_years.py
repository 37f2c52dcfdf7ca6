"""A developer entered years late: as far back as the books go, a year of bills at a time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.billing.test_tariffs_correcting import billed, reckon
from tests.billing.test_tariffs_late_entry import approve, builder, first_of, late, post
from tests.ledger.conftest import Office
from tests.support.tariffs import household, tariff_of
from yihu.areas.billing.tariffs import late_entry
from yihu.areas.billing.tariffs.late_entry import Entry, Touch, each_batch
from yihu.areas.billing.tariffs.models import Developer, PayerChange
from yihu.basics.months import Month
from yihu.ground.estate.models import Unit, UnitArea
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
YEARS = [Month(2022, 5), Month(2023, 12), Month(2024, 1), Month(2025, 9), Month(2025, 12), Month(2026, 10)]


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def old_home(cast: Any, room: str, **more: Any) -> Unit:
    """Measured long ago."""
    unit = household(cast, room, **more)
    UnitArea.objects.filter(unit=unit).update(from_on=date(2020, 1, 1))
    return unit


def settled(cast: Any) -> None:
    """A neighbour who has lived here from the beginning tells what was billed at all."""
    Unit.objects.filter(pk=cast.home.pk).update(handed_over_on=date(2020, 1, 1))


@pytest.mark.clause("FEE-20", part="开发商付费补登记，账上有多早更正到多早")
def test_bills_of_five_years_are_put_right_once(cast: Any, office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(late_entry, "SLICE", 1)
    tariff_of(office.property_fee, from_on=date(2020, 1, 1))
    homes = [old_home(cast, room, handed=None) for room in ("0201", "0202")]
    was, now = first_of(cast), builder(cast, "新置业")
    for month in YEARS:
        billed(office, month, *homes)
    change = late(cast, now, from_on="2023-12-01")
    assert (change.bills, change.bills_fen, change.unbilled) == (10, 10 * 35941, 0)
    said = late_entry.touching(late_entry.entry_of(change)).words
    assert "已经出的账单 10 笔、3594.10 元（5 个月的，" in said.replace(",", "")
    assert "2023-12-01 至 2026-10-31" in said
    assert change.lines.count() == 10
    approve(cast, change, office.head)
    found = reckon("corrections", NOVEMBER, *homes)
    wanted = {(unit.pk, month, party): sign * 35941 for unit in homes for month in YEARS[1:] for party, sign in ((was.pk, -1), (now.pk, 1))}  # fmt: skip
    assert {(one.unit, Month.of(one.from_on), one.party): one.amount for one in found} == wanted
    assert len(found) == len(wanted)
    post(office, found)
    assert reckon("corrections", NOVEMBER, *homes) == []
    assert identities(cast.yunqi, date(2099, 1, 1)).hold


def test_no_more_than_a_year_of_some_units_is_held_at_once(cast: Any, office: Office, monkeypatch: Any) -> None:
    tariff_of(office.property_fee, from_on=date(2020, 1, 1))
    homes = [old_home(cast, room, handed=None) for room in ("0201", "0202", "0203")]
    first_of(cast)
    for month in YEARS:
        billed(office, month, *homes)
    monkeypatch.setattr(late_entry, "SLICE", 2)
    entry = Entry(cast.yunqi.pk, None, builder(cast, "新置业").pk, date(2021, 3, 15))
    found: Counter[int] = Counter()
    for bills in each_batch(entry, Touch()):
        assert len({one.unit_id for one in bills}) <= 2
        days = [one.from_on for one in bills]
        assert not days or (max(days) - min(days)).days < 366
        found.update(one.pk for one in bills)
    assert found == Counter(Charge.objects.values_list("pk", flat=True))  # each once


def test_shared_costs_of_years_ago_follow_the_payer_too(cast: Any, office: Office) -> None:
    home, was, now = household(cast, "0201", handed=None), first_of(cast), builder(cast, "新置业")
    pool = office.item("GT", "公摊电费")
    for year in (2023, 2024, 2026):
        when = {"from_on": date(year, 3, 1), "to_on": date(year, 3, 31), "due_on": date(year, 3, 28)}
        office.charge(1001, 3, pool, party=was.pk, unit=home.pk, part="电梯", basis={"month": f"GT-{year}"}, **when)
    change = late(cast, now, from_on="2024-01-01")
    assert change.bills == 2
    approve(cast, change, office.head)
    found = reckon("corrections", NOVEMBER, home)
    assert sorted((one.from_on.year, one.party == now.pk, one.amount) for one in found) == [
        (2024, False, -1001), (2024, True, 1001), (2026, False, -1001), (2026, True, 1001),
    ]  # fmt: skip
    post(office, found)
    assert reckon("corrections", NOVEMBER, home) == []


def test_what_was_billed_to_nobody_years_ago_is_billed_to_him_now(cast: Any, office: Office) -> None:
    settled(cast)
    tariff_of(office.property_fee, from_on=date(2020, 1, 1))
    home, neighbour = old_home(cast, "0201", handed=None), old_home(cast, "0202", handed=date(2020, 1, 1))
    for month in YEARS:
        billed(office, month, home, neighbour)
    assert not Charge.objects.filter(unit=home).exists()
    change = late(cast, builder(cast, "新置业"), from_on="2022-01-01")
    assert (change.bills, change.unbilled) == (0, 1)
    assert late_entry.touching(late_entry.entry_of(change)).words == "影响当时没有付款人、没有出账的 1 户"
    approve(cast, change, office.head)
    found = reckon("corrections", NOVEMBER, home, neighbour)
    assert sorted((Month.of(one.from_on), one.amount) for one in found) == [(month, 35941) for month in YEARS]


def test_before_anything_was_billed_there_is_nothing_to_look_at(cast: Any, office: Office) -> None:
    household(cast, "0201", handed=None)
    entry = Entry(cast.yunqi.pk, None, builder(cast, "新置业").pk, date(1999, 1, 1))
    assert not late_entry.touching(entry)
    assert list(each_batch(entry, Touch())) == []
    assert not PayerChange.objects.exists()
    assert not Developer.objects.exists()
