"""What the books refuse, in a sentence for whoever tried; and what their check says of books that somebody has spoilt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from yihu.ground.estate.models import Community, Party
from yihu.ground.ledger import charging, correcting, deposits, paying, receiving
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Books, Charge, FeeItem, Line, Receipt, Voucher
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.posting import close_period
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


class Papers:
    """One of each: a bill, a receipt of his and one of nobody's, a deposit, somebody else's bill."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.bill, self.receipt = office.charge(10000), office.receive(30000)
        self.unknown = office.does(
            office.collector,
            lambda books: receiving.receive(books, amount=500, method="bank", payer_name="（未写户名）"),
        )
        self.held = office.does(
            office.collector, lambda books: deposits.take_deposit(books, self.receipt, office.deposit, 20000)
        )
        self.other = Party.objects.create(community=office.cast.yunqi, name="钱业主")
        self.others = office.charge(7000, 9, party=self.other.pk, unit=None)
        elsewhere = Community.objects.create(name="别苑", code="BY")
        self.elsewhere = FeeItem.objects.create(community=elsewhere, code="WY", name="物业服务费")

    def refused(self, by: str, work: Callable[[Any], Any], sentence: str) -> None:
        before = trial_balance(self.office.cast.yunqi, DAY)
        with pytest.raises(Refused, match=sentence):
            self.office.does(getattr(self.office, by), work)
        assert trial_balance(self.office.cast.yunqi, DAY) == before


