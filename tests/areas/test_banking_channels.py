"""Money that online channels tell of: late, doubled, reordered, wrong, forged; counted once, by a stand-in on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once, die_at
from tests.ledger.conftest import Office
from tests.support import sheets
from tests.support.banking import KEY, bank_line
from yihu.areas.cashier import printing
from yihu.areas.cashier.banking import counting, settling
from yihu.areas.cashier.banking.channels import Paid
from yihu.areas.cashier.banking.models import Notice, PayOrder, Settlement
from yihu.areas.cashier.banking.reconciling import month_of
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.ground.ledger import receiving
from yihu.ground.ledger.balances import identities, trial_balance
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.sending.channels import signing
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
URL = "/pay/notices/wechat/"
TODAY = date(2099, 1, 1)


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


@pytest.fixture
def firm() -> Iterator[StandIn]:
    stand_in, before = StandIn(KEY).start(), settings.YIHU_PAY_CHANNELS
    settings.YIHU_PAY_CHANNELS = {**before, "wechat": (stand_in.url, KEY)}
    yield stand_in
    settings.YIHU_PAY_CHANNELS = before
    stand_in.stop()


def order_of(office: Office, amount: int) -> PayOrder:
    office.charge(amount)
    return counting.make_order(office.cast.home, office.cast.owner, "wechat", by=office.collector)


def bring(one: tuple[dict[str, str], bytes]) -> int:
    headers, body = one
    kept = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name.startswith("X-")}
    return Client().post(URL, body, content_type="application/json", **kept).status_code


def books_hold(office: Office) -> bool:
    faults = [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]
    return faults == [] and identities(office.cast.yunqi, TODAY).hold


@pytest.mark.clause("FEE-07", part="线上：付款当场开收据")
def test_a_paid_order_becomes_one_receipt_and_pays_its_bills(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35910)
    assert order.pay_url == f"{firm.url}/pay/{order.number}"
    paid = firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    receipt = Receipt.objects.get()
    assert (receipt.method, receipt.reference, receipt.amount, receipt.left) == (
        "online",
        f"wechat:{paid.reference}",
        35910,
        0,
    )
    order.refresh_from_db()
    assert (order.state, Charge.objects.get().open) == ("paid", 0)
    assert trial_balance(office.cast.yunqi, TODAY) == {"income": -35910, "online": 35910}


@pytest.mark.parametrize(("cents", "answers"), [(2, [200, 200]), (3, [200, 200]), (5, [403]), (7, [403]), (1, [200])])
def test_late_doubled_reordered_forged_and_caught_notices(
    office: Office, firm: StandIn, cents: int, answers: list[int]
) -> None:
    order = order_of(office, 35900 + cents)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == answers
    order.refresh_from_db()
    assert (order.state, Receipt.objects.count()) == (("waiting", 0) if 403 in answers else ("paid", 1))
    counting.ask(order, by=office.collector)  # whatever was lost or refused is found by asking, and never twice
    order.refresh_from_db()
    assert (order.state, Receipt.objects.count(), Notice.objects.count()) == ("paid", 1, 1)
    assert books_hold(office)


def test_a_silent_channel_is_asked(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35906)
    assert counting.ask(order, by=office.collector) == "渠道说还没有付款。"
    firm.pay(order.number)
    assert firm.unsent == []
    assert "已入账" in counting.ask(order, by=office.collector)
    assert Receipt.objects.get().amount == 35906


def test_another_amount_than_was_asked_waits_for_a_person(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35904)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent * 2] == [200, 200]
    notice = Notice.objects.get()
    assert (notice.verdict, Receipt.objects.count(), Charge.objects.get().open) == ("amount", 0, 35904)
    counting.accept(notice, by=office.collector, key="k")
    counting.accept(notice, by=office.collector, key="k")
    assert (Receipt.objects.get().amount, Charge.objects.get().open) == (35804, 100)
    with pytest.raises(Conflict):
        counting.accept(notice, by=office.collector, key="k2")
    with pytest.raises(Conflict):
        counting.give_back(notice, "多付", by=office.head)
    assert books_hold(office)


def test_the_same_order_paid_twice_is_no_second_receipt_and_goes_back(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35910)
    firm.pay(order.number)
    again = firm.pay(order.number, again=True)
    assert [bring(one) for one in firm.unsent] == [200, 200]
    assert Receipt.objects.count() == 1
    notice = Notice.objects.get(verdict="twice")
    with pytest.raises(NotAllowed):
        counting.give_back(notice, "重复付款", by=office.collector)
    counting.give_back(notice, "重复付款", by=office.head, key="k")
    counting.give_back(notice, "重复付款", by=office.head, key="k")
    assert firm.orders[order.number].refunds == {f"TK{notice.pk}": 35910}
    notice.refresh_from_db()
    assert (notice.verdict, again.paid) == ("handled", 35910)


def test_a_payment_of_no_order_is_kept_and_shown(office: Office, firm: StandIn, sign_in: Any) -> None:
    firm.bring(
        {"number": "没有这张", "state": "paid", "reference": "X1", "amount": 5, "paid_at": timezone.now().isoformat()},
        KEY,
    )
    assert bring(firm.unsent[0]) == 200
    page, notice = sign_in(office.collector).get("/pay/orders/").content.decode(), Notice.objects.get()
    assert "没有这张付款单" in page
    assert "已核对，撤下" not in page
    assert not Receipt.objects.exists()
    head = sign_in(office.head)
    assert "已核对，撤下" in head.get("/pay/orders/").content.decode()
    with pytest.raises(NotAllowed, match="财务主管"):
        counting.checked(notice, office.cast.yunqi, "别的商户的", by=office.collector)
    said = {"do": "checked", "notice": notice.pk, "key": "c"}
    assert "核对的结果" in head.post("/pay/orders/do/", {**said, "why": " "}, follow=True).content.decode()
    for _ in range(2):
        head.post("/pay/orders/do/", {**said, "why": "同一商户号的停车场收款"})
    assert "没有这张付款单" not in head.get("/pay/orders/").content.decode()
    with pytest.raises(Conflict, match="有人处理过"):
        counting.checked(notice, office.cast.yunqi, "再来", by=office.head)
    assert not Receipt.objects.exists()


def test_a_channel_pays_no_order_of_another(office: Office, firm: StandIn) -> None:
    """Both speak with our key here; still the money of one is nothing that the other can tell of."""
    order = order_of(office, 35910)
    said = Paid("X2", order.number, 35910, timezone.now())
    assert counting.hear("alipay", said).verdict == "unknown"
    assert (PayOrder.objects.get().state, Receipt.objects.count()) == ("waiting", 0)
    assert counting.hear("wechat", said).verdict == "counted"


@pytest.mark.parametrize(
    "told",
    [{}, {"state": "paid"}, {"state": "paid", "number": "A", "reference": "B", "amount": -5, "paid_at": "2026-11-01T00:00:00+08:00"},
     {"state": "paid", "number": "A", "reference": "B", "amount": 5.5, "paid_at": "2026-11-01T00:00:00+08:00"},
     {"state": "paid", "number": "A", "reference": "", "amount": 5, "paid_at": "2026-11-01T00:00:00+08:00"},
     {"state": "paid", "number": "A", "reference": "B", "amount": 5, "paid_at": "gestern"}],
)  # fmt: skip
def test_what_is_signed_and_still_no_payment_is_refused(office: Office, firm: StandIn, told: dict[str, Any]) -> None:
    body = json.dumps(told).encode()
    assert bring((signing.headers(KEY, body), body)) == 403
    assert not Notice.objects.exists()


def test_who_has_no_key_learns_nothing(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35910)
    firm.pay(order.number)
    headers, body = firm.unsent[0]
    changed = body.replace(b"35910", b"35911")
    assert bring((headers, changed)) == 403
    assert bring((signing.headers(KEY, body, time.time() - 301), body)) == 403
    assert bring(({}, body)) == 403
    assert Client().post("/pay/notices/pigeon/", body, content_type="application/json").status_code == 403
    assert Client().post("/pay/notices/alipay/", body, content_type="application/json").status_code == 403
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_notice_from_many_threads_counts_once(cast: Any, firm: StandIn) -> None:
    office = Office(cast)
    order = order_of(office, 35910)
    firm.pay(order.number)
    assert at_once(4, lambda _: bring(firm.unsent[0])) == ["done"] * 4
    assert (Receipt.objects.count(), Notice.objects.count(), Charge.objects.get().open) == (1, 1, 0)
    assert books_hold(office)


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_one_order_at_once_make_one_receipt(cast: Any, firm: StandIn) -> None:
    office = Office(cast)
    order = order_of(office, 35910)
    paid = [Paid(f"R{index}", order.number, 35910, timezone.now()) for index in range(3)]
    assert at_once(3, lambda index: counting.hear("wechat", paid[index])) == ["done"] * 3
    assert Receipt.objects.count() == 1
    assert sorted(Notice.objects.values_list("verdict", flat=True)) == ["counted", "twice", "twice"]


@pytest.mark.django_db(transaction=True)
def test_killed_between_receipt_and_bill_the_next_notice_finds_nothing_half(cast: Any, firm: StandIn) -> None:
    office = Office(cast)
    order = order_of(office, 35910)
    firm.pay(order.number)
    number = 1
    while die_at(number, lambda: bring(firm.unsent[0])):
        assert (Receipt.objects.count(), Notice.objects.count()) == (0, 0)
        number += 1
    assert (Receipt.objects.get().left, Charge.objects.get().open, number > 15) == (0, 0, True)
    assert books_hold(office)


def yesterday(firm: StandIn) -> date:
    for order in firm.orders.values():
        order.paid_at = (timezone.now() - timedelta(days=1)).isoformat()
    return timezone.localdate() - timedelta(days=1)


def test_the_days_settlement_is_posted_once_with_its_fee_and_arrives_in_the_bank(office: Office, firm: StandIn) -> None:
    cashier = office.cast.person("chu", "楚出纳", "cashier")
    first = order_of(office, 35910)
    firm.pay(first.number)
    assert [bring(one) for one in firm.unsent] == [200]
    office.charge(100006, 11)
    silent = counting.make_order(office.cast.home, office.cast.owner, "wechat", by=office.collector)
    firm.pay(silent.number)  # nobody told us: the settlement does
    day = yesterday(firm)
    with pytest.raises(Refused, match="第二天"):
        settling.settle(office.cast.yunqi, "wechat", timezone.localdate(), by=cashier)
    found = settling.settle(office.cast.yunqi, "wechat", day, by=cashier)
    assert (found.gross, found.fee, found.net) == (135916, 215 + 600, 135101)
    with pytest.raises(Conflict, match="已经结算过"):
        settling.settle(office.cast.yunqi, "wechat", day, by=cashier)
    assert trial_balance(office.cast.yunqi, TODAY) == {"bank": 135101, "fee": 815, "income": -135916}
    assert Receipt.objects.count() == 2
    line = bank_line(office.cast.yunqi, 135101, "微信支付", "结算", on=timezone.localdate())
    settling.arrived(found, line, by=cashier)
    with pytest.raises(Conflict):
        settling.arrived(found, line, by=cashier)
    month = month_of(office.cast.yunqi, line.on.replace(day=1))
    assert (month.matched, month.only_bank, month.holds) == (135101, [], True)
    assert books_hold(office)


def test_a_settlement_that_does_not_agree_waits_until_it_does(office: Office, firm: StandIn) -> None:
    cashier = office.cast.person("chu", "楚出纳", "cashier")
    order = order_of(office, 35904)  # it will pay another amount
    firm.pay(order.number)
    day = yesterday(firm)
    with pytest.raises(Refused, match="账上没有"):
        settling.settle(office.cast.yunqi, "wechat", day, by=cashier)
    assert not Settlement.objects.exists()
    counting.accept(Notice.objects.get(), by=office.collector)
    assert settling.settle(office.cast.yunqi, "wechat", day, by=cashier).gross == 35804


def test_a_fee_as_large_as_the_money_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="大于手续费"):
        office.does(office.collector, lambda books: receiving.pay_out(books, 100, 100, words="结算"))
    with pytest.raises(NotAllowed):
        office.does(office.accountant, lambda books: receiving.pay_out(books, 100, 1, words="结算"))


def test_the_collector_makes_an_order_on_the_page_and_asks(office: Office, firm: StandIn, sign_in: Any) -> None:
    office.charge(35906)
    page = sign_in(office.collector)
    page.post("/pay/orders/do/", {"do": "make", "room": "A1-1-0101", "channel": "wechat", "key": "k"})
    page.post("/pay/orders/do/", {"do": "make", "room": "A1-1-0101", "channel": "wechat", "key": "k"})
    order = PayOrder.objects.get()
    assert order.pay_url in page.get("/pay/orders/").content.decode()
    firm.pay(order.number)
    page.post("/pay/orders/do/", {"do": "ask", "order": order.pk})
    assert Receipt.objects.get().unit == office.cast.home
    assert sign_in(office.cast.wang).get("/pay/orders/").status_code == 403


def test_without_a_key_there_is_no_channel(office: Office) -> None:
    office.charge(35910)
    with pytest.raises(Refused, match="还没有接通"):
        counting.make_order(office.cast.home, office.cast.owner, "alipay", by=office.collector)
    assert not PayOrder.objects.exists()


def test_the_page_and_the_next_receipt_carry_the_code_that_the_payer_scans(
    office: Office, firm: StandIn, sign_in: Any
) -> None:
    order = order_of(office, 35900)
    page = sign_in(office.collector).get(reverse("banking:orders")).content.decode()
    assert "data:image/svg+xml;base64," in page
    assert f"付款单 {order.number} 的付款二维码" in page
    receipt = office.receive(100)
    told = printing.receipt(receipt, office.collector)
    assert "请扫码付款" in told["pay_words"]
    assert "359.00" in told["pay_words"]
    paper = sheets.text_of(sign_in(office.collector).get(f"/cashier/receipts/{receipt.number}/print/").content)
    assert "请扫码付款" in paper
    firm.pay(order.number)
    assert bring(firm.unsent[-1]) == 200
    assert printing.receipt(receipt, office.collector)["pay_words"] == ""  # nothing waits any more
