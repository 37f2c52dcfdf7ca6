"""Pricing, billing, collecting, reversing and the books: never in one hand, neither by posts, nor by standing in, nor by ticks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from yihu.ground.staff import acts
from yihu.ground.staff.apart import APART
from yihu.ground.staff.default_grants import CAPABILITIES
from yihu.ground.staff.models import Deputy, Grant, Post
from yihu.kernel.errors import Refused

pytestmark = pytest.mark.django_db
SOON, LATER = timedelta(days=10), timedelta(days=20)


def give(cast: Any, person: Any, code: str, from_on: date | None = None, to_on: date | None = None, **more: Any) -> Any:
    cast.person("guan", "管系统", "sysadmin")
    admin = cast.person("guan", "管系统", "sysadmin", community=cast.qinghe)
    place = more.pop("community", cast.yunqi)
    return acts.give_post(person, place, code, by=admin, from_on=from_on or timezone.localdate(), to_on=to_on, **more)


@pytest.mark.parametrize(
    ("has", "gets", "both"),
    [
        ("cashier", "accountant", "出账和收款"), ("fee_collector", "finance_supervisor", "收款和冲销"),
        ("accountant", "finance_supervisor", "出账和冲销"), ("project_manager", "accountant", "定价和出账"),
        ("project_manager", "cashier", "定价和收款"),
    ],
)  # fmt: skip
def test_two_posts_that_must_be_apart_are_not_one_persons(cast: Any, has: str, gets: str, both: str) -> None:
    person = cast.person("qian", "钱某", has)
    with pytest.raises(Refused, match=f"{both}不能由同一个人办（会计法第三十五条"):
        give(cast, person, gets)
    assert Post.objects.filter(account=person).count() == 1
    assert give(cast, person, gets, community=cast.qinghe)  # another office's money is another office's


def test_who_collects_may_hold_both_tills_and_who_has_left_one_may_take_the_other(cast: Any) -> None:
    person = cast.person("qian", "钱某", "fee_collector")
    assert give(cast, person, "cashier")
    today = timezone.localdate()
    Post.objects.filter(account=person).update(to_on=today + SOON)
    with pytest.raises(Refused, match="收款"):
        give(cast, person, "accountant", from_on=today + SOON)
    assert give(cast, person, "accountant", from_on=today + SOON + timedelta(days=1))


def test_nobody_stands_in_for_what_he_must_be_apart_from(cast: Any, sign_in: Any) -> None:
    accountant, cashier = cast.person("zhang", "张会计", "accountant"), cast.person("qian", "钱出纳", "cashier")
    other = cast.person("he", "何会计", "accountant")
    admin, today = cast.person("guan", "管系统", "sysadmin"), timezone.localdate()
    typed = {"stand_in": cashier.pk, "from_on": today, "to_on": today + SOON}
    page = sign_in(admin).post(f"/staff/{accountant.pk}/deputy/", typed)
    assert page.status_code == 409
    assert "钱出纳 是云栖苑的出纳，不能代张会计的会计" in page.content.decode()
    assert acts.appoint_deputy(accountant, other, by=admin, from_on=today, to_on=today + SOON)
    Deputy.objects.create(absent=other, stand_in=cast.chen, from_on=today, to_on=today + SOON)
    with pytest.raises(Refused, match="会计（代理）"):  # while he stands in, he gets no till either
        give(cast, cast.chen, "cashier")
    assert give(cast, cast.chen, "cashier", from_on=today + LATER)


def test_no_tick_brings_together_what_posts_keep_apart(cast: Any) -> None:
    cast.person("qian", "钱出纳", "cashier")
    both = cast.person("sun", "孙某", "cashier", "receptionist")
    admin = cast.person("guan", "管系统", "sysadmin")
    with pytest.raises(Refused, match="出纳一个岗位不能又有出账和收款的权限"):
        acts.set_grants("cashier", cast.yunqi, add={"ledger.bill"}, remove=set(), by=admin)
    with pytest.raises(Refused, match=r"孙某 在云栖苑是.*出账和收款在一个人手里"):
        acts.set_grants("receptionist", cast.yunqi, add={"ledger.bill"}, remove=set(), by=admin)
    assert not Grant.objects.filter(post_code__in=("cashier", "receptionist"), capability="ledger.bill").exists()
    Post.objects.filter(account=both, code="receptionist").delete()
    acts.set_grants("receptionist", cast.yunqi, add={"ledger.bill"}, remove=set(), by=admin)


def test_the_table_of_the_first_day_keeps_them_apart_itself() -> None:
    posts = {one.code: set(one.posts) for one in CAPABILITIES}
    for one, other in APART:
        if "ledger.books" not in (one, other):
            assert not posts[one] & posts[other], (one, other)
    assert not posts["ledger.collect"] & posts["ledger.books"]
