"""Lines of the bank statement find their households: suggested with a reason, confirmed by a person, taken back through the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.harness.breaking import at_once, die_at
from tests.ledger.conftest import Office
from tests.support.banking import bank_line
from yihu.areas.cashier.banking import taking
from yihu.areas.cashier.banking.models import BankLine, LineReceipt
from yihu.areas.cashier.banking.pages.matching import lines_of
from yihu.areas.cashier.banking.reconciling import month_of
from yihu.areas.cashier.banking.suggesting import LIKELY, POSSIBLE, SURE, suggest
from yihu.areas.cashier.banking.taking import Part
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger import receiving
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
TODAY = date(2099, 1, 1)


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def neighbour(office: Office, room: str, name: str) -> tuple[Any, Party]:
    unit = office.cast.unit(room)
    party = Party.objects.create(community=office.cast.yunqi, name=name)
    Occupancy.objects.create(unit=unit, party=party, role="owner", from_on=date(2020, 1, 1))
    return unit, party


def best(line: BankLine) -> tuple[str, str, list[str]]:
    first = suggest([line])[line.pk][0]
    return first.unit.label, first.level, first.reasons


def books_hold() -> bool:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults] == []


def part(office: Office, amount: int, charge: int | None = None) -> Part:
    return Part(office.cast.home, office.cast.owner, amount, charge)


@pytest.mark.parametrize(
    ("payer", "summary", "level", "reasons"),
    [
        ("赵业主", "A1-1-0101物业费", SURE, ["摘要写了房号", "付款人是这户业主", "金额等于这户全部欠费"]),
        ("孙大圣", "A10101 物业", SURE, ["摘要写了房号", "金额等于这户全部欠费"]),
        ("赵业主", "", SURE, ["付款人是这户业主", "金额等于这户全部欠费"]),
        ("孙大圣", "赵业主交物业费", SURE, ["摘要里的姓名是这户业主", "金额等于这户全部欠费"]),
        ("孙大圣", "转账", POSSIBLE, ["金额等于这户全部欠费"]),
    ],
)
def test_the_suggestion_says_how_sure_it_is_and_why(
    office: Office, payer: str, summary: str, level: str, reasons: list[str]
) -> None:
    office.charge(20000)
    office.charge(15941, 9)
    line = bank_line(office.cast.yunqi, 35941, payer, summary)
    assert best(line) == (office.cast.home.label, level, reasons)


def test_a_name_alone_is_only_likely_and_two_namesakes_are_a_hint(office: Office) -> None:
    office.charge(35941)
    line = bank_line(office.cast.yunqi, 100)
    assert best(line)[1] == LIKELY
    unit, _ = neighbour(office, "0201", "赵业主")
    found = suggest([line])[line.pk]
    assert {one.unit for one in found} == {office.cast.home, unit}
    assert {one.level for one in found} == {POSSIBLE}


def test_two_households_with_the_same_debt_and_no_room_stay_open(office: Office) -> None:
    unit, party = neighbour(office, "0201", "李二")
    office.charge(359410)
    office.charge(359410, unit=unit.pk, party=party.pk)
    line = bank_line(office.cast.yunqi, 359410, "李", "物业费 李")
    assert {one.level for one in suggest([line])[line.pk]} == {POSSIBLE}
    taking.park(line, by=office.collector)
    receipt = Receipt.objects.get()
    assert (receipt.party, receipt.left, trial_balance(office.cast.yunqi, TODAY)["unidentified"]) == (
        None,
        359410,
        -359410,
    )
    assert {charge.open for charge in Charge.objects.all()} == {359410}
    taking.identify(line, receipt, Part(unit, party, 359410), by=office.collector)
    assert Charge.objects.get(unit=unit).open == 0
    assert Charge.objects.get(unit=office.cast.home).open == 359410
    assert books_hold()


def test_who_paid_before_for_others_is_remembered(office: Office) -> None:
    office.charge(35941)
    first = bank_line(office.cast.yunqi, 35941, "孙大圣", "A1-1-0101")
    taking.confirm(first, [part(office, 35941)], by=office.collector)
    office.charge(12000, 11)
    assert best(bank_line(office.cast.yunqi, 12000, "孙大圣", "转账"))[1:] == (
        SURE,
        ["以前替这户付过", "金额等于这户全部欠费"],
    )


def test_one_line_becomes_one_receipt_however_often_it_is_confirmed(office: Office) -> None:
    bill = office.charge(35941)
    line = bank_line(office.cast.yunqi, 35941)
    taking.confirm(line, [part(office, 35941)], by=office.collector, key="k")
    taking.confirm(line, [part(office, 35941)], by=office.collector, key="k")
    with pytest.raises(Conflict, match="已经有人入账"):
        taking.confirm(line, [part(office, 35941)], by=office.collector, key="k2")
    receipt = Receipt.objects.get()
    assert (receipt.method, receipt.reference, receipt.left) == ("bank", f"LS{line.pk}-1", 0)
    bill.refresh_from_db()
    assert bill.open == 0


@pytest.mark.clause("FEE-07", part="转账：银行流水由人确认后当场开收据")
def test_one_transfer_for_two_households_and_two_for_one_bill(office: Office) -> None:
    unit, party = neighbour(office, "0201", "李二")
    mine, hers = office.charge(30000), office.charge(20000, unit=unit.pk, party=party.pk)
    line = bank_line(office.cast.yunqi, 40000, "赵业主")
    with pytest.raises(Refused, match=r"只剩 400\.00 元"):
        taking.confirm(line, [part(office, 30000), Part(unit, party, 20000)], by=office.collector)
    assert not Receipt.objects.exists()
    taking.confirm(line, [part(office, 20000), Part(unit, party, 20000)], by=office.collector)
    taking.confirm(bank_line(office.cast.yunqi, 10000), [part(office, 10000)], by=office.collector)
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.open, hers.open, Receipt.objects.count()) == (0, 0, 3)
    assert books_hold()


def test_a_wrong_match_is_taken_back_by_the_head_and_the_line_waits_again(office: Office) -> None:
    bill = office.charge(35941)
    line = bank_line(office.cast.yunqi, 35941)
    taking.confirm(line, [part(office, 35941)], by=office.collector)
    receipt = Receipt.objects.get()
    with pytest.raises(NotAllowed):
        taking.take_back(line, receipt, "认错了", by=office.collector)
    with pytest.raises(Refused, match="写明为什么"):
        taking.take_back(line, receipt, " ", by=office.head)
    taking.take_back(line, receipt, "认错了", by=office.head)
    bill.refresh_from_db()
    assert (bill.open, taking.rest_of(line), lines_of(office.cast.yunqi, "").count()) == (35941, 35941, 1)
    unit, party = neighbour(office, "0201", "李二")
    taking.confirm(line, [Part(unit, party, 35941)], by=office.collector)
    assert list(Receipt.objects.order_by("pk").values_list("reference", flat=True)) == [
        f"LS{line.pk}-1",
        f"LS{line.pk}-2",
    ]
    assert books_hold()


def test_a_transfer_that_the_desk_has_taken_already_is_tied_and_not_taken_twice(office: Office) -> None:
    receipt = office.receive(35941, method="bank", reference="回单 8812")
    line = bank_line(office.cast.yunqi, 35941)
    taking.tie(line, receipt, by=office.collector)
    assert (taking.rest_of(line), Receipt.objects.count()) == (0, 1)
    with pytest.raises(Conflict):
        taking.tie(bank_line(office.cast.yunqi, 35941), receipt, by=office.collector)


def test_what_goes_out_or_is_no_payment_is_never_received(office: Office) -> None:
    with pytest.raises(Refused, match="不是客户缴款"):
        taking.park(bank_line(office.cast.yunqi, -500, "电力"), by=office.collector)
    interest = bank_line(office.cast.yunqi, 812, "银行", "结息")
    taking.set_aside(interest, "利息", by=office.collector)
    with pytest.raises(Refused, match="不是客户缴款"):
        taking.park(interest, by=office.collector)
    assert lines_of(office.cast.yunqi, "").count() == 0


def test_after_sixty_days_it_is_listed_for_return(office: Office) -> None:
    old, young = (
        bank_line(office.cast.yunqi, 100, on=date(2026, 8, 1)),
        bank_line(office.cast.yunqi, 200, on=date(2099, 1, 1)),
    )
    for line in (old, young):
        taking.park(line, by=office.collector)
    assert list(lines_of(office.cast.yunqi, "old")) == [old]
    assert lines_of(office.cast.yunqi, "parked").count() == 2


def test_the_month_agrees_to_the_cent(office: Office) -> None:
    lines = [bank_line(office.cast.yunqi, amount) for amount in (35941, 10000, 812, 500)]
    bank_line(office.cast.yunqi, -3000, "电力")
    taking.confirm(lines[0], [part(office, 35941)], by=office.collector)
    taking.confirm(lines[1], [part(office, 4000)], by=office.collector)
    taking.set_aside(lines[2], "利息", by=office.collector)
    office.receive(7700, method="bank", reference="在途", when="2026-11-09 12:00")
    found = month_of(office.cast.yunqi, date(2026, 11, 1))
    assert (found.bank_in, found.bank_out, found.matched, found.aside) == (47253, -3000, 39941, 812)
    assert [row[3] for row in found.only_bank] == [6000, 500]
    assert [row[3] for row in found.only_books] == [7700]
    assert (found.holds, found.books) == (True, 47641)


def test_on_the_pages_the_sure_ones_are_ticked_and_one_click_confirms_them(office: Office, sign_in: Any) -> None:
    office.charge(35941)
    line = bank_line(office.cast.yunqi, 35941, "赵业主", "A1-1-0101物业费")
    unsure = bank_line(office.cast.yunqi, 77, "谁也不是", "")
    page = sign_in(office.collector)
    shown = page.get("/banking/lines/").content.decode()
    token = f"{line.pk}-{office.cast.home.pk}-{office.cast.owner.pk}-0"
    assert f'value="{token}" aria-label="确认 {line}" checked' in shown
    assert not Receipt.objects.exists()  # looking confirms nothing
    page.post("/banking/lines/confirm/", {"take": [token], "key": "k"})
    page.post("/banking/lines/confirm/", {"take": [token], "key": "k"})
    assert Receipt.objects.get().unit == office.cast.home
    page.post(
        f"/banking/lines/{unsure.pk}/do/",
        {"do": "split", "room": ["A1-1-0101", "", ""], "sum": ["", "", ""], "key": "k2"},
    )
    assert Receipt.objects.order_by("pk").last().left == 77
    late = bank_line(office.cast.yunqi, 99, "谁也不是", "")
    assert "不知道是谁的" in page.get(f"/banking/lines/{late.pk}/").content.decode()
    page.post(f"/banking/lines/{late.pk}/do/", {"do": "park", "key": "k3"})
    assert "认给别的一户" in page.get(f"/banking/lines/{late.pk}/").content.decode()
    for url in ("/banking/lines/?tab=parked", "/banking/lines/?tab=done", "/banking/month/?month=2026-11"):
        assert page.get(url).status_code == 200
    assert page.get("/banking/month/reconciliation.pdf?month=2026-11")["Content-Type"] == "application/pdf"
    head = sign_in(office.head)
    receipt = LineReceipt.objects.get(line=line).receipt
    head.post(f"/banking/lines/{line.pk}/do/", {"do": "back", "receipt": receipt.pk, "why": "认错", "key": "k4"})
    receipt.refresh_from_db()
    assert receipt.voided_by is not None
    page.post(f"/banking/lines/{line.pk}/do/", {"do": "aside", "why": "利息", "key": "k5"})
    line.refresh_from_db()
    assert line.aside == "利息"
    assert sign_in(office.cast.wang).get("/banking/lines/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_people_confirm_the_same_line_at_once(cast: Any) -> None:
    office = Office(cast)
    office.charge(35941)
    line = bank_line(cast.yunqi, 35941)
    given = part(office, 35941)
    fates = at_once(
        4, lambda index: taking.confirm(BankLine.objects.get(pk=line.pk), [given], by=office.collector, key=f"k{index}")
    )
    assert sorted(fates) == ["Conflict", "Conflict", "Conflict", "done"]
    assert Receipt.objects.count() == 1
    assert books_hold()


@pytest.mark.django_db(transaction=True)
def test_killed_between_receipt_and_bill_nothing_is_half(cast: Any) -> None:
    office = Office(cast)
    bill = office.charge(35941)
    line = bank_line(cast.yunqi, 35941)
    given, number = part(office, 35941), 1
    while die_at(
        number, lambda: taking.confirm(BankLine.objects.get(pk=line.pk), [given], by=office.collector, key="k")
    ):
        assert not Receipt.objects.exists()
        number += 1
    bill.refresh_from_db()
    assert (bill.open, Receipt.objects.get().left, number > 15) == (0, 0, True)
    assert books_hold()


def test_what_was_parked_is_divided_between_two_households_by_the_clerk(office: Office, sign_in: Any) -> None:
    unit, party = neighbour(office, "0201", "李二")
    office.charge(20000)
    office.charge(15941, unit=unit.pk, party=party.pk)
    line = bank_line(office.cast.yunqi, 35941, "孙大圣", "两户物业费")
    taking.park(line, by=office.collector)
    parked = Receipt.objects.get()
    client, url = sign_in(office.collector), f"/banking/lines/{line.pk}/"
    page = client.get(url)
    assert len(page.context["splits"]) > 1
    wrong = [part(office, 20000), Part(unit, party, 15000)]
    with pytest.raises(Refused, match=r"正好等于这笔款 359\.41 元"):
        taking.divide(line, parked, wrong, by=office.collector)
    with pytest.raises(NotAllowed):
        taking.divide(line, parked, [part(office, 20000), Part(unit, party, 15941)], by=office.accountant)
    form = {"do": "split", "key": "k1", "room": [office.cast.home.label, unit.label], "sum": ["200", "159.41"]}
    for _ in range(2):
        assert client.post(reverse("banking:act", args=[line.pk]), form).status_code == 302
    parked.refresh_from_db()
    assert parked.voided_by is not None
    assert sorted(Receipt.objects.filter(voided_by=None).values_list("party", "amount")) == sorted(
        [(office.cast.owner.pk, 20000), (party.pk, 15941)]
    )
    assert {charge.open for charge in Charge.objects.all()} == {0}
    assert taking.rest_of(line) == 0
    assert trial_balance(office.cast.yunqi, TODAY).get("unidentified", 0) == 0
    with pytest.raises(Conflict):
        taking.divide(line, parked, [part(office, 20000), Part(unit, party, 15941)], by=office.collector)
    assert books_hold()


def test_what_was_claimed_or_partly_sent_back_is_not_divided(office: Office) -> None:
    unit, party = neighbour(office, "0201", "李二")
    parts = [part(office, 20000), Part(unit, party, 15941)]
    line = bank_line(office.cast.yunqi, 35941, "孙大圣", "两户物业费")
    taking.park(line, by=office.collector)
    parked = Receipt.objects.get()
    office.does(office.head, lambda books: receiving.refund(books, parked, 941, method="bank", why="退回"))
    with pytest.raises(Refused, match="已经退过"):
        taking.divide(line, parked, parts, by=office.collector)
    other = bank_line(office.cast.yunqi, 35941, "孙大圣", "又一笔")
    taking.park(other, by=office.collector)
    claimed = Receipt.objects.latest("pk")
    taking.identify(other, claimed, Part(unit, party, 35941), by=office.collector)
    with pytest.raises(Conflict, match="已经有人认领"):
        taking.divide(other, claimed, parts, by=office.collector)
    with pytest.raises(Refused, match="不是这笔流水的"):
        taking.divide(line, claimed, parts, by=office.collector)
    assert books_hold()
