"""A cashier who steals, an accountant who bends the books: what the desk and its applications do not let pass."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.support.cast import LONG_AGO
from tests.support.doing import at, photo, signature
from tests.support.paying import ACCOUNT, NOON, Counter, counter_of
from tests.support.spending import Spenders
from yihu.areas.cashier import till
from yihu.areas.cashier.models import HandCharge
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, deposits, receiving
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.ledger.posting import close_period
from yihu.ground.staff.models import Deputy
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 11, 10), "2026-11-11 09:00"


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def stands_in(absent: Any, stand_in: Any) -> None:
    """As somebody may have entered it past the page, which refuses duties that must be apart."""
    Deputy.objects.create(absent=absent, stand_in=stand_in, from_on=LONG_AGO, to_on=date(2099, 1, 1))


# -- a large thing in small pieces -----------------------------------------------------------------------------------


def test_a_large_waiver_in_small_pieces_is_a_large_one(counter: Counter) -> None:
    bill = counter.charge(200000)
    assert counter.step(counter.waiver(bill, 49900), "approve", counter.head).state == "done"
    second = counter.waiver(bill, 200)
    assert second.state == "to_agree"
    with pytest.raises(Conflict):
        counter.step(second, "approve", counter.head)
    assert counter.waiver(counter.charge(200000, 9), 50000).state == "asked"  # of another bill


def test_a_large_refund_in_cash_in_small_pieces_is_a_large_one(counter: Counter) -> None:
    receipt = counter.receive(200000)
    first = counter.step(counter.refund(receipt, 40000, method="cash"), "approve", counter.head)
    with pytest.raises(Invalid, match=r"超过 500\.00 元不付现金（这张收据已付过现金 400\.00 元）"):
        counter.refund(receipt, 10001, method="cash")
    counter.step(first, "pay", counter.cashier, signature=signature())
    with pytest.raises(Invalid, match="不付现金"):
        counter.refund(receipt, 10001, method="cash")
    counter.step(counter.refund(receipt, 10000, method="cash"), "approve", counter.head)
    assert counter.refund(receipt, 100000).state == "asked"  # to his account he may have all of it


def test_what_came_back_from_the_bank_does_not_leave_in_cash_beyond_the_limit(counter: Counter) -> None:
    receipt = counter.receive(100000)
    cash = counter.step(counter.refund(receipt, 40000, method="cash"), "approve", counter.head)
    counter.step(cash, "pay", counter.cashier, signature=signature())
    refund = counter.step(counter.refund(receipt, 40000), "approve", counter.head)
    refund = counter.step(refund, "pay", counter.cashier, paid_reference="W1")
    came = {"bounced_on": "2026-11-10", "bounced_reference": "T1", "bounced_why": "账户已销户"}
    refund = perform(refund, "bounced", by=counter.head, data=came, files={"slip": [photo()]}, at=at(NOON))
    with pytest.raises(Invalid, match="已付过现金"):
        counter.step(refund, "account", counter.collector, method="cash")


# -- asking and agreeing in one hand ---------------------------------------------------------------------------------


def test_who_stands_in_for_the_head_does_not_agree_to_what_he_asked_for_himself(counter: Counter) -> None:
    stands_in(counter.head, counter.collector)
    receipt = counter.receive(30000)
    asked = (
        counter.waiver(counter.charge(10000), 1000),
        counter.refund(receipt, 100),
        counter.red(receipt=counter.receive(500).pk),
        counter.giving_back(counter.held(5000)),
    )
    for record in asked:
        with pytest.raises(NotAllowed):
            counter.step(record, "approve", counter.collector)


def test_who_took_the_money_agrees_neither_to_its_going_back_nor_to_its_being_undone(counter: Counter) -> None:
    """A friend asks in his place."""
    stands_in(counter.head, counter.collector)
    receipt, held = counter.receive(30000), counter.held(5000)
    asked = (
        counter.refund(receipt, 100, by=counter.second),
        counter.red(receipt=counter.receive(500).pk, by=counter.second),
        counter.giving_back(held, by=counter.second),
    )
    for record in asked:
        with pytest.raises(NotAllowed):
            counter.step(record, "approve", counter.collector)
    approved = [counter.step(record, "approve", counter.head).state for record in asked]
    assert approved == ["to_pay", "to_right", "to_pay"]


def test_who_agreed_to_a_refund_does_not_pay_it_as_a_deputy(counter: Counter) -> None:
    stands_in(counter.cashier, counter.head)
    refund = counter.step(counter.refund(counter.receive(10000), 5000), "approve", counter.head)
    back = counter.step(counter.giving_back(counter.held(5000)), "approve", counter.head)
    for record in (refund, back):
        with pytest.raises(NotAllowed):
            counter.step(record, "pay", counter.head, paid_reference="1")


# -- money that is used twice ----------------------------------------------------------------------------------------


def test_a_deposit_is_used_once_whichever_way_it_is_tried(counter: Counter) -> None:
    bill, held = counter.charge(20000), counter.held(20000)
    back = counter.giving_back(held)
    with pytest.raises(Invalid, match="在办"):
        counter.giving_back(held)
    counter.does(counter.head, lambda books: deposits.deduct(books, held, bill, 15000, consent="同意书"))
    back = counter.step(back, "approve", counter.head)
    assert back.amount == 5000
    counter.step(back, "pay", counter.cashier, paid_reference="W1")
    with pytest.raises(Invalid, match="已经退清"):
        counter.giving_back(held)
    for work in (
        lambda books: deposits.give_back(books, held, 1, method="bank", why="再退"),
        lambda books: deposits.deduct(books, held, bill, 1, consent="同意书"),
        lambda books: receiving.refund(books, held.receipt, 1, method="cash", why="再退"),
        lambda books: receiving.reverse_receipt(books, held.receipt, "再退"),
    ):
        with pytest.raises(Refused):
            counter.does(counter.head, work)
    assert faults() == []


def test_a_deposit_whose_receipt_was_taken_back_is_not_given_back(counter: Counter) -> None:
    """The application was there first; the money is the payer's again by the reversal."""
    held = counter.held(20000)
    back = counter.giving_back(held)
    counter.step(counter.red(receipt=held.receipt_id), "approve", counter.head)
    with pytest.raises(Refused, match="已经没有结存"):
        counter.step(back, "approve", counter.head)
    assert trial_balance(counter.cast.yunqi, DAY) == {}


