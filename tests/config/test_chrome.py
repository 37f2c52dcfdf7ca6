"""What stands around every page, and for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

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
