"""Two people at the same money: whoever steps in at whatever statement, it is used once; a worker that dies leaves nothing half."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest

from tests.billing.noticing import billing_of
from tests.harness.breaking import Door, die_at, in_between
from tests.ledger.conftest import NOON
from tests.support.banking import bank_line
from tests.support.doing import at
from tests.support.paying import Counter, counter_of, fresh_charge
from yihu.areas.billing.notices.effects import set_paper
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.cashier import household, till
from yihu.areas.cashier.banking import counting, taking
from yihu.areas.cashier.banking.channels import Paid
from yihu.areas.cashier.banking.models import BankLine, Notice, PayOrder
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip
from yihu.areas.cashier.models import HandCharge
from yihu.ground.ledger import deposits, paying
from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.posting import close_period
from yihu.kernel.doors import open_record, perform
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs.queue import _running
from yihu.kernel.models import Attachment
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, STEP, MOST = 3, 13, 400
SUM = 10000


class Duel(NamedTuple):
    """Two doors to the same money, and whether it was used once."""

    door: Door
    rival: Door
    once: Callable[[], bool]


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def open_of(charge: Charge) -> int:
    return int(fresh(charge).open)


def taken_back(red: Any) -> bool:
    """The receipt no longer counts; the right one may still be waited for."""
    return fresh(red).receipt.voided_by_id is not None


def two_tills(c: Counter) -> Duel:
    bill, owner = fresh_charge(c.cast, SUM), c.cast.owner
    seen, before = household.seen_of(owner), Receipt.objects.count()

    def take(by: Any) -> None:
        said = till.Taking(owner.pk, None, SUM, "cash", "赵业主", seen, charges=(bill.pk,))
        till.take_money(said, owner, by=by, at=at(NOON))

    once = lambda: (open_of(bill), Receipt.objects.count() - before) == (0, 1)  # noqa: E731
    return Duel(lambda: take(c.collector), lambda: take(c.second), once)


def waived_or_paid(c: Counter) -> Duel:
    bill = fresh_charge(c.cast, SUM)
    waiver, receipt = c.waiver(bill, SUM), c.receive(SUM)

    def once() -> bool:
        return open_of(bill) == 0 and (fresh(waiver).state == "done") != (fresh(receipt).left == 0)

    return Duel(lambda: c.step(waiver, "approve", c.head), lambda: c.settle(receipt, bill), once)


def refunded_or_used(c: Counter) -> Duel:
    bill, receipt = fresh_charge(c.cast, SUM), c.receive(SUM)
    refund = c.refund(receipt, SUM)

    def once() -> bool:
        return fresh(receipt).left == 0 and (fresh(refund).state == "to_pay") != (open_of(bill) == 0)

    return Duel(lambda: c.step(refund, "approve", c.head), lambda: c.settle(receipt, bill), once)


def refunded_or_taken_back(c: Counter) -> Duel:
    receipt = c.receive(SUM)
    refund, red = c.refund(receipt, SUM), c.red(receipt=receipt.pk)
    once = lambda: (fresh(refund).state == "to_pay") != taken_back(red)  # noqa: E731
    return Duel(lambda: c.step(refund, "approve", c.head), lambda: c.step(red, "approve", c.head), once)


def returned_or_taken_back(c: Counter) -> Duel:
    held = c.held(SUM)
    back, red = c.giving_back(held), c.red(receipt=held.receipt_id)
    once = lambda: (fresh(back).state == "to_pay") != taken_back(red)  # noqa: E731
    return Duel(lambda: c.step(back, "approve", c.head), lambda: c.step(red, "approve", c.head), once)


def returned_or_deducted(c: Counter) -> Duel:
    held, bill = c.held(SUM), fresh_charge(c.cast, SUM)
    back = c.giving_back(held)

    def deduct() -> None:
        c.does(c.head, lambda books: deposits.deduct(books, held, bill, SUM, consent="同意书"))

    def once() -> bool:
        left = Deposit.objects.get(pk=held.pk).left
        return left == 0 and (fresh(back).state == "to_pay") != (open_of(bill) == 0)

    return Duel(lambda: c.step(back, "approve", c.head), deduct, once)


def charged_by_two(c: Counter) -> Duel:
    item = c.item(f"H{HandCharge.objects.count()}", "门禁卡")
    said = {
        "party": c.cast.owner.pk, "unit": c.cast.home.pk, "item": item.pk, "amount_fen": "40", "from_on": "2026-11-01",
        "to_on": "2026-11-30", "due_on": "2026-11-17", "why": "补办",
    }  # fmt: skip
    one, two = (
        open_record(HandCharge(community=c.cast.yunqi), by=by, data=said, at=at(NOON)) for by in (c.collector, c.second)
    )
    once = lambda: Charge.objects.filter(item=item).count() == 1  # noqa: E731
    return Duel(lambda: c.step(one, "approve", c.accountant), lambda: c.step(two, "approve", c.accountant), once)


def one_line_by_two(c: Counter) -> Duel:
    bank_line(c.cast.yunqi, SUM)
    line = BankLine.objects.latest("pk")

    def confirm(by: Any) -> None:
        taking.confirm(fresh(line), [taking.Part(c.cast.home, c.cast.owner, SUM)], by=by)

    once = lambda: Receipt.objects.filter(bank_tie__line=line).count() == 1  # noqa: E731
    return Duel(lambda: confirm(c.collector), lambda: confirm(c.second), once)


def order_of(c: Counter, bill: Charge) -> PayOrder:
    made: PayOrder = PayOrder.objects.create(
        community=c.cast.yunqi, number=f"YQ-ZF-{bill.pk}", channel="wechat", party=c.cast.owner, amount=SUM, charges=[bill.pk],
        made_by=c.collector, made_at=at(NOON),
    )  # fmt: skip
    return made


def told_twice(c: Counter) -> Duel:
    """The same order paid on two telephones: the second one's money waits for a person."""
    bill = fresh_charge(c.cast, SUM)
    order = order_of(c, bill)

    def hear(mark: str) -> None:
        counting.hear("wechat", Paid(f"{order.number}{mark}", order.number, SUM, at(NOON)))

    def once() -> bool:
        verdicts = sorted(Notice.objects.filter(order=order).values_list("verdict", flat=True))
        return (verdicts, open_of(bill)) == (["counted", "twice"], 0)

    return Duel(lambda: hear("A"), lambda: hear("B"), once)


