"""What being late has cost by today stands on the payer's page and in his order, before anybody has posted it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.billing.noticing import billing_of
from tests.billing.test_payer_page import books_hold, firm, here, ordered, words  # noqa: F401  (a fixture)
from tests.harness.breaking import at_once
from tests.support.dunning import desk_of
from yihu.areas.billing.notices.models import Notice, NoticeBatch
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.areas.cashier.pages.desk import address
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge, Receipt

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 28)


def late(cast: Any, *sums: int) -> Notice:
    """赵业主's notice with bills of October that were to be paid by the 28th; 0.05 % a day."""
    office = billing_of(cast)
    desk_of(cast).rule()
    for place, fen in enumerate(sums or (35941,)):
        item = office.property_fee if place == 0 else office.item(f"X{place}", f"费用{place}")
        office.charge(fen, 10, item, due_on=DUE)
    office.drawn()
    NoticeBatch.objects.update(printed_at=timezone.now())
    return Notice.objects.get()


def cost(fen: int, days: int | None = None) -> int:
    """A twentieth of a percent a day, the due day not counted and today counted, half a fen up."""
    days = days if days is not None else (timezone.localdate() - DUE).days
    return (fen * days * 5 + 5000) // 10000


def pays(firm: StandIn, notice: Notice, order: PayOrder) -> None:  # noqa: F811
    """All of it, whatever the last digits would make of it, and the channel is asked."""
    firm.pay(order.number, order.amount)
    assert "付好了" in Client().post(here(notice, f"order/{order.number}/")).content.decode()


def fees() -> Any:
    return Charge.objects.filter(principal__isnull=False)


def test_the_page_asks_for_what_the_till_asks_for_and_paying_it_leaves_nothing(
    cast: Any,
    firm: StandIn,  # noqa: F811
    sign_in: Any,
) -> None:
    notice, days = late(cast), (timezone.localdate() - DUE).days
    fee = cost(35941)
    told, total = f"359.41×0.05%×{days}天 = {yuan(fee)}元", 35941 + fee
    page = words(notice)
    assert told in page
    assert f"其中违约金 {yuan(fee)} 元。今天付清 {yuan(total)} 元" in page
    till = sign_in(billing_of(cast).collector).get(address(unit=cast.home.pk, party=cast.owner.pk)).content.decode()
    assert told in till
    assert not fees().exists()  # looking posts nothing
    for seen in (35941, total + 1):
        answer = Client().post(here(notice, "pay/"), {"channel": "wechat", "seen": str(seen), "key": "k"})
        assert answer.status_code == 409
    assert not fees().exists()
    order = ordered(notice, total)
    assert (order.amount, fees().get().amount) == (total, fee)
    assert sorted(order.charges) == sorted(Charge.objects.values_list("pk", flat=True))
    assert ordered(notice, total, key="another") == order
    assert f"今天付清 {yuan(total)} 元" in Client().get(here(notice, f"order/{order.number}/")).content.decode()
    assert f"其中违约金 {yuan(fee)} 元。今天付清 {yuan(total)} 元" in words(notice)
    pays(firm, notice, order)
    assert "已缴清" in words(notice)
    assert [one.open for one in Charge.objects.all()] == [0, 0]
    assert Receipt.objects.get().left == 0
    assert books_hold(cast)


def test_a_chosen_bill_is_paid_with_its_own_late_fee_and_no_other(cast: Any, firm: StandIn) -> None:  # noqa: F811
    notice = late(cast, 35941, 14120)
    first, second = Charge.objects.order_by("pk")
    assert f"选违约金 {yuan(cost(14120))} 元" in words(notice)
    stood = f"35941+{cost(35941)}-14120+{cost(14120)}"
    said = {"some": "wechat", "stood": stood, "line": [second.pk], "late": [second.pk]}
    order = ordered(notice, 0, **said)
    assert order.amount == 14120 + cost(14120)
    assert ordered(notice, 0, **said) == order  # the same form a second time, though the late fee is posted meanwhile
    assert fees().get().principal == second
    pays(firm, notice, order)
    assert dict(Charge.objects.values_list("pk", "open")) == {first.pk: 35941, second.pk: 0, fees().get().pk: 0}
    assert yuan(35941 + cost(35941)) in words(notice)
    assert books_hold(cast)


def test_while_a_bill_is_contested_being_late_costs_nothing_there(cast: Any, firm: StandIn) -> None:  # noqa: F811
    notice, desk = late(cast), desk_of(cast)
    desk.do(desk.case(), "dispute", desk.accountant, charges=[Charge.objects.get().pk], words="面积量错了")
    assert "违约金" not in words(notice)
    assert ordered(notice, 35941).amount == 35941
    assert not fees().exists()


def test_an_order_paid_a_day_later_pays_what_it_names_and_one_day_stays(cast: Any, firm: StandIn) -> None:  # noqa: F811
    notice, days = late(cast), (timezone.localdate() - DUE).days
    total = 35941 + cost(35941)
    order = ordered(notice, total)
    Charge.objects.filter(principal__isnull=True).update(due_on=DUE - timedelta(days=1))  # as if a night had gone by
    pays(firm, notice, order)
    rest = cost(35941, days + 1) - cost(35941)
    assert sorted(Charge.objects.values_list("open", flat=True)) == [0, 0, rest]
    assert f"其中违约金 {yuan(rest)} 元" in words(notice)
    assert ordered(notice, rest, key="rest").amount == rest
    assert books_hold(cast)


@pytest.mark.django_db(transaction=True)
def test_two_telephones_at_once_post_one_late_fee(cast: Any, firm: StandIn) -> None:  # noqa: F811
    notice = late(cast)
    total = 35941 + cost(35941)
    assert at_once(3, lambda index: ordered(notice, total, key=f"k{index}")) == ["done"] * 3
    assert (PayOrder.objects.count(), fees().count()) == (1, 1)
