"""A payer pays some bills, one without its late fee, or a part of the whole: the sum is his, what it meets is the law's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.billing.noticing import billing_of
from tests.billing.test_payer_late_fees import cost, fees, late
from tests.billing.test_payer_page import billed, books_hold, firm, here, ordered, words  # noqa: F401  (a fixture)
from tests.harness.breaking import at_once
from tests.support.banking import bring
from yihu.areas.billing.notices.models import Notice
from yihu.areas.cashier.banking.channels import MOST_FEN
from yihu.areas.cashier.banking.counting import make_order
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def tried(notice: Notice, part: str, **said: Any) -> Any:
    stood = "-".join(str(one.charge.open) for one in notice.lines.order_by("charge__pk"))
    return Client().post(here(notice, "pay/"), {"some": "wechat", "stood": stood, "part": part, "key": "k", **said})


def came(firm: StandIn, order: PayOrder) -> None:  # noqa: F811
    """Paid to the cent, and told of twice."""
    firm.unsent.clear()
    firm.pay(order.number, order.amount)
    for one in firm.unsent * 2:
        assert bring(one) in (200, 403)
    Client().post(f"/pay/notice/{Notice.objects.get(number=order.bill).token}/order/{order.number}/")


@pytest.mark.clause("FEE-07", part="客户线上付一部分，付款前写明抵哪几笔，剩下的仍在单上")
def test_a_part_is_paid_and_the_rest_stays_on_the_paper(cast: Any, firm: StandIn) -> None:  # noqa: F811
    _, notice = billed(cast, 35904)
    assert "只付一部分" in words(notice)
    order = ordered(notice, 0, some="wechat", stood="35904", part="１００")
    assert order.amount == 10000
    page = Client().get(here(notice, f"order/{order.number}/")).content.decode()
    assert "这 100.00 元抵" in page
    assert "还差 259.04" in page
    came(firm, order)
    assert (Charge.objects.get().open, Receipt.objects.get().left) == (25904, 0)
    page = words(notice)
    assert "还差 259.04" in page
    assert "用微信支付付 259.04 元" in page
    rest = ordered(notice, 25904, key="rest")
    came(firm, rest)
    assert "已缴清" in words(notice)
    assert books_hold(cast)


def test_a_part_of_several_goes_as_the_law_orders(cast: Any, firm: StandIn) -> None:  # noqa: F811
    """民法典第561条, 第560条: the late fees first, then of what fell due on one day each in proportion."""
    notice = late(cast, 30000, 10000)
    both = cost(30000) + cost(10000)
    stood = f"30000+{cost(30000)}-10000+{cost(10000)}"
    order = ordered(notice, 0, some="wechat", stood=stood, part=yuan(both + 10000))
    page = Client().get(here(notice, f"order/{order.number}/")).content.decode()
    for told in (yuan(cost(30000)), yuan(cost(10000)), "75.00", "25.00", "还差 225.00"):
        assert told in page, told
    came(firm, order)
    assert sorted(Charge.objects.values_list("open", flat=True)) == [0, 0, 7500, 22500]
    assert books_hold(cast)


def test_who_names_a_bill_alone_pays_it_and_its_late_fee_stays_and_grows_no_more(cast: Any, firm: StandIn) -> None:  # noqa: F811
    """As at the till: the payer's word goes before the law's order."""
    notice = late(cast, 35941, 14120)
    first, second = Charge.objects.order_by("pk")
    stood = f"35941+{cost(35941)}-14120+{cost(14120)}"
    order = ordered(notice, 0, some="wechat", stood=stood, line=[second.pk])
    assert (order.amount, order.charges) == (14120, [second.pk])
    assert not fees().exists()  # he asked for none to be reckoned
    came(firm, order)
    second.refresh_from_db()
    fee = fees().get()
    assert (second.open, fee.principal, fee.open) == (0, second, cost(14120))
    page = words(notice)
    assert f"选违约金 {yuan(cost(14120))} 元" in page
    only = ordered(notice, 0, some="wechat", stood=f"35941+{cost(35941)}-0+{cost(14120)}", late=[second.pk], key="fee")
    assert (only.amount, only.charges) == (cost(14120), [fee.pk])
    came(firm, only)
    assert dict(Charge.objects.values_list("pk", "open")) == {first.pk: 35941, second.pk: 0, fee.pk: 0}
    assert books_hold(cast)


def test_a_late_fee_whose_bill_is_paid_costs_no_more_tomorrow(cast: Any, firm: StandIn) -> None:  # noqa: F811
    notice = late(cast, 35941)
    assert "过了今天" in words(notice)
    bill = Charge.objects.get()
    came(firm, ordered(notice, 0, some="wechat", stood=f"35941+{cost(35941)}", line=[bill.pk]))
    page = words(notice)
    assert f"其中违约金 {yuan(cost(35941))} 元" in page
    assert "过了今天" not in page


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("0", "最少付 1.00 元"), ("-5", "最少付 1.00 元"), ("0.99", "最少付 1.00 元"), ("359.05", "最多付 359.04 元"),
        ("9" * 25, "金额太大"), ("1e9", "不是金额"), ("abc", "不是金额"), ("1.001", "最多两位小数"), ("", "请勾选"), (" ", "请勾选"),
        ("100\x00", "不是金额"), ("' OR 1=1", "不是金额"), ("１２３４５６", "最多付 359.04 元"), ("NaN", "不是金额"),
    ],
)  # fmt: skip
def test_whatever_else_is_typed_makes_no_order_and_says_why(
    cast: Any,
    firm: StandIn,  # noqa: F811
    part: str,
    told: str,
) -> None:
    _, notice = billed(cast, 35904)
    answer = tried(notice, part)
    assert (answer.status_code, told in answer.content.decode()) == (422, True), answer.content.decode()
    assert not PayOrder.objects.exists()


def test_bills_and_late_fees_of_others_are_nobodys_to_name(cast: Any, firm: StandIn) -> None:  # noqa: F811
    office, notice = billed(cast, 35941, 14120)
    elses = office.charge(700, 9)
    for name in ("line", "late"):
        for part in ("", "5"):
            assert tried(notice, part, **{name: [elses.pk]}).status_code == 409
    assert tried(notice, "5", late=[notice.lines.order_by("pk")[0].charge_id]).status_code == 409  # it has none
    assert tried(notice, "5", stood="1-2").status_code == 409
    first = notice.lines.order_by("pk")[0].charge_id
    again = tried(notice, "400", line=[first])
    assert again.status_code == 422
    assert f'value="{first}" checked' in again.content.decode()  # what he typed and ticked is still there
    assert 'value="400"' in again.content.decode()
    assert not PayOrder.objects.exists()


def test_pressed_twice_it_is_one_order_and_gone_back_another_sum_is_another(cast: Any, firm: StandIn) -> None:  # noqa: F811
    """A telephone's back button brings the same form, with the same key in it."""
    _, notice = billed(cast, 35904)
    said = {"some": "wechat", "stood": "35904", "key": "k"}
    made = [ordered(notice, 0, **said, part=part) for part in ("100", "100", "200", "100", "200")]
    assert [one.amount for one in made] == [10000, 10000, 20000, 10000, 20000]
    assert PayOrder.objects.count() == 2
    for one in {one.pk: one for one in made}.values():
        came(firm, one)
    assert Charge.objects.get().open == 5904
    assert tried(notice, "100", key="k2", stood="35904").status_code == 409  # what he sees is old
    assert books_hold(cast)


