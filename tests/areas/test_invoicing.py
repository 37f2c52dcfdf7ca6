"""An invoice for what a receipt paid: asked for by one, written by finance, taken back in red (F86, FEE-07)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from stdnum.cn import uscc

from tests.support.paying import counter_of
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.ground.ledger import deposits, receiving
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
FIRM, CODE = "杭州青禾文化创意有限公司", "91330106MA2B0CQJ0B"
NUMBER, RED = "26332000000012345678", "26332000000087654321"


def code() -> str:
    """A credit code whose check digit is right."""
    return str(CODE[:-1] + uscc.calc_check_digit(CODE[:-1]))


def paid(cast: Any, amount: int = 35941, month: int = 10) -> Any:
    counter = counter_of(cast)
    charge = counter.charge(amount, month)
    receipt = counter.receive(amount, unit=cast.home)
    counter.settle(receipt, charge)
    return receipt


def ask(cast: Any, receipt: Any, **more: Any) -> Any:
    said = {"receipt": receipt.pk, "invoice_kind": "normal", "title": "赵业主", "mail": "zhao@example.com", **more}
    return counter_of(cast).ask(InvoiceRequest, **said)


def issued(cast: Any, receipt: Any, **more: Any) -> Any:
    counter = counter_of(cast)
    return counter.step(
        ask(cast, receipt, **more), "issue", counter.accountant, invoice_no=NUMBER, issued_on="2026-11-10"
    )


@pytest.mark.clause("FEE-07", part="凭收据申请发票，财务核对后开票，真实项目和金额，押金、代收款和预收不开，红冲后重开")
def test_the_books_say_for_what_and_how_much_and_finance_writes_it(cast: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast)
    request = ask(cast, receipt)
    with pytest.raises(Refused, match="不开"):
        counter.step(request, "withdraw", counter.collector, reason="不要了")
    assert (request.amount_fen, request.item_names, request.party) == (35941, "物业服务费", cast.owner)
    assert Message.objects.filter(person=counter.accountant, sentence__contains="请开票").exists()
    with pytest.raises(NotAllowed):
        counter.step(request, "issue", counter.collector, invoice_no=NUMBER, issued_on="2026-11-10")
    request = counter.step(request, "issue", counter.accountant, invoice_no=NUMBER, issued_on="2026-11-10")
    assert (request.state, request.issued_by, request.issued_on) == ("issued", counter.accountant, date(2026, 11, 10))
    with pytest.raises(Invalid, match="已有发票申请"):
        ask(cast, receipt)


def test_deposits_pass_through_money_and_what_is_not_used_are_not_invoiced(cast: Any) -> None:
    counter = counter_of(cast)
    charges = [counter.charge(10000, 10), counter.charge(6075, 10, counter.water)]
    receipt = counter.receive(50000, unit=cast.home)
    counter.settle(receipt, *charges)
    counter.does(counter.collector, lambda books: deposits.take_deposit(books, receipt, counter.deposit, 20000))
    assert ask(cast, receipt).amount_fen == 10000
    with pytest.raises(Invalid, match="没有可以开票"):
        ask(cast, counter.held().receipt)


def test_a_firm_needs_its_tax_number_and_an_electronic_one_an_address(cast: Any) -> None:
    receipt = paid(cast)
    for wrong, sentence in (
        ({"title": FIRM}, "纳税人识别号"),
        ({"title": FIRM, "tax_no": CODE[:-1] + "!"}, "核对"),
        ({"invoice_kind": "special"}, "纳税人识别号"),
        ({"mail": ""}, "邮箱或手机"),
    ):
        with pytest.raises(Invalid, match=sentence):
            ask(cast, receipt, **wrong)
    request = ask(cast, receipt, title=FIRM, tax_no=code(), invoice_kind="special")
    assert request.tax_no == code()
    assert "zhao@example.com" not in str(list(request.journal.values_list("sentence", "changed")))


def test_a_red_letter_frees_the_receipt_and_the_next_one_says_what_it_stands_for(cast: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast)
    first = issued(cast, receipt)
    said = {"red_reason": "抬头开错", "red_on": "2026-11-10"}
    with pytest.raises(Invalid, match="自己的号码"):
        counter.step(first, "red", counter.head, red_no=NUMBER, **said)
    with pytest.raises(NotAllowed):
        counter.step(first, "red", counter.accountant, red_no=RED, **said)
    first = counter.step(first, "red", counter.head, red_no=RED, **said)
    assert first.state == "red"
    again = ask(cast, receipt, title=FIRM, tax_no=code())
    assert again.red_of == first
    with pytest.raises(Invalid, match="已经登记过"):
        counter.step(again, "issue", counter.accountant, invoice_no=RED, issued_on="2026-11-10")


def test_the_buyer_of_a_special_one_confirms_before_it_is_taken_back(cast: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast)
    first = issued(cast, receipt, title=FIRM, tax_no=code(), invoice_kind="special")
    said = {"red_reason": "退费", "red_on": "2026-11-10", "red_no": RED}
    with pytest.raises(Invalid, match="购方"):
        counter.step(first, "red", counter.head, **said)
    assert counter.step(first, "red", counter.head, confirmed="on", **said).state == "red"


def test_what_changed_in_the_books_is_not_invoiced_as_it_was(cast: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast)
    request = ask(cast, receipt)
    counter.does(counter.head, lambda books: receiving.reverse_receipt(books, receipt, "错收"))
    with pytest.raises(Refused, match="不能开票"):
        counter.step(request, "issue", counter.accountant, invoice_no=NUMBER, issued_on="2026-11-10")
    request = counter.step(request, "refuse", counter.accountant, refusal="收据已冲")
    assert request.state == "refused"


def test_a_receipt_that_is_taken_back_asks_for_the_red_invoice(cast: Any) -> None:
    """Scenario 27: money taken for the wrong unit, found the next morning."""
    counter, receipt = counter_of(cast), paid(cast)
    invoice = issued(cast, receipt)
    later = "2026-11-11 09:00"
    reversal = counter.red(when=later, receipt=receipt.pk)
    counter.step(reversal, "approve", counter.head, later)
    run_waiting()
    assert Message.objects.filter(person=counter.accountant, sentence__contains=f"{invoice.number} 的收据").exists()
    other = paid(cast, 20000, month=9)
    asked = ask(cast, other)
    counter.step(counter.red(when=later, receipt=other.pk), "approve", counter.head, later)
    run_waiting()
    assert InvoiceRequest.objects.get(pk=asked.pk).state == "refused"
    assert RedLetter.objects.count() == 2


def test_from_the_receipts_page_with_everything_filled_in(cast: Any, sign_in: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast)
    client = sign_in(counter.collector)
    page = client.get(f"/cashier/receipts/{receipt.number}/").content.decode()
    assert f"/invoices/new/?receipt={receipt.pk}" in page
    form = client.get(f"/invoices/new/?receipt={receipt.pk}").content.decode()
    assert "可开 359.41 元：物业服务费" in form
    assert 'value="赵业主"' in form
    ask(cast, receipt)
    assert "发票：待开票" in client.get(f"/cashier/receipts/{receipt.number}/").content.decode()
