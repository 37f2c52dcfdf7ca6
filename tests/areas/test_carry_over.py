"""以前缴存补转: what was at the bank before the program booked it goes there in the books, by two hands, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.applying.models import CarryOver, TillClose
from yihu.areas.cashier.applying.periods import close_month
from yihu.areas.cashier.banking.own_money import banked
from yihu.ground.ledger.balances import trial_balance
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def banked_then(counter: Counter, slip: str, *, read: bool = True, when: str = "2026-11-10 12:00") -> TillClose:
    """A till as an earlier version left it: at the bank by its slip, in hand by the books."""
    till = counter.step(counter.close(when=when), "receive", counter.cashier, when=when)
    TillClose.objects.filter(pk=till.pk).update(bank_slip=slip)
    if read:
        counter.step(till, "read", counter.head, when=when)
    found: TillClose = TillClose.objects.get(pk=till.pk)
    return found


def asked(counter: Counter, **more: Any) -> Any:
    return counter.ask(CarryOver, by=counter.cashier, reason="升级以前已经存入银行", **more)


def test_tills_of_before_go_to_the_bank_by_two_hands(counter: Counter, sign_in: Any) -> None:
    counter.receive(10000)
    counter.receive(3000, method="cheque", reference="ZP-1")
    counter.receive(500, method="card", reference="P-1")
    first = banked_then(counter, "PA-1")
    counter.receive(700)
    second = banked_then(counter, "PA-2", read=False)
    counter.receive(900)
    till = counter.step(counter.close(), "receive", counter.cashier, bank_slip="PA-3")  # as it is done now
    page = sign_in(counter.cashier).get("/carry-overs/new/").content.decode()
    assert "2 张日结单有缴存单号" in page
    assert "合计 137.00 元" in page
    assert "升级以前已经存入银行，当时程序还不转账</textarea>" in page
    over = asked(counter)
    assert (over.cash, over.cheque) == (10700, 3000)
    with pytest.raises(NotAllowed):
        counter.step(over, "approve", counter.cashier)
    assert trial_balance(counter.cast.yunqi, DAY)["cash"] == 10700
    over = counter.step(over, "approve", counter.head)
    found = trial_balance(counter.cast.yunqi, DAY)
    assert (found["bank"], found.get("cash"), found.get("cheque"), found["card"]) == (14600, None, None, 500)
    assert {one.words.split("，")[0] for one in banked(counter.cast.yunqi)} == {
        f"{first.number} 缴存 PA-1", f"{second.number} 缴存 PA-2", f"{till.number} 缴存 PA-3",
    }  # fmt: skip
    shown = sign_in(counter.head).get(over.get_absolute_url()).content.decode()
    assert first.number in shown
    assert "PA-2" in shown
    with pytest.raises(Invalid, match="没有要补转的"):
        asked(counter)
    assert [fault for result in check_all() for fault in result.faults] == []


def test_the_month_waits_for_them(counter: Counter, sign_in: Any) -> None:
    counter.receive(10000, when="2026-10-30 16:00")
    banked_then(counter, "PA-1", when="2026-10-30 17:00")
    page = sign_in(counter.head).get("/cashier/books/?month=2026-10").content.decode()
    assert "1 张以前的日结单已存入银行，账上 100.00 元还在库存现金、支票" in page
    with pytest.raises(Refused, match="还有 1 件事没有办完"):
        close_month(counter.cast.yunqi, date(2026, 10, 31), by=counter.head, key="1")
    counter.step(asked(counter), "approve", counter.head)
    close_month(counter.cast.yunqi, date(2026, 10, 31), by=counter.head, key="2")


def test_a_cheque_that_bounced_meanwhile_is_not_carried(counter: Counter) -> None:
    cheque = counter.receive(3000, method="cheque", reference="ZP-1")
    counter.receive(10000)
    banked_then(counter, "PA-1")
    over = asked(counter)
    letter = counter.red(receipt=cheque.pk, why="bounced", reason="空头支票")
    counter.step(letter, "approve", counter.head)
    with pytest.raises(Conflict, match="刚刚有变动"):
        counter.step(over, "approve", counter.head)
    counter.step(over, "refuse", counter.head, refusal="支票退了")
    over = asked(counter)
    assert (over.cash, over.cheque) == (10000, 0)
    counter.step(over, "approve", counter.head)
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": 10000, "credit": -10000}


def test_one_application_at_a_time_and_a_slip_entered_meanwhile_counts_once(counter: Counter) -> None:
    counter.receive(10000)
    till = banked_then(counter, "PA-1", read=False)
    over = asked(counter)
    with pytest.raises(Invalid, match="在办"):
        asked(counter)
    counter.step(till, "bank", counter.cashier, bank_slip="PA-1")  # the ordinary way books it as well
    with pytest.raises(Conflict, match="刚刚有变动"):
        counter.step(over, "approve", counter.head)
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": 10000, "credit": -10000}


@pytest.mark.django_db(transaction=True)
def test_two_agree_at_once_and_it_is_carried_once(counter: Counter) -> None:
    counter.receive(10000)
    banked_then(counter, "PA-1")
    over, heads = asked(counter), [counter.head, counter.cast.person("cai2", "齐财务", "finance_supervisor")]
    fates = at_once(4, lambda at: counter.step(over, "approve", heads[at % 2]))
    assert fates.count("done") == 1
    assert trial_balance(counter.cast.yunqi, DAY)["bank"] == 10000
