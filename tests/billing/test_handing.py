"""The month's paid services: signed by the desk, received by finance, approved into the books (FEE-03, D61)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.noticing import billing_of
from tests.support.doing import assign as assign_repair
from tests.support.doing import at, log_contact, signature, the_order
from tests.support.doing import finish as finish_repair
from tests.support.doing import sign as sign_repair
from tests.support.services import do, month_list, price, signed
from yihu.areas.billing.handing.forms import ChargeForm
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger.balances import open_charges
from yihu.ground.ledger.models import Charge
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
DAY = "2026-11-22 10:00"


def received(cast: Any) -> Any:
    """The list of November in the hands of finance."""
    finance = cast.person("qian", "钱出纳", "cashier")
    listed = do(month_list(cast), "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    listed = do(listed, "send", cast.wang, "2026-11-20 09:10", receiver=finance.pk)
    listed = do(listed, "receive", finance, "2026-11-20 10:00")
    run_waiting()
    return listed


@pytest.mark.clause("FEE-03")
def test_what_the_desk_hands_over_becomes_bills_when_the_accountant_agrees(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    other = cast.unit("0202")
    tenant = Party.objects.create(community=cast.yunqi, name="孙租户")
    Occupancy.objects.create(unit=other, party=tenant, role="lessee", from_on=date(2026, 1, 1))
    first = signed(cast, "2026-11-02 10:00", party=cast.owner.pk)
    second = signed(cast, "2026-11-05 11:00", unit=other.pk, quantity="1.5")
    listed = received(cast)
    bill = ServiceBill.objects.get()
    assert (bill.source_id, bill.state, bill.total_fen) == (listed.pk, "pending", 27000)
    assert Message.objects.filter(person=office.accountant, sentence__contains="270.00 元，请审批").exists()
    assert not Charge.objects.exists()
    said = {"item": office.item("TY", "特约服务费").pk, "due_on": "2026-12-10"}
    for person in (office.collector, office.head):
        with pytest.raises(NotAllowed):
            office.step(bill, "charge", person, DAY, **said)
    office.step(bill, "charge", office.accountant, DAY, **said)
    charges = {one.part: one for one in Charge.objects.all()}
    assert {part: (one.party.name, one.unit, one.amount) for part, one in charges.items()} == {
        first.number: ("赵业主", cast.home, 18000), second.number: ("孙租户", other, 9000),
    }  # fmt: skip
    one = charges[first.number]
    assert (one.from_on, one.to_on, one.due_on) == (date(2026, 10, 21), date(2026, 11, 20), date(2026, 12, 10))
    assert "11-02" in one.words
    assert ServiceBillLine.objects.filter(charge__isnull=True).count() == 0


def test_a_unit_without_anybody_is_named_and_waits(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    empty = cast.unit("0303")
    signed(cast, "2026-11-02 10:00", unit=empty.pk)
    received(cast)
    bill = ServiceBill.objects.get()
    said = {"item": office.item("TY", "特约服务费").pk, "due_on": "2026-12-10"}
    with pytest.raises(Refused, match=str(empty)):
        office.step(bill, "charge", office.accountant, DAY, **said)
    Occupancy.objects.create(unit=empty, party=cast.owner, role="owner", from_on=date(2020, 1, 1))
    office.step(bill, "payers", office.accountant, DAY)
    office.step(bill, "charge", office.accountant, DAY, **said)
    assert Charge.objects.get().party == cast.owner


def test_what_is_not_billed_says_why_and_shows_its_lines(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    price(cast)
    made = signed(cast, "2026-11-02 10:00")
    received(cast)
    bill = ServiceBill.objects.get()
    page = sign_in(office.accountant).get(bill.get_absolute_url()).content.decode()
    assert made.number in page
    assert "壹佰捌拾元整" in page
    assert sign_in(office.accountant).get(f"{bill.get_absolute_url()}do/charge/").status_code == 200
    form = ChargeForm(instance=bill, by=office.accountant, at=at(DAY))
    assert form.initial["due_on"] == date(2026, 12, 10)  # the tenth of the next month
    bill = office.step(bill, "refuse", office.accountant, DAY, refusal="当面已付现金")
    assert bill.state == "refused"
    assert not Charge.objects.exists()


@pytest.mark.clause("REP-05")
def test_a_chargeable_repair_goes_from_the_signature_to_the_till(cast: Any) -> None:
    """Material and labour that the customer signed for are billed to him with the month and collected."""
    office = billing_of(cast)
    order = the_order(log_contact(cast, when=at("2026-11-03 08:40"), party=cast.owner.pk))
    order = assign_repair(cast, order, at("2026-11-03 08:45"))
    order = finish_repair(cast, order, at("2026-11-03 09:30"), labour="35.50")
    order = sign_repair(cast, order, at("2026-11-03 09:40"))
    received(cast)
    bill = ServiceBill.objects.get()
    said = {"item": office.item("TY", "特约服务费").pk, "due_on": "2026-12-10"}
    office.step(bill, "charge", office.accountant, DAY, **said)
    charge = Charge.objects.get()
    assert (charge.party, charge.unit, charge.amount, charge.part) == (cast.owner, cast.home, 3550, order.number)
    receipt = office.receive(3550, when="2026-12-05 10:00")
    office.settle(receipt, charge, when="2026-12-05 10:00")
    assert not open_charges(date(2026, 12, 5), party=cast.owner).exists()
