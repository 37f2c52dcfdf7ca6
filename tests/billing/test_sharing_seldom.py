"""公摊 at its edges: what may not be typed, who lives where, what is taken back, sent back and thrown away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.support.meters import Readers, meter
from tests.support.sharing import Sharers
from tests.support.sheets import text_of
from yihu.areas.billing.meters.rounds import open_round
from yihu.areas.billing.reckoned import SOURCES
from yihu.areas.billing.sharing.models import PoolMonth, SharePool, Term
from yihu.basics.months import Month
from yihu.ground.estate.models import Cluster, Occupancy, Party
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


@pytest.fixture
def office(cast: Any) -> Sharers:
    sharers = Sharers(cast)
    assert len(sharers.homes) == 3
    return sharers


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"method": "usage"}, "请选按哪种表的用量"),
        ({"origin": "meter", "measure": ""}, "计量单位"),
        ({"scope": "cluster"}, "请选是哪个组团"),
        ({"scope": "building", "building": ""}, "请选是哪一栋"),
        ({"method": "fixed", "agreed_parts": ""}, "请写明各户的份数"),
        ({"method": "fixed", "agreed_parts": "1.5"}, "没有找到这一户"),
        ({"method": "fixed", "agreed_parts": "A1-1-0101 零"}, "大于零的数"),
        ({"method": "fixed", "agreed_parts": "。。。 1"}, "没有找到这一户"),
    ],
)
def test_what_a_pool_lacks_is_said(office: Sharers, typed: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        office.draft(**typed)


def test_agreed_parts_may_name_a_unit_as_people_say_it(office: Sharers) -> None:
    pool = office.pool(method="fixed", agreed_parts="A1栋1单元101 1\n0601 2")
    assert pool.parts == {str(office.homes[0].pk): "1", str(office.homes[1].pk): "2"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"to_on": "2026-10-31"}, "费用期的止不能早于起"),
        ({"total": "400", "subs": "200", "other": "-1", "price": "0.6"}, "其它用量不能是负数"),
    ],
)
def test_what_a_month_may_not_say_is_said(office: Sharers, typed: dict[str, Any], said: str) -> None:
    more = {"origin": "meter"} if "price" in typed else {}
    month = office.month(office.pool(**more))
    with pytest.raises(Invalid, match=said):
        office.fill(month, **typed)


def test_a_month_needs_a_pool_and_hangs_in_order(office: Sharers) -> None:
    fresh = PoolMonth(community=office.cast.yunqi)
    for pool in ("", "9" * 30, "x"):
        with pytest.raises(Invalid):
            open_record(fresh, by=office.accountant, data={"pool": pool, "month": "2026-11-01"})
    month = office.step(office.fill(office.month(office.pool())), "check", office.head)
    days = {"posted_where": "公告栏", "posted_from": "2026-11-21", "posted_to": "2026-11-20"}
    with pytest.raises(Invalid, match="公示的止不能早于起"):
        office.step(month, "publish", office.accountant, **days)


def test_a_pool_ends_not_before_it_begins(office: Sharers) -> None:
    pool = office.pool()
    with pytest.raises(Invalid, match="才开始用"):
        office.step(pool, "end", office.cast.xiang, to_on="2026-10-31", opinion="停")


def test_a_new_rule_must_be_later_than_the_old_one(office: Sharers) -> None:
    office.pool()
    with pytest.raises(Refused, match="新方案要晚于那个月"):
        office.step(office.draft(from_on="2026-10-01"), "agree", office.cast.xiang)


def test_what_is_sent_back_thrown_away_or_unchecked_goes_to_who_may_mend_it(office: Sharers) -> None:
    assert office.step(office.draft(), "refuse", office.cast.xiang, opinion="先议事").state == SharePool.State.REFUSED
    month = office.step(office.fill(office.month(office.pool(name="二"))), "check", office.head)
    month = office.step(month, "send_back", office.head, opinion="单价错")
    assert (month.state, month.approved_by) == ("due", None)
    assert not office.step(month, "void", office.head, opinion="不摊了").live


def test_by_heads_counts_who_lives_there(office: Sharers) -> None:
    """The lessee where it is let, else the owner; residents always; a company is nobody's head."""
    owned, let, empty = office.homes
    type(let).objects.filter(pk=let.pk).update(use="let")
    said = [
        (owned, "resident", "person"),
        (let, "owner", "person"),
        (let, "lessee", "person"),
        (let, "lessee", "person"),
    ]
    for at_, (unit, role, kind) in enumerate([*said, (empty, "owner", "company")]):
        party = Party.objects.create(community=office.cast.yunqi, name=f"住户{at_}", kind=kind)
        Occupancy.objects.create(unit=unit, party=party, role=role, from_on=date(2020, 1, 1))
    month = office.fill(office.month(office.pool(method="heads", name="二次供水")))
    assert [share.amount for share in month.shares.order_by("unit__sort_key")] == [50_000, 50_000]
    assert str(month.shares.get(unit=let)) == f"{let} 500.00"


def test_a_cluster_shares_by_area_of_which_only_the_gross_is_known(office: Sharers) -> None:
    cluster = Cluster.objects.create(community=office.cast.yunqi, code="Z", name="一期")
    type(office.homes[0]).objects.filter(pk__in=[one.pk for one in office.homes[:2]]).update(cluster=cluster)
    month = office.fill(office.month(office.pool(scope="cluster", cluster=cluster.pk, method="area", name="路灯")))
    assert [share.amount for share in month.shares.all()] == [50_000, 50_000]


def test_the_wall_says_how_the_meter_s_sum_came_about(office: Sharers) -> None:
    figures = {"total": "1203.4", "subs": "900", "other": "100.2", "difference": "-3.2", "why_different": "上月多摊"}
    month = office.fill(office.month(office.pool(origin="meter")), price="0.5", **figures)
    wall = text_of(render(procedure_of(PoolMonth).prints[0], office.published(month), office.accountant))
    assert "总表1,203.4−分表900−其它100.2−差额3.2（上月多摊）=200度；200度×0.5元=100.00元" in wall


def test_the_lists_say_what_is_due_when_and_how_much(office: Sharers, sign_in: Any) -> None:
    pool = office.pool(due_months=3)
    office.fill(office.month(pool))
    client = sign_in(office.accountant)
    assert "出账后第 3 个月 10 日" in client.get(pool.get_absolute_url()).content.decode()
    assert "1,000.00" in client.get(reverse("kernel:list", args=["share-months"]), {"tab": "all"}).content.decode()
    assert str(Term.objects.get()) == "2020-01-01 起"


def test_a_master_that_nobody_read_leaves_the_form_empty(cast: Any, office: Sharers, sign_in: Any) -> None:
    Readers(cast)
    place = {"scope": "building", "building": cast.home.building}
    master = meter(None, "power", "D-1", "0", community=cast.yunqi, **place)
    open_round(cast.yunqi.pk, NOVEMBER)
    month = office.month(office.pool(origin="meter", meter=master.pk))
    page = sign_in(office.accountant).get(f"{month.get_absolute_url()}do/fill/").content.decode()
    assert 'name="total" value' not in page


def test_where_energy_is_included_a_pool_that_stood_before_is_said(office: Sharers) -> None:
    office.published(office.fill(office.month(office.pool())))
    units = [unit.pk for unit in office.homes]
    assert len(list(SOURCES["sharing"].reckon(office.cast.yunqi.pk, NOVEMBER, units))) == 3
    assert list(SOURCES["sharing"].reckon(office.cast.yunqi.pk, Month(2026, 8), units)) == []
