"""红冲与作废 (F94): on its day its collector has a receipt voided; later only by red letter, dated today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.applying.models import TillClose
from yihu.ground.ledger.balances import trial_balance
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)
LATER = "2026-11-11 09:00"


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_a_receipt_of_the_day_is_voided_with_all_its_copies(counter: Counter) -> None:
    bill = counter.charge(10000)
    receipt = counter.receive(10000)
    counter.settle(receipt, bill)
    with pytest.raises(Invalid, match="收回这张收据的全部各联"):
        counter.void(receipt, copies_back="")
    with pytest.raises(Invalid, match="只有开这张收据的收款人"):
        counter.void(receipt, by=counter.second)
    void = counter.void(receipt)
    with pytest.raises(NotAllowed):
        counter.step(void, "approve", counter.collector)
    void = counter.step(void, "approve", counter.head)
    receipt.refresh_from_db()
    bill.refresh_from_db()
    assert (void.state, receipt.voided_by is not None, bill.open) == ("done", True, 10000)
    assert trial_balance(counter.cast.yunqi, DAY) == {"income": -10000, "receivable": 10000}
    assert faults() == []


@pytest.mark.clause("FEE-20", part="收据、账单的更正只有作废与红字冲销，经另一人批准，记在当天，原来的日子不变")
def test_the_next_day_or_after_the_close_only_by_red_letter(counter: Counter) -> None:
    receipt = counter.receive(10000)
    waiting = counter.void(counter.receive(500))
    with pytest.raises(Invalid, match="只有当天开的收据能作废"):
        counter.void(receipt, when=LATER)
    counter.close()
    with pytest.raises(Invalid, match="已经日结"):
        counter.void(receipt)
    with pytest.raises(Refused, match="已经日结"):  # asked before, agreed to after the close
        counter.step(waiting, "approve", counter.head)
    red = counter.red(receipt=receipt.pk, when=LATER)
    red = counter.step(red, "approve", counter.head, when=LATER)
    receipt.refresh_from_db()
    assert receipt.voided_by is not None
    assert receipt.voided_by.day == date(2026, 11, 11)
    assert trial_balance(counter.cast.yunqi, DAY)["cash"] == 10500  # the day itself stays as it was
    assert trial_balance(counter.cast.yunqi, date(2026, 11, 11))["cash"] == 500
    assert faults() == []


def test_a_bill_is_taken_back_by_red_letter_and_its_payment_stands_at_the_payers_disposal(
    counter: Counter, sign_in: Any
) -> None:
    bill = counter.charge(35941)
    receipt = counter.receive(35941)
    counter.settle(receipt, bill)
    red = counter.red(charge=bill.pk, why="area", by=counter.accountant)
    assert (red.way, red.amount) == ("red", 35941)
    red = counter.step(red, "approve", counter.head)
    bill.refresh_from_db()
    receipt.refresh_from_db()
    assert (bill.reversal is not None, bill.open, receipt.left) == (True, 0, 35941)
    with pytest.raises(Invalid, match="已经作废或冲销过"):
        counter.red(charge=bill.pk)
    assert sign_in(counter.head).get(f"{red.get_absolute_url()}print/red_letter/").content.startswith(b"%PDF-")
    assert faults() == []


def test_a_red_letter_needs_evidence_one_paper_and_is_asked_for_once(counter: Counter) -> None:
    bill, receipt = counter.charge(10000), counter.receive(5000)
    with pytest.raises(Invalid, match="请附上凭据"):
        counter.ask(type(counter.void(counter.receive(1))), receipt=receipt.pk, way="red", why="entry", reason="错了")
    with pytest.raises(Invalid, match="只能选一样"):
        counter.red()
    with pytest.raises(Invalid, match="只能选一样"):
        counter.red(charge=bill.pk, receipt=receipt.pk)
    counter.red(receipt=receipt.pk)
    with pytest.raises(Invalid, match="在办"):
        counter.red(receipt=receipt.pk)


def test_what_was_given_back_is_said_and_cannot_be_asked_back_again(counter: Counter, sign_in: Any) -> None:
    receipt = counter.receive(10000)
    refund = counter.step(counter.refund(receipt, 4000), "approve", counter.head)
    with pytest.raises(Invalid, match=r"已经退给付款人 40\.00 元"):
        counter.red(receipt=receipt.pk)
    client, url = sign_in(counter.collector), reverse("cashier:receipt", args=[receipt.number])
    page = client.get(url).content.decode()
    for said, stands in (("已退给付款人", True), ("预收 60.00", True), ("作废、红冲", False)):
        assert (said in page) == stands, said
    counter.step(counter.refund(receipt, 6000), "approve", counter.head)
    for address in (url, f"{reverse('cashier:receipts')}?q={receipt.number}"):
        assert "已全部退回" in client.get(address).content.decode()
    counter.step(refund, "fail", counter.head, failure="账号不符，银行退回")
    page = client.get(url).content.decode()
    assert '已退给付款人 <b class="num">60.00 元' in page
    assert "预收 40.00" in page


def test_what_was_given_back_stays_given(counter: Counter) -> None:
    receipt = counter.receive(10000)
    red = counter.red(receipt=receipt.pk)
    counter.step(counter.refund(receipt, 4000), "approve", counter.head)
    with pytest.raises(Refused, match="已经退过一部分"):
        counter.step(red, "approve", counter.head)
    red = counter.step(red, "refuse", counter.head, refusal="已退款，不能再冲")
    assert red.state == "refused"


def test_the_collector_never_reverses_his_own_receipt(counter: Counter) -> None:
    cast = counter.cast
    cast.appoint(counter.collector, "finance_supervisor", cast.yunqi)
    red = counter.red(receipt=counter.receive(1000).pk, by=counter.second)
    with pytest.raises(NotAllowed):
        counter.step(red, "approve", counter.collector)
    assert counter.step(red, "approve", counter.head).state == "to_right"


@pytest.mark.django_db(transaction=True)
def test_a_void_and_a_close_at_once_agree_with_each_other(counter: Counter) -> None:
    kept, wrong = counter.receive(1000), counter.receive(900)
    void = counter.void(wrong)
    counted = counter.count(counter.collector)
    fates = at_once(
        2,
        lambda index: counter.ask(TillClose, **counted) if index else counter.step(void, "approve", counter.head),
    )
    for receipt in (kept, wrong):
        receipt.refresh_from_db()
    assert fates.count("done") == 1  # voided, and the count is out of date; or closed, and no void any more
    assert (wrong.voided_by is None) == (fates[1] == "done") == (kept.closed_in is not None)
    assert faults() == []


def test_what_he_took_a_moment_ago_is_offered_to_be_voided_and_anything_else_by_red_letter(
    counter: Counter, sign_in: Any
) -> None:
    def offered(receipt: Any, by: Any) -> str:
        page = sign_in(by).get(reverse("kernel:new", args=["red-letters"]), {"receipt": receipt.pk})
        return str(page.context["form"]["way"].value())

    today = counter.receive(1000, when=f"{timezone.localtime():%Y-%m-%d %H:%M}")
    assert offered(today, counter.collector) == "void"
    assert offered(today, counter.second) == "red"
    before = timezone.localtime() - timedelta(days=1)
    assert offered(counter.receive(1000, when=f"{before:%Y-%m-%d} 10:00"), counter.collector) == "red"


def test_what_is_in_deposit_is_said_where_it_is_asked_back(counter: Counter, sign_in: Any) -> None:
    deposit = counter.held()
    page = sign_in(counter.collector).get(reverse("kernel:new", args=["deposit-returns"]), {"deposit": deposit.pk})
    assert f"收据 {deposit.receipt}，在押 2,000.00 元" in page.content.decode()
