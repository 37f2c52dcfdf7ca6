"""A receipt that was taken back in red because it was wrong: the right one is written, or another hand says why there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support import sheets
from tests.support.doing import sentences
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.applying.periods import close_month, to_do
from yihu.areas.cashier.applying.righting import likely
from yihu.ground.ledger.models import Books, Receipt
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message

pytestmark = pytest.mark.django_db
NEXT = "2026-11-11 12:00"
CASE = "2026-12-02 10:00"
END = date(2026, 11, 30)


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def taken_back(counter: Counter, receipt: Receipt, **more: Any) -> RedLetter:
    letter = counter.red(receipt=receipt.pk, when=NEXT, **more)
    found: RedLetter = counter.step(letter, "approve", counter.head, when=NEXT)
    return found


def counted(counter: Counter, when: str) -> None:
    """All that was taken so far is handed over and at the bank."""
    till = counter.close(when=when)
    till = counter.step(till, "receive", counter.cashier, when=when, bank_slip=f"PA-{when}")
    counter.step(till, "read", counter.head, when=when)


def test_a_month_waits_for_the_right_receipt(counter: Counter, sign_in: Any) -> None:
    wrong = counter.receive(10000)
    counted(counter, "2026-11-10 17:00")
    letter = taken_back(counter, wrong)
    assert (letter.state, letter.closed_at) == ("to_right", None)
    assert Deadline.objects.filter(record_id=letter.pk, code="D88", stopped_at__isnull=True).exists()
    assert Message.objects.filter(person=counter.collector, sentence__contains="请重开正确的收据").exists()
    assert [one.url for one in to_do(counter.cast.yunqi, END)] == [letter.get_absolute_url()]
    assert to_do(counter.cast.yunqi, date(2026, 11, 10)) == []  # it is November's matter, not of the days before
    page = sign_in(counter.accountant).get("/cashier/books/?month=2026-11").content.decode()
    assert f"收据 {wrong} 100.00 元已红冲，正确的收据还没有重开登记" in page
    with pytest.raises(Refused, match="还有 1 件事没有办完"):
        close_month(counter.cast.yunqi, date(2026, 11, 11), by=counter.head, key="1")
    right = counter.receive(10000, when=NEXT)
    counted(counter, "2026-11-11 17:00")
    letter = counter.step(letter, "right", counter.accountant, when=CASE, right=right.pk)
    assert (letter.state, letter.right, letter.closed_at is not None) == ("done", right, True)
    assert to_do(counter.cast.yunqi, END) == []
    close_month(counter.cast.yunqi, date(2026, 11, 11), by=counter.head, key="2")
    assert Books.objects.get().closed_through == date(2026, 11, 11)
    paper = sheets.text_of(sign_in(counter.head).get(f"{letter.get_absolute_url()}print/red_letter/").content)
    assert right.number in paper


def test_the_likely_one_is_filled_in_and_no_other_persons_guess_counts_twice(counter: Counter, sign_in: Any) -> None:
    wrong, second = counter.receive(10000), counter.receive(20000)
    letter, other = taken_back(counter, wrong), taken_back(counter, second)
    counter.receive(777, when=NEXT)
    right = counter.receive(10000, when=NEXT)
    assert likely(letter) == right
    page = sign_in(counter.accountant).get(f"{letter.get_absolute_url()}do/right/").content.decode()
    assert f'value="{right.pk}"' in page
    with pytest.raises(Invalid, match="就是红冲掉的那一张"):
        counter.step(letter, "right", counter.accountant, when=NEXT, right=wrong.pk)
    with pytest.raises(Invalid, match="已经作废"):
        counter.step(letter, "right", counter.accountant, when=NEXT, right=second.pk)
    counter.step(letter, "right", counter.accountant, when=NEXT, right=right.pk)
    with pytest.raises(Invalid, match=f"已经登记为 {letter.number} 的重开"):
        counter.step(other, "right", counter.accountant, when=NEXT, right=right.pk)
    early = counter.receive(1)
    third = taken_back(counter, counter.receive(30000))
    with pytest.raises(Invalid, match="开在红冲的那一张以前"):
        counter.step(third, "right", counter.accountant, when=NEXT, right=early.pk)


def test_who_took_the_money_neither_links_a_receipt_nor_says_that_there_is_none(counter: Counter) -> None:
    cast = counter.cast
    letter = taken_back(counter, counter.receive(10000))
    right = counter.receive(10000, when=NEXT)
    cast.appoint(counter.collector, "finance_supervisor", cast.yunqi)
    with pytest.raises(NotAllowed):
        counter.step(letter, "right", counter.collector, when=NEXT, right=right.pk)
    for person in (counter.collector, counter.cashier):
        with pytest.raises(NotAllowed):
            counter.step(letter, "no_right", person, when=NEXT, no_right="钱没有收过")
    letter = counter.step(letter, "no_right", counter.head, when=NEXT, no_right="钱没有收过")
    assert (letter.state, letter.right) == ("done", None)
    assert "认定不用重开：钱没有收过" in sentences(letter)[-1]
    assert to_do(cast.yunqi, END) == [one for one in to_do(cast.yunqi, END) if not one.url]


@pytest.mark.parametrize("why", ["bounced", "twice"])
def test_what_bounced_or_stood_twice_wants_no_other(counter: Counter, why: str) -> None:
    assert taken_back(counter, counter.receive(500, method="cheque", reference="ZP-1"), why=why).state == "done"


def test_a_bill_or_a_receipt_that_is_voided_on_its_day_wants_no_other(counter: Counter) -> None:
    bill = counter.red(charge=counter.charge(500).pk, why="area", by=counter.accountant)
    assert counter.step(bill, "approve", counter.head).state == "done"
    assert counter.step(counter.void(counter.receive(900)), "approve", counter.head).state == "done"


@pytest.mark.django_db(transaction=True)
def test_two_wrong_receipts_are_not_righted_by_one(counter: Counter) -> None:
    letters = [taken_back(counter, counter.receive(1000)) for _ in range(2)]
    right = counter.receive(1000, when=NEXT)
    fates = at_once(2, lambda at: counter.step(letters[at], "right", counter.accountant, when=NEXT, right=right.pk))
    assert fates.count("done") == 1
    assert RedLetter.objects.filter(right=right).count() == 1
