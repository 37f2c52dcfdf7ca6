"""Rent paid in advance is told apart as it comes in, invoiced there and then, and never again when it meets the rent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fronts.looking import text_of
from tests.support.paying import Counter, counter_of
from tests.support.sheets import text_of as paper_text
from yihu.areas.billing.notices.drawing import drafts_of
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.banking.payers import credit_for
from yihu.areas.cashier.household import seen_of
from yihu.areas.cashier.invoicing.allowed import allowed, open_lines, why_not
from yihu.areas.cashier.invoicing.models import InvoiceLine, InvoiceRequest
from yihu.areas.cashier.invoicing.purpose import set_purpose
from yihu.areas.cashier.pages.items import ItemForm
from yihu.areas.cashier.till import Taking, take_money, use_credit
from yihu.basics.months import Month
from yihu.ground.ledger import charging, deposits, earmarking, receiving
from yihu.ground.ledger.models import Receipt, Voucher
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
NUMBER, RED = "26332000000012345678", "26332000000087654321"


@pytest.fixture
def counter(cast: Any) -> Counter:
    found = counter_of(cast)
    found.rent = found.item("FZ", "会所房租", lease=True)
    return found


def took(counter: Counter, amount: int, ahead: int = 0, **more: Any) -> Receipt:
    owner = counter.cast.owner
    facts = {"method": "cash", "payer_name": "赵业主", "unit": counter.cast.home.pk, "seen": seen_of(owner), **more}
    rent = {"ahead_item": counter.rent.pk, "ahead": ahead} if ahead else {}
    return take_money(Taking(party=owner.pk, amount=amount, **facts, **rent), owner, by=counter.collector)


def ask(counter: Counter, receipt: Receipt) -> Any:
    said = {"receipt": receipt.pk, "invoice_kind": "normal", "title": "赵业主", "mail": "zhao@example.com"}
    return counter.ask(InvoiceRequest, **said)


def issued(counter: Counter, receipt: Receipt) -> Any:
    return counter.step(ask(counter, receipt), "issue", counter.accountant, invoice_no=NUMBER, issued_on="2026-11-10")


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def left(receipt: Receipt) -> tuple[int, int]:
    receipt.refresh_from_db()
    return receipt.left, receipt.bound


@pytest.mark.clause("FEE-07", part="预收的租金收款当天开票，抵缴租金时不再开")
def test_rent_in_advance_is_invoiced_as_it_comes_in_and_not_again_when_it_meets_the_rent(counter: Counter) -> None:
    fee = counter.charge(10000, 10)
    receipt = took(counter, 70000, 60000)
    assert (fee.refresh_from_db(), fee.open, left(receipt)) == (None, 0, (60000, 60000))
    found = allowed(receipt)
    assert (found.amount, sorted(found.names.split("、"))) == (70000, ["会所房租", "物业服务费"])
    assert issued(counter, receipt).amount_fen == 70000
    rents = [counter.charge(20000, month, counter.rent) for month in (11, 12)]
    assert use_credit(counter.cast.owner, seen_of(counter.cast.owner), by=counter.collector) == 40000
    assert [rent.refresh_from_db() or rent.open for rent in rents] == [0, 0]
    assert left(receipt) == (20000, 20000)
    assert "都已有发票申请" in why_not(receipt)
    with pytest.raises(Invalid, match="都已有发票申请"):
        ask(counter, receipt)
    assert InvoiceLine.objects.count() == 2
    assert faults() == []


def test_it_serves_nothing_but_the_rent_and_what_is_free_goes_where_it_always_went(counter: Counter) -> None:
    receipt = took(counter, 50000, 30000)  # nothing is owed: 300 of rent, 200 on account
    fee, rent = counter.charge(40000, 10), counter.charge(25000, 11, counter.rent)
    with pytest.raises(Refused, match="只能抵那个项目"):
        counter.does(
            counter.collector, lambda books: receiving.allocate(books, receipt, [(fee, 30000)], rule="instruction")
        )
    with pytest.raises(Refused, match="只能抵那个项目"):
        counter.does(counter.collector, lambda books: deposits.take_deposit(books, receipt, counter.deposit, 30000))
    counter.settle(receipt)
    assert [one.refresh_from_db() or one.open for one in (fee, rent)] == [20000, 0]
    assert left(receipt) == (5000, 5000)
    assert allowed(receipt).amount == 30000 + 20000  # the rent in advance, and what the fee took
    more = counter.charge(9000, 12, counter.rent)
    free = counter.receive(10000)
    counter.settle(free, more)
    counter.settle(receipt, fee)  # named: not with money for rent
    assert [one.refresh_from_db() or one.open for one in (fee, more)] == [20000, 0]
    assert left(receipt) == (5000, 5000)
    assert allowed(free).amount == 9000  # rent that was not paid in advance is invoiced when it is paid
    assert faults() == []


def test_one_bill_may_be_met_by_both_and_only_the_free_part_is_invoiced_there(counter: Counter) -> None:
    receipt = took(counter, 30000, 20000)
    rent = counter.charge(26000, 11, counter.rent)
    counter.settle(receipt, rent)
    assert (rent.refresh_from_db(), rent.open, left(receipt)) == (None, 0, (4000, 0))
    assert allowed(receipt).amount == 26000
    counter.does(counter.head, lambda books: charging.reverse_charge(books, rent, "租金录错"))
    assert left(receipt) == (30000, 20000)  # it is rent in advance again
    assert allowed(receipt).amount == 20000


def test_given_back_its_invoice_is_taken_back_in_red_and_what_was_used_is_invoiced_anew(counter: Counter) -> None:
    receipt = took(counter, 60000, 60000)
    request = issued(counter, receipt)
    counter.settle(receipt, counter.charge(20000, 11, counter.rent))
    refund = counter.step(counter.refund(receipt, 40000), "approve", counter.head)
    assert refund.state == "to_pay"
    run_waiting()
    assert left(receipt) == (0, 0)
    assert Message.objects.filter(person=counter.accountant, sentence__contains="要开红字发票").exists()
    with pytest.raises(Invalid, match="请先把它红冲"):
        ask(counter, receipt)
    counter.step(request, "red", counter.head, red_reason="退租", red_no=RED, red_on="2026-11-10")
    assert ask(counter, receipt).amount_fen == 20000
    assert faults() == []


def test_a_purpose_that_the_lines_do_not_bear_out_is_found(counter: Counter) -> None:
    receipt = took(counter, 60000, 50000)
    Receipt.objects.filter(pk=receipt.pk).update(bound=40000)
    assert [fault for fault in faults() if "定了用途 400.00，分录合计 500.00" in fault]


def test_put_back_to_serve_anything_an_invoice_that_was_only_asked_for_lapses(counter: Counter) -> None:
    receipt = took(counter, 60000, 50000)
    request = ask(counter, receipt)
    with pytest.raises(NotAllowed):
        set_purpose(receipt, None, 50000, by=counter.accountant)
    set_purpose(receipt, None, 20000, by=counter.collector)
    assert (left(receipt), allowed(receipt).amount) == ((60000, 30000), 30000)
    assert InvoiceRequest.objects.get(pk=request.pk).state == "refused"
    with pytest.raises(Refused, match="没有这么多"):
        set_purpose(receipt, None, 40000, by=counter.collector)
    parking = counter.item("CW", "车位租金", nature="common", lease=True)
    with pytest.raises(Refused, match="只能定一个项目"):
        set_purpose(receipt, parking, 1000, by=counter.collector)
    set_purpose(receipt, None, 30000, by=counter.collector)
    set_purpose(receipt, parking, 60000, by=counter.collector, key="once")
    set_purpose(receipt, parking, 60000, by=counter.collector, key="once")
    assert (left(receipt), allowed(receipt)) == ((60000, 60000), allowed(receipt).__class__(60000, "车位租金"))
    assert faults() == []


def test_a_receipt_that_is_taken_back_takes_along_what_it_was_for(counter: Counter) -> None:
    receipt = took(counter, 60000, 60000)
    issued(counter, receipt)
    counter.settle(receipt, counter.charge(20000, 11, counter.rent))
    set_purpose(receipt, None, 10000, by=counter.collector)  # 200 used, 300 for rent still, 100 free
    red = counter.red(receipt=receipt.pk)
    assert counter.step(red, "approve", counter.head).state == RedLetter.State.TO_RIGHT
    run_waiting()
    assert (left(receipt), receipt.voided_by_id is not None) == ((0, 0), True)
    assert Message.objects.filter(person=counter.accountant, sentence__contains="要开红字发票").exists()
    assert faults() == []


def test_what_is_bound_is_not_counted_on_by_the_bills_of_other_things(counter: Counter) -> None:
    took(counter, 50000, 30000)
    counter.charge(40000, 10)
    assert credit_for(counter.cast.owner, counter.cast.home) == 20000
    batch = NoticeBatch(community=counter.cast.yunqi, period="2026-11", pay_by=Month(2026, 12).first)
    draft = drafts_of(batch, counter.does(counter.collector, lambda books: books.at))[0]
    assert draft.credit == 20000


def test_only_rent_of_our_own_is_told_apart(counter: Counter) -> None:
    receipt = counter.receive(10000)
    unknown = counter.receive(10000)
    Receipt.objects.filter(pk=unknown.pk).update(party=None)
    for paper, item, amount, sentence in (
        (receipt, counter.property_fee, 100, "不是不动产租赁"), (receipt, counter.rent, 0, "大于零"),
        (unknown, counter.rent, 100, "先认领"), (receipt, counter.rent, 10001, "只剩 100.00 元"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            counter.does(
                counter.collector,
                lambda books, paper=paper, item=item, amount=amount: earmarking.earmark(books, paper, item, amount),
            )
    said = {
        "code": "ZJ",
        "name": "代收租金",
        "legal_class": "optional_paid",
        "standing": "3",
        "lease": "on",
        "shown": "on",
    }
    form = ItemForm({**said, "nature": "pass_through"}, instance=type(counter.rent)(community=counter.cast.yunqi))
    assert "出租人自己开" in str(form.errors["lease"])
    assert not Voucher.objects.filter(kind="earmark").exists()


def test_of_several_markings_the_newest_is_put_back_first(counter: Counter) -> None:
    receipt = counter.receive(60000)
    for amount in (30000, 20000):
        set_purpose(receipt, counter.rent, amount, by=counter.collector)
    set_purpose(receipt, None, 5000, by=counter.collector)
    held = [-line.amount for line in open_lines(receipt)]
    assert (left(receipt), held) == ((60000, 45000), [30000, 15000])  # the older one is as it was, with its invoice
    assert faults() == []


# -- pages ---------------------------------------------------------------------------------------------------------------


def test_at_the_till_it_is_one_more_line_and_the_invoice_is_one_click_away(counter: Counter, sign_in: Any) -> None:
    client, owner = sign_in(counter.collector), counter.cast.owner
    home = f"/cashier/?unit={counter.cast.home.pk}"
    assert "同时预收租金" in text_of(client.get(home))
    said = {
        "key": "a1", "seen": seen_of(owner), "unit": counter.cast.home.pk, "party": owner.pk, "amount": "600",
        "payer_name": "赵业主", "method": "cash", "ahead_item": counter.rent.pk,
    }  # fmt: skip
    for wrong, sentence in (
        ({"ahead": "700"}, "不能比它多"),
        ({}, "请填预收租金"),
        ({"ahead": "5", "ahead_item": ""}, "请选预收的是"),
    ):
        assert sentence in text_of(client.post("/cashier/", {**said, **wrong}))
    answer = client.post("/cashier/", {**said, "ahead": "500"}, follow=True)
    page = answer.content.decode()
    receipt = Receipt.objects.get()
    assert "预收会所房租" in page
    assert f"?receipt={receipt.pk}" in page
    assert "其中 500.00 元 是预收租金" in text_of(client.get(home))
    paper = paper_text(client.get(f"/cashier/receipts/{receipt.number}/print/").content)
    for words in ("预收会所房租", "500.00", "预收款", "100.00"):
        assert words in paper
    assert receipt.number in text_of(sign_in(counter.accountant).get("/invoicing/waiting/?q=赵业主"))


def test_without_rent_of_our_own_the_till_asks_nothing_more(cast: Any, sign_in: Any) -> None:
    counter = counter_of(cast)
    receipt = counter.receive(5000, unit=cast.home)
    client = sign_in(counter.collector)
    assert "预收租金" not in text_of(client.get(f"/cashier/?unit={cast.home.pk}"))
    assert "预收定用途" not in text_of(client.get(f"/cashier/receipts/{receipt.number}/"))


def test_what_came_over_the_bank_or_online_is_told_apart_on_its_receipt(counter: Counter, sign_in: Any) -> None:
    receipt = counter.receive(30000, unit=counter.cast.home, method="bank", reference="LS1-1")
    client, url = sign_in(counter.collector), f"/invoicing/purpose/{receipt.number}/"
    assert url in client.get(f"/cashier/receipts/{receipt.number}/").content.decode()
    assert "300.00" in client.get(url).content.decode()
    answer = client.post(url, {"item": counter.rent.pk, "amount": "250", "key": "p1"})
    assert answer["Location"] == f"/invoices/new/?receipt={receipt.pk}"
    assert left(receipt) == (30000, 25000)
    assert "可开 250.00 元" in text_of(client.get(answer["Location"]))
    refused = client.post(url, {"item": counter.rent.pk, "amount": "900", "key": "p2"})
    assert (refused.status_code, "只剩" in text_of(refused)) == (409, True)
    back = client.post(url, {"item": "", "amount": "250", "key": "p3"})
    assert back["Location"] == f"/cashier/receipts/{receipt.number}/"
    assert left(receipt) == (30000, 0)
    assert sign_in(counter.accountant).get(url).status_code == 403
