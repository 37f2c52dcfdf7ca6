"""Lines that come in and are our own money: takings carried to the bank, a card terminal's pay-out; the books follow each cent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.harness.breaking import at_once
from tests.support.banking import bank_line
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.banking import outgoing, own_money, taking
from yihu.areas.cashier.banking.models import BankLine, LinePayment
from yihu.areas.cashier.banking.out_suggesting import suggest
from yihu.areas.cashier.banking.pages.matching import lines_of
from yihu.areas.cashier.banking.reconciling import month_of
from yihu.areas.cashier.banking.suggesting import SURE
from yihu.ground.ledger import carrying, receiving
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Receipt
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def office(cast: Any) -> Counter:
    return counter_of(cast)


def stands(office: Counter) -> dict[str, int]:
    return trial_balance(office.cast.yunqi, date(2099, 1, 1))


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def banked(office: Counter, cash: int = 12500, cheque: int = 0, by: Any = None, slip: str = "PA-1") -> int:
    """A till that was counted and carried to the bank: its voucher."""
    who = by or office.collector
    for method, amount in (("cash", cash), ("cheque", cheque)):
        if amount:
            facts = {"amount": amount, "method": method, "payer_name": "赵业主", "party": office.cast.owner}
            number = f"ZP-{slip}" if method == "cheque" else ""
            office.does(
                who, lambda books, facts=facts, number=number: receiving.receive(books, reference=number, **facts)
            )
    till = office.step(office.close(by=by), "receive", office.cashier, bank_slip=slip)
    voucher = carrying.carried(till)
    assert voucher is not None
    return voucher.pk


def paid_in(office: Counter, amount: int, day: int = 11) -> BankLine:
    return bank_line(office.cast.yunqi, amount, "", "现金存入", date(2026, 11, day))


def waiting(office: Counter, tab: str = "") -> list[int]:
    return [line.amount for line in lines_of(office.cast.yunqi, tab).order_by("pk")]


def test_takings_that_were_banked_find_their_line_and_nothing_is_posted_twice(office: Counter, sign_in: Any) -> None:
    voucher, line = banked(office), paid_in(office, 12500)
    before = stands(office)
    assert month_of(office.cast.yunqi, NOVEMBER).books_rest == 12500
    client = sign_in(office.collector)
    assert "YQ-RJ-202611-0001 缴存 PA-1" in client.get(reverse("banking:lines")).content.decode()
    page = client.get(reverse("banking:line", args=[line.pk])).content.decode()
    assert "对上缴存" in page
    assert "checked" in page
    client.post(reverse("banking:act", args=[line.pk]), {"do": "banked", "voucher": voucher, "key": "b"})
    assert (waiting(office), waiting(office, "done"), stands(office)) == ([], [12500], before)
    month = month_of(office.cast.yunqi, NOVEMBER)
    assert (month.matched, month.books_rest, month.holds) == (12500, 0, True)
    with pytest.raises(Conflict, match="已经有人入账"):
        taking.park(line, by=office.collector)
    assert faults() == []


def test_cash_and_cheque_come_as_two_lines_and_two_tills_as_one(office: Counter) -> None:
    first = banked(office, 12500, 30000)
    cash, cheque = paid_in(office, 12500), paid_in(office, 30000, 12)
    own_money.arrived(cash, [first], by=office.collector)
    assert [one.rest for one in own_money.banked(office.cast.yunqi)] == [30000]
    own_money.arrived(cheque, [first], by=office.collector)
    others = [banked(office, amount, by=by, slip=slip) for amount, by, slip in ((100, None, "PA-2"), (200, office.second, "PA-3"))]  # fmt: skip
    both = paid_in(office, 300, 13)
    own_money.arrived(both, others, by=office.collector, key="k")
    own_money.arrived(both, others, by=office.collector, key="k")
    assert (own_money.banked(office.cast.yunqi), waiting(office)) == ([], [])
    assert LinePayment.objects.count() == 4


def test_what_does_not_fit_is_refused_in_a_sentence(office: Counter) -> None:
    first, second = banked(office, 12500), banked(office, 700, by=office.second, slip="PA-2")
    line = paid_in(office, 12500)
    with pytest.raises(Refused, match="请选"):
        own_money.arrived(line, [], by=office.collector)
    with pytest.raises(Refused, match="超过这笔流水"):
        own_money.arrived(line, [first, second], by=office.collector)
    with pytest.raises(NotAllowed, match="收费员"):
        own_money.arrived(line, [first], by=office.accountant)
    own_money.arrived(line, [first], by=office.collector)
    with pytest.raises(Conflict, match="已经对上别的流水"):
        own_money.arrived(paid_in(office, 12500, 12), [first], by=office.collector)


def test_a_wrong_one_is_let_go_with_its_reason(office: Counter, sign_in: Any) -> None:
    voucher, line = banked(office), paid_in(office, 12500)
    own_money.arrived(line, [voucher], by=office.collector)
    tie = LinePayment.objects.get().pk
    with pytest.raises(Refused, match="写明为什么"):
        own_money.let_go(line, tie, " ", by=office.collector)
    with pytest.raises(NotAllowed):
        own_money.let_go(line, tie, "不是这笔", by=office.accountant)
    client = sign_in(office.collector)
    assert "对错了，撤销" in client.get(reverse("banking:line", args=[line.pk])).content.decode()
    client.post(reverse("banking:act", args=[line.pk]), {"do": "own_back", "tie": tie, "why": "不是这笔", "key": "o"})
    assert (waiting(office), [one.rest for one in own_money.banked(office.cast.yunqi)]) == ([12500], [12500])
    assert stands(office)["bank"] == 12500
    with pytest.raises(Conflict, match="已经撤销"):
        own_money.let_go(line, tie, "再来", by=office.collector)


@pytest.mark.django_db(transaction=True)
def test_two_people_tie_one_till_to_two_lines_at_once(cast: Any) -> None:
    office = counter_of(cast)
    voucher, lines = banked(office), [paid_in(office, 12500, day) for day in (11, 12)]
    fates = at_once(2, lambda number: own_money.arrived(lines[number], [voucher], by=office.collector))
    assert sorted(fates) == ["Conflict", "done"]
    assert len(waiting(office)) == 1


def test_a_card_terminals_money_arrives_less_its_fee(office: Counter, sign_in: Any) -> None:
    office.receive(30000, method="card", reference="P-1", when="2026-11-09 10:00")
    office.receive(20000, method="card", reference="P-2", when="2026-11-10 10:00")
    assert [carrying.in_terminal(office.cast.yunqi, date(2026, 11, day)) for day in (8, 9, 10)] == [0, 30000, 50000]
    line = bank_line(office.cast.yunqi, 29820, "银联商务", "POS 结算", date(2026, 11, 10))
    told = own_money.guess(line)
    assert told == own_money.Guess(date(2026, 11, 9), 30000, 180)
    client = sign_in(office.collector)
    assert 'value="1.80"' in client.get(reverse("banking:line", args=[line.pk])).content.decode()
    client.post(reverse("banking:act", args=[line.pk]), {"do": "terminal", "fee": "1.80", "key": "t"})
    assert stands(office) == {"bank": 29820, "fee": 180, "card": 20000, "credit": -50000}
    assert (waiting(office), month_of(office.cast.yunqi, NOVEMBER).holds) == ([], True)
    assert carrying.in_terminal(office.cast.yunqi, date(2026, 11, 9)) == 0
    tie = LinePayment.objects.get().pk
    with pytest.raises(NotAllowed, match="财务主管"):
        own_money.let_go(line, tie, "认错", by=office.collector)
    own_money.let_go(line, tie, "认错", by=office.head)
    assert (stands(office), waiting(office)) == ({"card": 50000, "credit": -50000}, [29820])
    assert faults() == []


@pytest.mark.parametrize(("fee", "sentence"), [(1, "只有 300.00 元"), (2000, "百分之5"), (-1, "不能是负数")])
def test_a_terminal_pays_out_no_more_than_was_paid_by_card(office: Counter, fee: int, sentence: str) -> None:
    office.receive(30000, method="card", reference="P-1")
    line = bank_line(office.cast.yunqi, 30000, "银联商务", "POS 结算", date(2026, 11, 10))
    with pytest.raises(Refused, match=sentence):
        own_money.terminal(line, fee, by=office.collector)
    with pytest.raises(NotAllowed, match="收费员"):
        own_money.terminal(line, 0, by=office.accountant)
    assert own_money.guess(bank_line(office.cast.yunqi, 100, on=date(2026, 11, 10))) is None


def test_a_line_that_is_partly_somebodys_is_no_whole_settlement(office: Counter) -> None:
    office.receive(30000, method="card", reference="P-1")
    line = bank_line(office.cast.yunqi, 30000, "银联商务", "POS 结算", date(2026, 11, 10))
    taking.confirm(line, [taking.Part(office.cast.home, office.cast.owner, 100)], by=office.collector)
    with pytest.raises(Conflict, match="已经有一部分入账"):
        own_money.terminal(line, 0, by=office.collector)
    assert waiting(office) == [30000]
    assert [line.used for line in lines_of(office.cast.yunqi, "")] == [100]  # type: ignore[attr-defined]


def test_a_fee_that_is_no_amount_is_said(office: Counter, sign_in: Any) -> None:
    office.receive(30000, method="card", reference="P-1")
    line = bank_line(office.cast.yunqi, 30000, "银联商务", "POS 结算", date(2026, 11, 10))
    url = reverse("banking:act", args=[line.pk])
    answer = sign_in(office.collector).post(url, {"do": "terminal", "fee": "一点八", "key": "t"}, follow=True)
    assert "一点八" in answer.content.decode()
    assert waiting(office) == [30000]


def test_cash_that_was_fetched_from_the_bank_pays_what_is_paid_in_cash(office: Counter, sign_in: Any) -> None:
    banked(office, 30000)
    refund = office.refund(office.receive(5000), 5000, method="cash", account_name="", bank="", account_no="")
    office.step(refund, "approve", office.head)
    line = bank_line(office.cast.yunqi, -200000, "云栖物业", "备用金", date(2026, 11, 11))
    url = reverse("banking:out_line", args=[line.pk])
    client = sign_in(office.accountant)
    assert "提取备用金" in client.get(url).content.decode()
    for key in ("f", "f", "g"):
        client.post(reverse("banking:out_act", args=[line.pk]), {"do": "fetched", "key": key})
    assert stands(office) == {"bank": 30000 - 200000, "cash": 200000, "credit": -30000}
    assert outgoing.lines_out(office.cast.yunqi).count() == 0
    assert month_of(office.cast.yunqi, NOVEMBER).holds
    tie = LinePayment.objects.get().pk
    with pytest.raises(NotAllowed):
        outgoing.unmatch(line, tie, "是互转", by=office.cashier)
    outgoing.unmatch(line, tie, "是互转", by=office.head)
    assert (stands(office), outgoing.rest_of(line)) == ({"bank": 30000, "credit": -30000}, 200000)
    assert faults() == []


def test_only_the_whole_of_a_line_was_fetched_and_only_those_who_keep_the_books_say_so(office: Counter) -> None:
    line = bank_line(office.cast.yunqi, -200000, "云栖物业", "备用金", date(2026, 11, 11))
    for person in (office.cashier, office.collector):
        with pytest.raises(NotAllowed):
            outgoing.fetched(line, by=person)
        with pytest.raises(NotAllowed, match="会计"):
            office.does(person, lambda books: carrying.fetched(books, 1, words=""))
    with pytest.raises(Refused, match="大于零"):
        office.does(office.accountant, lambda books: carrying.fetched(books, 0, words=""))
    refund = office.refund(office.receive(5000, method="bank", reference="B1"), 5000)
    voucher = office.step(refund, "approve", office.head).voucher
    outgoing.match(line, [voucher.pk], by=office.accountant)
    with pytest.raises(Conflict, match="已经有一部分"):
        outgoing.fetched(line, by=office.accountant)


def test_a_cheque_that_came_back_is_found_among_what_left_the_account(office: Counter) -> None:
    banked(office, 0, 30000)
    letter = office.red(receipt=Receipt.objects.get().pk, why="bounced", reason="空头支票")
    office.step(letter, "approve", office.head)
    line = bank_line(office.cast.yunqi, -30000, "", "退票", date(2026, 11, 12))
    row = outgoing.lines_out(office.cast.yunqi).get(pk=line.pk)
    guess = suggest([row])[line.pk][0]
    assert (guess.level, guess.payments[0].rest, guess.payments[0].number) == (SURE, 30000, letter.number)
    outgoing.match(line, [guess.payments[0].pk], by=office.accountant)
    assert (outgoing.lines_out(office.cast.yunqi).count(), stands(office)) == (0, {})
    outgoing.unmatch(line, LinePayment.objects.get().pk, "不是这笔", by=office.accountant)
    assert stands(office) == {}  # the cheque is still back


def test_once_every_line_is_dealt_with_the_books_have_in_the_bank_what_the_statement_says(office: Counter) -> None:
    yunqi, days = office.cast.yunqi, iter(range(11, 22))

    def line(amount: int) -> BankLine:
        return bank_line(yunqi, amount, "", "", date(2026, 11, next(days)))  # nobody is named

    office.receive(30000, method="card", reference="P-1")
    voucher = banked(office, 12500, 40000)
    own_money.arrived(line(52500), [voucher], by=office.collector)
    own_money.terminal(line(29820), 180, by=office.collector)
    taking.confirm(line(35941), [taking.Part(office.cast.home, office.cast.owner, 35941)], by=office.collector)
    taking.park(line(777), by=office.collector)
    refund = office.refund(Receipt.objects.get(amount=35941), 5000)
    outgoing.match(line(-5000), [office.step(refund, "approve", office.head).voucher.pk], by=office.accountant)
    outgoing.fetched(line(-20000), by=office.accountant)
    outgoing.charged(line(-35), by=office.accountant)
    statement = sum(BankLine.objects.values_list("amount", flat=True))
    assert stands(office)["bank"] == statement == 94003
    month = month_of(yunqi, NOVEMBER)
    assert (month.bank_rest, month.books_rest, month.out_bank, month.out_books, month.holds) == (0, 0, [], [], True)
    assert faults() == []


def test_what_a_line_without_a_payers_name_brought_goes_back_to_whose_it_was_found_to_be(office: Counter) -> None:
    line, nobody = paid_in(office, 35941), paid_in(office, 700, 12)
    taking.confirm(line, [taking.Part(office.cast.home, office.cast.owner, 35941)], by=office.collector)
    taking.park(nobody, by=office.collector)
    mine, whose = Receipt.objects.order_by("pk")
    with pytest.raises(Invalid, match="付款人是“赵业主”"):
        office.refund(mine, 100, account_name="孙租客")
    assert office.refund(mine, 100).payee == "赵业主"
    assert office.refund(whose, 700, account_name="汇款的人").payee == "汇款的人"  # as the bank's slip says
