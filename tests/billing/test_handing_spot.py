"""What a customer signs for becomes money once: paid on the spot, or on the month's bill; never what is free (REP-05, REP-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.billing.noticing import Billing, billing_of
from tests.fronts.looking import text_of
from tests.harness.breaking import at_once, die_at
from tests.support.doing import assign, at, call_back, finish, log_contact, sentences, signature, the_order
from tests.support.services import do, month_list, price, signed
from tests.support.sheets import text_of as text_of_sheet
from yihu.areas.billing.handing import spot
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.areas.cashier import household, till
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.areas.services.models import MonthLine, MonthList, Reversal, ServiceOrder
from yihu.ground.ledger.models import Books, Charge, Receipt
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
DAY, SIGNED = "2026-11-04 10:00", "2026-11-03 15:00"


def repaired(cast: Any, when: str = SIGNED, *, labour: str = "50", **typed: Any) -> WorkOrder:
    """Finished, with a valve for 30 元 and 50 元 of labour, and about to be signed."""
    assert cast.owner.name == "赵业主"
    order = assign(
        cast, the_order(log_contact(cast, when=at(when) - timedelta(hours=2))), at(when) - timedelta(hours=1)
    )
    order = perform(order, "accept", by=cast.chen, at=at(when), data={})
    order = perform(order, "arrive", by=cast.chen, at=at(when), data={})
    if typed.get("chargeable", "paid") == "paid":
        part = {"item": "阀芯", "quantity": "1", "unit_price": "30"}
        order = perform(order, "part", by=cast.chen, at=at(when), data=part)
    said = {
        "labour": labour,
        "cause": "阀芯老化",
        "work_done": "更换阀芯",
        "chargeable": "paid",
        "site_clean": "on",
        **typed,
    }
    return perform(order, "finish", by=cast.chen, at=at(when), data=said)


def sign(cast: Any, order: WorkOrder, when: str = SIGNED, key: str | None = None, **said: Any) -> WorkOrder:
    data = {"opinion": "A", "signature": signature(), **said}
    return perform(order, "sign", by=cast.chen, at=at(when), data=data, key=key)


def posted(office: Billing, bill: ServiceBill | None = None, code: str = "WX", name: str = "有偿维修费") -> ServiceBill:
    """The accountant says once under which item; from then on the program knows."""
    bill = bill or ServiceBill.objects.filter(state="pending").get()
    said = {"item": office.item(code, name).pk, "due_on": "2026-12-10"}
    done: ServiceBill = office.step(bill, "charge", office.accountant, DAY, **said)
    return done


def spot_repair(cast: Any) -> tuple[Billing, WorkOrder, Charge]:
    office = billing_of(cast)
    order = sign(cast, repaired(cast), settle="now")
    run_waiting()
    posted(office)
    return office, order, Charge.objects.get()


def in_hand(charge: Charge) -> till.Taking:
    """The whole of it in cash, as the collector sees the payer's account now."""
    party = charge.party
    return till.Taking(
        party=party.pk, unit=charge.unit_id, amount=charge.amount, method="cash", payer_name=party.name,
        seen=household.seen_of(party), charges=(charge.pk,),
    )  # fmt: skip


def pay(office: Billing, charge: Charge, taking: till.Taking | None = None, key: str | None = None) -> Receipt:
    return till.take_money(taking or in_hand(charge), charge.party, by=office.collector, key=key, at=at(DAY))


