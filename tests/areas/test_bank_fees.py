"""What the bank charges for itself is entered from its line, so that the account in the books comes to the statement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.banking import bank_line
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.banking import outgoing
from yihu.areas.cashier.banking.models import BankLine, LinePayment
from yihu.areas.cashier.banking.reconciling import month_of
from yihu.areas.cashier.bookkeeping.models import MonthBook, SlipLine
from yihu.basics.periods import last_of
from yihu.ground.ledger import bank_fees
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Voucher
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.posting import close_period
from yihu.ground.ledger.surplus import Whose, differences
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def office(cast: Any) -> Counter:
    return counter_of(cast)


def fee_of(
    office: Counter,
    amount: int,
    payee: str = "中国建设银行",
    summary: str = "对公转账手续费",
    on: date = date(2026, 11, 10),
) -> Any:
    line = bank_line(office.cast.yunqi, -amount, payee, summary, on)
    return outgoing.lines_out_of(office.cast.yunqi).get(pk=line.pk)


def money(office: Counter, day: date = date(2099, 1, 1)) -> tuple[int, int]:
    """What lies in the bank and what the bank took, as the books say."""
    found = trial_balance(office.cast.yunqi, day)
    return found.get("bank", 0), found.get("fee", 0)


def faults() -> list[str]:
    return [
        fault for result in check_all() if result.name.startswith(("ledger.", "banking.")) for fault in result.faults
    ]


@pytest.mark.clause("FEE-20", part="银行手续费从流水记入手续费，账上银行存款与对账单相符，另一人冲销")
def test_the_account_in_the_books_comes_to_what_the_bank_says(office: Counter) -> None:
    office.receive(100000, method="bank", reference="LS1")
    paid = office.pay_out(office.owe(Part(30000, office.cost["Z07"])))
    line, fee = bank_line(office.cast.yunqi, -30000, "晨光文具", "货款", date(2026, 11, 10)), fee_of(office, 1550)
    outgoing.match(line, [paid.pk], by=office.accountant)
    statement = 100000 + sum(BankLine.objects.values_list("amount", flat=True))
    assert money(office) == (70000, 0) != (statement, 1550)
    outgoing.charged(fee, by=office.accountant, key="k")
    outgoing.charged(fee, by=office.accountant, key="k")
    assert money(office) == (statement, 1550)
    assert money(office, date(2026, 11, 9)) == (0, 0)  # on the day of its line
    assert differences(office.cast.yunqi, date(2099, 1, 1))[Whose.OFFICE] == -30000 - 1550
    found = month_of(office.cast.yunqi, NOVEMBER)
    assert (found.bank_out, found.out_matched, found.out_aside, found.holds) == (-31550, 31550, 0, True)
    assert not outgoing.lines_out(office.cast.yunqi).exists()
    assert outgoing.payments(office.cast.yunqi) == []
    assert faults() == []


def test_taken_back_by_another_hand_and_entered_once(office: Counter) -> None:
    fee = fee_of(office, 1550)
    for stranger in (office.collector, office.cashier):
        with pytest.raises(NotAllowed):
            outgoing.charged(fee, by=stranger)
    outgoing.charged(fee, by=office.accountant)
    with pytest.raises(Conflict):
        outgoing.charged(fee, by=office.head)
    tie = LinePayment.objects.get()
    with pytest.raises(Refused, match="另一位会计或财务主管"):
        outgoing.unmatch(fee, tie.pk, "是货款", by=office.accountant)
    assert LinePayment.objects.get().held
    outgoing.unmatch(fee, tie.pk, "是货款", by=office.head)
    assert money(office) == (0, 0)
    assert Voucher.objects.filter(kind="bank_fee").count() == 2
    assert [one.pk for one in outgoing.lines_out(office.cast.yunqi)] == [fee.pk]
    assert outgoing.payments(office.cast.yunqi) == []
    assert faults() == []


def test_a_line_that_is_a_payment_in_part_or_was_set_aside_is_none(office: Counter) -> None:
    paid = office.pay_out(office.owe(Part(1000, office.cost["Z07"])))
    fee = fee_of(office, 1550)
    outgoing.match(fee, [paid.pk], by=office.accountant)
    with pytest.raises(Conflict, match="有一部分对上"):
        outgoing.charged(fee, by=office.accountant)
    other = fee_of(office, 900)
    outgoing.set_aside(other, "本公司账户互转", by=office.accountant)
    with pytest.raises(Refused, match="先放回待对"):
        outgoing.charged(other, by=office.accountant)
    income = bank_line(office.cast.yunqi, 900, "建设银行", "手续费退回", date(2026, 11, 10))
    with pytest.raises(Refused, match="是收入"):
        outgoing.charged(income, by=office.accountant)
    with pytest.raises(Refused, match="大于零"):
        office.does(office.head, lambda books: bank_fees.charged(books, 0, books.today, words="手续费"))


def test_in_a_closed_month_it_is_dated_today(office: Counter) -> None:
    fee = fee_of(office, 1550, on=date(2026, 10, 12))
    office.does(office.accountant, lambda books: close_period(books, date(2026, 10, 31), "月结"), "2026-11-02 09:00")
    outgoing.charged(fee, by=office.accountant)
    voucher = Voucher.objects.get(kind="bank_fee")
    assert voucher.day > date(2026, 10, 31)
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_one_of_two_at_once_enters_it(cast: Any) -> None:
    office = counter_of(cast)
    fee = fee_of(office, 1550)
    people = (office.accountant, office.head)

    def work(place: int) -> None:
        outgoing.charged(BankLine.objects.get(pk=fee.pk), by=people[place])

    assert sorted(at_once(2, work)) == ["Conflict", "done"]
    assert money(office) == (-1550, 1550)


def test_the_list_knows_it_by_its_words_and_confirms_it_with_the_others(office: Counter, sign_in: Any) -> None:
    sure, likely, plain = (
        fee_of(office, 1550),
        fee_of(office, 300, "某某科技公司", "短信服务费"),
        fee_of(office, 400, "谁", "货款"),
    )
    client = sign_in(office.accountant)
    page = client.get("/banking/out/").content.decode()
    assert f'value="{sure.pk}-fee" aria-label="确认 {sure}" checked' in page
    assert f'value="{likely.pk}-fee" aria-label="确认 {likely}">' in page
    assert f"{plain.pk}-fee" not in page
    client.post("/banking/out/confirm/", {"take": [f"{sure.pk}-fee"], "key": "k"})
    assert money(office) == (-1550, 1550)
    url = f"/banking/out/{plain.pk}/"
    assert "银行手续费" in client.get(url).content.decode()
    client.post(f"{url}do/", {"do": "charged", "key": "k2"})
    assert money(office) == (-1950, 1950)
    assert "已对上" in client.get(url).content.decode()
    tie = LinePayment.objects.get(line=plain)
    said = client.post(f"{url}do/", {"do": "unmatch", "tie": tie.pk, "why": "不是", "key": "k3"}, follow=True)
    assert "另一位会计或财务主管" in said.content.decode()
    assert sign_in(office.cashier).post(f"{url}do/", {"do": "charged", "key": "k4"}).status_code == 403
    general = client.get(
        f"/reports/fees/detail/?month={Voucher.objects.first().day:%Y-%m}&account=fee"
    ).content.decode()
    assert "19.50" in general


@pytest.mark.clause("FEE-11", part="银行手续费自成一张记账凭证")
def test_it_has_a_voucher_of_its_own_in_the_books_of_the_month(office: Counter) -> None:
    when = timezone.localdate().replace(day=1) - timedelta(days=10)
    outgoing.charged(fee_of(office, 1550, on=when), by=office.accountant)
    office.does(
        office.accountant, lambda books: close_period(books, last_of(when), "月结"), f"{timezone.localdate()} 09:00"
    )
    book = open_record(MonthBook(community=office.cast.yunqi), by=office.accountant, data={"period": f"{when:%Y-%m}"})
    book = perform(book, "draw", by=office.accountant, data={})
    lines = [
        (str(line), line.debit, line.credit) for line in SlipLine.objects.filter(slip__book=book).order_by("place")
    ]
    assert sorted(lines) == [("手续费", 1550, 0), ("银行存款", 0, 1550)]
    assert faults() == []
