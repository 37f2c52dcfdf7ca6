"""From a price to the books and back: the run takes what the prices make, and settles what it learns later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.doing import at
from tests.support.running import Estate, Flat, faults
from tests.support.tariffs import area_of, item_of, tariff_of
from yihu.areas.billing.running.models import Finding
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.setting import billed_until, end_price, set_prices
from yihu.ground.estate.models import Party, Unit
from yihu.ground.estate.tenure import pass_title
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.kernel.doors import command, perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import run_waiting

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


@pytest.mark.clause("FEE-20", part="试算以后改了价格的，不能核对、出账，重新试算才行")
def test_a_price_that_was_changed_after_the_preview_is_drawn_up_anew(cast: Any) -> None:
    estate = Estate(cast, Flat(), homes=1)
    price = tariff_of(estate.property_fee)
    tariff_of(estate.water, "3.10", "meter", measure="吨", pricing="cost")
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    run = estate.draw()
    set_prices([_new(estate.property_fee, "2", date(2026, 12, 1))], by=cast.xiang)
    checked = estate.check(run)  # what holds from next month on is no concern of this one
    set_prices(
        [_new(estate.property_fee, "2.90", date(2026, 11, 10), to_on=date(2026, 11, 30), unit=cast.home)], by=cast.xiang
    )
    with pytest.raises(Refused, match="改了价格（物业服务费）"):
        perform(checked, "post", by=estate.accountant)
    assert not Charge.objects.exists()
    perform(estate.fresh(run), "redraw", by=estate.accountant)
    run_waiting()
    again = estate.fresh(run)
    end_price(Tariff.objects.get(item=estate.water), date(2026, 11, 5), "停收", by=cast.xiang)
    with pytest.raises(Refused, match="改了价格（代收水费）"):
        estate.check(again)
    perform(again, "redraw", by=estate.accountant)
    run_waiting()
    estate.post(estate.fresh(run))
    rows = Charge.objects.order_by("from_on").values_list("from_on", "to_on", "basis__tariff", "amount")
    mine = Tariff.objects.get(unit=cast.home)
    assert list(rows) == [  # 128.36 × 2.80 × 9/30 = 107.82; 128.36 × 2.90 × 21/30 = 260.57
        (date(2026, 11, 1), date(2026, 11, 9), price.pk, 10782), (date(2026, 11, 10), date(2026, 11, 30), mine.pk, 26057),
    ]  # fmt: skip
    assert faults() == []


def _left_out_of_october(cast: Any, missing: str) -> Estate:
    """A household that could not be billed for October, and what was wanting came after it."""
    estate = Estate(cast, Flat(), homes=2)
    tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(estate.units[1])
    if missing == "handed":
        area_of(cast.home)
        Unit.objects.filter(pk=cast.home.pk).update(handed_over_on=None)
    estate.post(estate.draw(month="2026-10-01", when=at("2026-10-25 10:00")))
    assert not Charge.objects.filter(unit=cast.home).exists()
    if missing == "handed":
        Unit.objects.filter(pk=cast.home.pk).update(handed_over_on=date(2026, 10, 1))
    else:
        area_of(cast.home, since=date(2026, 10, 1))
    return estate


def _of_october(cast: Any) -> list[int]:
    return list(Charge.objects.filter(unit=cast.home, from_on=date(2026, 10, 1)).values_list("amount", flat=True))


@pytest.mark.clause("FEE-20", part="没有出账的户，下月补收过的，重出那个月时不再出")
@pytest.mark.parametrize("missing", ["handed", "area"])
def test_what_the_next_month_made_up_for_is_not_billed_when_the_month_is_drawn_up_again(
    cast: Any, missing: str
) -> None:
    estate = _left_out_of_october(cast, missing)
    estate.post(estate.draw())
    assert _of_october(cast) == [35941]
    again = estate.draw(month="2026-10-01")
    assert (again.lines, list(Finding.objects.filter(run=again).values_list("kind", flat=True))) == (0, ["settled"])
    assert _of_october(cast) == [35941]
    assert faults() == []


@pytest.mark.clause("FEE-20", part="补收与重出同时在办，只出一次")
@pytest.mark.parametrize("first", ["2026-10-01", "2026-11-01"])
def test_two_runs_that_both_make_up_for_a_month_bill_it_once(cast: Any, first: str) -> None:
    """Both were drawn up before either was posted: the one that comes later leaves it out and says so."""
    estate = _left_out_of_october(cast, "area")
    runs = {month: estate.draw(month=month) for month in ("2026-10-01", "2026-11-01")}
    order = sorted(runs, key=lambda month: month != first)
    for month in order:
        estate.post(runs[month])
    assert _of_october(cast) == [35941]
    (said,) = Finding.objects.filter(run=runs[order[1]], kind="overlap")
    assert "是同一笔，没有再出" in said.words
    assert estate.draw(month="2026-12-01").lines == 2  # nothing is left to be made good
    assert faults() == []


def test_a_preview_that_was_drawn_up_before_prices_were_noted_goes_its_way(cast: Any) -> None:
    estate = Estate(cast, Flat(), homes=1)
    tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    run = estate.draw()
    run.figures.pop("prices")
    run.save(update_fields=["figures"])
    assert estate.post(estate.fresh(run)).state == "posted"


@pytest.mark.clause("FEE-20", part="正在出账、暂停在中途的，谁也不能改价格")
def test_no_price_changes_while_a_month_is_being_posted(cast: Any) -> None:
    estate = Estate(cast, Flat(), homes=1)
    price = tariff_of(estate.property_fee)
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    run = estate.check(estate.draw())
    perform(run, "post", by=estate.accountant)
    new = _new(estate.property_fee, "2", date(2026, 12, 1))
    with pytest.raises(Refused, match=f"{run.number} 正在出账"):
        set_prices([new], by=cast.xiang)
    perform(estate.fresh(run), "stop", by=estate.accountant)
    with pytest.raises(Refused, match="暂停在出账中途"):
        end_price(price, date(2026, 12, 31), "停收", by=cast.xiang)
    perform(estate.fresh(run), "resume", by=estate.accountant)
    run_waiting()
    assert estate.fresh(run).state == "posted"
    set_prices([new], by=cast.xiang)
    price.refresh_from_db()
    assert price.to_on == date(2026, 11, 30)


def test_a_run_of_some_items_heeds_the_prices_of_those_alone(cast: Any) -> None:
    estate = Estate(cast, Flat(), homes=1)
    tariff_of(estate.property_fee)
    parking = item_of(cast.yunqi, "CW", "车位使用费")
    tariff_of(parking, "280", "fixed")
    Unit.objects.update(handed_over_on=date(2025, 1, 1))
    area_of(cast.home)
    run = estate.draw(items=[parking.pk])
    set_prices([_new(estate.property_fee, "2", date(2026, 11, 10))], by=cast.xiang)
    assert estate.post(run).lines_posted == 1


def _new(item: FeeItem, price: str, since: date, **more: Any) -> Tariff:
    facts = {"kind": "area_gross", "document": "合同", **more}
    return Tariff(community=item.community, item=item, price=Decimal(price), from_on=since, **facts)
