"""公摊 where two things meet: rules that follow each other, a contract that changes, corrections beside each other, odd 分."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.support.doing import at
from tests.support.meters import Readers, meter
from tests.support.sharing import Sharers
from yihu.areas.billing.reckoned import SOURCES, Reckoned
from yihu.areas.billing.sharing.models import PoolMonth, SharePool, Term
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy, Party, UnitArea
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.jobs.runner import run_waiting

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
NOON = "2026-12-21 12:00"


@pytest.fixture
def office(cast: Any) -> Sharers:
    sharers = Sharers(cast)
    assert len(sharers.homes) == 3
    return sharers


def included_from(office: Sharers, day: date) -> None:
    Term.objects.create(community=office.cast.yunqi, from_on=day, energy="included", clause="补充协议第三条")


# Pools


def test_a_new_rule_does_not_reach_into_a_month_that_was_reckoned_by_the_old_one(office: Sharers) -> None:
    old = office.pool()
    office.fill(office.month(old, "2026-12-01"))
    with pytest.raises(Refused, match="已经按原方案算了 2026年12月，新方案请从以后的月份起"):
        office.step(office.draft(from_on="2026-12-01", method="area"), "agree", office.cast.xiang)
    old.refresh_from_db()
    assert (old.state, old.to_on) == ("in_force", None)


def test_a_draft_is_put_right_or_withdrawn_and_what_is_agreed_to_is_not(office: Sharers) -> None:
    gao, why = office.cast.gao, {"reason": "重新起草"}
    said = office.drafting(name="A1栋门厅灯", method="area")
    pool = perform(office.draft(), "amend", by=gao, data=said, at=at(NOON))
    assert (pool.name, pool.method, pool.state) == ("A1栋门厅灯", "area", "draft")
    pool = office.step(pool, "agree", office.cast.xiang)
    with pytest.raises(Refused, match="方案已经批准，不能撤回"):
        perform(pool, "withdraw", by=authority().system(), data=why)
    perform(office.draft(name="又一个"), "withdraw", by=gao, data=why)
    assert SharePool.objects.get(name="又一个").closed_as


def test_one_item_for_shares_stands_in_the_form_and_of_two_one_is_chosen(office: Sharers, sign_in: Any) -> None:
    def chosen() -> Any:
        return (
            sign_in(office.cast.gao)
            .get(reverse("kernel:new", args=["share-pools"]))
            .context["form"]
            .initial.get("item")
        )

    item = office.item
    assert chosen() == item.pk
    FeeItem.objects.create(
        community=office.cast.yunqi, code="GTS", name="公摊水费", nature="pass_through", legal_class="essential"
    )
    assert chosen() is None


# Months


def test_the_contract_is_asked_at_each_step(office: Sharers) -> None:
    """What the contract includes from December on is not shared from December on, whatever was typed before."""
    pool = office.pool()
    month = office.fill(office.month(pool))
    december = office.fill(office.month(pool, "2026-12-01"))
    included_from(office, date(2026, 12, 1))
    with pytest.raises(Invalid, match="不能再出公摊账单"):
        office.month(pool, "2027-01-01")
    with pytest.raises(Refused, match="补充协议第三条"):
        office.step(december, "check", office.head)
    assert office.step(month, "check", office.head).state == "approved"


def test_a_month_is_not_withdrawn_and_hangs_before_that_is_written_down(office: Sharers) -> None:
    month = office.month(office.pool())
    with pytest.raises(Refused, match="公摊账不能撤回；不要这个月的，请按“作废”"):
        perform(month, "withdraw", by=office.accountant, data={"reason": "不要了"})
    month = office.step(office.fill(month), "check", office.head)
    with pytest.raises(Invalid, match="贴出来以后再登记公示"):
        office.step(month, "publish", office.accountant, posted_where="公告栏", posted_from="2026-11-22",
                    posted_to="2026-12-06")  # fmt: skip


def test_what_was_typed_over_the_meter_s_figure_stands_when_it_is_sent_back(
    cast: Any, office: Sharers, sign_in: Any
) -> None:
    readers, place = Readers(cast), {"scope": "building", "building": cast.home.building}
    master = meter(None, "power", "D-1", "0", community=cast.yunqi, **place)
    readers.months(master, "400", last=NOVEMBER)
    month = office.month(office.pool(origin="meter", meter=master.pk, measure="度"))
    month = office.fill(month, total="410", subs="10", price="0.6")
    month = office.step(month, "send_back", office.head, opinion="再看看总表")
    page = sign_in(office.accountant).get(f"{month.get_absolute_url()}do/fill/").content.decode()
    assert 'name="total" value="410' in page
    assert 'name="total" value="400' not in page


def test_the_page_says_what_was_taken_off_the_invoice_and_shows_the_parts_once_there_are_some(
    office: Sharers, sign_in: Any
) -> None:
    month, client = office.month(office.pool()), sign_in(office.accountant)
    assert "各户分摊" not in client.get(month.get_absolute_url()).content.decode()
    office.fill(month)
    page = client.get(month.get_absolute_url()).content.decode()
    assert "供应方账单 1,000.00 元" in page
    assert "= 1,000.00 元" not in page  # what is one thing is said once
    office.step(month, "send_back", office.head, opinion="还有基站的电")
    office.fill(month, less_fen="100", why_less="基站用电")
    page = client.get(month.get_absolute_url()).content.decode()
    assert "各户分摊（3 户）" in page
    assert "供应方账单 1,000.00 元 − 基站用电 100.00 元 = 900.00 元" in page


def test_by_area_asks_for_the_area_of_whoever_has_only_a_net_one(office: Sharers) -> None:
    pool = office.pool(method="area")
    areas = UnitArea.objects.filter(unit=office.homes[2])
    areas.update(gross_area=None, net_area="82.50")
    with pytest.raises(Invalid, match="A1-1-1101 没有登记面积"):
        office.fill(office.month(pool))
    areas.update(billing_area="90")
    assert [share.base for share in office.fill(PoolMonth.objects.get()).shares.order_by("pk")] == ["100", "100", "90"]


def test_a_part_of_one_fen_is_not_asked_of_two_people(office: Sharers) -> None:
    home, rest = office.homes[0], office.homes[1:]
    for unit in rest:
        Occupancy.objects.create(unit=unit, party=office.cast.owner, role="owner", from_on=date(2020, 1, 1))
    new = Party.objects.create(community=office.cast.yunqi, name="新业主")
    Occupancy.objects.filter(unit=home).update(to_on=date(2026, 11, 20))
    Occupancy.objects.create(unit=home, party=new, role="owner", from_on=date(2026, 11, 21))
    office.published(office.fill(office.month(office.pool()), invoice_fen="0.03"))
    found = SOURCES["sharing"].reckon(office.cast.yunqi.pk, NOVEMBER, [unit.pk for unit in office.homes])
    lines = [(one.unit, one.party, one.amount) for one in found if isinstance(one, Reckoned)]
    assert lines == [(unit.pk, office.cast.owner.pk, 1) for unit in office.homes]


# Corrections


def test_a_correction_that_hangs_already_is_the_one_at_a_time(office: Sharers) -> None:
    """Between its publication and the moment in which it takes the place of the old sheet a second one would count for nothing."""
    was = office.published(office.fill(office.month(office.pool())))

    def correction() -> PoolMonth:
        data = {"corrects": was.pk, "why_corrected": "供应方补来账单"}
        fresh = PoolMonth(community=office.cast.yunqi)
        made: PoolMonth = open_record(fresh, by=office.accountant, data=data, origin=was, at=at(NOON))
        return made

    first = office.step(office.fill(correction(), invoice_fen="1300"), "check", office.head, when=NOON)
    office.step(first, "publish", office.accountant, when=NOON, posted_where="公告栏", posted_from="2026-12-21",
                posted_to="2027-01-05")  # fmt: skip
    with pytest.raises(Invalid, match=f"已经有一份更正在办：{first.number}（已公示）"):
        correction()
    run_waiting(now=at(NOON))
    was.refresh_from_db()
    assert (was.state, was.live, PoolMonth.objects.get(live=True)) == ("corrected", False, first)
