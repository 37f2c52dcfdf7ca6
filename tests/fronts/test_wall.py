"""The screen in the repair room: opened by its address alone, tells how the work stands and nothing about people at home."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.doing import assign, log_contact, the_order
from yihu.fronts.wall.models import WallScreen
from yihu.kernel.models import Barred, Book

pytestmark = pytest.mark.django_db
PAGE = "/wall/screens/"


def opened(client: Client, name: str = "维修间") -> str:
    page = client.post(PAGE, {"key": name, "name": name}).content.decode()
    found = re.search(r"http://testserver(/wall/[^\"<]+/)", page)
    assert found, page
    return found[1]


def test_a_wall_shows_the_work_without_a_sign_in_and_nobodys_data(cast: Any, sign_in: Any) -> None:
    order = assign(
        cast, the_order(log_contact(cast, content="厨房漏水 13912345678", phone="13800138112")), level="urgent"
    )
    address = opened(sign_in(cast.gong))
    page = Client().get(address).content.decode()
    for shown in (order.number[-4:], "A1-1-0101", "急修", "陈维修", "已派"):
        assert shown in page
    for kept in ("赵业主", "138", "厨房漏水"):
        assert kept not in page
    assert Client().get(address, headers={"hx-request": "true"}).content.decode().lstrip().startswith("{#") is False


def test_what_somebody_is_barred_from_hangs_on_no_wall(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast))
    Barred.objects.create(record_id=order.pk, person=cast.chen, why="事项涉及本人", at=timezone.now())
    page = Client().get(opened(sign_in(cast.gong))).content.decode()
    assert "没有未完的维修单" in page
    assert "A1-1-0101" not in page


def test_a_closed_screen_a_wrong_secret_and_a_stranger_see_nothing(cast: Any, sign_in: Any) -> None:
    head = sign_in(cast.gong)
    address = opened(head)
    assert Client().get("/wall/nonsense/").status_code == 404
    screen = WallScreen.objects.get()
    assert screen.digest not in address
    assert sign_in(cast.wang).post(f"{PAGE}{screen.pk}/close/").status_code == 403
    assert Client().get(address).status_code == 200
    head.post(f"{PAGE}{screen.pk}/close/", {"key": "c"})
    assert Client().get(address).status_code == 404
    book = Book.objects.get(register="wall.screen")
    assert [entry.sentence for entry in book.journal.order_by("seq")] == [
        "龚工 开通大屏“维修间”",
        "龚工 停用大屏“维修间”",
    ]


def test_a_double_click_opens_one_screen(cast: Any, sign_in: Any) -> None:
    head = sign_in(cast.gong)
    opened(head)
    assert "地址只显示一次" in head.post(PAGE, {"key": "维修间", "name": "维修间"}, follow=True).content.decode()
    assert WallScreen.objects.count() == 1


def test_a_wall_costs_the_same_however_many_orders_hang_on_it(cast: Any, sign_in: Any) -> None:
    assign(cast, the_order(log_contact(cast)))
    address = opened(sign_in(cast.gong))

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Client().get(address)
        return len(asked)

    before = cost()
    for number in range(20):
        assign(cast, the_order(log_contact(cast, content=f"第 {number} 处")))
    assert cost() == before