def test_a_receipt_that_was_taken_back_gives_no_refund(counter: Counter) -> None:
    receipt = counter.receive(10000)
    refund = counter.refund(receipt, 5000)
    counter.step(counter.void(receipt), "approve", counter.head)
    with pytest.raises(Refused, match=r"只剩 0\.00 元"):
        counter.step(refund, "approve", counter.head)
    with pytest.raises(Invalid, match="已经作废"):
        counter.ask(type(refund), receipt=receipt.pk, amount="50", reason="多交", **ACCOUNT)


def test_one_mans_money_pays_no_other_mans_bill(counter: Counter) -> None:
    friend = Party.objects.create(community=counter.cast.yunqi, name="朋友")
    bill = counter.charge(10000, party=friend.pk, unit=counter.cast.home.pk)
    receipt = counter.receive(10000)
    with pytest.raises(Refused, match="不是这张收据的客户的账单"):
        counter.settle(receipt, bill)
    receipt.refresh_from_db()
    assert receipt.left == 10000


# -- bills and days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount_fen": "-5"}, "金额应在"),
        ({"amount_fen": "0"}, "金额要大于零"),
        ({"amount_fen": "0.001"}, "最多两位小数"),
        ({"amount_fen": "1000000.01"}, "金额应在"),
        ({"amount_fen": "9" * 19}, "金额"),
        ({"amount_fen": "1e5"}, "不是金额"),
        ({"from_on": "1899-12-31"}, "请核对年份"),
        ({"to_on": "9999-12-31"}, "请核对年份"),
        ({"due_on": "0001-01-01"}, "请核对年份"),
        ({"to_on": "2026-10-31"}, "不能早于起"),
    ],
)
def test_a_bill_is_of_a_sum_and_of_days_that_somebody_may_mean(
    counter: Counter, typed: dict[str, str], said: str
) -> None:
    sound = {
        "party": counter.cast.owner.pk, "unit": counter.cast.home.pk, "item": counter.property_fee.pk, "amount_fen": "40",
        "from_on": "2026-11-01", "to_on": "2026-11-30", "due_on": "2026-11-17", "why": "门禁卡",
    }  # fmt: skip
    with pytest.raises(Invalid, match=said):
        open_record(HandCharge(community=counter.cast.yunqi), by=counter.collector, data={**sound, **typed})
    assert not Charge.objects.exists()


