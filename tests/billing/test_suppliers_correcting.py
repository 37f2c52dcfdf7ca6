"""A supplier's bill that was paid or settled wrongly: asked by one, agreed to by another, taken back in the books, done anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.fronts.looking import text_of as text_on
from tests.support.doing import at
from tests.support.dunning import paper
from tests.support.sheets import text_of
from tests.support.supplying import accounts, faults, paid, step, supplied
from yihu.areas.billing.suppliers.models import SupplierBill, SupplierCorrection
from yihu.areas.spending import figures
from yihu.areas.spending.models import BudgetLine
from yihu.ground.ledger.balances import identities
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.models import Deadline, Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
ASKED, AGREED = "2026-11-09 09:00", "2026-11-09 11:00"
OWN = {"own_fen": "2", "amount_fen": "100", "why_different": "损耗"}


@pytest.fixture
def office(cast: Any) -> Any:
    found = supplied(cast)
    found.line = BudgetLine.objects.create(community=cast.yunqi, code="Z12", name="办公用水", kind="cost")
    return found


def settled(office: Any) -> Any:
    """100.00, of which the office used 2.00 itself; 95.00 were billed to households."""
    bill = paid(office, **OWN, own_cost=office.line.cost_id)
    return step(bill, "settle", office.head, "2026-11-05 10:00", settled_words="损耗正常")


def ask(office: Any, bill: Any, way: str, by: Any = None, why: str = "读数看错") -> Any:
    data = {"bill": bill.pk, "way": way, "why": why}
    fresh = SupplierCorrection(community=office.cast.yunqi)
    return open_record(fresh, by=by or office.accountant, data=data, at=at(ASKED))


def agree(office: Any, one: Any) -> Any:
    return perform(SupplierCorrection.objects.get(pk=one.pk), "approve", by=office.head, at=at(AGREED))


def spent(office: Any) -> int:
    found: int = figures.costs(office.cast.yunqi.pk, date(2026, 10, 1), date(2026, 11, 30)).get(office.line.pk, 0)
    return found


@pytest.mark.clause("FEE-20", part="供应单位账单对过账以后有错：另一人批准，账上冲销，重新登记，不改原数")
def test_a_settled_bill_is_taken_back_by_another_hand_and_written_anew(office: Any, sign_in: Any) -> None:
    bill = settled(office)
    assert (accounts(office), spent(office)) == (
        {"pass_through": 300, "payable": 0, "bank": -10000, "expense": 200},
        200,
    )
    page = sign_in(office.accountant).get(bill.get_absolute_url()).content.decode()
    assert f"/supplier-corrections/new/?from={bill.number}" in page
    assert "撤销对账" not in sign_in(office.head).get(bill.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):  # nobody goes round the correction
        step(bill, "record_anew", office.head, AGREED, why_back="错")
    one = ask(office, bill, "record", why="应是 98 元，总表读数看错")
    assert Message.objects.filter(person=office.head, sentence__contains=one.number).exists()
    with pytest.raises(Invalid, match="已有更正"):
        ask(office, bill, "settle")
    with pytest.raises(NotAllowed):
        perform(one, "approve", by=office.accountant)
    one = agree(office, one)
    bill = SupplierBill.objects.get(pk=bill.pk)
    assert (bill.state, bill.closed_at, bill.payable, bill.told) == ("due", None, None, {})
    assert (accounts(office), spent(office)) == ({"pass_through": -9500, "payable": 0, "bank": 0, "expense": 0}, 0)
    clock = Deadline.objects.get(record_id=bill.pk, code="D70", stopped_at__isnull=True)
    assert f"{clock.due_at:%Y-%m-%d}" == "2026-11-10"
    with pytest.raises(NotAllowed):  # agreed to once, carried out once
        step(step_again(office, bill), "record_anew", office.head, AGREED, why_back="再来")
    assert "已经批准入账" in procedure_of(SupplierCorrection).held(one, office.accountant)

    paper = text_of(render(procedure_of(SupplierCorrection).prints[0], one, office.head, now=at(AGREED)))
    for words in (
        "代收账单更正单",
        bill.number,
        "壹佰元整",
        "应是98元",
        "损耗正常",
        "张会计",
        "蔡财务",
        "-100.00",
        "W-77",
    ):
        assert words in paper
    year = sign_in(office.head).get(f"/suppliers/ledger/?supplier={office.works.pk}&year=2026").content.decode()
    assert "98.00" in year
    assert (accounts(office), spent(office)) == ({"pass_through": 300, "payable": 0, "bank": -9800, "expense": 0}, 0)
    assert identities(office.cast.yunqi, date(2026, 12, 31)).hold
    assert faults() == []


def step_again(office: Any, bill: Any) -> Any:
    """The right bill: 98.00, nothing of it the office's own."""
    said = {
        "from_on": "2026-09-21",
        "to_on": "2026-10-20",
        "amount_fen": "98",
        "multiplier": "1",
        "why_different": "损耗",
    }
    step(bill, "record", office.accountant, AGREED, **said)
    step(bill, "approve", office.head, AGREED)
    return step(bill, "pay", office.cashier, AGREED, method="bank", paid_reference="W-78", paid_on="2026-11-09")


