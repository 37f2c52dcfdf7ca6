"""What stands around every page, and for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from yihu.config.navigation import drawn
from yihu.kernel.messages import tell

pytestmark = pytest.mark.django_db


def test_the_frame_names_the_person_the_place_and_where_one_is(page_as: Any, cast: Any) -> None:
    page = page_as(cast.wang, "/reception/")
    assert "王客服" in page
    assert "云栖苑" in page
    assert page.count('aria-current="page"') >= 2  # in the side navigation and in the tab bar
    assert 'href="/reception/new/" data-key="n"' in page


def test_people_are_only_led_to_pages_that_open_for_them(page_as: Any, cast: Any) -> None:
    admin = cast.person("admin", "管理员", "sysadmin")
    assert 'href="/staff/"' not in page_as(cast.wang, "/reception/")
    assert 'href="/staff/"' in page_as(admin, "/reception/")


def test_the_thumb_of_who_handles_money_reaches_the_till_first(page_as: Any, cast: Any) -> None:
    collector = cast.person("shou", "寿收费", "fee_collector")
    bar = page_as(collector, "/").partition('class="tabbar"')[2].partition("<details")[0]
    assert 'href="/cashier/"' in bar
    bar = page_as(cast.wang, "/").partition('class="tabbar"')[2].partition("<details")[0]
    assert 'href="/reception/"' in bar
    assert 'href="/cashier/"' not in bar


def test_a_register_stands_in_the_navigation_of_those_whose_work_it_is(page_as: Any, cast: Any) -> None:
    admin = cast.person("admin", "管理员", "sysadmin")
    for person, there, away in (
        (cast.wang, ("reception", "matters", "needs", "desk-checks", "praises"), ()),
        (cast.chen, ("reception", "repairs", "dispatch/day"), ("praises", "desk-checks", "warranty", "talks")),
        (admin, (), ("reception", "repairs", "praises", "needs")),
    ):
        side = page_as(person, "/").partition('class="side"')[2].partition("</nav>")[0]
        assert [slug for slug in there if f'href="/{slug}/"' not in side] == []
        assert [slug for slug in away if f'href="/{slug}/"' in side] == []


def test_what_somebody_may_do_from_now_on_shows_on_his_next_page(page_as: Any, cast: Any) -> None:
    """The navigation is put together once for all who may do the same; a change of posts is not waited for."""
    assert 'href="/staff/"' not in page_as(cast.wang, "/")
    post = cast.appoint(cast.wang, "sysadmin", cast.yunqi)
    assert 'href="/staff/"' in page_as(cast.wang, "/")
    post.delete()
    assert 'href="/staff/"' not in page_as(cast.wang, "/")
    register = page_as(cast.wang, "/reception/").partition('class="side"')[2]
    assert 'href="/reception/" aria-current="page"' in register
    assert 'href="/reception/" aria-current="page"' not in page_as(cast.wang, "/matters/").partition('class="side"')[2]


def test_a_worker_reaches_his_own_repairs_with_the_thumb(page_as: Any, cast: Any) -> None:
    bar = page_as(cast.chen, "/").partition('class="tabbar"')[2].partition("<details")[0]
    assert "我的维修" in bar


def test_what_lies_beside_a_list_is_offered_to_those_who_may_open_it(sign_in: Any, cast: Any) -> None:
    for person, slug, address in (
        (cast.wang, "lending", "/counter/lend-items/"),
        (cast.wang, "looks", "/channels/"),
        (cast.wang, "services", "/service-prices/"),
        (cast.chen, "lending", "/counter/lend-items/"),
        (cast.chen, "looks", "/channels/"),
        (cast.chen, "services", "/service-prices/"),
    ):
        signed_in = sign_in(person)
        offered = f'href="{address}"' in signed_in.get(f"/{slug}/").content.decode()
        assert offered == (signed_in.get(address).status_code == 200) == (person == cast.wang)


def test_one_who_works_in_two_places_can_change_between_them(page_as: Any, cast: Any) -> None:
    assert "切换项目" not in page_as(cast.wang, "/reception/")
    cast.appoint(cast.wang, "receptionist", cast.qinghe)
    page = page_as(cast.wang, "/reception/")
    assert "切换项目" in page
    assert "青禾创意园" in page


def test_the_bell_counts_what_was_not_read(page_as: Any, cast: Any) -> None:
    assert 'aria-label="消息"' in page_as(cast.wang, "/reception/")
    tell([cast.wang], "维修单将到期", community_id=cast.yunqi.pk, at=timezone.now())
    assert 'aria-label="消息，1 条未读"' in page_as(cast.wang, "/reception/")


@pytest.fixture
def page_as(sign_in: Any) -> Any:
    return lambda person, address: sign_in(person).get(address).content.decode()


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/cashier/slips/0/", "month-books"),  # its address begins like the till's
        ("/dunning-rounds/", "dunning"),  # a list that another list leads to
        ("/notices/all/", "notice-batches"),
        ("/banking/month/", "banking/lines"),
        ("/fund-vouchers/", "spending/fund"),
        ("/cashier/", "cashier"),
    ],
)
def test_the_navigation_marks_the_entry_that_a_page_belongs_to(rf: Any, cast: Any, address: str, entry: str) -> None:
    head = cast.person("cai", "蔡财务", "finance_supervisor")
    cast.appoint(head, "fee_collector", cast.yunqi)
    request = rf.get(address)
    request.user, request.community = head, cast.yunqi
    assert f'href="/{entry}/" aria-current="page"' in drawn(request).side


def test_the_accountants_month_stands_in_the_order_of_its_days(page_as: Any, cast: Any) -> None:
    side = page_as(cast.person("kuai", "孔会计", "accountant"), "/").partition('class="side"')[2].partition("</nav>")[0]
    wanted = ["收费月历", "出账", "抄表", "公摊", "缴费通知单", "催缴", "凭证与月账", "结账"]
    assert sorted(wanted, key=lambda label: side.index(f">{label}<")) == wanted
