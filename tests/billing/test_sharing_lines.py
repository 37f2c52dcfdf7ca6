"""What the run gets of shared costs: published months only, divided among who had the unit, never against the contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.meters import Readers, meter
from tests.support.sharing import Sharers
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.areas.billing.sharing.models import Term
from yihu.areas.billing.tariffs.models import Developer
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


@pytest.fixture
def office(cast: Any) -> Sharers:
    sharers = Sharers(cast)
    for unit in sharers.homes[1:]:
        Occupancy.objects.create(unit=unit, party=cast.owner, role="owner", from_on=date(2020, 1, 1))
    return sharers


def reckon(office: Sharers) -> tuple[list[Reckoned], list[Oddity]]:
    found = list(SOURCES["sharing"].reckon(office.cast.yunqi.pk, NOVEMBER, [unit.pk for unit in office.homes]))
    return [one for one in found if isinstance(one, Reckoned)], [one for one in found if isinstance(one, Oddity)]


@pytest.mark.clause("FEE-13", part="公示以后才出账；每行写明算式")
def test_only_what_is_published_is_billed_and_each_line_says_its_sum(office: Sharers) -> None:
    month = office.fill(office.month(office.pool(due_months="1", due_day="15")))
    lines, odd = reckon(office)
    assert lines == []
    assert [(one.kind, one.stops) for one in odd] == [("share_not_published", False)]
    office.published(month)
    lines, odd = reckon(office)
    assert odd == []
    assert [line.amount for line in lines] == [33_334, 33_333, 33_333]
    first = lines[0]
    assert first.words == "A1栋楼道照明电：1,000.00元 × 1户 ÷ 合计3户 = 333.34元"
    assert (first.party, first.item, first.due_on) == (office.cast.owner.pk, office.item.pk, date(2026, 12, 15))
    assert (first.from_on, first.to_on, first.part) == (date(2026, 11, 1), date(2026, 11, 30), "A1栋楼道照明电")


def test_where_the_contract_includes_energy_nothing_is_billed_even_if_published(office: Sharers) -> None:
    office.published(office.fill(office.month(office.pool())))
    Term.objects.update(energy="included")
    lines, odd = reckon(office)
    assert lines == []
    assert "不能再出公摊账单" in odd[0].words


def test_who_came_in_the_middle_of_the_month_pays_his_days(office: Sharers) -> None:
    new = Party.objects.create(community=office.cast.yunqi, name="新业主")
    home = office.homes[0]
    Occupancy.objects.filter(unit=home).update(to_on=date(2026, 11, 11))
    Occupancy.objects.create(unit=home, party=new, role="owner", from_on=date(2026, 11, 12))
    office.published(office.fill(office.month(office.pool())))
    lines = [line for line in reckon(office)[0] if line.unit == home.pk]
    assert [(line.party, line.amount) for line in lines] == [(office.cast.owner.pk, 12_222), (new.pk, 21_112)]
    assert lines[0].words.endswith("其中 11/30 天")
    assert lines[1].from_on == date(2026, 11, 12)


def test_the_developer_pays_for_what_nobody_has_taken_over(office: Sharers) -> None:
    builder = Party.objects.create(community=office.cast.yunqi, name="云栖置业", kind="company")
    empty = office.homes[2]
    type(empty).objects.filter(pk=empty.pk).update(handed_over_on=None, renovation_begun_on=None, use="")
    Occupancy.objects.filter(unit=empty).delete()
    office.published(office.fill(office.month(office.pool(vacant_percent="50"))))
    lines, odd = reckon(office)
    assert [(one.unit, one.stops) for one in odd] == [(empty.pk, True)]
    Developer.objects.create(community=office.cast.yunqi, party=builder, from_on=date(2019, 1, 1))
    lines, odd = reckon(office)
    assert (odd, lines[-1].party, lines[-1].amount) == ([], builder.pk, 20_000)


def test_it_costs_the_same_questions_for_one_unit_and_for_many(office: Sharers) -> None:
    office.published(office.fill(office.month(office.pool())))
    source, here = SOURCES["sharing"], office.cast.yunqi.pk
    counts = []
    for units in ([office.homes[0].pk], [unit.pk for unit in office.homes]):
        with CaptureQueriesContext(
            connection,
        ) as sent:
            assert len(list(source.reckon(here, NOVEMBER, units))) == len(units)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_master_meter_fills_the_form_and_pump_power_goes_by_water(cast: Any, office: Sharers, sign_in: Any) -> None:
    readers = Readers(cast)
    place = {"scope": "building", "building": cast.home.building}
    master = meter(None, "power", "D-1", "0", community=cast.yunqi, **place)
    below = meter(cast.home, "power", "D-2", "0", parent=master)
    waters = [meter(unit, "water", f"S-{at}", "0") for at, unit in enumerate(office.homes)]
    for one, figure in ((master, "400"), (below, "200"), (waters[0], "10"), (waters[1], "30")):
        readers.months(one, figure, last=NOVEMBER)
    pool = office.pool(origin="meter", meter=master.pk, method="usage", usage_kind="water", name="水泵电")
    month = office.month(pool)
    page = sign_in(office.accountant).get(f"{month.get_absolute_url()}do/fill/").content.decode()
    assert 'name="total" value="400"' in page
    assert 'name="subs" value="200"' in page
    figures = {"total": "400", "subs": "200", "price": "0.6"}
    with pytest.raises(Invalid, match="A1-1-1101 这个月没有用量"):
        office.fill(month, **figures)
    readers.months(waters[2], "0", last=NOVEMBER)
    month = office.fill(month, **figures)
    assert [share.amount for share in month.shares.order_by("unit__sort_key")] == [3000, 9000]
    assert "按各户用量（水表）" in month.method_words
