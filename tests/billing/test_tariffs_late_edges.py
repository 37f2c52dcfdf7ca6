"""A developer entered late, at its edges: what is old or was billed to nobody, one cluster of several, others who were quicker."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.billing.test_tariffs_agreements import draft
from tests.billing.test_tariffs_correcting import billed, reckon
from tests.billing.test_tariffs_late_entry import approve, builder, first_of, late, months_ago, post
from tests.ledger.conftest import Office
from tests.support.tariffs import household, stay_of, tariff_of
from yihu.areas.billing.tariffs.models import Developer, PayerChange
from yihu.basics.months import Month
from yihu.ground.estate.models import Cluster, Unit
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def asked(browser: Any, **said: Any) -> str:
    """The form as the list of developers leads to it."""
    page = browser.get(reverse("kernel:new", args=["payer-changes"]), said)
    assert page.status_code == 200
    return str(page.content.decode())


def test_the_form_says_what_it_concerns_as_far_as_the_days_make_sense(cast: Any, office: Office, sign_in: Any) -> None:
    tariff_of(office.property_fee)
    home, month = household(cast, "0201", handed=None), months_ago(1)
    first_of(cast)
    billed(office, month, home)
    now, browser = builder(cast, "新置业"), sign_in(cast.xiang)
    assert "影响已经出的账单 1 笔" in asked(browser, party=now.pk, from_on=f"{month.first}")
    assert "影响" not in asked(browser, party=now.pk, from_on="去年")
    assert "影响" not in asked(browser, party=now.pk, from_on=f"{month.last}", to_on=f"{month.first}")


def test_what_was_billed_to_nobody_and_what_is_old_is_said(cast: Any, office: Office, sign_in: Any) -> None:
    tariff_of(office.property_fee, from_on=date(2020, 1, 1))
    empty, neighbour = household(cast, "0201", handed=None), household(cast, "0202", handed=date(2020, 1, 1))
    Unit.objects.filter(pk=cast.home.pk).update(handed_over_on=date(2020, 1, 1))
    old, last = months_ago(14), months_ago(1)
    was, now = builder(cast, "云栖置业"), builder(cast, "新置业")
    one = Developer.objects.create(community=cast.yunqi, party=was, from_on=old.first, to_on=old.last)
    for month in (old, last):
        billed(office, month, empty, neighbour)
    one.delete()
    page = asked(sign_in(cast.xiang), party=now.pk, from_on=f"{old.first}")
    assert "影响已经出的账单 1 笔、359.41 元（1 个月的，" in page
    assert "当时没有付款人、没有出账的 1 户" in page


def test_a_cluster_s_developer_concerns_its_units_alone(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    here, between, there = (household(cast, room, handed=None) for room in ("0201", "0202", "0203"))
    other = Cluster.objects.create(community=cast.yunqi, code="B", name="B组团")
    Unit.objects.filter(pk=there.pk).update(cluster=other)
    first_of(cast)
    billed(office, OCTOBER, here, between, there)
    change = late(cast, builder(cast, "新置业"), cluster=here.cluster_id)
    touched = [line.charge for line in change.lines.order_by("charge__unit")]
    assert [str(line) for line in change.lines.order_by("charge__unit")] == [str(one) for one in touched]
    assert [one.unit for one in touched] == [here, between]
    approve(cast, change, office.head)
    assert {one.unit for one in reckon("corrections", NOVEMBER, here, there)} == {here.pk}


def test_somebody_else_was_entered_for_later_days_meanwhile(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, was = household(cast, "0201", handed=None), first_of(cast)
    Developer.objects.update(to_on=date(2026, 12, 31))
    billed(office, OCTOBER, home)
    change = late(cast, builder(cast, "新置业"))
    Developer.objects.create(community=cast.yunqi, party=builder(cast, "远见置业"), from_on=date(2027, 1, 1))
    with pytest.raises(Refused, match="刚刚登记了别的开发商"):
        approve(cast, change, office.head)
    assert Developer.objects.get(party=was).to_on == date(2026, 12, 31)
    assert PayerChange.objects.get().state == "asked"


def test_a_shared_cost_of_days_that_were_the_owner_s_stays_his(cast: Any, office: Office) -> None:
    home, handed = household(cast, "0201", handed=None), household(cast, "0202", handed=date(2026, 10, 5))
    was, now, pool = first_of(cast), builder(cast, "新置业"), office.item("GT", "公摊电费")
    owner = handed.occupancies.get().party_id
    office.charge(1001, 10, pool, party=was.pk, unit=home.pk, part="电梯", basis={"month": "GT-1", "pool": 1})
    office.charge(
        700, 10, pool, party=owner, unit=handed.pk, part="电梯", basis={"month": "GT-1", "pool": 1}, from_on=date(2026, 10, 10)
    )  # fmt: skip
    change = late(cast, now)
    assert change.bills == 1
    approve(cast, change, office.head)
    assert {one.unit for one in reckon("corrections", NOVEMBER, home, handed)} == {home.pk}


def test_a_last_day_that_concerns_no_bill_is_moved(cast: Any, office: Office, sign_in: Any) -> None:
    first_of(cast)
    Developer.objects.update(to_on=date(2026, 9, 30))
    one, browser = Developer.objects.get(), sign_in(cast.xiang)
    edit = reverse("tariffs:edit_developer", args=[one.pk])
    assert browser.post(edit, {"to_on": "2026-12-31", "key": "a"}).status_code == 302
    one.refresh_from_db()
    assert one.to_on == date(2026, 12, 31)
    wrong = {"party": one.party_id, "from_on": "去年", "key": "b"}
    assert browser.post(reverse("tariffs:new_developer"), wrong).status_code == 422


def test_that_the_lessee_pays_puts_every_item_right(cast: Any, office: Office, sign_in: Any) -> None:
    for item, price in ((office.property_fee, "1"), (office.item("DT", "电梯维护费"), "2")):
        tariff_of(item, price)
    home, month = household(cast, "0201", area="100"), months_ago(1)
    stay_of(home, "拾光设计", "lessee", date(2025, 1, 1))
    post(office, reckon("tariffs", month, home))
    coming = draft(cast, home, "payer", from_on="2099-01-01")
    one, browser = draft(cast, home, "payer", from_on=f"{month.first}"), sign_in(cast.xiang)
    assert "下面 2 笔、300.00 元的差额" in browser.get(one.get_absolute_url()).content.decode()
    assert "会更正的账单" not in browser.get(coming.get_absolute_url()).content.decode()
    perform(one, "approve", by=cast.xiang)
    assert "会更正的账单" not in browser.get(one.get_absolute_url()).content.decode()
