"""Signed orders on their way into the books, at the edges: nothing to pay any more, nobody who pays, closed months, refused bills."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.billing.noticing import billing_of
from tests.billing.test_handing_spot import DAY, pay, posted, received, repaired, sign, spot_repair
from tests.fronts.looking import text_of
from tests.support.doing import assign, at, finish, log_contact, the_order
from tests.support.services import price, signed
from yihu.areas.billing.handing.forms import ChargeForm
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Books, Charge, Voucher
from yihu.ground.staff.models import Grant
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
LATER = "2026-11-05 15:00"


def reversed_to(cast: Any, order: WorkOrder, right: str = "0") -> RepairReversal:
    """冲正 asked for by the desk and granted."""
    said = {"number_of": order.number, "right": right, "reason": "不该收"}
    asked = open_record(RepairReversal(community=cast.yunqi), by=cast.wang, data=said, at=at(DAY))
    perform(asked, "grant", by=cast.li, data={}, at=at(DAY))
    run_waiting()
    return asked


def beside(client: Any, record: Any) -> str:
    """What stands under 收费 on the page of an order or a bill."""
    return text_of(client.get(record.get_absolute_url()))


# -- what is left to pay --------------------------------------------------------------------------------------------
def test_what_was_reversed_before_its_month_ended_costs_nothing(cast: Any, sign_in: Any) -> None:
    billing_of(cast)
    price(cast)
    order = sign(cast, repaired(cast))
    assert "未开单 80.00 元" in beside(sign_in(cast.wang), order)
    reversed_to(cast, order)
    assert "不收 0.00 元 已冲正" in beside(sign_in(cast.wang), order)


def test_an_empty_list_of_a_month_asks_nobody_for_anything(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    signed(cast, "2026-11-02 10:00", settle="now", party=cast.owner.pk)
    run_waiting()
    listed = received(cast)
    assert listed.lines.count() == 0
    assert not ServiceBill.objects.filter(way="month").exists()
    assert not Message.objects.filter(person=office.accountant, sentence__contains="有偿服务 0 笔").exists()


def test_all_of_it_taken_back_ends_with_the_bill_reversed(cast: Any, sign_in: Any) -> None:
    office, order, charge = spot_repair(cast)
    pay(office, charge)
    asked = reversed_to(cast, order)
    back = ServiceBill.objects.get(way="back")
    page = beside(sign_in(office.head), back)
    assert f"{order.number} 80.00 元" in page
    assert "逐笔" not in page  # nothing is charged in its place
    assert "冲正已批准，等财务主管冲销" not in page
    done = office.step(back, "reverse", office.head, DAY)
    charge.refresh_from_db()
    assert (done.state, charge.reversal_id is not None, Charge.objects.filter(reversal=None).count()) == (
        "reversed", True, 0,
    )  # fmt: skip
    assert done.summary == f"冲正 {asked.number} 0.00 元"
    shown = beside(sign_in(cast.wang), order)
    assert "已冲销 80.00 元 已付的钱在付款人的预收里" in shown


def test_what_finance_reversed_itself_is_not_reversed_twice(cast: Any) -> None:
    office, order, charge = spot_repair(cast)
    reversed_to(cast, order)
    office.does(office.head, lambda books: charging.reverse_charge(books, charge, "重复开单"), DAY)
    written = Voucher.objects.count()
    back = office.step(ServiceBill.objects.get(way="back"), "reverse", office.head, DAY)
    assert (back.state, Voucher.objects.count()) == ("reversed", written)


def test_a_bill_that_was_refused_stays_refused_when_its_order_is_reversed(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    order = sign(cast, repaired(cast), settle="now")
    run_waiting()
    bill = ServiceBill.objects.get()
    assert "未收 80.00 元 等会计出账" in beside(sign_in(cast.wang), order)
    office.step(bill, "refuse", office.accountant, DAY, refusal="当面已付现金")
    assert "不收 80.00 元 当面已付现金" in beside(sign_in(cast.wang), order)
    reversed_to(cast, order)
    assert [one.state for one in ServiceBill.objects.all()] == ["refused"]


def test_a_bill_of_a_month_stands_on_its_orders_and_on_its_own_page_only_as_lines(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    price(cast)
    order = sign(cast, repaired(cast))
    received(cast)
    assert "未收 80.00 元 财务已收清单，等会计出账" in beside(sign_in(cast.wang), order)
    bill = ServiceBill.objects.get()
    assert "财务已收清单" not in beside(sign_in(office.accountant), bill)
    Grant.objects.create(post_code="accountant", capability="handing.withdraw")  # the matrix may allow it
    with pytest.raises(Refused, match="不撤回"):
        office.step(bill, "withdraw", office.accountant, DAY, reason="不要了")
    with pytest.raises(NotAllowed):  # of a month there is no one payer to name
        office.step(bill, "payer", office.accountant, DAY, payer=cast.owner.pk)
    assert str(ServiceBillLine.objects.get()) == ServiceBillLine.objects.get().what


def test_part_of_it_paid_says_what_is_missing_and_what_was_let_off_says_so(cast: Any, sign_in: Any) -> None:
    office, order, charge = spot_repair(cast)
    office.settle(office.receive(3000, when=DAY), charge, when=DAY)
    said = beside(sign_in(cast.wang), order)
    assert "已收一部分 80.00 元 还差 50.00 元，2026-12-10 前缴" in said
    assert "收据" in said
    free = sign(cast, repaired(cast, LATER), LATER, settle="now")
    run_waiting()
    owed = Charge.objects.get(part=free.number)
    office.does(office.head, lambda books: charging.waive(books, owed, owed.open, "保洁员打碎"), DAY)
    assert "已收 80.00 元 已减免或对冲" in beside(sign_in(cast.wang), free)


# -- who pays, and by when ------------------------------------------------------------------------------------------
def test_in_a_month_that_is_closed_the_accountant_is_asked(cast: Any) -> None:
    """The item is known from the time before, but its day lies in a closed month."""
    office, _, _ = spot_repair(cast)
    Books.objects.update(closed_through=date(2026, 11, 30))
    order = sign(cast, repaired(cast, LATER), LATER, settle="now")
    run_waiting()
    bill = ServiceBill.objects.get(source_id=order.pk)
    assert bill.state == "pending"
    assert Message.objects.filter(person=office.accountant, sentence__contains=f"{order.number} 客户已签字").exists()


def test_an_order_for_a_home_without_anybody_waits_for_the_accountant(cast: Any) -> None:
    office, _, _ = spot_repair(cast)
    empty = cast.unit("0909")
    order = the_order(log_contact(cast, when=at("2026-11-05 13:00"), unit=empty.pk, relation="visitor"))
    assert order.party_id is None
    order = finish(cast, assign(cast, order, at("2026-11-05 13:10")), at("2026-11-05 14:00"))
    sign(cast, order, LATER, settle="now")
    run_waiting()
    bill = ServiceBill.objects.get(source_id=order.pk)
    assert bill.state == "pending"
    with pytest.raises(Refused, match=f"{empty} 没有登记业主或租户"):
        posted(office, bill)


@pytest.mark.parametrize("kind", ["repair", "service"])
def test_the_first_time_the_likely_item_and_today_are_proposed(cast: Any, kind: str) -> None:
    office = billing_of(cast)
    price(cast)
    items = {"repair": office.item("WX", "有偿维修费"), "service": office.item("TY", "特约服务费")}
    if kind == "repair":
        sign(cast, repaired(cast), settle="now")
    else:
        signed(cast, settle="now", party=cast.owner.pk)
    run_waiting()
    form = ChargeForm(instance=ServiceBill.objects.get(), by=office.accountant, at=at(DAY))
    assert form["item"].value() == items[kind].pk  # 物业服务费 is none of either
    assert form["due_on"].value() == timezone.localdate(at(DAY))


def test_it_is_not_due_before_it_is_charged_and_never_under_what_is_passed_through(cast: Any) -> None:
    office = billing_of(cast)
    sign(cast, repaired(cast), settle="now")
    run_waiting()
    bill, item = ServiceBill.objects.get(), office.item("WX", "有偿维修费")
    for said, words in (
        ({"item": item.pk, "due_on": "2026-11-03"}, "不能早于今天"),
        ({"item": item.pk, "due_on": ""}, "应缴日期"),
        ({"item": office.water.pk, "due_on": "2026-12-10"}, "收费项目"),
    ):
        with pytest.raises(Invalid, match=words):
            office.step(bill, "charge", office.accountant, DAY, **said)
    assert not Charge.objects.exists()
