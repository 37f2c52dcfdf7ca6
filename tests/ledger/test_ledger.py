"""A ledger that can't lie: what is owed, what came in, what is left, and nothing twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.harness.breaking import at_once
from tests.support.doing import at
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, correcting, deposits, receiving
from yihu.ground.ledger.balances import ages, identities, open_charges, statement, trial_balance
from yihu.ground.ledger.models import Books, Charge, Line, Receipt, Voucher
from yihu.ground.ledger.posting import Leg, books, close_period
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_a_bill_is_paid_in_parts_and_the_rest_stands_at_the_payers_disposal(office: Any) -> None:
    bill = office.charge(35941)
    office.settle(office.receive(20000))
    bill.refresh_from_db()
    assert bill.open == 15941
    second = office.receive(30000)
    office.settle(second)
    bill.refresh_from_db()
    second.refresh_from_db()
    assert (bill.open, second.left) == (0, 14059)
    assert trial_balance(office.cast.yunqi, DAY) == {"cash": 50000, "credit": -14059, "income": -35941}
    assert identities(office.cast.yunqi, DAY).hold
    assert faults() == []


def test_money_goes_first_to_what_is_due_costs_before_interest_before_principal(office: Any) -> None:
    """民法典第560条、第561条; the payer's own word goes before it."""
    later = office.charge(10000, 12)  # due in December
    old, older = office.charge(10000, 10), office.charge(10000, 9)
    penalty = office.charge(500, 10, office.late_fee)
    office.settle(office.receive(12500))
    left = {one.pk: one.open for one in Charge.objects.all()}
    assert (left[penalty.pk], left[older.pk], left[old.pk], left[later.pk]) == (0, 0, 8000, 10000)
    office.settle(office.receive(3000), later)
    later.refresh_from_db()
    assert later.open == 7000
    assert set(Voucher.objects.filter(kind="allocate").values_list("rule", flat=True)) == {"law", "instruction"}


def test_what_is_due_goes_before_the_cost_of_what_is_not(office: Any) -> None:
    """民法典第560条: first the debts that are due; the order of cost, interest and principal (第561条) holds among these."""
    late, cost = office.charge(10000, 10), office.charge(500, 12, office.late_fee)  # the cost is due in December
    office.settle(office.receive(9000))
    assert [Charge.objects.get(pk=one.pk).open for one in (late, cost)] == [1000, 500]
    office.settle(office.receive(1200))
    assert [Charge.objects.get(pk=one.pk).open for one in (late, cost)] == [0, 300]


def test_a_command_that_opens_the_books_twice_posts_twice(office: Any) -> None:
    bill = office.charge(10000, 10)
    with command(by=office.head, at=at("2026-11-10 12:00")) as commanding:
        for amount in (100, 200):
            with books(commanding, office.cast.yunqi.pk) as opened:
                charging.waive(opened, bill, amount, "服务")
    bill.refresh_from_db()
    assert bill.open == 9700


def test_debts_of_one_day_share_what_there_is_and_no_cent_is_lost(office: Any) -> None:
    items = [office.item(f"X{number}", f"费{number}") for number in range(3)]
    for item in items:
        office.charge(100000, 10, item)
    office.settle(office.receive(100000))
    assert sorted(100000 - one.open for one in Charge.objects.all()) == [33333, 33333, 33334]


def test_one_thing_in_one_time_is_charged_once(office: Any) -> None:
    office.charge(35941)
    with pytest.raises(Conflict, match="已经出过"):
        office.charge(35941)
    office.charge(900, part="2 号表")  # a second meter of the same unit
    tenant = Party.objects.create(community=office.cast.yunqi, name="租客")
    with pytest.raises(Conflict):  # nor to somebody else of the same unit
        office.charge(35941, party=tenant.pk)
    assert Charge.objects.count() == 2