@pytest.mark.clause("REP-05")
def test_a_repair_that_is_paid_on_the_spot_stands_at_the_till_and_gets_its_receipt(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    order = sign(cast, repaired(cast), settle="now")
    page = order.get_absolute_url()
    assert "未收 80.00 元 即付，正在开单" in text_of(sign_in(cast.wang).get(page))
    run_waiting()
    bill = ServiceBill.objects.get()
    assert (bill.way, bill.state, bill.total_fen, bill.source_id) == ("spot", "pending", 8000, order.pk)
    told = f"{bill.number}：{order.number} 客户已签字，即付 80.00 元，请认收费项目出账，客户等着缴费。"
    assert Message.objects.filter(person=office.accountant, sentence=told).exists()
    for person in (office.collector, office.head):
        with pytest.raises(NotAllowed):
            office.step(bill, "charge", person, DAY, item=1, due_on="2026-12-10")
    posted(office, bill)
    charge = Charge.objects.get()
    assert (charge.amount, charge.party, charge.unit, charge.part) == (8000, cast.owner, cast.home, order.number)
    assert (f"{charge.from_on}", f"{charge.to_on}") == ("2026-11-03", "2026-11-03")
    shown = sign_in(office.collector).get(f"/cashier/?unit={cast.home.pk}&party={cast.owner.pk}&charge={charge.pk}")
    assert 'value="80.00"' in shown.content.decode()
    assert f'value="{charge.pk}" data-fen="8000" checked' in shown.content.decode()
    waiting = sign_in(office.collector).get("/service-bills/?tab=unpaid").content.decode()
    assert bill.get_absolute_url() in waiting
    assert f"charge={charge.pk}" in sign_in(office.collector).get(bill.get_absolute_url()).content.decode()
    receipt = pay(office, charge)
    assert bill.number not in sign_in(office.collector).get("/service-bills/?tab=unpaid").content.decode()
    told = text_of(sign_in(cast.wang).get(page))
    assert f"已收 80.00 元 收据 {receipt.number}" in told
    assert f"/receipts/{receipt.number}" not in sign_in(cast.wang).get(page).content.decode()


@pytest.mark.clause("REP-05")
def test_from_the_second_on_the_program_bills_what_is_signed_by_itself(cast: Any, sign_in: Any) -> None:
    office, _, _ = spot_repair(cast)
    order = sign(cast, repaired(cast, "2026-11-05 15:00", labour="20"), "2026-11-05 15:30", settle="now")
    run_waiting()
    charge = Charge.objects.get(part=order.number)
    assert (charge.amount, f"{charge.due_on}", charge.item.name) == (5000, "2026-11-05", "有偿维修费")
    page = sign_in(office.cast.person("shou", "寿收费", "fee_collector", "receptionist")).get(order.get_absolute_url())
    assert "未收 50.00 元 2026-11-05 前缴" in text_of(page)
    assert f"charge={charge.pk}" in page.content.decode()


@pytest.mark.clause("REP-05")
def test_by_the_month_it_stands_on_the_list_and_on_the_bill_once(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    price(cast)
    month = sign(cast, repaired(cast))
    assert month.settle == "month"
    with command(by=authority().system(), verb="test.asked") as commanding:
        spot.take(month, commanding)  # it asks again how it is paid
    spot_one = sign(cast, repaired(cast, "2026-11-05 15:00"), "2026-11-05 15:00", settle="now")
    run_waiting()
    assert "未开单 80.00 元" in text_of(sign_in(cast.wang).get(month.get_absolute_url()))
    listed = received(cast)
    assert [line.record_id for line in listed.lines.all()] == [month.pk]
    for bill in ServiceBill.objects.filter(state="pending").order_by("pk"):
        posted(office, bill, *(("TY", "特约服务费") if bill.way == "month" else ("WX", "有偿维修费")))
    assert {one.part: one.amount for one in Charge.objects.all()} == {month.number: 8000, spot_one.number: 8000}
    assert "已开单，未收 80.00 元" in text_of(sign_in(cast.wang).get(month.get_absolute_url()))


def received(cast: Any) -> MonthList:
    finance = cast.person("qian", "钱出纳", "cashier")
    listed = do(month_list(cast), "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    listed = do(listed, "send", cast.wang, "2026-11-20 09:10", receiver=finance.pk)
    listed = do(listed, "receive", finance, "2026-11-20 10:00")
    run_waiting()
    return MonthList.objects.get(pk=listed.pk)


@pytest.mark.clause("REP-05")
def test_what_is_free_or_the_builders_is_never_charged(cast: Any, sign_in: Any) -> None:
    billing_of(cast)
    price(cast)
    free = sign(cast, repaired(cast, chargeable="free", labour="0"), settle="now")
    assert free.settle == ""  # nobody is asked
    assert "收费" not in [
        one for one in text_of(sign_in(cast.wang).get(free.get_absolute_url())).split() if one == "未收"
    ]
    built = repaired(cast, "2026-11-05 15:00", chargeable="free", labour="0")
    WorkOrder.objects.filter(pk=built.pk).update(chargeable="paid", responsibility="developer", labour_fen=5000)
    with pytest.raises(Refused, match="开发商保修，不向业主收费"):
        sign(cast, built, "2026-11-05 15:00", settle="now")
    run_waiting()
    assert not ServiceBill.objects.exists()


def test_a_worker_does_not_finish_the_builders_repair_as_paid(cast: Any) -> None:
    order = the_order(log_contact(cast))
    perform(
        order, "correct", by=cast.gong, data={**corrected(order), "responsibility": "developer", "reason": "在保修期内"}
    )
    with pytest.raises(Invalid, match="不向业主收费"):
        finish(cast, assign(cast, order))


def corrected(order: WorkOrder) -> dict[str, Any]:
    return {name: getattr(order, name) or "" for name in order.procedure.corrects if name != "phone"}


@pytest.mark.clause("REP-05")
def test_the_second_round_is_free_unless_it_is_priced_anew(cast: Any) -> None:
    office, first, _ = spot_repair(cast)
    call_back(cast, first, at("2026-11-04 09:00"), feedback="C", score="1", words="还是滴水")
    again = WorkOrder.objects.get(round_no=2)
    assert again.chargeable == "free"
    again = finish(cast, assign(cast, again, at(DAY)), at(DAY), chargeable="paid", labour="10")
    sign(cast, again, DAY, settle="now")
    run_waiting()
    assert sorted(Charge.objects.values_list("amount", flat=True)) == [1000, 8000]
    assert office.cast.owner.charges.count() == 2


@pytest.mark.clause("REP-08")
def test_a_service_paid_at_once_is_billed_once_however_often_it_is_clicked(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    order = signed(cast, settle="now", party=cast.owner.pk)
    order = ServiceOrder.objects.get(pk=order.pk)
    run_waiting()
    posted(office, None, "TY", "特约服务费")
    for _ in range(2):
        with command(by=authority().system(), verb="test.again") as commanding:
            spot.take(order, commanding)
    run_waiting()
    charge = Charge.objects.get()
    assert charge.amount == 18000
    seen = in_hand(charge)
    first, second = pay(office, charge, seen, key="once"), pay(office, charge, seen, key="once")
    assert (first, Receipt.objects.count()) == (second, 1)
    charge.refresh_from_db()
    assert charge.open == 0
    with pytest.raises(Conflict):
        pay(office, charge)


@pytest.mark.clause("REP-08")
def test_an_order_that_went_by_one_way_does_not_go_by_the_other(cast: Any) -> None:
    """Somebody got it onto a list although it was billed already: it is passed over, and the table refuses it besides."""
    office = billing_of(cast)
    price(cast)
    order, other = (
        signed(cast, settle="now", party=cast.owner.pk),
        signed(cast, "2026-11-05 11:00", quantity="1"),
    )
    run_waiting()
    posted(office, None, "TY", "特约服务费")
    listed = month_list(cast)
    listed = do(listed, "sign", cast.wang, "2026-11-20 09:00", signature=signature())
    MonthLine.objects.create(
        month_list=listed, record_id=order.pk, unit=cast.home, kind="特约服务", what="保洁", done_on="2026-11-02", amount_fen=18000
    )  # fmt: skip
    finance = cast.person("qian", "钱出纳", "cashier")
    listed = do(
        do(listed, "send", cast.wang, "2026-11-20 09:10", receiver=finance.pk), "receive", finance, "2026-11-20 10:00"
    )
    run_waiting()
    bill = ServiceBill.objects.get(way="month")
    assert [line.record_id for line in bill.lines.all()] == [other.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceBillLine.objects.create(
            bill=bill, record_id=order.pk, what="再来一次", done_on="2026-11-02", amount_fen=1
        )


@pytest.mark.clause("REP-08")
def test_who_has_no_room_here_pays_under_his_own_name(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    for name in ("路过的张先生", "路过的张先生"):
        signed(cast, settle="now", unit="", customer=name)
    run_waiting()
    for place, bill in enumerate(ServiceBill.objects.order_by("pk")):
        posted(office, bill, f"TY{place}", "特约服务费")
    charges = list(Charge.objects.order_by("pk"))
    assert [(one.party.name, one.unit, one.amount) for one in charges] == [("路过的张先生", None, 18000)] * 2
    assert charges[0].party != charges[1].party  # what one pays is not the other's
    assert pay(office, charges[0]).left == 0


def test_nobody_is_made_a_payer_who_only_reported_a_fault(cast: Any) -> None:
    office = billing_of(cast)
    data = {"common_area": "大堂", "symptom": "门撞坏了", "level": "minor", "trade": "doors", "reporter": "赵业主"}
    order = open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=data, at=at("2026-11-03 09:00"))
    order = finish(cast, assign(cast, order, at("2026-11-03 09:10")), at("2026-11-03 10:00"))
    assert sign(cast, order, "2026-11-03 10:30").settle == "now"  # there is no bill of a month for it
    run_waiting()
    bill = ServiceBill.objects.get()
    with pytest.raises(Refused, match="指定付款人"):
        posted(office, bill)
    office.step(bill, "payer", office.accountant, DAY, payer=cast.owner.pk)
    said = {"item": Charge.objects.model._meta.get_field("item").related_model.objects.get(code="WX").pk}
    office.step(bill, "charge", office.accountant, DAY, due_on="2026-12-10", **said)
    assert Charge.objects.get().party == cast.owner


@pytest.mark.clause("REP-05")
def test_a_wrong_amount_is_reversed_and_charged_anew(cast: Any, sign_in: Any) -> None:
    office, order, charge = spot_repair(cast)
    receipt = pay(office, charge)
    page = order.get_absolute_url()
    with pytest.raises(Refused, match="不能撤回或合并"):
        perform(order, "withdraw", by=cast.gong, data={"reason": "开错了"})
    with pytest.raises(Invalid, match="收多了的，请申请冲正"):
        perform(order, "correct", by=cast.gong, data={**corrected(order), "chargeable": "free", "reason": "不该收"})
    assert "repair-reversals/new/" in sign_in(cast.wang).get(page).content.decode()
    said = {"number_of": order.number, "right": "80", "reason": "人工多写了"}
    with pytest.raises(Invalid, match=r"要比客户签字的 80\.00 元少"):
        open_record(RepairReversal(community=cast.yunqi), by=cast.wang, data=said)
    asked = open_record(RepairReversal(community=cast.yunqi), by=cast.wang, data={**said, "right": "60"}, at=at(DAY))
    with pytest.raises(NotAllowed):
        perform(asked, "grant", by=cast.wang, data={})
    perform(asked, "grant", by=cast.li, data={}, at=at(DAY))
    run_waiting()
    back = ServiceBill.objects.get(way="back")
    assert (back.state, back.total_fen) == ("to_reverse", 6000)
    with pytest.raises(NotAllowed):
        office.step(back, "reverse", office.accountant, DAY)
    back = office.step(back, "reverse", office.head, DAY)
    charge.refresh_from_db()
    receipt.refresh_from_db()
    assert (charge.reversal_id is not None, receipt.left, back.state) == (True, 8000, "pending")
    said = {"item": charge.item_id, "due_on": "2026-12-10"}
    office.step(back, "charge", office.accountant, DAY, **said)
    assert [(one.amount, one.part) for one in Charge.objects.filter(reversal=None)] == [(6000, asked.number)]
    shown = text_of(sign_in(cast.wang).get(page))
    assert "已冲销 80.00 元" in shown
    assert "未收 60.00 元" in shown
    assert till.use_credit(cast.owner, household.seen_of(cast.owner), by=office.collector, at=at(DAY)) == 6000
    assert f"{cast.li} 批准冲正 20.00 元，应收 60.00 元（{asked.number}）" in sentences(order)


def test_what_was_not_billed_yet_is_billed_at_the_right_amount_or_not_at_all(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    repair, service = sign(cast, repaired(cast), settle="now"), signed(cast, settle="now")
    run_waiting()
    wrong = {"number_of": repair.number, "right": "60", "reason": "人工多写了"}
    asked = open_record(RepairReversal(community=cast.yunqi), by=cast.wang, data=wrong, at=at(DAY))
    perform(asked, "grant", by=cast.li, data={}, at=at(DAY))
    said = {"number_of": service.number, "reason": "没有做"}
    asked = open_record(Reversal(community=cast.yunqi), by=cast.wang, data=said, at=at(DAY))
    perform(asked, "grant", by=cast.gao, data={}, at=at(DAY))
    run_waiting()
    states = dict(ServiceBill.objects.values_list("source_id", "state"))
    assert states == {repair.pk: "pending", service.pk: "refused"}
    posted(office)
    assert Charge.objects.get().amount == 6000


def test_by_the_month_what_was_too_much_stands_on_the_next_list(cast: Any) -> None:
    office = billing_of(cast)
    price(cast)
    order = sign(cast, repaired(cast))
    received(cast)
    posted(office, None, "TY", "特约服务费")
    said = {"number_of": order.number, "right": "0", "reason": "不该收"}
    asked = open_record(RepairReversal(community=cast.yunqi), by=cast.wang, data=said, at=at("2026-11-21 10:00"))
    perform(asked, "grant", by=cast.li, data={}, at=at("2026-11-21 11:00"))
    run_waiting()
    assert ServiceBill.objects.filter(way="back").count() == 0
    listed = do(month_list(cast, "2026-12-20 08:40"), "sign", cast.wang, "2026-12-20 09:00", signature=signature())
    assert [(line.record_id, line.amount_fen) for line in listed.lines.all()] == [(asked.pk, -8000)]


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_who_bill_the_same_order_at_once_one_does(cast: Any) -> None:
    _, _, _ = spot_repair(cast)
    order = sign(cast, repaired(cast, "2026-11-05 15:00"), "2026-11-05 15:00", settle="now")

    def bill(index: int) -> None:
        with command(by=authority().system(), key=f"worker-{index}", at=at(DAY), verb="test.take") as commanding:
            spot.take(WorkOrder.objects.get(pk=order.pk), commanding)

    assert at_once(4, bill) == ["done"] * 4
    run_waiting()
    assert Charge.objects.filter(part=order.number).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_bills_leaves_nothing_half_done(cast: Any) -> None:
    spot_repair(cast)
    order = sign(cast, repaired(cast, "2026-11-05 15:00"), "2026-11-05 15:00", settle="now")
    Books.objects.update(closed_through=None)

    def bill() -> None:
        with command(by=authority().system(), key="worker", at=at(DAY), verb="test.take") as commanding:
            if not commanding.replayed:
                spot.take(WorkOrder.objects.get(pk=order.pk), commanding)

    number = 1
    while die_at(number, bill):
        made = Charge.objects.filter(part=order.number).count()
        assert made == ServiceBillLine.objects.filter(record_id=order.pk, charge__isnull=False).count()
        number += 3
    run_waiting()
    assert Charge.objects.filter(part=order.number).count() == 1


@pytest.mark.clause("DESK-05")
def test_what_is_owed_holds_nobodys_call_open(cast: Any) -> None:
    """Signed and called back, the call is finished; the bill is the till's."""
    order = sign(cast, repaired(cast), settle="now")
    run_waiting()
    call_back(cast, order, at(DAY))
    run_waiting()
    bill = ServiceBill.objects.get()
    contact = Contact.objects.get()
    assert contact.state == "ready"
    assert bill.number in [one.target.number for one in order.links_out.all()]
    assert perform(contact, "strike_off", by=cast.wang).state == "struck"


@pytest.mark.clause("REP-05")
def test_what_was_taken_back_of_a_repair_stands_on_its_own_slip_and_on_later_copies_of_the_order(cast: Any) -> None:
    _, order, _ = spot_repair(cast)
    said = {"number_of": order.number, "right": "60", "reason": "人工多写了"}
    asked = open_record(RepairReversal(community=cast.yunqi), by=cast.wang, data=said, at=at(DAY))
    (slip,), (sheet,) = procedure_of(RepairReversal).prints, procedure_of(WorkOrder).prints
    assert "不作为冲正凭据" in text_of_sheet(render(slip, asked, cast.wang))
    assert "冲正（" not in text_of_sheet(render(sheet, order, cast.wang))
    asked = perform(asked, "grant", by=cast.li, data={}, at=at(DAY))
    printed = text_of_sheet(render(slip, asked, cast.wang))
    for words in (
        "维修费冲正单",
        order.number,
        "¥80.00",
        "¥60.00",
        "-¥20.00",
        "负贰拾元整",
        "人工多写了",
        "申请人王客服",
        "客服主管李主管",
        "财务联",
    ):
        assert words in printed, words
    assert "不作为冲正凭据" not in printed
    again = text_of_sheet(render(sheet, WorkOrder.objects.get(pk=order.pk), cast.wang))
    assert f"冲正（{asked.number}），应收60.00元" in again
