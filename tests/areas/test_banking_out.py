"""Lines that go out of the bank find the payments of the books: suggested with a reason, confirmed by a person, taken back with one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.harness.breaking import at_once
from tests.support.banking import bank_line
from tests.support.paying import Counter, counter_of
from tests.support.sheets import text_of
from yihu.areas.cashier.banking import outgoing
from yihu.areas.cashier.banking.bring import StatementOfTheBank
from yihu.areas.cashier.banking.models import BankLine, LinePayment, StatementImport
from yihu.areas.cashier.banking.out_suggesting import suggest
from yihu.areas.cashier.banking.reconciling import month_of
from yihu.areas.cashier.banking.suggesting import LIKELY, POSSIBLE, SURE
from yihu.ground.ledger import paying
from yihu.ground.ledger.models import Payable, Voucher
from yihu.ground.ledger.paying import Part
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def office(cast: Any) -> Counter:
    return counter_of(cast)


def bought(
    office: Counter, amount: int, payee: str = "晨光文具", day: str = "2026-11-09", method: str = "bank"
) -> Voucher:
    """Something was bought of somebody, and paid."""
    bill = office.owe(Part(amount, office.cost["Z07"]), when=f"{day} 09:00")
    Payable.objects.filter(pk=bill.pk).update(payee=payee)
    found: Voucher = office.pay_out(bill, f"{day} 15:00", method)
    return found


def out(office: Counter, amount: int, payee: str = "晨光文具", summary: str = "货款", day: int = 10) -> Any:
    line = bank_line(office.cast.yunqi, -amount, payee, summary, date(2026, 11, day))
    return outgoing.lines_out_of(office.cast.yunqi).get(pk=line.pk)


def best(line: Any) -> tuple[list[int], str, list[str]]:
    first = suggest([line])[line.pk][0]
    return [one.pk for one in first.payments], first.level, first.reasons


def rests(office: Counter) -> tuple[list[int], list[int]]:
    """What waits on either side."""
    lines = [-line.amount - line.used for line in outgoing.lines_out(office.cast.yunqi).order_by("pk")]  # type: ignore[attr-defined]
    return lines, [one.rest for one in outgoing.payments(office.cast.yunqi)]


@pytest.mark.parametrize(
    ("payee", "summary", "day", "level", "reasons"),
    [
        ("晨光文具", "货款", 10, SURE, ["金额相等", "收款方就是对方户名", "日期相近"]),
        ("晨光文具", "货款", 25, SURE, ["金额相等", "收款方就是对方户名"]),
        ("李某", "付晨光文具货款", 10, SURE, ["金额相等", "收款方就是对方户名", "日期相近"]),
        ("别的商店", "货款", 10, LIKELY, ["金额相等", "日期相近"]),
    ],
)
def test_the_suggestion_says_how_sure_it_is_and_why(
    office: Counter, payee: str, summary: str, day: int, level: str, reasons: list[str]
) -> None:
    paid = bought(office, 50000)
    bought(office, 700)
    assert best(out(office, 50000, payee, summary, day)) == ([paid.pk], level, reasons)


def test_a_number_in_the_summary_tells_two_equal_payments_apart(office: Counter) -> None:
    first, second = bought(office, 50000), bought(office, 50000)
    plain = out(office, 50000)
    assert {guess.level for guess in suggest([plain])[plain.pk]} == {POSSIBLE}
    numbered = out(office, 50000, "晨光文具", f"货款 {second.record.number}")
    assert best(numbered)[:2] == ([second.pk], SURE)
    assert first.pk != second.pk


def test_what_two_lines_may_be_alike_is_sure_for_neither(office: Counter) -> None:
    bought(office, 50000)
    one, other = out(office, 50000), out(office, 50000)
    assert {guesses[0].level for guesses in suggest([one, other]).values()} == {LIKELY}


def test_refunds_and_returned_deposits_are_found_by_their_payer(office: Counter) -> None:
    receipt = office.receive(30000, method="bank", reference="W1")
    refund = office.step(office.refund(receipt, 30000), "approve", office.head)
    back = office.giving_back(office.held(200000))
    back = office.step(back, "approve", office.head)
    found = suggest([one := out(office, 30000, "赵业主", "退款"), other := out(office, 200000, "赵业主", "退押金", 20)])
    assert [guess.payments[0].number for guess in (found[one.pk][0], found[other.pk][0])] == [
        refund.number,
        back.number,
    ]
    assert {guesses[0].level for guesses in found.values()} == {SURE}


def test_cash_what_was_reversed_and_what_was_long_ago_is_never_suggested(office: Counter) -> None:
    bought(office, 50000, method="cash")
    bought(office, 50000, day="2026-08-01")
    gone = bought(office, 50000)
    office.does(
        office.head, lambda books: paying.unpay(books, Payable.objects.latest("pk"), "账号错"), "2026-11-09 16:00"
    )
    line = out(office, 50000)
    assert suggest([line])[line.pk] == []
    assert gone.pk not in [one.pk for one in outgoing.payments(office.cast.yunqi)]


@pytest.mark.clause("FEE-20", part="银行支出逐笔对上账上的付款，对错了的写明原因撤销")
def test_one_line_for_two_bills_and_two_lines_for_one_and_a_wrong_match_taken_back(office: Counter) -> None:
    first, second, third = bought(office, 30000), bought(office, 20000), bought(office, 10000, "物美电器")
    line = out(office, 50000)
    assert best(line)[:2] == ([first.pk, second.pk], SURE)
    with pytest.raises(NotAllowed):  # who pays does not check the bank against his own payments
        outgoing.match(line, [first.pk], by=office.cashier)
    with pytest.raises(Refused, match=r"合计超过这笔流水的 500\.00 元"):
        outgoing.match(line, [first.pk, second.pk, third.pk], by=office.accountant)
    outgoing.match(line, [first.pk, second.pk], by=office.accountant, key="k")
    outgoing.match(line, [first.pk, second.pk], by=office.accountant, key="k")
    assert rests(office) == ([], [10000])
    parts = [out(office, 4000, "物美电器"), out(office, 6000, "物美电器")]
    for part in parts:
        outgoing.match(part, [third.pk], by=office.head)
    assert rests(office) == ([], [])
    with pytest.raises(Conflict):
        outgoing.match(out(office, 1), [third.pk], by=office.head)
    tie = LinePayment.objects.get(line=line, voucher=second)
    with pytest.raises(Refused, match="为什么"):
        outgoing.unmatch(line, tie.pk, " ", by=office.accountant)
    outgoing.unmatch(line, tie.pk, "应是另一张单", by=office.accountant)
    assert rests(office) == ([20000, 1], [20000])
    with pytest.raises(Conflict):
        outgoing.unmatch(line, tie.pk, "再撤", by=office.accountant)
    outgoing.match(line, [second.pk], by=office.accountant)
    assert LinePayment.objects.filter(line=line).count() == 3  # what was wrong stays to be read
    assert [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults] == []


def test_a_payment_that_is_reversed_later_lets_its_line_go(office: Counter) -> None:
    paid = bought(office, 50000)
    line = out(office, 50000)
    outgoing.match(line, [paid.pk], by=office.accountant)
    office.does(office.head, lambda books: paying.unpay(books, Payable.objects.get(), "银行退回"), "2026-11-12 09:00")
    assert rests(office) == ([50000], [])
    outgoing.set_aside(line, "付出又退回", by=office.accountant)
    with pytest.raises(Refused, match="先放回待对"):
        outgoing.match(line, [paid.pk], by=office.accountant)
    outgoing.set_aside(line, "", by=office.accountant)
    again = office.pay_out(Payable.objects.get(), "2026-11-13 09:00")
    outgoing.match(line, [again.pk], by=office.accountant)
    assert rests(office) == ([], [])


def test_what_comes_in_is_not_matched_to_payments_and_another_house_is_closed(office: Counter) -> None:
    paid = bought(office, 50000)
    with pytest.raises(Refused, match="是收入"):
        outgoing.match(bank_line(office.cast.yunqi, 50000), [paid.pk], by=office.accountant)
    with pytest.raises(Refused, match="请选"):
        outgoing.match(out(office, 50000), [], by=office.accountant)
    elsewhere = bank_line(office.cast.qinghe, -50000)
    with pytest.raises((Conflict, NotAllowed)):
        outgoing.match(elsewhere, [paid.pk], by=office.accountant)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinePayment.objects.create(line=elsewhere, voucher=paid, amount=0)


def test_the_month_agrees_on_both_sides_and_is_printed(office: Counter, sign_in: Any) -> None:
    paid = bought(office, 50000)
    bought(office, 8800, "物美电器")
    line = out(office, 50000)
    part, fee = out(office, 30000, "未知公司"), out(office, 1500, "建设银行", "账户管理费")
    outgoing.match(line, [paid.pk], by=office.accountant)
    outgoing.set_aside(fee, "本公司账户互转", by=office.accountant)
    found = month_of(office.cast.yunqi, NOVEMBER)
    assert (found.bank_out, found.out_matched, found.out_aside, found.holds) == (-81500, 50000, 1500, True)
    assert ([row[3] for row in found.out_bank], [row[3] for row in found.out_books]) == ([30000], [8800])
    assert part.pk
    client = sign_in(office.accountant)
    page = client.get("/banking/month/?month=2026-11").content.decode()
    for said in ("支出：银行付了、账上没有", "未知公司", "支出：账上已付、银行没有", "物美电器"):
        assert said in page
    paper = text_of(client.get("/banking/month/reconciliation.pdf?month=2026-11").content)
    for said in ("支出：账上已付、银行没有", "物美电器", "88.00", "300.00", "收入、支出都与各项之和相等"):
        assert said in paper


def test_on_the_pages_the_sure_ones_are_ticked_and_one_click_confirms_them(office: Counter, sign_in: Any) -> None:
    paid, other = bought(office, 50000), bought(office, 8800, "物美电器")
    sure, unsure = out(office, 50000), out(office, 7000, "谁也不是", "")
    client = sign_in(office.accountant)
    assert "/banking/out/" in client.get("/banking/lines/").content.decode()
    shown = client.get("/banking/out/").content.decode()
    token = f"{sure.pk}-{paid.pk}"
    assert f'value="{token}" aria-label="确认 {sure}" checked' in shown
    assert not LinePayment.objects.exists()  # looking confirms nothing
    for _ in range(2):
        client.post("/banking/out/confirm/", {"take": [token], "key": "k"})
    assert rests(office) == ([7000], [8800])
    assert paid.record.number in client.get("/banking/out/?tab=done").content.decode()
    assert other.record.number in client.get("/banking/out/?tab=books").content.decode()
    url = f"/banking/out/{unsure.pk}/"
    assert "自己选" in client.get(url).content.decode()
    client.post(f"{url}do/", {"do": "match", "pay": [str(other.pk)], "key": "k2"})
    tie = LinePayment.objects.get(line=unsure)
    assert (tie.amount, rests(office)) == (7000, ([], [1800]))
    client.post(f"{url}do/", {"do": "unmatch", "tie": tie.pk, "why": "不是这一笔", "key": "k3"})
    page = client.get(url).content.decode()
    assert "不是这一笔" in page  # in its journal
    client.post(f"{url}do/", {"do": "aside", "why": "本公司账户互转", "key": "k4"})
    assert "本公司账户互转" in client.get("/banking/out/?tab=aside").content.decode()
    client.post(f"{url}do/", {"do": "put_back", "key": "k5"})
    assert rests(office)[0] == [7000]
    assert sign_in(office.cashier).post(f"{url}do/", {"do": "match", "pay": [str(other.pk)]}).status_code == 403
    assert "自己选" not in sign_in(office.cashier).get(url).content.decode()
    assert client.get(f"/banking/lines/{unsure.pk}/").status_code == 404
    assert sign_in(office.cast.wang).get("/banking/out/").status_code == 403


def test_a_statement_whose_lines_are_matched_is_not_taken_back(office: Counter) -> None:
    paid = bought(office, 50000)
    outgoing.match(out(office, 50000), [paid.pk], by=office.accountant)
    assert StatementOfTheBank().hindrances(StatementImport.objects.get()) == ["已经对上付款的支出流水 1 笔"]


@pytest.mark.django_db(transaction=True)
def test_four_people_match_the_same_line_at_once(cast: Any) -> None:
    office = counter_of(cast)
    paid, line = bought(office, 50000), out(office, 50000)
    fates = at_once(
        4,
        lambda index: outgoing.match(
            BankLine.objects.get(pk=line.pk), [paid.pk], by=office.accountant, key=f"k{index}"
        ),
    )
    assert sorted(fates) == ["Conflict", "Conflict", "Conflict", "done"]
    assert LinePayment.objects.get().amount == 50000