def test_a_reversed_charge_may_be_made_again_and_what_was_paid_comes_back(office: Any) -> None:
    bill = office.charge(35941)
    receipt = office.receive(35941)
    office.settle(receipt)
    with pytest.raises(NotAllowed):
        office.does(office.collector, lambda books: charging.reverse_charge(books, bill, "面积登记错了"))
    office.does(office.head, lambda books: charging.reverse_charge(books, bill, "面积登记错了"))
    receipt.refresh_from_db()
    assert receipt.left == 35941
    with pytest.raises(Refused):
        office.does(office.head, lambda books: charging.reverse_charge(books, bill, "再点一次"))
    again = office.charge(34000)
    office.settle(receipt)
    again.refresh_from_db()
    receipt.refresh_from_db()
    assert (again.open, receipt.left) == (0, 1941)
    assert faults() == []


def test_a_waiver_and_an_adjustment_settle_without_money(office: Any) -> None:
    bill = office.charge(10000)
    office.does(office.head, lambda books: charging.waive(books, bill, 1500, "停梯补偿"))
    in_favour = office.charge(-2500, 9)
    office.does(office.accountant, lambda books: charging.offset(books, in_favour, bill, 2500))
    bill.refresh_from_db()
    in_favour.refresh_from_db()
    assert (bill.open, in_favour.open) == (6000, 0)
    with pytest.raises(Refused, match=r"只剩 60\.00 元"):
        office.does(office.head, lambda books: charging.waive(books, bill, 6001, "太多"))
    found = identities(office.cast.yunqi, DAY)
    assert (found.hold, found.arrears, found.charged) == (True, 6000, 6000)
    assert faults() == []


def test_a_deposit_is_never_income_and_is_used_only_with_the_payers_word(office: Any) -> None:
    receipt = office.receive(200000)
    held = office.does(office.collector, lambda books: deposits.take_deposit(books, receipt, office.deposit, 200000))
    assert trial_balance(office.cast.yunqi, DAY) == {"cash": 200000, "deposit": -200000}
    bill = office.charge(30000)
    with pytest.raises(Refused, match="书面同意"):
        office.does(office.head, lambda books: deposits.deduct(books, held, bill, 30000, consent=" "))
    office.does(office.head, lambda books: deposits.deduct(books, held, bill, 30000, consent="业主签字同意书 3 号"))
    with pytest.raises(Refused, match=r"只剩 1,700\.00 元"):
        office.does(office.head, lambda books: deposits.give_back(books, held, 200000, method="bank", why="验收合格"))
    office.does(office.head, lambda books: deposits.give_back(books, held, 170000, method="bank", why="验收合格"))
    held.refresh_from_db()
    bill.refresh_from_db()
    assert (held.left, bill.open) == (0, 0)
    assert trial_balance(office.cast.yunqi, DAY) == {"bank": -170000, "cash": 200000, "income": -30000}
    assert identities(office.cast.yunqi, DAY).hold
    assert faults() == []


def test_money_that_nobody_knows_waits_until_somebody_finds_out(office: Any) -> None:
    bill = office.charge(32274)
    unknown = office.does(
        office.collector,
        lambda books: receiving.receive(
            books, amount=32274, method="bank", payer_name="孙某", reference="B-1", received_at=None
        ),
    )
    assert trial_balance(office.cast.yunqi, DAY)["unidentified"] == -32274
    with pytest.raises(Refused, match="先认领"):
        office.settle(unknown, bill)
    office.does(office.collector, lambda books: receiving.identify(books, unknown, office.cast.owner, office.cast.home))
    with pytest.raises(Conflict, match="已经有人认领"):
        office.does(office.collector, lambda books: receiving.identify(books, unknown, office.cast.owner))
    office.settle(unknown)
    bill.refresh_from_db()
    assert bill.open == 0
    assert trial_balance(office.cast.yunqi, DAY) == {"bank": 32274, "income": -32274}
    assert faults() == []


def test_money_that_was_nobodys_first_is_taken_back_like_any_other(office: Any) -> None:
    bill = office.charge(10000)
    parked = office.does(
        office.collector, lambda books: receiving.receive(books, amount=12000, method="bank", payer_name="孙某")
    )
    office.does(office.collector, lambda books: receiving.identify(books, parked, office.cast.owner, office.cast.home))
    office.settle(parked, bill)
    office.does(office.head, lambda books: receiving.reverse_receipt(books, parked, "银行退回"))
    bill.refresh_from_db()
    parked.refresh_from_db()
    assert (bill.open, parked.left, parked.voided_by is not None) == (10000, 0, True)
    assert trial_balance(office.cast.yunqi, DAY) == {"income": -10000, "receivable": 10000}
    assert faults() == []


