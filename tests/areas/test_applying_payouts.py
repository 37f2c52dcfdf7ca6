"""退款 (F93) 与退押金 (F91): to the payer's own account; asked by one, agreed by another, paid by a third."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support.doing import at, photo, signature
from tests.support.paying import ACCOUNT, NOON, Counter, counter_of, return_of
from tests.support.sheets import text_of
from yihu.areas.cashier.applying.models import DepositReturn, Refund
from yihu.basics.money import yuan
from yihu.ground.estate.models import Party
from yihu.ground.ledger import receiving
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Voucher
from yihu.kernel.doors import perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import JournalEntry, Record

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)
NUMBER = "6222020200112233445"


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_scenario_19_what_was_paid_too_much_goes_back_by_three_hands(counter: Counter) -> None:
    bill = counter.charge(128640)
    receipt = counter.receive(200000, method="bank", reference="B-9")
    counter.settle(receipt, bill)
    refund = counter.refund(receipt, 71360)
    refund = counter.step(refund, "approve", counter.head)
    receipt.refresh_from_db()
    assert (refund.state, receipt.left, Voucher.objects.get(kind="refund").record_id) == ("to_pay", 0, refund.pk)
    refund = counter.step(refund, "pay", counter.cashier, paid_reference="WY-20261110-7")
    assert (refund.state, refund.paid_by) == ("paid", counter.cashier)
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": 128640, "income": -128640}
    assert faults() == []


def test_asking_agreeing_and_paying_are_three_people(counter: Counter) -> None:
    cast = counter.cast
    for person in (counter.collector, counter.cashier):
        cast.appoint(person, "finance_supervisor", cast.yunqi)
    cast.appoint(counter.collector, "cashier", cast.yunqi)
    refund = counter.refund(counter.receive(10000), 5000)
    with pytest.raises(NotAllowed):
        counter.step(refund, "approve", counter.collector)
    refund = counter.step(refund, "approve", counter.cashier)
    for person in (counter.collector, counter.cashier):
        with pytest.raises(NotAllowed):
            counter.step(refund, "pay", person, paid_reference="1")
    third = cast.person("qian2", "另一位出纳", "cashier")
    assert counter.step(refund, "pay", third, paid_reference="1").state == "paid"


def test_only_to_the_payers_own_account_in_cash_only_a_little(counter: Counter) -> None:
    receipt = counter.receive(100000)
    with pytest.raises(Invalid, match="付款人是“赵业主”"):
        counter.refund(receipt, 10000, account_name="孙租客")
    with pytest.raises(Invalid, match="请填写银行账号"):
        counter.refund(receipt, 10000, account_no="")
    with pytest.raises(Invalid, match=r"超过 500\.00 元不付现金"):
        counter.refund(receipt, 50001, method="cash")
    with pytest.raises(Invalid, match=r"还剩 1,000\.00 元"):
        counter.refund(receipt, 100001)
    refund = counter.step(counter.refund(receipt, 50000, method="cash"), "approve", counter.head)
    assert refund.account_no == ""
    with pytest.raises(Invalid):
        counter.step(refund, "pay", counter.cashier)
    refund = counter.step(refund, "pay", counter.cashier, signature=signature())
    assert trial_balance(counter.cast.yunqi, DAY) == {"cash": 50000, "credit": -50000}


def test_the_bank_number_is_sealed_masked_and_in_no_journal(counter: Counter, sign_in: Any) -> None:
    refund = counter.refund(counter.receive(10000), 5000)
    counter.step(refund, "approve", counter.head)
    page = sign_in(counter.cashier).get(refund.get_absolute_url()).content.decode()
    assert NUMBER not in page
    assert "3445" in page
    told = JournalEntry.objects.filter(record_id=refund.pk)
    assert not any(NUMBER in f"{one.sentence}{one.changed}" for one in told)
    assert NUMBER not in Record.objects.get(pk=refund.pk).summary
    answer = sign_in(counter.cashier).post(f"{refund.get_absolute_url()}reveal/account_no/")
    assert NUMBER in answer.content.decode().replace(" ", "")
    assert told.filter(step="reveal").count() == 1
    assert sign_in(counter.cashier).get(f"{refund.get_absolute_url()}print/refund/").content.startswith(b"%PDF-")


def test_a_payment_that_never_left_is_the_payers_money_again(counter: Counter) -> None:
    receipt = counter.receive(10000)
    refund = counter.step(counter.refund(receipt, 10000), "approve", counter.head)
    with pytest.raises(Refused, match="不能撤回"):
        counter.step(refund, "withdraw", counter.head, reason="账号错")
    with pytest.raises(NotAllowed):
        counter.step(refund, "fail", counter.cashier, failure="账号不符")
    refund = counter.step(refund, "fail", counter.head, failure="账号不符，银行退回")
    receipt.refresh_from_db()
    assert (refund.state, receipt.left) == ("failed", 10000)
    assert trial_balance(counter.cast.yunqi, DAY) == {"cash": 10000, "credit": -10000}
    assert faults() == []


def test_a_refused_refund_says_why_and_money_used_meanwhile_stays_used(counter: Counter) -> None:
    receipt, bill = counter.receive(10000), counter.charge(8000)
    refund = counter.refund(receipt, 10000)
    with pytest.raises(Invalid, match="在办"):
        counter.refund(receipt, 100)
    counter.settle(receipt, bill)
    with pytest.raises(Refused, match=r"现在只剩 20\.00 元"):
        counter.step(refund, "approve", counter.head)
    refund = counter.step(refund, "refuse", counter.head, refusal="已抵十月物业费")
    assert (refund.state, refund.refusal) == ("refused", "已抵十月物业费")
    assert not Voucher.objects.filter(kind="refund").exists()


@pytest.mark.django_db(transaction=True)
def test_two_agree_at_once_and_it_is_refunded_once(counter: Counter) -> None:
    receipt = counter.receive(10000)
    refund = counter.refund(receipt, 4000)
    heads = [counter.head, counter.cast.person("cai2", "齐财务", "finance_supervisor")]
    fates = at_once(4, lambda index: counter.step(refund, "approve", heads[index % 2]))
    receipt.refresh_from_db()
    assert (fates.count("done"), receipt.left) == (1, 6000)
    assert faults() == []


# -- deposits ---------------------------------------------------------------------------------------------------------
def test_a_deposit_goes_back_whole_after_acceptance(counter: Counter) -> None:
    held = counter.held()
    back = counter.giving_back(held)
    assert (back.amount, back.payee, back.unit) == (200000, "赵业主", counter.cast.home)
    back = counter.step(back, "approve", counter.head)
    held.refresh_from_db()
    assert (back.state, held.left) == ("to_pay", 0)
    back = counter.step(back, "pay", counter.cashier, paid_reference="WY-1")
    assert back.state == "paid"
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": -200000, "cash": 200000}
    assert faults() == []


def test_deductions_are_bills_for_which_the_payer_signed(counter: Counter, sign_in: Any) -> None:
    held = counter.held()
    damage = counter.charge(30000, 10, counter.item("PC", "装修损坏赔偿"), words="大堂墙砖两块")
    back = counter.giving_back(held)
    with pytest.raises(Invalid, match="书面同意"):
        counter.step(back, "deduct", counter.collector, charges=[damage.pk])
    back = counter.step(back, "deduct", counter.collector, charges=[damage.pk], signature=signature())
    assert back.amount == 170000
    page = sign_in(counter.head).get(back.get_absolute_url()).content.decode()
    assert "装修损坏赔偿" in page
    back = counter.step(back, "approve", counter.head)
    damage.refresh_from_db()
    held.refresh_from_db()
    assert (damage.open, held.left, back.amount, back.state) == (0, 0, 170000, "to_pay")
    counter.step(back, "pay", counter.cashier, paid_reference="WY-2")
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": -170000, "cash": 200000, "income": -30000}
    assert sign_in(counter.head).get(f"{back.get_absolute_url()}print/deposit_return/").content.startswith(b"%PDF-")
    assert faults() == []


def test_a_deposit_that_is_used_up_needs_no_payment_and_never_more_than_it_holds(counter: Counter) -> None:
    held = counter.held(30000)
    damage, more = counter.charge(30000, 10), counter.charge(1, 9)
    back = counter.giving_back(held)
    with pytest.raises(Invalid, match="超过押金结存"):
        counter.step(back, "deduct", counter.collector, charges=[damage.pk, more.pk], signature=signature())
    counter.step(back, "deduct", counter.collector, charges=[damage.pk], signature=signature())
    back = counter.step(back, "approve", counter.head)
    assert (back.state, back.voucher, back.amount) == ("paid", None, 0)
    assert faults() == []


def test_another_payers_bill_is_not_offered_and_a_bill_paid_meanwhile_is_not_paid_twice(counter: Counter) -> None:
    held, bill = counter.held(), counter.charge(10000)
    tenant = Party.objects.create(community=counter.cast.yunqi, name="租客")
    foreign = counter.charge(500, 9, party=tenant.pk)
    back = counter.giving_back(held)
    with pytest.raises(Invalid):
        counter.step(back, "deduct", counter.collector, charges=[foreign.pk], signature=signature())
    back = counter.step(back, "deduct", counter.collector, charges=[bill.pk], signature=signature())
    counter.settle(counter.receive(10000), bill)
    with pytest.raises(Refused, match=r"现在只剩 0\.00 元"):
        counter.step(back, "approve", counter.head)
    back = counter.step(back, "deduct", counter.collector, charges=[])
    assert back.amount == 200000
    assert counter.step(back, "approve", counter.head).state == "to_pay"
    assert faults() == []


def test_the_original_receipt_or_a_statement_of_its_loss(counter: Counter) -> None:
    held = counter.held()
    with pytest.raises(Invalid, match="遗失声明"):
        counter.giving_back(held, original="lost")
    back = counter.giving_back(held, original="lost", files={"statement": [photo("声明.png")]})
    assert back.attachments.count() == 1
    with pytest.raises(Invalid, match="在办"):
        counter.giving_back(held)


def test_who_took_a_deposit_agrees_to_no_return_and_who_agrees_does_not_pay(counter: Counter) -> None:
    cast = counter.cast
    for person in (counter.collector, counter.second):
        cast.appoint(person, "finance_supervisor", cast.yunqi)
        cast.appoint(person, "cashier", cast.yunqi)
    back = counter.ask(DepositReturn, by=counter.cashier, **return_of(counter.held()))
    for person in (counter.collector, counter.cashier):
        with pytest.raises(NotAllowed):
            counter.step(back, "approve", person)
    back = counter.step(back, "approve", counter.second)
    for person in (counter.second, counter.head):
        with pytest.raises(NotAllowed):
            counter.step(back, "pay", person, paid_reference="WY-1")
    assert counter.step(back, "pay", counter.collector, paid_reference="WY-1").paid_by == counter.collector


def test_who_asked_or_entered_the_deductions_does_not_agree(counter: Counter) -> None:
    cast = counter.cast
    cast.appoint(counter.second, "finance_supervisor", cast.yunqi)
    bill = counter.charge(10000)
    back = counter.giving_back(counter.held())
    counter.step(back, "deduct", counter.second, charges=[bill.pk], signature=signature())
    with pytest.raises(NotAllowed):
        counter.step(back, "approve", counter.second)
    with pytest.raises(NotAllowed):
        counter.step(back, "approve", counter.collector)
    assert counter.step(back, "approve", counter.head).state == "to_pay"


def test_a_deposit_that_could_not_be_paid_is_held_again(counter: Counter) -> None:
    held = counter.held()
    back = counter.step(counter.giving_back(held), "approve", counter.head)
    counter.step(back, "fail", counter.head, failure="户名不符")
    held.refresh_from_db()
    assert held.left == 200000
    assert counter.giving_back(held).state == "asked"
    assert faults() == []


def test_the_forms_know_what_the_paper_says(counter: Counter, sign_in: Any) -> None:
    receipt, held = counter.receive(12345), counter.held()
    client = sign_in(counter.collector)
    page = client.get(f"/refunds/new/?receipt={receipt.pk}").content.decode()
    assert 'value="123.45"' in page
    assert 'value="赵业主"' in page
    page = client.get(f"/deposit-returns/new/?deposit={held.pk}").content.decode()
    assert 'value="赵业主"' in page
    found = client.get("/cashier/pick/deposit/?q=赵业主").json()["results"]
    assert [one["value"] for one in found] == [held.pk]
    assert client.get(f"/cashier/pick/receipt/?q={receipt.number}").json()["results"][0]["value"] == receipt.pk
    assert sign_in(counter.cast.wang).get("/cashier/pick/receipt/?q=1").status_code == 403
    assert {Refund._meta.verbose_name, DepositReturn._meta.verbose_name} == {"退款申请", "退押金申请"}
    assert yuan(receipt.left) == "123.45"


def test_a_receipts_page_leads_to_what_may_be_asked_and_the_journal_says_money_in_yuan(
    counter: Counter, sign_in: Any
) -> None:
    held, receipt = counter.held(), counter.receive(5000)
    client = sign_in(counter.collector)
    page = client.get(f"/cashier/receipts/{receipt.number}/").content.decode()
    assert f"/refunds/new/?receipt={receipt.pk}" in page
    assert f"/red-letters/new/?receipt={receipt.pk}" in page
    page = client.get(f"/cashier/receipts/{held.receipt.number}/").content.decode()
    assert f"/deposit-returns/new/?deposit={held.pk}" in page
    assert "/refunds/new/" not in page  # all of it is the deposit
    damage, back = counter.charge(30000, 10), counter.giving_back(held)
    counter.step(back, "deduct", counter.collector, charges=[damage.pk], signature=signature())
    told = client.get(back.get_absolute_url()).content.decode()
    assert "1,700.00 元" in told
    assert "170000" not in told


# -- sent back by the bank ----------------------------------------------------------------------------------------------
BACK = {"bounced_on": "2026-11-10", "bounced_reference": "TH-1", "bounced_why": "账号与户名不符"}


def came_back(counter: Counter, record: Any, by: Any = None) -> Any:
    fresh = type(record).objects.get(pk=record.pk)
    return perform(fresh, "bounced", by=by or counter.head, data=BACK, files={"slip": [photo()]}, at=at(NOON))


def test_what_the_bank_sends_back_is_the_payers_again_and_the_application_begins_anew(counter: Counter) -> None:
    receipt = counter.receive(10000, method="bank", reference="B-1")
    refund = counter.step(counter.refund(receipt, 10000), "approve", counter.head)
    refund = counter.step(refund, "pay", counter.cashier, paid_reference="WY-1")
    over = refund.closed_at
    assert over is not None
    counter.step(refund, "note", counter.head, when="2026-11-10 15:00", words="客户来电确认")
    assert type(refund).objects.get(pk=refund.pk).closed_at == over  # a remark does not end it once more
    with pytest.raises(NotAllowed):
        came_back(counter, refund, counter.cashier)
    refund = came_back(counter, refund)
    receipt.refresh_from_db()
    assert (refund.state, refund.closed_at, receipt.left) == ("asked", None, 10000)
    assert (refund.voucher, refund.approved_by, refund.paid_by, refund.paid_reference) == (None, None, None, "")
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": 10000, "credit": -10000}
    assert "WY-1" in "".join(refund.journal.values_list("sentence", flat=True))
    with pytest.raises(Invalid, match="在办"):
        counter.refund(receipt, 100)  # it is under way again
    with pytest.raises(Invalid, match="付款人是“赵业主”"):
        counter.step(refund, "account", counter.collector, **{**ACCOUNT, "account_name": "孙租客"})
    counter.step(refund, "account", counter.collector, **{**ACCOUNT, "account_no": "6222020200998877665"})
    refund = counter.step(refund, "approve", counter.head)
    refund = counter.step(refund, "pay", counter.cashier, paid_reference="WY-2")
    receipt.refresh_from_db()
    assert (refund.state, receipt.left, str(refund.account_no)[-4:]) == ("paid", 0, "7665")
    assert trial_balance(counter.cast.yunqi, DAY) == {}
    assert faults() == []


def test_money_of_nobody_known_goes_back_to_nobody_known(counter: Counter) -> None:
    facts = {"amount": 10000, "method": "bank", "payer_name": "赵业主", "reference": "B-2"}
    receipt = counter.does(counter.collector, lambda books: receiving.receive(books, **facts))
    refund = counter.step(counter.refund(receipt, 10000), "approve", counter.head)
    refund = counter.step(refund, "pay", counter.cashier, paid_reference="WY-1")
    came_back(counter, refund)
    assert trial_balance(counter.cast.yunqi, DAY) == {"bank": 10000, "unidentified": -10000}


def test_a_deposit_that_came_back_is_held_again_and_deducted_once(counter: Counter) -> None:
    held, bill = counter.held(), counter.charge(50000)
    back = counter.giving_back(held)
    back = counter.step(back, "deduct", counter.collector, charges=[bill.pk], signature=signature())
    back = counter.step(back, "approve", counter.head)
    back = counter.step(back, "pay", counter.cashier, paid_reference="WY-1")
    back = came_back(counter, back)
    held.refresh_from_db()
    bill.refresh_from_db()
    assert (back.state, held.left, bill.open) == ("asked", 150000, 0)
    with pytest.raises(NotAllowed):
        counter.step(back, "deduct", counter.collector, charges=[], signature=signature())
    back = counter.step(back, "approve", counter.head)
    held.refresh_from_db()
    assert (back.state, back.amount, held.left) == ("to_pay", 150000, 0)
    assert counter.step(back, "pay", counter.cashier, paid_reference="WY-2").state == "paid"
    assert faults() == []


def test_cash_and_what_was_never_paid_do_not_come_back_from_a_bank(counter: Counter) -> None:
    receipt = counter.receive(50000)
    refund = counter.step(counter.refund(receipt, 5000), "approve", counter.head)
    with pytest.raises(Conflict):
        came_back(counter, refund)
    cash = counter.step(counter.refund(counter.receive(5000), 5000, method="cash"), "approve", counter.head)
    cash = counter.step(cash, "pay", counter.cashier, signature=signature())
    with pytest.raises(NotAllowed):
        came_back(counter, cash)


# -- the payer's own account under another name than the receipt's ------------------------------------------------------
RIGHT_NAME = {
    **ACCOUNT, "account_name": "赵叶主", "account_no": "6222020200998877665", "named": "other", "name_why": "typo",
    "name_basis": "付款回单与身份证都是“叶”，收据写成“业”",
}  # fmt: skip


def paid_and_sent_back(counter: Counter, refund: Any) -> Any:
    refund = counter.step(refund, "approve", counter.head)
    return came_back(counter, counter.step(refund, "pay", counter.cashier, paid_reference="WY-1"))


def put_right(counter: Counter, record: Any, by: Any = None, proof: bool = True, **more: Any) -> Any:
    fresh, files = type(record).objects.get(pk=record.pk), {"proof": [photo("身份证.png")]} if proof else {}
    person = by or counter.collector
    return perform(fresh, "account", by=person, data={**RIGHT_NAME, **more}, files=files, at=at(NOON))


def test_a_wrong_name_is_put_right_with_its_proof_and_paid_again_by_other_hands(counter: Counter, sign_in: Any) -> None:
    receipt = counter.receive(10000, method="bank", reference="B-1")
    refund = paid_and_sent_back(counter, counter.refund(receipt, 10000))
    for missing, words in (
        ({"name_why": ""}, "为什么不同"),
        ({"name_basis": ""}, "怎么知道"),
        ({"proof": False}, "请附上证明"),
    ):
        with pytest.raises(Invalid, match=words):
            put_right(counter, refund, **missing)
    with pytest.raises(Invalid, match="选“相同”"):
        put_right(counter, refund, account_name="赵 业主")
    refund = put_right(counter, refund, by=counter.second)
    assert refund.attachments.filter(purpose="paper").count() == 2  # the bank's slip and the proof
    client = sign_in(counter.head)
    page = client.get(refund.get_absolute_url()).content.decode()
    assert "收据上是“赵业主”。收据上的名字写错了" in page
    assert "WY-1" in page  # the first payment stays on file
    with pytest.raises(NotAllowed):
        counter.step(refund, "approve", counter.head)  # not without a look at the proof
    with pytest.raises(Invalid):
        counter.step(refund, "approve_name", counter.head)
    asked = client.get(f"{refund.get_absolute_url()}do/approve_name/").content.decode()
    assert "收据上的付款人是“赵业主”，收款户名是“赵叶主”" in asked
    refund = counter.step(refund, "approve_name", counter.head, same_person="on")
    refund = counter.step(refund, "pay", counter.cashier, paid_reference="WY-2")
    receipt.refresh_from_db()
    assert (refund.state, refund.account_name, receipt.left) == ("paid", "赵叶主", 0)
    first = refund.bounced_payments.get()
    assert (first.account_name, str(first.account_no)[-4:], first.paid_reference) == ("赵业主", "3445", "WY-1")
    assert [one.kind for one in Voucher.objects.filter(record_id=refund.pk)] == ["refund"] * 3
    assert trial_balance(counter.cast.yunqi, DAY) == {}
    assert faults() == []
    paper = text_of(client.get(f"{refund.get_absolute_url()}print/refund/").content)
    for said in ("WY-1", "TH-1", "WY-2", "收据上的名字写错了"):
        assert said in paper
    assert NUMBER not in paper


def test_who_put_the_name_right_neither_agrees_nor_pays(counter: Counter) -> None:
    cast = counter.cast
    refund = paid_and_sent_back(counter, counter.refund(counter.receive(10000, method="bank", reference="B-1"), 10000))
    for post in ("finance_supervisor", "cashier"):
        cast.appoint(counter.second, post, cast.yunqi)
    refund = put_right(counter, refund, by=counter.second)
    with pytest.raises(NotAllowed):
        counter.step(refund, "approve_name", counter.second, same_person="on")
    refund = counter.step(refund, "approve_name", counter.head, same_person="on")
    cast.appoint(counter.head, "cashier", cast.yunqi)
    for person in (counter.second, counter.head, counter.collector):
        with pytest.raises(NotAllowed):
            counter.step(refund, "pay", person, paid_reference="WY-2")
    assert counter.step(refund, "pay", counter.cashier, paid_reference="WY-2").state == "paid"


def test_nobody_refunds_to_himself_and_a_namesake_is_said(counter: Counter, sign_in: Any) -> None:
    refund = counter.refund(counter.receive(10000), 10000)
    for person, name in ((counter.second, "于收费"), (counter.second, "寿 收费")):
        with pytest.raises(Invalid, match="经办人自己"):
            put_right(counter, refund, by=person, account_name=name)
    Party.objects.create(community=counter.cast.yunqi, name="赵叶主")
    refund = put_right(counter, refund)
    assert "名册里另有同名的客户" in sign_in(counter.head).get(refund.get_absolute_url()).content.decode()
    refund = counter.step(refund, "account", counter.collector, **ACCOUNT)
    assert (refund.name_why, refund.name_basis) == ("", "")
    assert counter.step(refund, "approve", counter.head).state == "to_pay"


def test_a_deposits_payer_has_another_name_by_now(counter: Counter, sign_in: Any) -> None:
    held = counter.held()
    back = paid_and_sent_back(counter, counter.giving_back(held))
    back = put_right(counter, back, name_why="renamed", name_basis="更名通知书")
    back = counter.step(back, "approve_name", counter.head, same_person="on")
    back = counter.step(back, "pay", counter.cashier, paid_reference="WY-2")
    back = came_back(counter, back)
    assert [one.account_name for one in back.bounced_payments.order_by("pk")] == ["赵业主", "赵叶主"]
    back = counter.step(back, "approve_name", counter.head, same_person="on")
    assert counter.step(back, "pay", counter.cashier, paid_reference="WY-3").state == "paid"
    paper = text_of(sign_in(counter.head).get(f"{back.get_absolute_url()}print/deposit_return/").content)
    assert "更名通知书" in paper
    assert faults() == []
