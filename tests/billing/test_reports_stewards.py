"""Arrears and collection by who looks after the building (FEE-10): each figure opens his bills, and no others."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.fee_reports import bill, books_of
from tests.support.paying import Counter, counter_of
from yihu.areas.billing.notices.models import Round
from yihu.fronts.reports.fees import ages, lines, rates
from yihu.fronts.reports.fees.sheets import Block, Sheet
from yihu.ground.estate.models import Building, Party, Unit

pytestmark = pytest.mark.django_db
ASKED = {"first": "2026-10", "last": "2026-11", "day": "2026-11-30"}


@pytest.fixture
def counter(cast: Any) -> Counter:
    """赵业主 and 钱业主 live where 段楼管 goes, 孙业主 where 文楼管 goes, 李业主 where nobody is named."""
    made = counter_of(cast)
    books_of(made)
    here = cast.yunqi
    for code, who, amount in (("A8", "文楼管", 7000), ("A9", "", 900)):
        building = Building.objects.create(community=here, cluster=cast.home.cluster, code=code, name=f"{code}栋")
        unit = Unit.objects.create(
            community=here, cluster=cast.home.cluster, building=building, entrance="1", room="0101"
        )
        party = Party.objects.create(community=here, name=f"{code}业主")
        bill(made, amount, 10, unit, when="2026-10-24 10:00", party=party)
        if who:
            Round.objects.create(community=here, building=building, steward=cast.person("wen2", who, "steward"))
    Round.objects.create(community=here, building=cast.home.building, steward=cast.person("duan", "段楼管", "steward"))
    return made


def by_steward(sheet: Sheet) -> Block:
    return next(block for block in sheet.blocks if block.title == "按楼管")


@pytest.mark.clause("FEE-10", part="欠费账龄、收费率按楼管（送达分工），每个数字点得开")
def test_each_stewards_arrears_stand_apart_by_age_and_open_his_bills(counter: Counter) -> None:
    block = by_steward(ages.build(counter.cast.yunqi, ASKED, 0))
    owed = {row.label: row.cells[-2].value for row in block.rows}
    assert owed == {"段楼管": 30000 - 12000 + 10000 + 35000, "文楼管": 7000, "没有分工的": 900}
    assert block.total is not None
    assert block.total.cells[-2].value == sum(owed.values())
    for row in block.rows:
        for cell in row.cells[:-1]:
            if cell.value:
                told = dict(parse_qsl(urlsplit(cell.link).query))
                found = lines.build(counter.cast.yunqi, told, 0).blocks[0]
                assert found.total is not None
                assert found.total.cells[7].value == cell.value, (row.label, cell.link)


def test_each_stewards_rates_stand_apart(counter: Counter) -> None:
    block = by_steward(rates.build(counter.cast.yunqi, ASKED, 0))
    figures = {row.label: (row.cells[0].value, row.cells[1].value, row.cells[2].value) for row in block.rows}
    assert figures["段楼管"] == (100000, 50000, "50.00%")
    assert figures["文楼管"] == (7000, 0, "0.00%")
    for row in block.rows:
        told = dict(parse_qsl(urlsplit(row.cells[0].link).query))
        found = lines.build(counter.cast.yunqi, told, 0).blocks[0]
        assert found.total is not None
        assert found.total.cells[4].value == row.cells[0].value


def test_where_nobody_is_named_there_is_no_such_table(counter: Counter) -> None:
    Round.objects.update(shown=False)
    for report in (ages, rates):
        titles = [block.title for block in report.build(counter.cast.yunqi, ASKED, 0).blocks]
        assert "按楼管" not in titles
