"""An invoice for what a receipt paid: asked for by one, written by finance, taken back in red (F86, FEE-07)."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from stdnum.cn import uscc

from tests.harness.breaking import at_once
from tests.support.paying import counter_of
from tests.support.sheets import text_of
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.invoicing.allowed import open_lines
from yihu.areas.cashier.invoicing.models import InvoiceLine, InvoiceRequest, TaxItem
from yihu.ground.ledger import charging, deposits, receiving
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


def test_who_asked_for_an_invoice_does_not_write_it_and_who_wrote_it_does_not_take_it_back(cast: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast)
    request = ask(cast, receipt, by=counter.accountant)
    said = {"invoice_no": NUMBER, "issued_on": "2026-11-10"}
    for step, more in (("issue", said), ("refuse", {"refusal": "不开"})):
        with pytest.raises(NotAllowed):
            counter.step(request, step, counter.accountant, **more)
    request = counter.step(request, "issue", counter.head, **said)
    red = {"red_reason": "抬头错", "red_no": f"{int(NUMBER) + 1:020d}", "red_on": "2026-11-10"}
    with pytest.raises(NotAllowed):
        counter.step(request, "red", counter.head, **red)


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


def prepaid(cast: Any, fen: int = 100000) -> Any:
    """赵业主 pays for months to come."""
    return counter_of(cast).receive(fen, unit=cast.home)


def used(cast: Any, receipt: Any, month: int, fen: int = 35941) -> Any:
    counter = counter_of(cast)
    charge = counter.charge(fen, month)
    receipt.refresh_from_db()
    counter.settle(receipt, charge)
    return charge


def standing() -> list[int]:
    """What invoices hold, in 分."""
    rows = InvoiceLine.objects.filter(holds__isnull=False).order_by("pk")
    return [one.amount for one in rows]


@pytest.mark.clause("FEE-07", part="预收款以后抵缴的费用，抵缴一次可以开票一次，合计不超过已缴已抵的")
def test_a_prepayment_is_invoiced_as_the_charges_that_it_met_each_once(cast: Any) -> None:
    counter, receipt = counter_of(cast), prepaid(cast)
    with pytest.raises(Invalid, match="抵缴了费用再开"):
        ask(cast, receipt)
    used(cast, receipt, 9)
    first = issued(cast, receipt)
    with pytest.raises(Invalid, match="已有发票申请"):
        ask(cast, receipt)
    used(cast, receipt, 10, 30000)
    counter.settle(receipt, counter.charge(6075, 10, counter.water))
    second = ask(cast, receipt)
    assert (first.amount_fen, second.amount_fen, second.item_names) == (35941, 30000, "物业服务费")
    assert standing() == [35941, 30000]
    second = counter.step(second, "issue", counter.accountant, invoice_no="12345678", issued_on="2026-11-10")
    assert second.state == "issued"
    with pytest.raises(Invalid, match="已有发票申请"):
        ask(cast, receipt)


def test_the_payer_chooses_for_which_months(cast: Any, sign_in: Any) -> None:
    counter, receipt = counter_of(cast), prepaid(cast)
    used(cast, receipt, 9, 10000)
    used(cast, receipt, 10, 20000)
    form = sign_in(counter.collector).get(f"/invoices/new/?receipt={receipt.pk}").content.decode()
    assert "可开 300.00 元" in form
    assert "物业服务费 2026-09-01 至" in form
    later = list(open_lines(receipt))[1].pk
    one = ask(cast, receipt, parts=[later])
    assert (one.amount_fen, standing()) == (20000, [20000])
    other = counter.receive(5000)
    stranger = counter.charge(5000, 8)
    counter.settle(other, stranger)
    foreign = open_lines(other).get().pk
    with pytest.raises(Invalid):
        ask(cast, receipt, parts=[foreign, later])
    assert ask(cast, receipt).amount_fen == 10000


def test_what_a_deposit_paid_is_invoiced_on_the_receipt_that_brought_it(cast: Any) -> None:
    counter, held = counter_of(cast), counter_of(cast).held(50000)
    damage = counter.charge(20000, 10)
    counter.does(counter.head, lambda books: deposits.deduct(books, held, damage, 20000, consent="同意书"))
    assert ask(cast, held.receipt).amount_fen == 20000


def test_a_red_letter_frees_only_its_own_payments(cast: Any) -> None:
    counter, receipt = counter_of(cast), prepaid(cast)
    used(cast, receipt, 9, 10000)
    first = issued(cast, receipt)
    used(cast, receipt, 10, 20000)
    ask(cast, receipt)
    counter.step(first, "red", counter.head, red_reason="抬头开错", red_on="2026-11-10", red_no=RED)
    assert standing() == [20000]
    again = ask(cast, receipt, title=FIRM, tax_no=code())
    assert (again.amount_fen, again.red_of, sorted(standing())) == (10000, first, [10000, 20000])


def test_a_bill_that_is_taken_back_asks_for_the_red_invoice_before_another_is_written(cast: Any) -> None:
    """The money is on account again and pays the right bill: never more is invoiced than was paid and met."""
    counter, receipt = counter_of(cast), prepaid(cast, 35941)
    charge = used(cast, receipt, 9)
    first = issued(cast, receipt)
    later = "2026-11-11 09:00"
    counter.step(counter.red(when=later, charge=charge.pk), "approve", counter.head, later)
    run_waiting()
    assert Message.objects.filter(person=counter.accountant, sentence__contains="要开红字发票").exists()
    used(cast, receipt, 10, 30000)
    with pytest.raises(Invalid, match=f"{first.number} 里有已经冲销的缴费"):
        ask(cast, receipt)
    counter.step(first, "red", counter.head, red_reason="账单冲销", red_on="2026-11-10", red_no=RED)
    assert ask(cast, receipt).amount_fen == 30000


def test_what_was_asked_for_lapses_with_its_bill(cast: Any) -> None:
    counter, receipt = counter_of(cast), prepaid(cast, 35941)
    charge = used(cast, receipt, 9)
    one = ask(cast, receipt)
    counter.does(counter.head, lambda books: charging.reverse_charge(books, charge, "面积错"))
    with pytest.raises(Refused, match="账上有变动"):
        counter.step(one, "issue", counter.accountant, invoice_no=NUMBER, issued_on="2026-11-10")
    other = used(cast, receipt, 10)
    with pytest.raises(Invalid, match="不开"):
        ask(cast, receipt)
    counter.step(one, "refuse", counter.accountant, refusal="账单冲销")
    two = ask(cast, receipt)
    later = "2026-11-11 09:00"
    counter.step(counter.red(when=later, charge=other.pk), "approve", counter.head, later)
    run_waiting()
    assert InvoiceRequest.objects.get(pk=two.pk).state == "refused"


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_invoice_for_a_payment(cast: Any) -> None:
    receipt = paid(cast)
    fates = at_once(2, lambda index: ask(cast, receipt, title=f"赵业主{index}"))
    assert sorted(fates) != ["done", "done"]
    assert standing() == [35941]


def test_the_list_of_what_is_not_invoiced_says_what_was_met_later(cast: Any, sign_in: Any) -> None:
    counter, receipt = counter_of(cast), prepaid(cast)
    used(cast, receipt, 10, 10000)
    counter.settle(receipt, counter.charge(25941, 9), when="2026-11-20 10:00")
    done = paid(cast, 5000, 8)
    ask(cast, done)
    client = sign_in(counter.collector)
    page = client.get("/invoicing/waiting/?since=2026-01-01").content.decode()
    assert "未开票 359.41 元" in page
    assert "收款以后才抵缴的 259.41 元" in page
    assert f"/invoices/new/?receipt={receipt.pk}" in page
    assert done.number not in page
    assert "259.41" in client.get("/invoicing/waiting/?only=later").content.decode()
    assert "没有未开票" in client.get("/invoicing/waiting/?q=查无此人").content.decode()
    assert "没有未开票" in client.get("/invoicing/waiting/?until=2020-01-01").content.decode()


def test_the_tax_of_the_day_stands_on_the_request_and_its_print(cast: Any, sign_in: Any) -> None:
    counter, receipt = counter_of(cast), paid(cast, 10600)
    said = {"community": cast.yunqi, "item": counter.property_fee, "code": "3" * 19}
    TaxItem.objects.create(from_on=date(2020, 1, 1), name="*企业管理服务*物业管理费", percent="3", **said)
    TaxItem.objects.create(from_on=date(2026, 1, 1), name="*企业管理服务*物业管理费", percent="6", **said)
    one = ask(cast, receipt)
    assert [(part.tax_percent, part.tax_fen) for part in one.lines.all()] == [(6, 600)]
    client = sign_in(counter.accountant)
    page = client.get(f"/invoices/{one.number}/").content.decode()
    assert "*企业管理服务*物业管理费" in page
    assert "6.00" in page
    sheet = client.get(f"/invoices/{one.number}/print/invoice_request/")
    told = text_of(sheet.content).replace(" ", "")
    assert "￥106.00（其中税额6.00）" in told
    assert "3" * 19 in told
    assert "发票申请单" in told
    wrong = client.post(
        "/invoicing/tax-items/new/",
        {"item": counter.property_fee.pk, "from_on": "2026-12-01", "name": "x", "code": "12", "percent": "6"},
    )
    assert "19 位数字" in wrong.content.decode()


def test_invoices_of_before_say_for_which_payments_they_are(cast: Any) -> None:
    """What was asked for when a receipt had one invoice: its payments up to the sum, in order, and no later ones."""
    counter, receipt = counter_of(cast), prepaid(cast)
    used(cast, receipt, 8, 10000)
    used(cast, receipt, 9, 20000)
    one = ask(cast, receipt)
    counter.settle(receipt, counter.charge(5000, 7), when="2026-11-20 10:00")
    InvoiceLine.objects.all().delete()
    import_module("yihu.areas.cashier.invoicing.migrations.0003_parts_of_before").put_down(apps, None)
    assert [part.amount for part in one.lines.order_by("pk")] == [10000, 20000]
    assert standing() == [10000, 20000]
    assert ask(cast, receipt).amount_fen == 5000
