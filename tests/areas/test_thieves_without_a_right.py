"""Whoever may look at the money and not touch it, and whoever asked for something with every post in his hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.support.banking import bank_line
from tests.support.doing import at, photo
from tests.support.paying import ACCOUNT, NOON, Counter, counter_of
from yihu.areas.cashier import till
from yihu.areas.cashier.banking import counting, outgoing, settling, taking
from yihu.areas.cashier.banking.models import Notice, PayOrder, Settlement
from yihu.areas.cashier.banking.taking import Part
from yihu.ground.ledger.models import Line, Receipt
from yihu.kernel.doors import perform
from yihu.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
POSTS = ("finance_supervisor", "project_manager", "cashier", "fee_collector")


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


class Papers:
    """A line that came in and a receipt that may be it, a day's settlement, an order."""

    def __init__(self, counter: Counter) -> None:
        cast = counter.cast
        self.counter, self.cast = counter, cast
        counter.charge(10000)
        self.taken = counter.receive(5000, method="bank", reference="W1")
        self.line = bank_line(cast.yunqi, 5000)
        self.parked = bank_line(cast.yunqi, 700, "（无名）")
        taking.park(self.parked, by=counter.collector)
        self.nobodys = Receipt.objects.latest("pk")
        self.settled = Settlement.objects.create(
            community=cast.yunqi, channel="wechat", day=date(2026, 11, 8), gross=5000, fee=0
        )
        self.order = PayOrder.objects.create(
            community=cast.yunqi, number="YQ-ZF-1", channel="wechat", party=cast.owner, amount=100, charges=[],
            made_by=counter.collector, made_at=at(NOON),
        )  # fmt: skip


DOORS: dict[str, Callable[[Papers, Any], Any]] = {
    "tie": lambda p, by: taking.tie(p.line, p.taken, by=by),
    "park": lambda p, by: taking.park(p.line, by=by),
    "set aside": lambda p, by: taking.set_aside(p.line, "利息", by=by),
    "identify": lambda p, by: taking.identify(p.parked, p.nobodys, Part(p.cast.home, p.cast.owner, 700), by=by),
    "divide": lambda p, by: taking.divide(p.parked, p.nobodys, [Part(p.cast.home, p.cast.owner, 700)], by=by),
    "arrived": lambda p, by: settling.arrived(p.settled, p.line, by=by),
    "use credit": lambda p, by: till.use_credit(p.cast.owner, 0, by=by),
}


@pytest.mark.parametrize("door", DOORS)
def test_who_keeps_the_books_or_sets_prices_touches_no_money_that_comes_in(counter: Counter, door: str) -> None:
    papers, before = Papers(counter), Line.objects.count()
    for person in (counter.accountant, counter.head, counter.cast.xiang, counter.cast.wang):
        with pytest.raises(NotAllowed):
            DOORS[door](papers, person)
    assert Line.objects.count() == before
    assert taking.rest_of(papers.line) == 5000
    DOORS[door](papers, counter.collector) if door != "use credit" else None


def test_who_may_not_collect_neither_orders_nor_asks_nor_fetches_a_settlement(counter: Counter) -> None:
    papers = Papers(counter)
    with pytest.raises(Refused):
        counting.make_order(counter.cast.home, counter.cast.owner, "wechat", by=counter.accountant)
    with pytest.raises(NotAllowed):
        counting.ask(papers.order, by=counter.accountant)
    with pytest.raises(NotAllowed):
        settling.settle(counter.cast.yunqi, "wechat", date(2026, 11, 8), by=counter.collector)
    assert not Notice.objects.exists()


def test_a_receipt_of_another_line_is_neither_claimed_nor_taken_back_by_this_one(counter: Counter) -> None:
    papers = Papers(counter)
    with pytest.raises(Refused, match="不是这笔流水的"):
        taking.identify(papers.line, papers.nobodys, Part(None, counter.cast.owner, 700), by=counter.collector)
    with pytest.raises(Refused, match="不是这笔流水的"):
        taking.divide(papers.line, papers.nobodys, [Part(None, counter.cast.owner, 700)], by=counter.collector)
    with pytest.raises(Refused, match="不是这笔流水的"):
        taking.take_back(papers.line, papers.taken, "认错", by=counter.head)
    taking.tie(papers.line, papers.taken, by=counter.collector)
    with pytest.raises(Refused, match="已经有人处理"):
        taking.set_aside(papers.line, "利息", by=counter.collector)
    with pytest.raises(Refused):
        settling.arrived(papers.settled, papers.line, by=counter.collector)


def test_a_line_that_went_out_and_is_a_payment_is_not_set_aside(counter: Counter) -> None:
    line = bank_line(counter.cast.yunqi, -3000, "备用金")
    outgoing.fetched(line, by=counter.head)
    with pytest.raises(Refused, match="已经有人处理"):
        outgoing.set_aside(line, "其他", by=counter.head)


def test_who_asked_for_it_neither_refuses_nor_undoes_it_with_every_post_in_his_hand(counter: Counter) -> None:
    counter.collector = counter.cast.person("shou", "寿收费", *POSTS)
    receipt = counter.receive(30000)
    refund, held = counter.refund(receipt, 100), counter.giving_back(counter.held(5000))
    red, waiver = counter.red(receipt=counter.receive(500).pk), counter.waiver(counter.charge(10000), 1000)
    for record in (refund, held, red, waiver):
        with pytest.raises(NotAllowed):
            counter.step(record, "refuse", counter.collector, refusal="算了")
    came = {"bounced_on": "2026-11-10", "bounced_reference": "T1", "bounced_why": "账户已销户"}
    for asked in (refund, held):
        record = counter.step(asked, "approve", counter.head)
        with pytest.raises(NotAllowed):
            counter.step(record, "fail", counter.collector, failure="没有付")
        with pytest.raises(NotAllowed):
            counter.step(record, "pay", counter.collector, paid_reference="W1")
        record = counter.step(record, "pay", counter.cashier, paid_reference="W1")
        with pytest.raises(NotAllowed):
            perform(record, "bounced", by=counter.collector, data=came, files={"slip": [photo()]}, at=at(NOON))
        record = perform(record, "bounced", by=counter.head, data=came, files={"slip": [photo()]}, at=at(NOON))
        counter.second = counter.cast.person("shou2", "于收费", "finance_supervisor")
        counter.step(record, "account", counter.second, **{**ACCOUNT, "account_no": "6222020200998877665"})
        with pytest.raises(NotAllowed):  # who wrote the account down does not agree to it
            counter.step(record, "approve", counter.second)


def test_who_counted_for_another_does_not_receive_and_nobody_counts_for_himself(counter: Counter) -> None:
    counter.collector = counter.cast.person("shou", "寿收费", *POSTS)
    counter.head = counter.cast.person("cai", "蔡财务", *POSTS)
    counter.receive(10000)
    due = counter.close(by=counter.collector)
    due = counter.step(due, "send_back", counter.cashier, words="少一张")
    said = {**counter.count(counter.collector, due), "absence": "病假", "witness": "路人"}
    with pytest.raises(NotAllowed):
        counter.step(due, "count_for", counter.collector, **said)
    counted = counter.step(due, "count_for", counter.head, **said)
    for person in (counter.head, counter.collector):
        with pytest.raises(NotAllowed):
            counter.step(counted, "receive", person)
    assert counter.step(counted, "receive", counter.cashier).state == "received"