def test_as_much_as_is_due_is_the_whole_with_his_own_money(cast: Any, firm: StandIn) -> None:  # noqa: F811
    office = billing_of(cast)
    office.receive(10000, unit=cast.home)
    _, notice = billed(cast, 35904)
    page = tried(notice, "300").content.decode()
    assert "最多付 259.04 元" in page
    part = ordered(notice, 0, some="wechat", stood="35904", part="100")
    assert (part.amount, part.credit) == (10000, 0)  # his own money stays where it is
    whole = ordered(notice, 0, some="wechat", stood="35904", part="259.04")
    assert (whole.amount, whole.credit) == (25904, 10000)
    came(firm, whole)
    assert "已缴清" in words(notice)
    came(firm, part)  # what somebody paid on top is kept for him
    assert sum(one.left for one in Receipt.objects.all()) == 10000
    assert books_hold(cast)


def test_more_than_a_channel_carries_is_paid_in_parts(cast: Any, firm: StandIn) -> None:  # noqa: F811
    office, notice = billed(cast, MOST_FEN + 100)
    answer = Client().post(here(notice, "pay/"), {"channel": "wechat", "seen": str(MOST_FEN + 100), "key": "k"})
    assert (answer.status_code, "分几次付" in answer.content.decode()) == (409, True)
    with pytest.raises(Refused, match="分几次"):
        make_order(cast.home, cast.owner, "wechat", by=office.collector)
    assert not PayOrder.objects.exists()
    order = ordered(notice, 0, some="wechat", stood=str(MOST_FEN + 100), part="1000000")
    came(firm, order)
    assert Charge.objects.get().open == 100


@pytest.mark.clause("FEE-20", part="两人同时各付一部分，合起来多于账单的，多的记为预收")
@pytest.mark.django_db(transaction=True)
def test_two_parts_at_once_pay_no_more_than_is_owed(cast: Any, firm: StandIn) -> None:  # noqa: F811
    _, notice = billed(cast, 35904)
    parts = [ordered(notice, 0, some="wechat", stood="35904", part=part, key=part) for part in ("200", "201")]
    firm.unsent.clear()
    for one in parts:
        firm.pay(one.number, one.amount)
    told = [*firm.unsent]
    assert at_once(2, lambda index: [bring(one) for one in told[index::2]]) == ["done"] * 2
    for one in parts:
        Client().post(here(notice, f"order/{one.number}/"))
    assert Charge.objects.get().open == 0
    assert sum(Receipt.objects.values_list("left", flat=True)) == 40100 - 35904
    assert Receipt.objects.count() == 2
    assert books_hold(cast)


def test_a_bill_made_late_says_its_own_day_on_the_page(cast: Any) -> None:
    office = billing_of(cast)
    office.charge(35941, 10, due_on=date(2026, 11, 10), basis={"pay_by": "2026-12-05"})
    office.drawn()
    Notice.objects.get().batch.__class__.objects.update(printed_at=timezone.now())
    page = words(Notice.objects.get())
    assert "2026-12-05 应缴" in page
    assert "2026-11-10" not in page
    assert "以前未缴" not in page
