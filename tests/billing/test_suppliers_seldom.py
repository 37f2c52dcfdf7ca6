"""代收代付 at its edges: months by hand, bills without readings, another year's ledger, meters that were not read, wrong ways."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.fronts.looking import text_of
from tests.support.doing import at
from tests.support.dunning import paper
from tests.support.meters import OCTOBER, Readers, meter
from tests.support.paying import counter_of
from tests.support.sheets import text_of as words_of
from tests.support.supplying import END, due, paid, recorded, step, supplied, to_pay
from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.forms import OpenForm
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.ground.ledger import charging
from yihu.ground.staff.models import Grant
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.models import Deadline
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Any:
    return supplied(cast)


def by_hand(office: Any, month: str, when: str = END, **more: Any) -> SupplierBill:
    data = {"supplier": office.works.pk, "month": month, **more}
    fresh = SupplierBill(community=office.cast.yunqi)
    made: SupplierBill = open_record(fresh, by=office.accountant, data=data, at=at(when))
    return made


# -- opening --------------------------------------------------------------------------------------------------------
def test_before_the_26th_nothing_is_asked_for_and_what_was_opened_by_hand_not_again(office: Any) -> None:
    assert come_round(at("2026-10-25 23:00"), "supplier-bills") == []
    bill = by_hand(office, "2026-10-05", "2026-10-20 10:00")
    assert come_round(at("2026-10-26 09:00"), "supplier-bills") == []
    assert SupplierBill.objects.get() == bill


def test_a_month_is_one_that_has_begun_and_one_that_is_over_is_due_tomorrow(office: Any) -> None:
    form = OpenForm(instance=SupplierBill(community=office.cast.yunqi), by=office.accountant, at=at(END))
    assert form["month"].value() == date(2026, 10, 1)
    with pytest.raises(Invalid, match="这个月还没有到"):
        by_hand(office, "2026-11-03")
    for wrong in ({"month": ""}, {"supplier": ""}):
        with pytest.raises(Invalid):
            by_hand(office, **{"month": "2026-10-01", **wrong})
    late = by_hand(office, "2026-08-31")
    assert (late.month, Deadline.objects.get(record_id=late.pk, code="D70").due_at) == (
        date(2026, 8, 1), at("2026-11-01 10:00"),
    )  # fmt: skip


# -- what the bill says ---------------------------------------------------------------------------------------------
def test_a_bill_without_readings_keeps_its_scan_and_shows_no_use(office: Any, sign_in: Any) -> None:
    bill = due(office)
    client = sign_in(office.head)
    said = {"from_on": "2026-09-21", "to_on": "2026-10-20", "amount_fen": "95", "multiplier": ""}
    scan = {"scan": [paper("账单.pdf")]}
    bill = perform(bill, "record", by=office.accountant, data=said, files=scan, at=at(END))
    assert [one.name for one in bill.attachments.all()] == ["账单.pdf"]
    assert (bill.multiplier, bill.use, comparing.both(bill).loss) == (1, None, 0)
    shown = text_of(client.get(bill.get_absolute_url()))
    assert ("95.00" in shown, "平均单价" in shown) == (True, False)
    printed = words_of(render(procedure_of(SupplierBill).prints[0], bill, office.head, now=at(END)))
    assert "玖拾伍元整" in printed
    with pytest.raises(Invalid, match="账单期"):
        step(
            step(bill, "send_back", office.head, why_back="日期"), "record", office.accountant, **{**said, "to_on": ""}
        )


def test_more_than_the_supplier_bills_is_sent_back_before_it_is_agreed_to(office: Any) -> None:
    """It added up when it was typed in; then a bill of a household was taken back, and another one came."""
    bill = due(office)
    said = {"from_on": "2026-09-21", "to_on": "2026-10-20", "amount_fen": "95", "multiplier": "1"}
    bill = step(bill, "record", office.accountant, **said)
    office.does(office.head, lambda books: charging.reverse_charge(books, office.first, "读错"), END)
    with pytest.raises(Refused, match=r"账单与出账相差 60\.00 元，还没有说明"):
        step(bill, "approve", office.head)
    days = {"from_on": date(2026, 9, 21), "to_on": date(2026, 10, 20), "when": END}
    office.charge(7000, 10, office.water, part="重抄", **days)
    with pytest.raises(Refused, match=r"多 10\.00 元。代收的不得加价"):
        step(bill, "approve", office.head)


def test_readings_times_their_multiplier_and_what_the_bill_adds_are_the_use(office: Any, sign_in: Any) -> None:
    bill = recorded(office, previous="1200", current="1225", multiplier="2", added="-10")
    assert bill.use == 40
    shown = text_of(sign_in(office.head).get(bill.get_absolute_url()))
    assert "2.5000 元" in shown  # 100 元 by 40
    assert bill.search_words() == "云溪自来水 8801 2026-10 S-1"


def test_what_the_office_uses_itself_stays_as_it_was_typed_when_it_is_sent_back(office: Any, sign_in: Any) -> None:
    bill = recorded(office, own_fen="2", own_cost=office.cost["Z07"].pk)
    assert "2.00 元" in text_of(sign_in(office.head).get(bill.get_absolute_url()))
    bill = step(bill, "send_back", office.head, why_back="差额写清楚")
    page = sign_in(office.accountant).get(f"{bill.get_absolute_url()}do/record/").content.decode()
    assert 'value="2.00"' in page
    assert 'value="100.00"' in page


def test_without_an_item_for_common_use_all_of_it_is_charged_by_meter(office: Any) -> None:
    Supplier.objects.filter(pk=office.works.pk).update(shared_item=None)
    found = comparing.both(due(office))
    assert (found.charged, found.shared) == (9000, 0)
    bill = step(
        SupplierBill.objects.get(),
        "record",
        office.accountant,
        from_on="2026-09-21",
        to_on="2026-10-20",
        amount_fen="90",
    )
    assert step(bill, "approve", office.head).payable.amount == 9000


def test_a_master_meter_that_was_not_read_or_is_still_looked_at_says_nothing(office: Any, cast: Any) -> None:
    master = meter(None, "water", "总001", "1200", community=cast.yunqi, scope="site")
    Supplier.objects.filter(pk=office.works.pk).update(meter=master)
    bill = due(office)
    assert comparing.own_reading(bill) is None
    reading = Readers(cast).read(master, "1225", month=OCTOBER)
    assert comparing.own_reading(bill).current == 1225
    type(reading).objects.filter(pk=reading.pk).update(state="pending")
    assert comparing.own_reading(bill) is None


# -- paying and settling --------------------------------------------------------------------------------------------
def test_a_bill_that_is_due_is_not_taken_back_and_neither_is_one_in_the_books(office: Any) -> None:
    Grant.objects.create(post_code="cs_supervisor", capability="suppliers.withdraw")  # the matrix may allow it
    bill = due(office)
    with pytest.raises(Refused, match="到期就要登记，不能撤回"):
        step(bill, "withdraw", office.cast.li, reason="x")
    assert procedure_of(SupplierBill).held(SupplierBill(community=office.cast.yunqi), office.accountant) == ""


def test_cash_needs_no_number_and_nothing_is_paid_tomorrow(office: Any) -> None:
    bill = to_pay(office)
    for said, words in (({"paid_on": "2026-11-01"}, "不能晚于今天"), ({"method": "cheque"}, "支票号码")):
        with pytest.raises(Invalid, match=words):
            step(bill, "pay", office.cashier, **{"method": "cash", "paid_on": "2026-10-31", **said})
    done = step(bill, "pay", office.cashier, method="cash", paid_on="2026-10-31", paid_reference="不算")
    assert (done.state, done.paid_reference) == ("paid", "")


# -- the ledger of a year -------------------------------------------------------------------------------------------
def test_the_ledger_is_of_the_one_supplier_and_this_year_where_nothing_else_is_asked(office: Any, sign_in: Any) -> None:
    bill = paid(office)
    url = reverse("suppliers:ledger")
    client = sign_in(office.head)
    assert bill.number in client.get(url, {"year": "2026"}).content.decode()  # there is only one
    assert bill.number not in client.get(url, {"year": "2025"}).content.decode()
    assert bill.number in client.get(url, {"supplier": "x", "year": "2026"}).content.decode()
    SupplierBill.objects.all().update(payable=None)
    rows = client.get(url, {"year": "2026"}).context["rows"]
    assert (rows[0]["paid"], rows[0]["open"]) == ("0.00", "0.00")


def test_where_nobody_supplies_anything_there_is_nothing_to_print(cast: Any, sign_in: Any) -> None:
    client = sign_in(counter_of(cast).head)
    assert client.get(reverse("suppliers:ledger")).context["rows"] == []
    assert client.get(reverse("suppliers:ledger_print")).status_code == 404


def test_a_supplier_is_kept_with_his_meter_of_the_same_kind(office: Any, sign_in: Any, cast: Any) -> None:
    master = meter(None, "power", "总002", "0", community=cast.yunqi, scope="site")
    client, edit = sign_in(office.head), reverse("suppliers:edit_suppliers", args=[office.works.pk])
    said = {
        "name": "云溪水务", "kind": "water", "account_no": "8801", "item": office.water.pk, "shared_item": office.shared.pk,
        "shown": "on", "seen": "0",
    }  # fmt: skip
    assert "不是" in client.post(edit, {**said, "meter": master.pk}).content.decode()
    assert client.post(edit, {**said, "item": ""}).status_code == 422
    assert client.post(edit, {**said, "shared_item": ""}).status_code == 302
    office.works.refresh_from_db()
    assert (office.works.name, office.works.shared_item) == ("云溪水务", None)
    listed = text_of(client.get(reverse("suppliers:list_suppliers")))
    assert "云溪水务（8801）" in listed
