"""What is owed to others and paid: once, by different people, corrected by postings alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.harness.breaking import at_once
from yihu.ground.ledger import paying
from yihu.ground.ledger.balances import identities, trial_balance
from yihu.ground.ledger.models import Line, Payable, Voucher
from yihu.ground.ledger.paying import Part, parts_of
from yihu.ground.ledger.posting import close_period
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_a_bill_is_owed_and_then_paid_and_each_cent_has_its_account(office: Any) -> None:
    bill = office.owe(Part(7000, office.cost["Z07"]), Part(2000, office.cost["G01"]), Part(1000, item=office.water.pk))
    assert trial_balance(office.cast.yunqi, DAY) == {
        "expense": 7000, "common_cost": 2000, "pass_through": 1000, "payable": -10000,
    }  # fmt: skip
    office.pay_out(bill)
    bill.refresh_from_db()
    assert (bill.left, str(bill), paying.words_of(bill)) == (0, "应付 晨光文具", "已付清")
    assert trial_balance(office.cast.yunqi, DAY) == {
        "bank": -10000,
        "expense": 7000,
        "common_cost": 2000,
        "pass_through": 1000,
    }
    told = identities(office.cast.yunqi, DAY)
    assert (told.incurred, told.paid, told.payable, told.hold) == (10000, 10000, 0, True)
    assert faults() == []


def test_neither_owed_nor_paid_a_second_time(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    again = {"payee": "晨光文具", "words": "再来", "record": bill.record}
    with pytest.raises(Conflict, match="没有重复入账"):
        office.does(office.head, lambda books: paying.incur(books, [Part(500, office.cost["Z07"])], **again))
    office.pay_out(bill)
    with pytest.raises(Conflict, match="已经付过"):
        office.pay_out(bill)
    for parts in ([], [Part(0, office.cost["Z07"])]):
        with pytest.raises(Refused, match="大于零"):
            office.does(office.head, lambda books, parts=parts: paying.incur(books, parts, **again))
    assert faults() == []


def test_who_checks_does_not_pay_and_who_pays_takes_nothing_back(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    for by, work in (
        (office.head, lambda books: paying.pay(books, bill, method="bank", day=DAY, words="x")),
        (office.cashier, lambda books: paying.incur(books, [], payee="某", words="x", record=bill.record)),
        (office.cashier, lambda books: paying.unpay(books, bill, "x")),
        (office.cashier, lambda books: paying.cancel(books, bill, "x")),
        (office.cashier, lambda books: paying.recode(books, bill, office.cost["Z03"], "x")),
    ):
        with pytest.raises(NotAllowed):
            office.does(by, work)


def test_money_that_never_arrived_is_owed_again(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    with pytest.raises(Refused, match="还没有付款"):
        office.does(office.head, lambda books: paying.unpay(books, bill, "账号错"))
    office.pay_out(bill)
    office.does(office.head, lambda books: paying.unpay(books, bill, "账号错"))
    assert (bill.left, paying.words_of(bill)) == (500, "应付 5.00 元")
    assert trial_balance(office.cast.yunqi, DAY) == {"expense": 500, "payable": -500}
    office.pay_out(bill, method="cash")
    assert trial_balance(office.cast.yunqi, DAY) == {"expense": 500, "cash": -500}
    assert faults() == []


def test_what_was_never_owed_is_taken_back_whole_and_may_be_written_anew(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    office.pay_out(bill)
    office.does(office.head, lambda books: paying.cancel(books, bill, "重复付款，已追回"))
    assert (trial_balance(office.cast.yunqi, DAY), paying.words_of(bill)) == ({}, "已冲销")
    for work in (
        lambda books: paying.cancel(books, bill, "再点一次"),
        lambda books: paying.unpay(books, bill, "x"),
    ):
        with pytest.raises(Conflict, match="已经冲销"):
            office.does(office.head, work)
    with pytest.raises(Conflict, match="已经冲销"):
        office.pay_out(bill)
    again = {"payee": "晨光文具", "words": "重记", "record": bill.record}
    office.does(office.head, lambda books: paying.incur(books, [Part(400, office.cost["Z07"])], **again))
    assert faults() == []


def test_a_wrong_item_is_corrected_by_a_posting_of_today(office: Any) -> None:
    bill = office.owe(Part(300, office.cost["Z07"]), Part(200, office.cost["G01"]), when="2026-10-20 10:00")
    office.pay_out(bill, "2026-10-21 10:00")
    office.does(office.accountant, lambda books: close_period(books, date(2026, 10, 31), "月结"))
    office.does(office.head, lambda books: paying.recode(books, bill, office.cost["Z03"], "应是材料"))
    assert trial_balance(office.cast.yunqi, date(2026, 10, 31)) == {"bank": -500, "expense": 300, "common_cost": 200}
    assert trial_balance(office.cast.yunqi, DAY) == {"bank": -500, "expense": 500}
    assert parts_of(bill) == [Part(500, office.cost["Z03"])]
    paid = {
        one.cost.code: sum(line.amount for line in Line.objects.filter(cost=one.cost, account="payable"))
        for one in Line.objects.filter(cost__isnull=False).select_related("cost")
    }
    assert paid == {"Z07": 0, "G01": 0, "Z03": 500}
    with pytest.raises(Refused, match="本来就记在"):
        office.does(office.head, lambda books: paying.recode(books, bill, office.cost["Z03"], "再改"))
    water = office.owe(Part(900, item=office.water.pk))
    with pytest.raises(Refused, match="代收代付"):
        office.does(office.head, lambda books: paying.recode(books, water, office.cost["Z03"], "改"))
    open_one = office.owe(Part(100, office.cost["Z07"]))
    office.does(office.head, lambda books: paying.recode(books, open_one, office.cost["Z03"], "应是材料"))
    assert open_one.left == 100
    assert identities(office.cast.yunqi, DAY).payable == 1000
    assert faults() == []


def test_a_payment_of_a_closed_month_is_posted_today(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]), when="2026-10-20 10:00")
    office.does(office.accountant, lambda books: close_period(books, date(2026, 10, 31), "月结"))
    office.pay_out(bill, day=date(2026, 10, 30))
    assert Voucher.objects.get(kind="pay").day == DAY
    other = office.owe(Part(500, office.cost["Z07"]))
    office.pay_out(other, day=date(2026, 11, 5))
    assert Voucher.objects.filter(kind="pay").latest("pk").day == date(2026, 11, 5)


def test_the_database_itself_keeps_the_lines_of_spending(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    line = Line.objects.filter(cost__isnull=False).first()
    line.cost = office.cost["Z03"]
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        line.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Payable.objects.filter(pk=bill.pk).update(left=501)
    for account in ("payable", "expense"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Line.objects.create(voucher=line.voucher, community=office.cast.yunqi, day=DAY, account=account, amount=1)


@pytest.mark.django_db(transaction=True)
def test_ten_payments_of_one_bill_at_once_pay_it_once(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    fates = at_once(10, lambda index: office.pay_out(Payable.objects.get(pk=bill.pk)))
    assert fates.count("done") == 1
    assert trial_balance(office.cast.yunqi, DAY) == {"bank": -500, "expense": 500}
    assert faults() == []
