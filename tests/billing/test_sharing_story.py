"""公摊: a pool is drafted and agreed to by two people, its month typed in and checked by two others, published, printed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.doing import at, photo
from tests.support.sharing import Sharers
from tests.support.sheets import text_of
from yihu.areas.billing.sharing.models import PoolMonth, SharePool, Term
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Sharers:
    sharers = Sharers(cast)
    assert len(sharers.homes) == 3
    return sharers


def amounts(month: Any) -> list[int]:
    return list(month.shares.order_by("unit__sort_key").values_list("amount", flat=True))


@pytest.mark.clause("FEE-13")
def test_the_month_is_typed_checked_by_another_and_hangs_on_the_wall(office: Sharers, sign_in: Any) -> None:
    month = office.fill(office.month(office.pool()), total="1250", less_fen="0", why_less="")
    assert (month.state, month.amount_fen, amounts(month)) == ("reckoned", 100_000, [33_334, 33_333, 33_333])
    for person in (office.accountant, office.cast.xiang):
        with pytest.raises(NotAllowed):
            office.step(month, "check", person)
    month = office.published(month)
    assert (month.state, month.approved_by) == ("published", office.head)
    page = sign_in(office.cast.wang).get(month.get_absolute_url()).content.decode()
    for said in ("333.34", "平均 0.8 元/度", "1,250度", "按户", "合同第十二条", "333.333333 元"):
        assert said in page
    print_ = procedure_of(PoolMonth).prints[0]
    wall = text_of(render(print_, month, office.cast.wang, now=at("2026-11-21 13:00")))
    for said in ("公摊公示表", "A1-1-0101", "333.34", "按户", "最大的户", "壹仟元整"):
        assert said in wall
    assert "赵业主" not in wall


def test_a_pool_by_its_master_meter(office: Sharers) -> None:
    pool = office.pool(origin="meter", method="lift", name="A1栋电梯电", first_floor_free="on")
    figures = {
        "total": "1203.4",
        "subs": "900",
        "other": "100.2",
        "difference": "-3.2",
        "why_different": "上月多摊",
        "price": "0.92",
    }
    month = office.fill(office.month(pool), **figures)
    assert (month.amount_fen, amounts(month)) == (
        18_400,
        [8492, 9908],
    )  # 184.00 by 1.2 and 1.4, the first floor is spared
    with pytest.raises(Invalid, match="写明原因"):
        office.fill(month, **{**figures, "why_different": ""})
    with pytest.raises(Invalid, match="比总表还多"):
        office.fill(month, **{**figures, "subs": "1300"})


@pytest.mark.clause("FEE-13", part="包干制且能耗已含的，不能有公摊账单")
def test_where_the_contract_includes_energy_no_share_may_exist(office: Sharers) -> None:
    drafted = office.draft()
    month = office.month(office.pool(name="别的"))
    Term.objects.update(energy="included")
    with pytest.raises(Invalid, match="包干制，公共能耗已含在物业费里"):
        office.draft(name="又一个")
    with pytest.raises(Refused, match="不能再出公摊账单"):
        office.step(drafted, "agree", office.cast.xiang)
    with pytest.raises(Invalid, match="不能再出公摊账单"):
        office.fill(month)
    Term.objects.all().delete()
    with pytest.raises(Invalid, match="还没有登记物业服务合同"):
        office.draft(name="又一个")


def test_who_drafted_a_pool_does_not_agree_to_it(office: Sharers) -> None:
    cast = office.cast
    cast.appoint(cast.gao, "project_manager", cast.yunqi)
    pool = office.draft()
    with pytest.raises(NotAllowed):
        office.step(pool, "agree", cast.gao)
    assert office.step(pool, "agree", cast.xiang).state == "in_force"


@pytest.mark.clause("FEE-13", part="录入的人不能审核自己算的公摊账")
def test_who_filled_a_month_in_does_not_check_it_even_with_both_posts(office: Sharers) -> None:
    office.cast.appoint(office.accountant, "finance_supervisor", office.cast.yunqi)
    month = office.fill(office.month(office.pool()))
    with pytest.raises(NotAllowed):
        office.step(month, "check", office.accountant)
    assert office.step(month, "check", office.head).state == "approved"


def test_a_new_rule_of_the_same_name_follows_the_old_one(office: Sharers) -> None:
    old = office.pool()
    month = office.fill(office.month(old))
    late = office.draft(from_on="2026-11-15")
    with pytest.raises(Refused, match="要晚于那个月"):
        office.step(late, "agree", office.cast.xiang)
    new = office.pool(from_on="2026-12-09", method="area")
    old.refresh_from_db()
    assert (old.state, old.to_on, new.from_on) == ("ended", date(2026, 11, 30), date(2026, 12, 1))
    with pytest.raises(Invalid, match="没有生效"):
        office.month(old, "2026-12-01")
    assert office.step(month, "check", office.head).state == "approved"


def test_one_month_of_a_pool_stands_once(office: Sharers) -> None:
    pool = office.pool()
    month = office.month(pool)
    with pytest.raises(Invalid, match="这个月已经有"):
        office.month(pool)
    office.step(month, "void", office.head, opinion="重复")
    assert office.month(pool).state == "due"


def test_what_changed_after_the_reckoning_is_reckoned_again(office: Sharers) -> None:
    month = office.fill(office.month(office.pool(vacant_percent="50")))
    assert amounts(month) == [33_334, 33_333, 33_333]
    unit = office.homes[2]
    type(unit).objects.filter(pk=unit.pk).update(use="vacant")
    with pytest.raises(Conflict, match="重新计算"):
        office.step(month, "check", office.head)
    month = office.step(month, "send_back", office.head, opinion="有一户空了")
    assert amounts(office.fill(month)) == [40_000, 40_000, 20_000]


def test_an_invoice_needs_its_scan_and_says_what_was_taken_off(office: Sharers) -> None:
    month = office.month(office.pool())
    typed = {"from_on": "2026-11-01", "to_on": "2026-11-30", "invoice_fen": "1000", "invoice_no": "D-1"}
    with pytest.raises(Invalid, match="扫描件"):
        office.step(month, "fill", office.accountant, **typed)
    with pytest.raises(Invalid, match="扣除的是什么"):
        office.fill(month, less_fen="100")
    with pytest.raises(Invalid, match="还多"):
        office.fill(month, less_fen="1000.01", why_less="基站")
    with pytest.raises(Invalid, match="是零"):
        office.fill(month, less_fen="1000", why_less="基站")
    month = office.fill(month, less_fen="100", why_less="基站用电")
    assert (month.amount_fen, amounts(month)) == (90_000, [30_000] * 3)


def test_agreed_parts_are_read_line_by_line(office: Sharers) -> None:
    with pytest.raises(Invalid, match="没有找到这一户"):
        office.draft(method="fixed", agreed_parts="A1-1-0101 1\nA9-1-0101 1")
    with pytest.raises(Invalid, match="写了两次"):
        office.draft(method="fixed", agreed_parts="A1-1-0101 1\nA1-1-0101 2")
    pool = office.pool(method="fixed", agreed_parts="A1-1-0101 1.5\nA1-1-1101：1")
    month = office.fill(office.month(pool), invoice_fen="250")
    assert amounts(month) == [15_000, 10_000]


def test_the_scope_may_be_an_entrance_or_a_class_of_use(office: Sharers) -> None:
    shop = office.cast.unit("0102", entrance="2")
    type(shop).objects.filter(pk=shop.pk).update(kind="shop")
    only_shops = office.fill(office.month(office.pool(scope="community", unit_kind="shop", name="商铺")))
    assert [share.unit for share in only_shops.shares.all()] == [shop]
    first = office.fill(office.month(office.pool(scope="entrance", entrance="1", name="一单元")))
    assert first.shares.count() == 3
    with pytest.raises(Invalid, match="哪个单元"):
        office.draft(scope="entrance", name="无")


def test_each_pool_gets_its_month_from_the_twentieth_on_and_only_once(office: Sharers) -> None:
    office.pool()
    assert come_round(at("2026-11-19 23:00"), only="share-month") == []
    (month,) = come_round(at("2026-11-20 00:10"), only="share-month")
    assert (month.month, month.state) == (date(2026, 11, 1), "due")
    assert f"{month.due_at:%Y-%m-%d}" == "2026-11-23"
    assert come_round(at("2026-11-24 00:10"), only="share-month") == []


def test_a_published_month_and_an_agreed_pool_are_not_withdrawn(office: Sharers) -> None:
    month = office.published(office.fill(office.month(office.pool())))
    assert SharePool.objects.get().state == "in_force"
    for record, step in ((month, "void"), (month, "fill")):
        with pytest.raises(Conflict):
            office.step(record, step, office.head, opinion="x", files={"scan": [photo()]})
