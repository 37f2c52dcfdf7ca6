"""What the prices make of a month: the vectors of the handbook, and what a person is asked to look at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.doing import at, photo
from tests.support.tariffs import area_of, household, item_of, stay_of, tariff_of
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.areas.billing.tariffs.models import Agreement, Developer, Holding, Term
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy, Party, Unit
from yihu.ground.estate.tenure import pass_title
from yihu.kernel.doors import command, open_record

pytestmark = pytest.mark.django_db
JUNE, NOVEMBER = Month(2026, 6), Month(2026, 11)


def reckon(*units: Unit, month: Month = NOVEMBER) -> list[Any]:
    return list(SOURCES["tariffs"].reckon(units[0].community_id, month, [unit.pk for unit in units]))


def told(rows: list[Any]) -> list[tuple[str, int, int, int]]:
    """(payer, first day, last day, 分)"""
    return [
        (Party.objects.get(pk=one.party).name, one.from_on.day, one.to_on.day, one.amount)
        for one in rows
        if isinstance(one, Reckoned)
    ]


def oddities(rows: list[Any]) -> list[tuple[str, bool]]:
    return [(one.kind, one.stops) for one in rows if isinstance(one, Oddity)]


@pytest.mark.clause("FEE-19", part="物业费等按收费标准计算的账单行写明面积、单价、天数和结果")
def test_a_whole_month_is_area_times_price_and_says_so(cast: Any) -> None:
    item = item_of(cast.yunqi)
    price = tariff_of(item)
    home = household(cast, "0201")
    (line,) = reckon(home)
    assert (line.item, line.unit, line.from_on, line.to_on) == (item.pk, home.pk, NOVEMBER.first, NOVEMBER.last)
    assert (line.amount, line.words, line.due_on) == (35941, "128.36㎡ × 2.80元 = 359.41元", date(2026, 12, 10))
    assert line.basis == {
        "rule": "area_gross", "tariff": price.pk, "quantity": "128.36", "price": "2.80", "months": "1",
        "rounding": "half_up", "figure": "建筑面积",
    }  # fmt: skip


def test_handed_over_on_11_june_the_owner_pays_twenty_days_and_the_developer_ten(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    home = household(cast, "0201", handed=date(2026, 6, 11))
    builder = stay_of(cast.home, "云栖置业", "emergency")
    Developer.objects.create(community=cast.yunqi, party=builder, from_on=date(2020, 1, 1))
    rows = reckon(home, month=JUNE)
    assert sorted(told(rows)) == [("云栖置业", 1, 10, 11980), ("孙业主", 11, 30, 23961)]
    assert "128.36㎡ × 2.80元 × 20/30天 = 239.61元" in [row.words for row in rows]
    assert told(reckon(home, month=Month(2026, 5))) == [("云栖置业", 1, 31, 35941)]
    assert told(reckon(home, month=Month(2026, 7))) == [("孙业主", 1, 31, 35941)]


@pytest.mark.parametrize(
    ("rule", "day", "owner", "developer"),
    [
        ("half_month", 15, 35941, 0),
        ("half_month", 16, 17970, 17971),
        ("full", 28, 35941, 0),
        ("next_month", 2, 0, 35941),
    ],
)
def test_the_first_month_follows_the_rule_of_the_price(
    cast: Any, rule: str, day: int, owner: int, developer: int
) -> None:
    tariff_of(item_of(cast.yunqi), first_month=rule)
    home = household(cast, "0201", handed=date(2026, 6, day))
    builder = stay_of(cast.home, "云栖置业", "emergency")
    Developer.objects.create(community=cast.yunqi, cluster=home.cluster, party=builder, from_on=date(2020, 1, 1))
    found = {name: amount for name, _, _, amount in told(reckon(home, month=JUNE))}
    assert (found.get("孙业主", 0), found.get("云栖置业", 0)) == (owner, developer)


def test_scenario_21_title_passes_on_12_february(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    home = household(cast, "0201", owner="程旧主")
    heir = Party.objects.create(community=cast.yunqi, name="林新主")
    with command(by=cast.li, at=at("2026-02-10 09:00"), verb="test") as writing:
        pass_title(writing, home, [(heir, None)], date(2026, 2, 12), "买卖")
    rows = reckon(home, month=Month(2026, 2))
    assert told(rows) == [("程旧主", 1, 11, 14120), ("林新主", 12, 28, 21821)]
    assert rows[0].words == "128.36㎡ × 2.80元 × 11/28天 = 141.20元"


@pytest.mark.clause("FEE-02", part="物业费按面积和单价，换价、改面积按日期分行")
def test_a_new_price_and_a_corrected_area_split_the_lines_by_date(cast: Any) -> None:
    item = item_of(cast.yunqi)
    tariff_of(item, to_on=date(2026, 11, 10))
    tariff_of(item, "3.00", from_on=date(2026, 11, 11))
    home = household(cast, "0201")
    area_of(home, "130", since=date(2026, 11, 21))
    rows = reckon(home)
    assert told(rows) == [("孙业主", 1, 10, 11980), ("孙业主", 11, 20, 12836), ("孙业主", 21, 30, 13000)]
    assert rows[1].words == "128.36㎡ × 3.00元 × 10/30天 = 128.36元"


def test_the_part_that_is_a_difference_says_to_what_it_adds_up(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi), "1")
    home = household(cast, "0201", area="100.01")
    Occupancy.objects.filter(unit=home).update(to_on=date(2026, 11, 15))
    stay_of(home, "林新主", since=date(2026, 11, 16))
    first, second = reckon(home)
    assert (first.amount, second.amount) == (5001, 5000)
    assert second.words == "100.01㎡ × 1.00元 × 15/30天 = 50.00元（与其他部分合计 100.01元）"


def test_of_several_owners_the_first_of_the_roll_gets_the_bill(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    home = household(cast, "0201")
    stay_of(home, "周共有", place=1)
    assert told(reckon(home)) == [("孙业主", 1, 30, 35941)]


@pytest.mark.clause("FEE-02", part="车位等按数量收的，每个一行，只收它自己的日子")
def test_each_thing_that_a_unit_has_is_a_line_for_its_own_days(cast: Any) -> None:
    parking = item_of(cast.yunqi, "CW", "车位使用费", nature="common", legal_class="optional_paid")
    tariff_of(parking, "300", Kind.QUANTITY, measure="个")
    home = household(cast, "0201")
    for what, since, until in (("A-012", date(2026, 1, 1), None), ("A-013", date(2026, 11, 16), date(2027, 1, 31))):
        Holding.objects.create(unit=home, item=parking, what=what, from_on=since, to_on=until)
    rows = reckon(home)
    assert [(row.part, row.from_on.day, row.amount, row.words) for row in rows] == [
        ("A-012", 1, 30000, "A-012 1个 × 300.00元 = 300.00元"), ("A-013", 16, 15000, "A-013 1个 × 300.00元 × 15/30天 = 150.00元"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "month", "line"),
    [
        ({"cycle": 3}, 11, None),
        ({"cycle": 3}, 12, (date(2026, 10, 1), date(2026, 12, 31), 107822, "128.36㎡ × 2.80元 × 3个月 = 1,078.22元")),
        ({"cycle": 12, "prepaid": True, "ahead": 1}, 12, (date(2027, 1, 1), date(2027, 12, 31), 431290, "128.36㎡ × 2.80元 × 12个月 = 4,312.90元")),
        ({"cycle": 12, "per": "term"}, 12, (date(2026, 1, 1), date(2026, 12, 31), 35941, "128.36㎡ × 2.80元 = 359.41元")),
        ({"rounding": "down", "kind": "household"}, 12, (date(2026, 12, 1), date(2026, 12, 31), 280, "2.80元 = 2.80元（舍去分以下）")),
        ({"rounding": "up"}, 12, (date(2026, 12, 1), date(2026, 12, 31), 35941, "128.36㎡ × 2.80元 = 359.41元（进位到分）")),
    ],
)  # fmt: skip
def test_cycles_and_roundings(cast: Any, columns: dict[str, Any], month: int, line: Any) -> None:
    tariff_of(item_of(cast.yunqi), **columns)
    rows = reckon(household(cast, "0201"), month=Month(2026, month))
    assert [(row.from_on, row.to_on, row.amount, row.words) for row in rows] == ([line] if line else [])


def test_in_a_quarter_the_days_before_handing_over_are_left_out(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi), cycle=3)
    home = household(cast, "0201", handed=date(2026, 11, 16))
    rows = reckon(home, month=Month(2026, 12))
    (line,) = [row for row in rows if isinstance(row, Reckoned)]
    assert (line.amount, line.words) == (53911, "128.36㎡ × 2.80元 × 1个月又15/30天 = 539.11元")
    assert oddities(rows) == [("no_developer", False)]


def test_what_is_paid_once_comes_with_the_thing_or_with_the_keys(cast: Any) -> None:
    card = item_of(cast.yunqi, "KP", "门禁卡工本费", legal_class="essential")
    tariff_of(card, "20", Kind.QUANTITY, measure="张", cycle=0)
    rubbish = item_of(cast.yunqi, "LJ", "装修垃圾清运费", legal_class="optional_paid")
    tariff_of(rubbish, "4", Kind.GROSS, cycle=0)
    home = household(cast, "0201", handed=date(2026, 6, 11))
    Holding.objects.create(unit=home, item=card, what="卡 2 张", quantity=2, from_on=date(2026, 6, 12))
    rows = reckon(home, month=JUNE)
    assert {(row.item, row.from_on.day, row.amount, row.words) for row in rows} == {
        (card.pk, 12, 4000, "卡 2 张 2张 × 20.00元 = 40.00元"), (rubbish.pk, 11, 51344, "128.36㎡ × 4.00元 = 513.44元"),
    }  # fmt: skip
    assert reckon(home, month=Month(2026, 7)) == []


def test_the_billing_area_is_the_gross_one_unless_another_was_entered(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi), "1", Kind.BILLING)
    plain, own, net = household(cast, "0201"), household(cast, "0202"), household(cast, "0203")
    own.areas.update(billing_area=Decimal(100))
    net.areas.update(net_area=Decimal(90))
    assert [row.amount for row in reckon(plain, own, net)] == [12836, 10000, 12836]
    tariff_of(item_of(cast.yunqi), "1", Kind.NET, unit=net)
    assert [row.amount for row in reckon(plain, own, net)] == [12836, 10000, 9000]


def test_what_a_person_should_see_before_the_bills_go_out(cast: Any) -> None:
    item = item_of(cast.yunqi)
    tariff_of(item, unit_kind="home", to_on=date(2026, 11, 20))
    homes = [household(cast, f"030{place}") for place in range(6)]
    without_area, without_owner, undelivered, shop, rival, fine = homes
    without_area.areas.all().delete()
    Occupancy.objects.filter(unit=without_owner).delete()
    Unit.objects.filter(pk=undelivered.pk).update(handed_over_on=None)
    Unit.objects.filter(pk=shop.pk).update(kind="shop")
    Unit.objects.filter(pk=rival.pk).update(use="vacant")
    tariff_of(item, "1", use="vacant")
    gap = ("price_gap", False)
    assert oddities(reckon(without_area)) == [("no_area", True), gap]
    assert oddities(reckon(without_owner)) == [("no_owner", True), gap]
    assert oddities(reckon(undelivered)) == [("not_handed_over", True), gap]
    assert oddities(reckon(shop)) == [("no_price", False)]
    assert oddities(reckon(rival)) == [("two_prices", True)]
    rows = reckon(fine)
    assert (told(rows), oddities(rows)) == ([("孙业主", 1, 20, 23961)], [gap])
    assert rows[0].words.endswith("2026-11-21 至 2026-11-30 没有价格，请补定价。")


@pytest.mark.parametrize("count", [1, 40])
def test_the_number_of_questions_does_not_grow_with_the_units(
    cast: Any, count: int, django_assert_num_queries: Any
) -> None:
    item = item_of(cast.yunqi)
    tariff_of(item)
    units = [household(cast, f"{place:04}", f"业主{place % 5}") for place in range(count)]
    with django_assert_num_queries(8):
        assert len(reckon(*units)) == count


def test_units_of_another_community_are_left_out(cast: Any) -> None:
    item = item_of(cast.yunqi)
    price, home = tariff_of(item), household(cast, "0201")
    building = home.building.__class__.objects.create(community=cast.qinghe, code="B")
    other = Unit.objects.create(community=cast.qinghe, building=building, room="507")
    area_of(other)
    lessee = stay_of(other, "拾光设计", "lessee")
    Holding.objects.create(unit=other, item=item, what="A", from_on=date(2026, 1, 1))
    paper = open_record(
        Agreement(community=cast.yunqi), by=cast.li,
        data={"unit": home.pk, "what": "free", "item": item.pk, "from_on": "2026-12-01", "ground": "协议"},
        files={"evidence": [photo()]},
    )  # fmt: skip
    Term.objects.create(
        agreement=paper,
        unit=other,
        item=item,
        party=lessee,
        slot="less",
        what="free",
        percent=100,
        number="x",
        from_on=date(2026, 1, 1),
    )
    found = list(SOURCES["tariffs"].reckon(cast.yunqi.pk, NOVEMBER, [home.pk, other.pk]))
    assert [(row.unit, row.basis["tariff"]) for row in found] == [(home.pk, price.pk)]


def test_an_area_that_is_known_from_mid_month_only_is_asked_for_the_days_before(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    home = household(cast, "0201")
    home.areas.update(from_on=date(2026, 11, 16))
    rows = reckon(home)
    assert (oddities(rows), told(rows)) == ([("no_area", True)], [("孙业主", 16, 30, 17970)])
    home.areas.update(from_on=date(2025, 1, 1), gross_area=None, net_area=80)
    assert (oddities(reckon(home)), told(reckon(home))) == ([("no_area", True)], [])


def test_what_is_paid_once_needs_its_area_and_its_payer_too(cast: Any) -> None:
    rubbish = item_of(cast.yunqi, "LJ", "装修垃圾清运费", legal_class="optional_paid")
    tariff_of(rubbish, "4", Kind.GROSS, cycle=0)
    home, nobody, kept = (household(cast, room, handed=date(2026, 6, 11)) for room in ("0201", "0202", "0203"))
    home.areas.all().delete()
    Occupancy.objects.filter(unit=nobody).delete()
    Unit.objects.filter(pk=kept.pk).update(handed_over_on=None)
    assert oddities(reckon(home, month=JUNE)) == [("no_area", True)]
    assert (oddities(reckon(nobody, month=JUNE)), told(reckon(nobody, month=JUNE))) == ([("no_owner", True)], [])
    assert reckon(kept, month=JUNE) == []


def test_a_unit_that_is_let_has_been_handed_over_whatever_was_not_entered(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    home = household(cast, "0201", handed=None)
    stay_of(home, "拾光设计", "lessee", date(2026, 1, 1))
    assert told(reckon(home)) == [("孙业主", 1, 30, 35941)]


def test_quarters_and_months_of_one_unit_have_their_own_payers(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    tariff_of(item_of(cast.yunqi, "CWG", "车位管理费"), "10", Kind.FIXED, cycle=3)
    home = household(cast, "0201", owner="程旧主")
    Occupancy.objects.filter(unit=home).update(to_on=date(2026, 10, 31))
    stay_of(home, "林新主", since=date(2026, 11, 1), place=1)
    rows = reckon(home, month=Month(2026, 12))
    assert sorted((name, amount) for name, _, _, amount in told(rows)) == [
        ("林新主", 2000),
        ("林新主", 35941),
        ("程旧主", 1000),
    ]


def test_an_item_that_nobody_must_have_is_not_missed(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi, "KT", "空调费", legal_class="optional_paid"), unit_kind="office")
    assert reckon(household(cast, "0201")) == []
    assert reckon(household(cast, "0202"), month=Month(2020, 1)) == []


def test_what_is_paid_once_costs_what_holds_on_its_day(cast: Any) -> None:
    card = item_of(cast.yunqi, "KP", "门禁卡工本费", legal_class="essential")
    tariff_of(card, "20", Kind.QUANTITY, measure="张", cycle=0, to_on=date(2026, 11, 10))
    tariff_of(card, "25", Kind.QUANTITY, measure="张", cycle=0, from_on=date(2026, 11, 11), to_on=date(2026, 11, 20))
    home = household(cast, "0201")
    for day in (3, 12, 25):
        Holding.objects.create(unit=home, item=card, what=f"卡 {day}", from_on=date(2026, 11, day))
    rows = reckon(home)
    assert ([row.amount for row in rows if isinstance(row, Reckoned)], oddities(rows)) == ([2000, 2500], [])


def test_nobody_is_billed_where_nobody_owns(cast: Any) -> None:
    tariff_of(item_of(cast.yunqi))
    home = household(cast, "0201")
    Occupancy.objects.filter(unit=home).delete()
    assert (oddities(reckon(home)), told(reckon(home))) == ([("no_owner", True)], [])
