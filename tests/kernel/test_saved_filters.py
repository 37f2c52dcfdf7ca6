"""Filters that a person keeps for himself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import log_contact

pytestmark = pytest.mark.django_db
LIST = "/repairs/"


def keep(client: Any, name: str, query: str) -> Any:
    answer = client.post(f"{LIST}filters/", {"name": name}, headers={"referer": f"http://testserver{LIST}?{query}"})
    return client.get(answer["Location"]).content.decode()


def test_a_kept_filter_shows_the_same_list_with_one_click_and_only_to_its_owner(cast: Any, sign_in: Any) -> None:
    log_contact(cast, content="厨房漏水", **{"to-trade": "water"})
    log_contact(cast, content="门锁坏了", **{"to-trade": "doors"})
    client = sign_in(cast.wang)
    page = keep(client, "门窗单", "tab=open&q=&trade=doors&level=")
    assert "已存为常用筛选“门窗单”" in page
    assert "门锁坏了" in page
    assert "厨房漏水" not in page
    assert '<a href="?tab=open&amp;trade=doors">门窗单</a>' in client.get(LIST).content.decode()
    assert "门窗单" not in sign_in(cast.li).get(LIST).content.decode()


def test_a_kept_filter_can_be_forgotten_by_its_owner_alone(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    forget = keep(client, "水", "trade=water").split('action="/repairs/filters/')[1].split('"')[0]
    sign_in(cast.li).post(f"{LIST}filters/{forget}")
    assert ">水</a>" in client.get(LIST).content.decode()
    client.post(f"{LIST}filters/{forget}")
    assert ">水</a>" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["", "tab=open", "nonsense=1", "after=2026-01-01T00:00:00%2B00:00_1"])
def test_what_is_no_filter_is_not_kept(query: str, cast: Any, sign_in: Any) -> None:
    assert "没有保存" in keep(sign_in(cast.wang), "全部", query)


def test_filters_of_another_page_are_not_taken(cast: Any, sign_in: Any) -> None:
    answer = sign_in(cast.wang).post(
        f"{LIST}filters/", {"name": "x"}, headers={"referer": "http://testserver/units/?q=1"}
    )
    assert answer["Location"] == LIST


def test_the_same_name_is_replaced_and_there_is_an_end(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    for number in range(12):
        keep(client, f"筛选{number}", f"q={number}")
    assert "最多 12 个" in keep(client, "再一个", "q=x")
    assert "已存为" in keep(client, "筛选3", "q=y")