def test_a_day_that_is_closed_takes_nothing_by_any_door(counter: Counter) -> None:
    """Whatever day a command says it happened on."""
    bill, receipt = counter.charge(10000), counter.receive(10000)
    counter.does(counter.accountant, lambda books: close_period(books, DAY, "月结"), when=NEXT)
    before = trial_balance(counter.cast.yunqi, DAY)
    for by, work in (
        (counter.accountant, lambda books: charging.charge(books, counter.owed(500, 9))),
        (counter.head, lambda books: charging.waive(books, bill, 100, "协商")),
        (counter.head, lambda books: charging.reverse_charge(books, bill, "面积错")),
        (counter.head, lambda books: receiving.reverse_receipt(books, receipt, "退票")),
        (counter.head, lambda books: receiving.refund(books, receipt, 100, method="bank", why="多付")),
        (counter.collector, lambda books: receiving.settle(books, receipt, [bill])),
        (counter.collector, lambda books: deposits.take_deposit(books, receipt, counter.deposit, 100)),
    ):
        with pytest.raises(Refused, match="已经结账"):
            counter.does(by, work, when="2026-11-10 18:00")
    with pytest.raises(Refused, match="只能往后结"):
        counter.does(counter.accountant, lambda books: close_period(books, date(2026, 10, 31), "重开"), when=NEXT)
    assert trial_balance(counter.cast.yunqi, DAY) == before
    assert Receipt.objects.count() == 1


def test_money_of_today_is_not_taken_on_yesterday(counter: Counter, sign_in: Any) -> None:
    """The desk asks for no day; one that is sent all the same is not read."""
    counter.charge(10000)
    browser = sign_in(counter.collector)
    page = f"{reverse('cashier:desk')}?unit={counter.cast.home.pk}&party={counter.cast.owner.pk}"
    sent = {
        "unit": counter.cast.home.pk, "party": counter.cast.owner.pk, "amount": "100", "method": "cash", "payer_name": "赵业主",
        "seen": till.household.seen_of(counter.cast.owner), "key": "k", "received_at": "2020-01-01", "at": "2020-01-01 08:00",
    }  # fmt: skip
    assert browser.post(page, sent).status_code == 302
    receipt = Receipt.objects.get()
    assert receipt.received_at.year >= 2026
    assert receipt.number.split("-")[2] != "2020"


def test_a_payment_is_not_dated_where_nobody_looks_any_more(cast: Any) -> None:
    office = Spenders(cast)
    claim = office.step(office.claim(office.approved()), "review", office.head)
    for day in ("1900-01-01", "2025-11-10"):
        with pytest.raises(Invalid, match="一年以前"):
            office.step(claim, "pay", office.cashier, method="bank", paid_reference="W1", paid_on=day)
    paid = office.step(claim, "pay", office.cashier, method="bank", paid_reference="W1", paid_on="2025-11-11")
    assert paid.state == "paid"