def test_a_bounced_cheque_opens_again_what_it_paid(office: Any) -> None:
    bill = office.charge(10000)
    cheque = office.receive(15000, method="cheque", reference="C-7")
    office.settle(cheque)
    office.does(office.head, lambda books: receiving.reverse_receipt(books, cheque, "退票"))
    bill.refresh_from_db()
    assert (bill.open, trial_balance(office.cast.yunqi, DAY)) == (10000, {"income": -10000, "receivable": 10000})
    with pytest.raises(Refused, match="已经作废"):
        office.does(office.head, lambda books: receiving.reverse_receipt(books, cheque, "再退一次"))
    paid = office.receive(3000)
    office.does(office.head, lambda books: receiving.refund(books, paid, 1000, method="bank", why="多付"))
    with pytest.raises(Refused, match="已经退过"):
        office.does(office.head, lambda books: receiving.reverse_receipt(books, paid, "记错"))
    assert faults() == []


def test_one_reference_comes_in_once_and_numbers_have_no_gaps(office: Any) -> None:
    first = office.receive(100, method="online", reference="W-1")
    with pytest.raises(Conflict, match="没有重复入账"):
        office.receive(100, method="online", reference="W-1")
    second = office.receive(100, method="online", reference="W-2")
    assert (first.number, second.number) == ("YQ-SJ-2026-000001", "YQ-SJ-2026-000002")
    assert faults() == []


def test_a_closed_period_never_changes(office: Any) -> None:
    bill = office.charge(10000, when="2026-10-20 10:00")
    before = trial_balance(office.cast.yunqi, date(2026, 10, 31))
    with pytest.raises(NotAllowed):
        office.does(office.collector, lambda books: close_period(books, date(2026, 10, 31), "月结"))
    office.does(office.accountant, lambda books: close_period(books, date(2026, 10, 31), "月结"))
    with pytest.raises(Refused, match="已经结账"):
        office.charge(5000, 8, when="2026-10-25 10:00")
    with pytest.raises(Refused, match="只能往后结"):
        office.does(office.accountant, lambda books: close_period(books, date(2026, 9, 30), "倒结"))
    office.does(office.head, lambda books: charging.reverse_charge(books, bill, "出错"))  # dated today
    assert trial_balance(office.cast.yunqi, date(2026, 10, 31)) == before == {"income": -10000, "receivable": 10000}
    assert trial_balance(office.cast.yunqi, DAY) == {}
    assert faults() == []


def test_a_posting_is_only_ever_added(office: Any) -> None:
    office.charge(10000)
    for rows in (Line.objects, Voucher.objects):
        with pytest.raises(TypeError):
            rows.all().delete()
        with pytest.raises(TypeError):
            rows.update(day=date(2020, 1, 1))
        row = rows.first()
        row.day = date(2020, 1, 1)
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            row.save()
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):  # nor can a bill be paid beyond its amount by any other door
        Charge.objects.update(open=10001)


def test_a_voucher_that_does_not_balance_is_a_mistake_of_ours(office: Any) -> None:
    with pytest.raises(ValueError, match="add up to nothing"):
        office.does(office.accountant, lambda books: books.post("charge", [Leg("income", -5)], words="错"))


def test_what_was_owed_on_a_day_how_long_and_the_statement(office: Any) -> None:
    office.charge(10000, 8, when="2026-08-01 09:00")
    office.charge(20000, 10, when="2026-10-01 09:00")
    office.settle(office.receive(4000, when="2026-10-05 09:00"), when="2026-10-05 09:00")
    owner = office.cast.owner
    assert [one.owed for one in open_charges(date(2026, 9, 30), party=owner)] == [10000]
    assert [one.owed for one in open_charges(DAY, party=owner)] == [6000, 20000]
    assert dict(ages(DAY, community=office.cast.yunqi))["31–90 天"] == 6000
    assert dict(ages(DAY, community=office.cast.yunqi))["30 天内"] == 20000
    told = statement(date(2026, 10, 1), DAY, party=owner)
    assert (told.before, [line.amount for line in told.lines], told.after) == (10000, [20000, -4000], 26000)