def test_money_that_came_back_is_paid_again_and_the_comparison_is_made_anew(office: Any) -> None:
    bill = settled(office)
    agree(office, ask(office, bill, "unpaid", by=office.cashier, why="账号错，银行退回"))
    bill = SupplierBill.objects.get(pk=bill.pk)
    assert (bill.state, bill.paid_on, bill.told, spent(office)) == ("to_pay", None, {}, 0)
    assert accounts(office) == {"pass_through": 300, "payable": -10000, "bank": 0, "expense": 200}
    assert Deadline.objects.filter(record_id=bill.pk, code="D96", stopped_at__isnull=True).exists()
    step(bill, "pay", office.cashier, AGREED, method="bank", paid_reference="W-78", paid_on="2026-11-09")
    assert spent(office) == 200
    assert step(bill, "settle", office.head, "2026-11-10 10:00").state == "settled"
    assert faults() == []


def test_a_comparison_that_was_wrong_is_made_anew_and_posts_nothing(office: Any) -> None:
    bill = settled(office)
    before = accounts(office)
    office.settle(office.receive(3500, when="2026-11-06 09:00"), when="2026-11-06 09:00")
    one = agree(office, ask(office, bill, "settle", why="有一户的款还没有到"))
    bill = SupplierBill.objects.get(pk=bill.pk)
    assert (bill.state, one.was["postings"], accounts(office)) == ("paid", [], before)
    again = step(bill, "settle", office.head, "2026-11-10 10:00")
    assert again.told["received"] == 9500


def test_a_refused_correction_changes_nothing_and_an_unsettled_bill_is_not_unsettled(office: Any) -> None:
    bill = paid(office, **OWN, own_cost=office.line.cost_id)
    with pytest.raises(Invalid, match="还没有对账"):
        ask(office, bill, "settle")
    one = ask(office, bill, "record")
    one = perform(one, "refuse", by=office.head, data={"opinion": "账单没有错"}, at=at(AGREED))
    assert (one.state, SupplierBill.objects.get(pk=bill.pk).state) == ("refused", "paid")
    paper = text_of(render(procedure_of(SupplierCorrection).prints[0], one, office.head, now=at(AGREED)))
    for words in ("不同意：账单没有错", "未批准前不作为冲销凭据"):
        assert words in paper


def test_it_is_asked_for_from_the_page_of_the_bill_with_its_paper(office: Any, sign_in: Any) -> None:
    bill = settled(office)
    client = sign_in(office.accountant)
    new = reverse("kernel:new", args=["supplier-corrections"])
    form = client.get(new, {"from": bill.number}).context["form"]
    offered = [(value, str(label)) for value, label in form["bill"].field.choices if value]
    assert [label for _, label in offered] == [f"{bill.number} 2026年10月 云溪自来水：100.00 元"]
    assert form["bill"].value() == bill.pk
    said = {"way": "record", "why": "读数看错"}
    assert client.post(new, said).status_code == 422  # of no bill
    one = open_record(
        SupplierCorrection(community=office.cast.yunqi), by=office.accountant, data={**said, "bill": bill.pk},
        files={"scan": [paper("正确的账单.pdf")]}, at=at(ASKED),
    )  # fmt: skip
    assert [scan.name for scan in one.attachments.all()] == ["正确的账单.pdf"]
    shown = text_on(client.get(one.get_absolute_url()))
    assert ("读数看错" in shown, "损耗正常" in shown) == (True, False)  # what stood is kept when it is agreed to
    agree(office, one)
    shown = text_on(client.get(one.get_absolute_url()))
    for words in ("100.00 元", "W-77", "损耗正常"):
        assert words in shown, words


def test_a_bill_that_has_moved_meanwhile_is_not_taken_back_twice(office: Any) -> None:
    bill = paid(office, **OWN, own_cost=office.line.cost_id)
    one = ask(office, bill, "record")
    step(bill, "unpay", office.head, AGREED, why_back="银行退回")
    with pytest.raises(Conflict, match="待付款"):
        agree(office, one)
    assert SupplierCorrection.objects.get(pk=one.pk).state == "asked"
