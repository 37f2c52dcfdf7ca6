"""代收代付: a supplier's bill beside what was collected for him; owed, paid and settled, with nothing added on top."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.doing import at
from tests.support.meters import Readers, meter
from tests.support.paying import Counter
from tests.support.sheets import text_of
from tests.support.supplying import END, accounts, due, faults, paid, recorded, step, supplied
from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.ground.ledger import charging
from yihu.ground.ledger.balances import identities
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Any:
    return supplied(cast)


@pytest.mark.clause("FEE-17")
def test_both_ledgers_stand_side_by_side_the_bill_is_paid_and_nothing_is_added(office: Counter, sign_in: Any) -> None:
    bill = due(office)
    assert come_round(at("2026-10-27 09:00"), "supplier-bills") == []
    clock = Deadline.objects.get(record_id=bill.pk, code="D70")
    assert f"{clock.due_at:%Y-%m-%d}" == "2026-10-31"  # the month's end
    page = sign_in(office.accountant).get(f"{bill.get_absolute_url()}do/record/").content.decode()
    for said in ("90.00", "5.00", "60.00", "35.00"):  # billed by meter, shared, received, owed
        assert said in page
    assert "多 95.00 元" not in page  # there is no bill yet that it could be more than
    said = {"from_on": "2026-09-21", "to_on": "2026-10-20", "previous": "1200", "current": "1225", "amount_fen": "100",
            "multiplier": "1", "invoice_no": "S-1", "own_fen": "2", "own_cost": office.cost["Z07"].pk}  # fmt: skip
    with pytest.raises(Invalid, match=r"账单比出账多 3\.00 元"):
        step(bill, "record", office.accountant, **said)
    bill = step(bill, "record", office.accountant, **said, why_different="总表与分表的损耗")
    with pytest.raises(NotAllowed):
        step(bill, "approve", office.accountant)
    bill = step(bill, "approve", office.head)
    assert not Deadline.objects.filter(record_id=bill.pk, code="D70", stopped_at__isnull=True).exists()
    # what was passed through: 95.00 collected (billed), 98.00 owed; the office's own part is its own cost
    assert accounts(office) == {"pass_through": 300, "payable": -10000, "bank": 0, "expense": 200}
    with pytest.raises(NotAllowed):
        step(bill, "pay", office.head, method="bank", paid_reference="W", paid_on="2026-10-31")
    bill = step(bill, "pay", office.cashier, method="bank", paid_reference="W-77", paid_on="2026-10-31")
    assert accounts(office) == {"pass_through": 300, "payable": 0, "bank": -10000, "expense": 200}
    bill = step(bill, "settle", office.head, "2026-11-05 10:00", settled_words="损耗 3%，正常")
    office.settle(office.receive(3500, when="2026-11-06 09:00"), when="2026-11-06 09:00")
    kept = comparing.both(bill)
    assert (bill.state, kept.loss, kept.received, kept.arrears) == ("settled", 300, 6000, 3500)
    year = sign_in(office.head).get(f"/suppliers/ledger/?supplier={office.works.pk}&year=2026").content.decode()
    for words in (bill.number, "100.00", "90.00", "3.00", "60.00", "35.00", "总表与分表的损耗"):
        assert words in year
    paper = text_of(render(procedure_of(SupplierBill).prints[0], bill, office.head, now=at("2026-11-06 10:00")))
    for words in ("代收代付核对单", "云溪自来水", "壹佰元整", "损耗和其它差额", "3.00", "张会计", "蔡财务"):
        assert words in paper
    sheet = text_of(sign_in(office.head).get(f"/suppliers/ledger/print/?supplier={office.works.pk}&year=2026").content)
    for words in ("代收代付对照表", "云溪自来水（8801）", "100.00"):
        assert words in sheet
    assert identities(office.cast.yunqi, date(2026, 12, 31)).hold
    assert faults() == []


@pytest.mark.clause("FEE-17", part="代收的总额不得超过供应单位的账单")
def test_more_than_the_supplier_bills_is_never_kept_without_a_word(office: Counter) -> None:
    with pytest.raises(Invalid, match="代收的不得加价"):
        recorded(office, "94", why_different="")
    bill = step(SupplierBill.objects.get(), "record", office.accountant, from_on="2026-09-21", to_on="2026-10-20", amount_fen="95",
                multiplier="1")  # fmt: skip
    assert comparing.both(bill).loss == 0
    office.charge(700, 10, office.water, from_on=date(2026, 10, 1), to_on=date(2026, 10, 19), part="late", when=END)
    with pytest.raises(Refused, match=r"多 7\.00 元"):
        step(bill, "approve", office.head)
    bill = step(bill, "send_back", office.head, why_back="写明怎么退")
    bill = step(bill, "record", office.accountant, from_on="2026-09-21", to_on="2026-10-20", amount_fen="95", multiplier="1",
                why_different="一户重抄，下月冲减 7.00 元")  # fmt: skip
    assert step(bill, "approve", office.head).state == "to_pay"


def test_a_bill_that_was_taken_back_no_longer_counts_as_collected(office: Counter) -> None:
    bill = recorded(office)
    assert comparing.both(bill).charged == 9000
    office.does(office.head, lambda books: charging.reverse_charge(books, office.first, "读错"), END)
    found = comparing.both(bill)
    assert (found.charged, found.received, found.arrears) == (3000, 0, 3500)


def test_a_wrong_bill_is_taken_back_by_postings_and_written_anew(office: Counter) -> None:
    bill = paid(office)
    bill = step(bill, "unpay", office.head, why_back="账号错，银行退回")
    assert accounts(office) == {"pass_through": 500, "payable": -10000, "bank": 0, "expense": 0}
    assert "已经入账" in procedure_of(SupplierBill).held(bill, office.accountant)
    bill = step(bill, "cancel", office.head, why_back="账单开错")
    assert (bill.state, accounts(office)["pass_through"]) == ("void", -9500)
    again = open_record(
        SupplierBill(community=office.cast.yunqi), by=office.accountant, data={"supplier": office.works.pk, "month": "2026-10-31"}, at=at(END)
    )  # fmt: skip
    assert again.month == date(2026, 10, 1)
    with pytest.raises(Invalid, match="已经有"):
        open_record(
            SupplierBill(community=office.cast.yunqi), by=office.accountant, data={"supplier": office.works.pk, "month": "2026-10-02"}, at=at(END)
        )  # fmt: skip
    assert faults() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"own_fen": "5"}, "记到哪个支出科目"),
        ({"own_fen": "101"}, "不能超过账单"),
        ({"current": "1100"}, "本次读数比上次小"),
        ({"previous": ""}, "要一起填"),
        ({"from_on": "2026-10-21"}, "止不能早于起"),
        ({"to_on": "2026-11-20"}, "还没有过完"),
        ({"amount_fen": "0"}, "大于零"),
    ],
)
def test_what_cannot_be_is_said(office: Counter, said: dict[str, str], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        recorded(office, **said)


def test_the_next_bill_begins_where_the_last_one_ended(office: Counter, sign_in: Any) -> None:
    paid(office)
    (bill,) = come_round(at("2026-11-26 09:00"), "supplier-bills")
    page = sign_in(office.accountant).get(f"{bill.get_absolute_url()}do/record/").content.decode()
    for said in ("2026-10-21", "2026-11-20", 'value="1225'):
        assert said in page
    with pytest.raises(Invalid, match="重叠"):
        step(bill, "record", office.accountant, "2026-11-30 10:00", from_on="2026-10-20", to_on="2026-11-19", amount_fen="1",
             multiplier="1", why_different="x")  # fmt: skip


def test_our_own_reading_of_the_master_meter_stands_in_the_form(office: Counter, sign_in: Any, cast: Any) -> None:
    master = meter(None, "water", "总001", "1200", community=cast.yunqi, scope="site")
    Readers(cast).read(master, "1225")
    Supplier.objects.filter(pk=office.works.pk).update(meter=master)
    page = sign_in(office.accountant).get(f"{due(office).get_absolute_url()}do/record/").content.decode()
    for said in ("我们 2026-10-20 抄的总表：1,200 至 1,225", 'value="1200', 'value="1225'):
        assert said in page


def test_only_what_is_passed_through_stands_against_a_supplier(office: Counter, sign_in: Any) -> None:
    client = sign_in(office.head)
    said = {"name": "电力公司", "kind": "power", "account_no": "1", "shown": "on"}
    page = client.post("/suppliers/suppliers/new/", {**said, "item": office.property_fee.pk}).content.decode()
    assert "现在不能选了" in page  # it would be income
    page = client.post("/suppliers/suppliers/new/", {**said, "item": office.water.pk}).content.decode()
    assert "已经对应 云溪自来水" in page
    power = office.item("DF", "代收电费", nature="pass_through", legal_class="essential")
    page = client.post(
        "/suppliers/suppliers/new/", {**said, "item": power.pk, "shared_item": power.pk}
    ).content.decode()
    assert "要和各户的不同" in page
    client.post("/suppliers/suppliers/new/", {**said, "item": power.pk})
    assert Supplier.objects.get(item=power).name == "电力公司"