@pytest.mark.parametrize(
    ("who", "work"),
    [
        ("collector", lambda office, books: charging.charge(books, office.owed(100))),
        ("accountant", lambda office, books: receiving.receive(books, amount=100, method="cash", payer_name="某")),
        ("accountant", lambda office, books: charging.waive(books, office.bill, 100, "x")),
        ("head", lambda office, books: receiving.receive(books, amount=100, method="cash", payer_name="某")),
    ],
)
def test_duties_are_split(office: Any, who: str, work: Any) -> None:
    office.bill = office.charge(500, 9)
    with pytest.raises(NotAllowed):
        office.does(getattr(office, who), lambda books: work(office, books))


@pytest.mark.django_db(transaction=True)
def test_fifty_payments_of_one_bill_at_once_pay_it_once(office: Any) -> None:
    bill = office.charge(10000)
    receipts = [office.receive(10000) for _ in range(50)]

    def pay(index: int) -> None:
        office.does(
            office.collector,
            lambda books: receiving.allocate(books, receipts[index], [(bill, 10000)], rule="instruction"),
        )

    fates = at_once(50, pay)
    bill.refresh_from_db()
    assert (fates.count("done"), bill.open) == (1, 0)
    assert sum(Receipt.objects.values_list("left", flat=True)) == 49 * 10000
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_nobody_posts_beside_a_closing(office: Any) -> None:
    """Ten charges of the last day and the closing of it, at once: each is either in the closed month, or refused."""
    office.charge(100, 1, when="2026-10-31 08:00")

    def go(index: int) -> None:
        if index == 5:
            office.does(office.accountant, lambda books: close_period(books, date(2026, 10, 31), "月结"))
        else:
            office.charge(1000, 2, office.item(f"I{index}", f"费{index}"), when="2026-10-31 20:00")

    fates = at_once(10, go)
    assert fates[5] == "done"
    assert Books.objects.get().closed_through == date(2026, 10, 31)
    assert Charge.objects.count() == fates.count("done")  # the first one, and each that was not refused
    assert faults() == []


def test_a_till_that_does_not_agree_is_booked_with_its_reason(office: Any) -> None:
    office.receive(10000)
    with pytest.raises(NotAllowed):
        office.does(office.accountant, lambda books: correcting.over_short(books, "cash", -500, "找零多付"))
    with pytest.raises(Refused, match="写明原因"):
        office.does(office.collector, lambda books: correcting.over_short(books, "cash", -500, " "))
    with pytest.raises(Refused, match="没有长短款"):
        office.does(office.collector, lambda books: correcting.over_short(books, "cash", 0, "无"))
    office.does(office.collector, lambda books: correcting.over_short(books, "cash", -500, "找零多付"))
    assert trial_balance(office.cast.yunqi, DAY) == {"cash": 9500, "credit": -10000, "over_short": 500}
    office.does(office.collector, lambda books: correcting.over_short(books, "card", 20, "多刷"))
    assert trial_balance(office.cast.yunqi, DAY)["over_short"] == 480
    assert identities(office.cast.yunqi, DAY).hold
    assert faults() == []


def test_a_refund_that_could_not_be_paid_is_the_payers_money_again(office: Any) -> None:
    receipt = office.receive(10000)
    gone = office.does(office.head, lambda books: receiving.refund(books, receipt, 4000, method="bank", why="多付"))
    with pytest.raises(NotAllowed):
        office.does(office.collector, lambda books: correcting.never_left(books, gone, "账号错"))
    with pytest.raises(Refused, match="不是退款"):
        wrong = Voucher.objects.get(kind="receipt")
        office.does(office.head, lambda books: correcting.never_left(books, wrong, "账号错"))
    office.does(office.head, lambda books: correcting.never_left(books, gone, "账号错"))
    receipt.refresh_from_db()
    assert (receipt.left, trial_balance(office.cast.yunqi, DAY)) == (10000, {"cash": 10000, "credit": -10000})
    with pytest.raises(Conflict, match="已经冲销"):
        office.does(office.head, lambda books: correcting.never_left(books, gone, "再点一次"))
    assert faults() == []