def told_and_taken(c: Counter) -> Duel:
    """Paid by telephone while somebody pays at the desk: the bill once, the rest is his."""
    bill, receipt = fresh_charge(c.cast, SUM), c.receive(SUM)
    order = order_of(c, bill)

    def once() -> bool:
        came = Receipt.objects.get(reference=f"wechat:{order.number}")
        return (open_of(bill), came.left + fresh(receipt).left) == (0, SUM)

    hear = lambda: counting.hear("wechat", Paid(order.number, order.number, SUM, at(NOON)))  # noqa: E731
    return Duel(hear, lambda: c.settle(receipt, bill), once)


def paid_or_cancelled(c: Counter) -> Duel:
    payable = c.owe(Part(500, c.cost["Z07"]))

    def once() -> bool:
        return bool(fresh(payable).voided_by_id) and fresh(payable).left == 0

    cancel = lambda: c.does(c.head, lambda books: paying.cancel(books, payable, "重复"))  # noqa: E731
    return Duel(lambda: c.pay_out(payable), cancel, once)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


@pytest.mark.parametrize(
    "duel",
    [
        two_tills, waived_or_paid, refunded_or_used, refunded_or_taken_back, returned_or_taken_back, returned_or_deducted,
        charged_by_two, one_line_by_two, told_twice, told_and_taken, paid_or_cancelled,
    ],
)  # fmt: skip
def test_whoever_steps_in_at_any_statement_it_is_used_once(cast: Any, duel: Callable[[Counter], Duel]) -> None:
    counter, rounds = counter_of(cast), 0
    for number in range(FIRST, MOST, STEP):
        one = duel(counter)
        fates = in_between(number, one.door, one.rival)
        if fates[1] == "not reached":
            break
        rounds += 1
        assert set(fates) <= {"done", "Refused", "Conflict", "Invalid"}, (number, fates)
        assert one.once(), (number, fates)
    assert rounds
    assert faults() == []


# -- a worker dies ------------------------------------------------------------------------------------------------------


def killed(door: Door, every: int) -> int:
    """Die at each so-manieth statement, until it comes through."""
    for deaths, number in enumerate(range(1, MOST, every)):
        if not die_at(number, door):
            return deaths
    raise AssertionError("it never came to its end")


def test_the_months_vouchers_are_drawn_up_once_however_often_it_dies(cast: Any) -> None:
    counter = counter_of(cast)
    for amount in (35941, 500):
        counter.settle(
            counter.receive(amount, when="2026-10-21 09:00"),
            counter.charge(amount, amount % 9 + 1, when="2026-10-20 09:00"),
        )
    counter.does(counter.accountant, lambda books: close_period(books, date(2026, 10, 31), "月结"), "2026-11-02 09:00")
    (book,) = come_round(at("2026-11-01 00:10"), "month-books")
    draw = lambda: perform(fresh(book), "draw", by=counter.accountant, key="k", at=at("2026-11-03 10:00"))  # noqa: E731
    assert killed(draw, 3) > 5
    book = MonthBook.objects.get(pk=book.pk)
    numbers = list(Slip.objects.filter(book=book).order_by("number").values_list("number", flat=True))
    assert (numbers, book.slip_count) == (list(range(1, len(numbers) + 1)), len(numbers))
    assert not [fault for result in check_all() if result.name.startswith("bookkeeping.") for fault in result.faults]


def test_the_notices_of_a_month_are_set_once_however_often_the_worker_dies(cast: Any) -> None:
    office = billing_of(cast)
    office.charge(35941, 11)
    batch = office.step(office.drawn(), "check", office.head)
    batch = office.step(batch, "seal", cast.xiang)
    batch = office.step(batch, "print", office.accountant)
    mark = _running.set(("one task",))
    assert killed(lambda: set_paper.func(batch_id=batch.pk, by_id=office.accountant.pk), 11) > 1
    _running.reset(mark)
    batch = NoticeBatch.objects.get(pk=batch.pk)
    papers = Attachment.objects.filter(record=batch.pk)
    assert [batch.paper_id] == list(papers.values_list("pk", flat=True))
