"""The channel of the demo moves no money, is there in a demo only, and does all that follows a payment."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as ours
from django.test import Client
from django.utils import timezone

from tests.billing.test_payer_page import billed, books_hold, here, ordered, words
from yihu.areas.billing.notices.printing import payment_notice
from yihu.areas.cashier.banking.channels import channel_of, connected
from yihu.areas.cashier.banking.models import PayOrder
from yihu.demo import founding
from yihu.ground.ledger.models import Receipt
from yihu.kernel.authority import authority
from yihu.kernel.models import Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, cast: Any) -> None:
    settings.YIHU_DEMO = True
    Parameter.objects.create(
        name=founding.PARAMETER, value={"seed": 1}, in_force_at=timezone.now(), by=authority().system(), why="演示数据"
    )


def test_a_visitor_pays_a_bill_of_the_demo_and_has_his_receipt(demo: None, cast: Any) -> None:
    _, notice = billed(cast, 35941)
    assert "用演示渠道付 359.41 元" in words(notice)
    order = ordered(notice, 35941, channel="demo")
    client = Client()
    page = client.get(order.pay_url).content.decode()
    assert "不收真钱" in page
    assert "359.41" in page
    for _ in range(2):  # the button pressed twice is one payment
        answer = client.post(order.pay_url)
        assert answer["Location"] == here(notice, f"order/{order.number}/")
    assert "付好了" in client.get(answer["Location"]).content.decode()
    assert "已经付过" in client.get(order.pay_url).content.decode()
    receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.method, receipt.left) == (35941, "online", 0)
    assert channel_of("demo").ask(order.number).amount == 35941  # type: ignore[union-attr]
    assert books_hold(cast)
    day = channel_of("demo").settled(timezone.localdate())  # type: ignore[union-attr]
    assert [(one.amount, one.fee) for one in day] == [(35941, 216)]


def test_outside_a_demo_there_is_no_such_channel_and_no_such_page(demo: None, cast: Any, settings: Any) -> None:
    _, notice = billed(cast, 35941)
    order = ordered(notice, 35941, channel="demo")
    assert Client().get("/demo/pay/whoever/").status_code == 404
    settings.YIHU_DEMO = False
    assert connected() == []
    assert "用演示渠道付" not in words(notice)
    assert Client().post(order.pay_url).status_code == 404
    settings.YIHU_DEMO = True
    Parameter.objects.filter(name=founding.PARAMETER).delete()  # switched on, but beside somebody's own data
    assert connected() == []
    assert Client().post(order.pay_url).status_code == 404
    assert PayOrder.objects.get().state == PayOrder.State.WAITING


def test_nobody_pays_by_a_forged_call_back(demo: None, cast: Any) -> None:
    assert Client().post("/pay/notices/demo/", b"{}", content_type="application/json").status_code == 403


def test_the_codes_on_paper_lead_to_the_installation_when_it_knows_its_address(cast: Any, settings: Any) -> None:
    _, notice = billed(cast, 35941)
    assert ours.YIHU_SITE == ""
    assert payment_notice(notice, None)["qr"] == notice.number
    settings.YIHU_SITE = "https://yihu.example.com"
    assert payment_notice(notice, None)["qr"] == f"https://yihu.example.com{here(notice)}"