@pytest.mark.parametrize(
    ("by", "work", "sentence"),
    [
        ("accountant", lambda p, b: charging.charge(b, p.office.owed(100, item=p.elsewhere)), "不是这个项目的"),
        ("accountant", lambda p, b: charging.charge(b, p.office.owed(100, item=p.office.deposit)), "押金不出账单"),
        ("head", lambda p, b: charging.waive(b, p.bill, 0, "协商"), "减免金额要大于零"),
        ("accountant", lambda p, b: charging.offset(b, p.others, p.bill, 100), "不是同一个付款人的"),
        ("collector", lambda p, b: deposits.take_deposit(b, p.receipt, p.office.water, 100), "不是押金"),
        ("collector", lambda p, b: deposits.take_deposit(b, p.unknown, p.office.deposit, 100), "请先认领"),
        ("collector", lambda p, b: deposits.take_deposit(b, p.receipt, p.office.deposit, 0), "押金金额要大于零"),
        ("head", lambda p, b: deposits.deduct(b, p.held, p.others, 100, consent="同意书"), "不是同一个付款人的"),
        ("head", lambda p, b: deposits.deduct(b, p.held, p.bill, 0, consent="同意书"), "抵扣金额要大于零"),
        ("head", lambda p, b: deposits.give_back(b, p.held, 0, method="bank", why="验收"), "退款金额要大于零"),
        ("collector", lambda p, b: receiving.receive(b, amount=0, method="cash", payer_name="某"), "收款金额要大于零"),
        ("collector", lambda p, b: receiving.allocate(b, p.receipt, [(p.bill, 0)], rule="law"), "分配的金额要大于零"),
        ("head", lambda p, b: receiving.refund(b, p.receipt, 0, method="bank", why="多付"), "退款金额要大于零"),
        ("collector", lambda p, b: receiving.pay_out(b, 100, 100, words="微信"), "要大于手续费"),
        ("collector", lambda p, b: receiving.take_apart(b, p.receipt, "分户"), "已经有人认领"),
        ("accountant", lambda p, b: close_period(b, DAY, "日结"), "只能结到昨天为止"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(office: Any, by: str, work: Any, sentence: str) -> None:
    papers = Papers(office)
    papers.refused(by, lambda books: work(papers, books), sentence)


def test_money_that_went_back_is_neither_found_out_nor_taken_apart(office: Any) -> None:
    papers = Papers(office)
    unknown = papers.unknown
    office.does(office.head, lambda books: receiving.refund(books, unknown, 200, method="bank", why="退回原账户"))
    papers.refused("collector", lambda books: receiving.take_apart(books, unknown, "分户"), "已经退过一部分")
    office.does(office.head, lambda books: receiving.refund(books, unknown, 300, method="bank", why="退回原账户"))
    papers.refused("collector", lambda books: receiving.identify(books, unknown, papers.other), "已经退回去了")


def test_what_was_taken_back_is_not_taken_back_by_an_old_page(office: Any) -> None:
    """Two people look at the same bill, receipt and payable; the second one's page is older than what the first did."""
    papers = Papers(office)
    bill, receipt = Charge.objects.get(pk=papers.bill.pk), Receipt.objects.get(pk=papers.unknown.pk)
    office.does(office.head, lambda books: charging.reverse_charge(books, papers.bill, "面积错"))
    papers.refused("head", lambda books: charging.reverse_charge(books, bill, "面积错"), "已经冲销")
    office.does(office.head, lambda books: receiving.reverse_receipt(books, papers.unknown, "退票"))
    papers.refused("head", lambda books: receiving.reverse_receipt(books, receipt, "退票"), "已经作废")
    with pytest.raises(Conflict, match="已经作废"):
        office.does(office.collector, lambda books: receiving.take_apart(books, receipt, "分户"))


def test_what_was_taken_back_by_a_voucher_is_not_taken_back_again(office: Any) -> None:
    papers = Papers(office)
    gone = office.does(
        office.head, lambda books: receiving.refund(books, papers.receipt, 400, method="bank", why="多付")
    )
    back = office.does(office.head, lambda books: correcting.never_left(books, gone, "账号错"))
    papers.refused("head", lambda books: correcting.never_left(books, back, "账号错"), "不能再冲销")


def test_how_an_invoice_to_us_stands_is_said_in_a_word(office: Any) -> None:
    bill = office.owe(Part(500, office.cost["Z07"]))
    assert (paying.words_of(None), paying.words_of(bill)) == ("", "应付 5.00 元")


# The check of the books: each rule finds what breaks it


def faults() -> str:
    return "\n".join(fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults)


@pytest.fixture
def books(office: Any) -> Any:
    made = Papers(office)
    assert faults() == ""
    return made


def voucher(books: Any, kind: str, *amounts: tuple[str, int], day: date = DAY, **papers: Any) -> Voucher:
    """One that somebody wrote past the program."""
    first = Voucher.objects.earliest("pk")
    kept = {"community_id": first.community_id, "at": first.at, "by": first.by, "words": "手写"}
    made = Voucher.objects.create(kind=kind, day=DAY, key=f"by-hand-{kind}", **kept)
    for account, amount in amounts:
        Line.objects.create(
            voucher=made, community_id=first.community_id, account=account, day=day, amount=amount, **papers
        )
    return made


def test_an_unbalanced_voucher_and_one_without_lines_are_found(books: Any) -> None:
    crooked = voucher(books, "over_short", ("cash", 100), ("over_short", -99))
    assert f"凭证 {crooked.pk} 借贷差 0.01" in faults()
    empty = voucher(books, "pay_out")
    assert f"凭证 {empty.pk} 没有分录" in faults()


def test_a_line_on_another_day_than_its_voucher_is_found(books: Any) -> None:
    voucher(books, "over_short", ("cash", 100), ("over_short", -100), day=date(2026, 11, 9))
    assert "与凭证不是同一项目或同一天" in faults()


def test_a_bill_that_says_otherwise_than_its_lines_is_found(books: Any) -> None:
    Charge.objects.filter(pk=books.bill.pk).update(open=9999)
    assert f"账单行 {books.bill.pk}：记 99.99，分录合计 100.00" in faults()


def test_what_was_taken_back_and_still_stands_is_found(books: Any) -> None:
    first = Voucher.objects.earliest("pk")
    Charge.objects.filter(pk=books.bill.pk).update(reversal=first)
    owed = books.office.owe(Part(500, books.office.cost["Z07"]))
    type(owed).objects.filter(pk=owed.pk).update(voided_by=first)
    told = faults()
    assert f"账单行 {books.bill.pk} 已冲销，仍有未缴" in told
    assert f"应付款 {owed.pk} 已冲销，仍有未付" in told
    assert f"应付款 {owed.pk} 科目" in told


def test_money_that_came_from_nowhere_is_found(books: Any) -> None:
    voucher(books, "receipt", ("cash", 100), ("over_short", -100))
    assert "的账不平" in faults()


def test_books_in_which_nothing_stands_are_sound(office: Any) -> None:
    Books.objects.create(community=office.cast.yunqi)
    assert faults() == ""


def test_a_missing_receipt_number_is_found(books: Any) -> None:
    number = books.unknown.number
    Receipt.objects.filter(pk=books.unknown.pk).update(number=f"{number[:-1]}5")
    assert f"{number.rpartition('-')[0]} 缺 3 个号，第一个是 2" in faults()


def test_papers_are_called_by_names_that_people_know(books: Any) -> None:
    paid = Voucher.objects.filter(kind="receipt").earliest("pk")
    assert (str(books.held), str(Books.objects.get())) == (
        f"装修押金 {books.office.cast.owner}",
        f"{books.office.cast.yunqi} 账套",
    )
    assert str(paid) == f"2026-11-10 收款 {books.receipt.number} 收 赵业主"
    assert str(paid.lines.get(account="cash")) == "库存现金 30000"
