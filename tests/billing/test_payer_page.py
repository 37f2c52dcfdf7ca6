"""The page behind the code on a payment notice: nobody signs in, so nobody is trusted (FEE-05, FEE-07, FEE-20, FEE-21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.billing.noticing import Billing, billing_of
from tests.harness.breaking import at_once
from tests.support.banking import bring, paying_firm
from tests.support.doing import at, sentences
from tests.support.dunning import desk_of
from tests.support.sheets import text_of
from tests.support.spans import within_one
from yihu.areas.billing.dunning.models import DunningCase
from yihu.areas.billing.notices.models import Notice, NoticeBatch
from yihu.areas.cashier.banking.models import Notice as Heard
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.areas.reception.models import Contact
from yihu.fronts.payer import knocking
from yihu.fronts.payer.bills import bill_of
from yihu.fronts.payer.models import Objection
from yihu.ground.ledger import charging
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel import rates
from yihu.kernel.doors import open_record, perform
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Message, Tally

pytestmark = pytest.mark.django_db
TODAY = date(2099, 1, 1)
DUE = date(2026, 12, 10)


@pytest.fixture
def firm() -> Iterator[StandIn]:
    with paying_firm() as stand_in:
        yield stand_in


def billed(cast: Any, *sums: int) -> tuple[Billing, Notice]:
    """赵业主's notice, printed a moment ago: one line for each sum, each of another item."""
    office = billing_of(cast)
    for place, fen in enumerate(sums or (35941,)):
        item = office.property_fee if place == 0 else office.item(f"X{place}", f"费用{place}")
        office.charge(fen, 11, item, due_on=DUE)
    office.drawn()
    NoticeBatch.objects.update(printed_at=timezone.now())
    return office, Notice.objects.get()


def here(notice: Notice, rest: str = "") -> str:
    return f"/pay/notice/{notice.token}/{rest}"


def words(notice: Notice, client: Client | None = None) -> str:
    page: str = (client or Client()).get(here(notice)).content.decode()
    return page


def ordered(notice: Notice, seen: int, client: Client | None = None, **said: Any) -> PayOrder:
    data = {"channel": "wechat", "seen": str(seen), "key": "k", **said}
    answer = (client or Client()).post(here(notice, "pay/"), data)
    assert answer.status_code == 302, answer.content.decode()
    return PayOrder.objects.get(number=answer["Location"].rstrip("/").rsplit("/", 1)[-1])


def books_hold(cast: Any) -> bool:
    faults = [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]
    return faults == [] and identities(cast.yunqi, TODAY).hold


@pytest.mark.clause("FEE-07", part="客户扫通知单上的二维码付款，金额由账上定，当场开收据")
def test_a_payer_pays_his_bill_by_telephone_and_has_his_receipt_at_once(cast: Any, firm: StandIn) -> None:
    _, notice = billed(cast, 35941, 14120)
    page = words(notice)
    assert "500.61" in page
    assert "赵业主" not in page
    order = ordered(notice, 50061)
    assert (order.amount, order.bill) == (50061, notice.number)
    assert firm.orders[order.number].amount == 50061
    assert "正在付 500.61 元" in words(notice)
    firm.pay(order.number)
    assert (
        "付好了" in Client().post(here(notice, f"order/{order.number}/")).content.decode()
    )  # no call-back came: asked
    page, receipt = words(notice), Receipt.objects.get()
    assert "已缴清" in page
    assert receipt.number in page
    sheet = Client().get(here(notice, f"receipt/{receipt.number}/"))
    assert sheet["Content-Type"] == "application/pdf"
    paper = text_of(sheet.content).replace(" ", "")
    assert "500.61" in paper
    assert "赵**" in paper
    assert "赵业主" not in paper
    assert books_hold(cast)


@pytest.mark.parametrize(("cents", "answers"), [(1, [200]), (2, [200, 200]), (3, [200, 200]), (5, [403]), (7, [403])])
def test_late_doubled_reordered_and_forged_call_backs_change_nothing_twice(
    cast: Any, firm: StandIn, cents: int, answers: list[int]
) -> None:
    _, notice = billed(cast, 35900 + cents)
    order = ordered(notice, 35900 + cents)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == answers
    Client().post(here(notice, f"order/{order.number}/"))
    assert (Receipt.objects.count(), Charge.objects.get().open) == (1, 0)
    assert books_hold(cast)


def test_another_amount_than_was_asked_pays_nothing_and_says_so(cast: Any, firm: StandIn) -> None:
    _, notice = billed(cast, 35904)
    order = ordered(notice, 35904)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    assert "正在核对" in Client().get(here(notice, f"order/{order.number}/")).content.decode()
    assert (Receipt.objects.count(), Charge.objects.get().open) == (0, 35904)


def test_the_form_says_what_he_saw_and_never_what_he_pays(cast: Any, firm: StandIn) -> None:
    office, notice = billed(cast)
    for wrong in ("1", "0", "-1", "99999999999999", "359.41", "", "x", "35940"):
        answer = Client().post(here(notice, "pay/"), {"channel": "wechat", "seen": wrong, "key": "k"})
        assert (answer.status_code, "看过新的金额" in answer.content.decode()) == (409, True), wrong
    office.settle(office.receive(10000))  # somebody paid a part at the desk while the page stood open
    assert Client().post(here(notice, "pay/"), {"channel": "wechat", "seen": "35941", "key": "k"}).status_code == 409
    assert not PayOrder.objects.exists()
    assert ordered(notice, 25941).amount == 25941


def test_chosen_lines_are_paid_in_full_and_only_his_own(cast: Any, firm: StandIn) -> None:
    office, notice = billed(cast, 35941, 14120, 5000)
    elses = office.charge(700, 9)  # of the same household, on no notice of his
    first, second, third = Charge.objects.filter(amount__in=(35941, 14120, 5000)).order_by("pk")
    stood = "-".join(str(line.charge.open) for line in Notice.objects.get().lines.order_by("charge__pk"))
    said = {"some": "wechat", "stood": stood, "key": "k"}
    page = Client()
    assert page.post(here(notice, "pay/"), said).status_code == 422  # none was ticked
    assert page.post(here(notice, "pay/"), {**said, "line": [elses.pk]}).status_code == 409
    assert page.post(here(notice, "pay/"), {**said, "line": [first.pk], "stood": "1-2-3"}).status_code == 409
    assert page.post(here(notice, "pay/"), {**said, "line": ["x"] * 90}).status_code == 422
    assert not PayOrder.objects.exists()
    order = ordered(notice, 0, some="wechat", stood=stood, line=[second.pk, third.pk, second.pk])
    assert order.amount == 19120
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    opens = {one.pk: one.open for one in Charge.objects.all()}
    assert [opens[one.pk] for one in (first, second, third, elses)] == [35941, 0, 0, 700]


def test_his_own_money_and_adjustments_go_with_the_sum_once(cast: Any, firm: StandIn) -> None:
    office = billing_of(cast)
    office.receive(10000, unit=cast.home)  # money on account
    office.charge(-1000, 11, office.item("TB", "退补"), due_on=DUE)
    _, notice = billed(cast, 35941)
    assert "249.41" in words(notice)
    order = ordered(notice, 24941)
    assert (order.amount, order.credit) == (24941, 10000)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent * 2] == [200, 200]
    assert "已缴清" in words(notice)
    assert [one.open for one in Charge.objects.all()] == [0, 0]
    assert sum(one.left for one in Receipt.objects.all()) == 0
    assert books_hold(cast)


@pytest.mark.clause("FEE-20", part="两人同时在线上付同一张通知单，账单只缴一次，另一人的钱记为预收")
@pytest.mark.django_db(transaction=True)
def test_two_people_pay_one_bill_at_once_and_the_second_ones_money_is_kept_for_him(cast: Any, firm: StandIn) -> None:
    _, notice = billed(cast)
    orders = [ordered(notice, 35941, channel=name, key=name) for name in ("wechat", "alipay")]
    assert orders[0].pk != orders[1].pk
    for order in orders:
        firm.pay(order.number)
    brought = [(firm.unsent[0], "wechat"), (firm.unsent[1], "alipay")] * 2
    assert at_once(4, lambda index: bring(*brought[index])) == ["done"] * 4
    assert Charge.objects.get().open == 0
    assert sorted(Receipt.objects.values_list("amount", "left")) == [(35941, 0), (35941, 35941)]
    assert sorted(Heard.objects.values_list("verdict", flat=True)) == ["counted", "counted"]
    assert books_hold(cast)


@pytest.mark.django_db(transaction=True)
def test_two_telephones_that_ask_at_once_are_given_one_order(cast: Any, firm: StandIn) -> None:
    _, notice = billed(cast)
    assert at_once(3, lambda index: ordered(notice, 35941, key=f"k{index}")) == ["done"] * 3
    assert PayOrder.objects.count() == 1


def test_who_asks_all_day_is_told_to_stop(cast: Any, firm: StandIn) -> None:
    _, notice = billed(cast)
    made = [ordered(notice, 35941, key=f"k{place}") for place in range(3)]
    assert len({one.pk for one in made}) == 1
    PayOrder.objects.update(state="closed")
    old = PayOrder.objects.get()
    for place in range(19):
        old.pk, old.number = None, f"N{place}"
        old.save()
    answer = Client().post(here(notice, "pay/"), {"channel": "wechat", "seen": "35941", "key": "more"})
    assert (answer.status_code, "太多" in answer.content.decode()) == (409, True)


def test_nobody_reads_another_bill_by_his_own_address(cast: Any, firm: StandIn) -> None:
    office = billing_of(cast)
    office.charge(14120, 11, unit=cast.unit("0201").pk, due_on=DUE)
    office.charge(35941, 11, due_on=DUE)
    office.drawn()
    NoticeBatch.objects.update(printed_at=timezone.now())
    mine, other = Notice.objects.order_by("due_fen")
    order = ordered(other, 35941)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    receipt = Receipt.objects.get()
    assert Client().get(here(mine, f"order/{order.number}/")).status_code == 404
    assert Client().get(here(mine, f"receipt/{receipt.number}/")).status_code == 404
    assert receipt.number not in words(mine)
    assert str(other.unit) not in words(mine)


def test_a_receipt_that_tells_of_another_unit_is_handed_out_at_the_desk(cast: Any) -> None:
    office, notice = billed(cast)
    other = office.charge(14120, 11, unit=cast.unit("0201").pk, due_on=DUE)
    receipt = office.receive(50061)
    office.settle(receipt, Charge.objects.exclude(pk=other.pk).get(), other)
    page = words(notice)
    assert "已缴清" in page
    assert "请到收费处取收据" in page
    assert Client().get(here(notice, f"receipt/{receipt.number}/")).status_code == 404


def test_an_address_ends_with_its_bill_and_when_the_paper_went_astray(cast: Any, sign_in: Any) -> None:
    office, notice = billed(cast)

    def opens(token: str = notice.token) -> bool:
        return Client().get(f"/pay/notice/{token}/").status_code == 200

    assert opens()
    answer = sign_in(office.accountant).post(f"/notices/paper/{notice.number}/renew/", {"key": "k"})
    assert answer.status_code == 302
    fresh = Notice.objects.get().token
    assert (opens(), opens(fresh)) == (False, True)
    assert sign_in(cast.wang).post(f"/notices/paper/{notice.number}/renew/").status_code in (403, 404)
    now = timezone.now()
    NoticeBatch.objects.update(printed_at=now - timedelta(days=401))
    assert not opens(fresh)
    NoticeBatch.objects.update(printed_at=now)
    assert bill_of(fresh, now + timedelta(days=399)) is not None  # as long as it is not paid
    office.settle(office.receive(35941))
    ends = [bill_of(fresh, now + timedelta(days=days)) is None for days in (59, 61)]
    assert ends == [False, True]  # time enough for the receipt and the invoice
    Notice.objects.update(recalled_at=now, recalled_by=office.accountant, wrong="amount")
    page = words(Notice.objects.get())
    assert "已经作废" in page
    assert "359.41" not in page
    assert Client().post(f"/pay/notice/{fresh}/pay/", {"channel": "wechat", "seen": "35941"}).status_code == 409
    Notice.objects.update(recalled_at=now - timedelta(days=31))
    assert not opens(fresh)


def test_who_guesses_addresses_finds_nothing_at_all(cast: Any) -> None:
    _, notice = billed(cast)
    within_one(knocking.WRONG)
    page = Client()
    for token in ("abc", "x" * 24, "' OR 1=1 --", "%00" * 8, "甲" * 20, "a" * 3000):
        assert page.get(f"/pay/notice/{token}/").status_code == 404
    assert page.get(here(notice)).status_code == 200
    Tally.objects.update(count=knocking.WRONG.most)
    assert page.get(here(notice)).status_code == 404
    assert Client(REMOTE_ADDR="10.1.2.3").get(here(notice)).status_code == 200
    assert "127.0.0.1" not in str(list(Tally.objects.values_list("whose", flat=True)))
    Tally.objects.update(since=timezone.now() - timedelta(days=3))
    rates.forget.func()
    assert not Tally.objects.exists()
    assert page.get(here(notice)).status_code == 200


def test_what_is_shown_is_kept_by_no_browser_and_found_by_no_search(cast: Any) -> None:
    _, notice = billed(cast)
    answer = Client().get(here(notice))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    plain = Client(enforce_csrf_checks=True).post(here(notice, "question/"), {"words": "x"})
    assert plain.status_code == 422  # a telephone that keeps no cookies may ask as well
    assert not plain.cookies


@pytest.mark.clause("FEE-07", part="客户在缴费页面申请发票，进财务的开票清单")
def test_a_payer_asks_for_his_invoice_and_finance_has_it_on_its_list(cast: Any) -> None:
    office, notice = billed(cast)
    assert Client().get(here(notice, "invoice/")).status_code == 409  # nothing paid yet
    receipt = office.receive(35941)
    office.settle(receipt)
    said = {"receipt": receipt.number, "title": "赵业主", "mail": "zhao@example.com", "key": "k"}
    wrong: list[dict[str, str]] = [
        {"mail": "x"},
        {"title": "某某有限公司"},
        {"tax_no": "1"},
        {"title": ""},
        {"mail": ""},
    ]
    for more in wrong:
        assert Client().post(here(notice, "invoice/"), {**said, **more}).status_code == 422, more
    assert not InvoiceRequest.objects.exists()
    assert [Client().post(here(notice, "invoice/"), said).status_code for _ in range(2)] == [302, 409]
    request = InvoiceRequest.objects.get()
    assert (request.state, request.amount_fen, request.title) == ("asked", 35941, "赵业主")
    assert Message.objects.filter(person=office.accountant, sentence__contains=request.number).exists()
    page = words(notice)
    assert "待开票" in page
    assert "zhao@example.com" not in page
    desk = cast.person("shou9", "沈收费", "fee_collector")
    perform(request, "issue", by=office.accountant, data={"invoice_no": "12345678", "issued_on": "2026-11-12"}, at=at("2026-11-12 10:00"))  # fmt: skip
    assert Message.objects.filter(person=desk, sentence__contains="交给客户").exists()


@pytest.mark.clause("FEE-21", part="客户对账单的异议带原因进前台接待，催缴案件留记录")
def test_an_objection_to_a_line_becomes_an_entry_of_the_desk(cast: Any, sign_in: Any) -> None:
    _, notice = billed(cast, 35941, 14120)
    desk = cast.wang
    line = notice.lines.get(charge__amount=14120)
    said = {"about": str(line.charge_id), "reason": "amount", "words": "面积不对", "relation": "lessee", "key": "k"}
    said |= {"name": "钱女士", "phone": "13800001111"}
    assert [Client().post(here(notice, "question/"), said).status_code for _ in range(2)] == [302, 302]
    contact = Contact.objects.get()
    assert (contact.state, contact.unit, contact.handler, contact.relation) == ("registered", cast.home, None, "lessee")
    assert "141.20 元" in contact.content
    assert "金额算得不对" in contact.content
    assert contact.promised_at is not None
    assert Objection.objects.get().charge_id == line.charge_id
    assert Message.objects.filter(person=desk, sentence__contains=contact.number).exists()
    assert contact.number in sign_in(cast.wang).get("/reception/").content.decode()
    page = words(notice)
    assert "费用1：金额算得不对" in page
    assert "13800001111" not in page
    assert "钱女士" not in page
    for wrong in ({"about": "999999"}, {"reason": "free"}, {"words": ""}, {"words": "长" * 501}, {"phone": "12"}):
        answer = Client().post(here(notice, "question/"), {**said, "key": "k2", **wrong})
        assert answer.status_code == 422, wrong
    assert Objection.objects.count() == 1


def test_a_case_of_dunning_hears_that_its_bill_is_contested(cast: Any) -> None:
    office, notice = billed(cast)
    office.charge(14120, 9)  # overdue
    case = open_record(DunningCase(community=cast.yunqi), by=office.accountant, data={"party": cast.owner.pk})
    Client().post(
        here(notice, "question/"),
        {"about": "all", "reason": "paid", "words": "上月已转账", "relation": "owner", "key": "k"},
    )
    assert any("我已经缴过了" in sentence for sentence in sentences(case))


def test_three_questions_a_day_are_enough(cast: Any) -> None:
    _, notice = billed(cast)
    said = {"about": "all", "reason": "other", "words": "为什么", "relation": "owner"}
    codes = [Client().post(here(notice, "question/"), {**said, "key": f"k{place}"}).status_code for place in range(4)]
    assert codes == [302, 302, 302, 422]
    assert Contact.objects.count() == 3


def test_what_a_malicious_tenant_types_stays_text(cast: Any) -> None:
    _, notice = billed(cast)
    typed = "<script>alert(1)</script>\x00\u202e" + "甲" * 100
    said = {
        "about": "all",
        "reason": "other",
        "words": typed,
        "name": "<b>",
        "relation": "owner",
        "key": "pay:wechat:1" + "k" * 300,
    }
    assert Client().post(here(notice, "question/"), said).status_code in (302, 422)
    assert "<script>alert" not in words(notice)
    huge = Client().post(here(notice, "question/"), {**said, "words": "大" * 20000})
    assert (huge.status_code, "太长" in huge.content.decode()) == (409, True)
    within_one(knocking.SENT)
    for _ in range(knocking.SENT.most):
        rates.count(knocking.SENT, str(notice.pk))
    assert Client().post(here(notice, "question/"), {**said, "words": "x"}).status_code == 429


def test_without_a_channel_he_reads_how_else_to_pay(cast: Any) -> None:
    _, notice = billed(cast)
    page = words(notice)
    assert "收费处现金、刷卡" in page
    assert "付 359.41 元" not in page
    assert Client().post(here(notice, "pay/"), {"channel": "wechat", "seen": "35941"}).status_code == 409


def test_an_order_by_a_payer_is_printed_on_no_receipt_of_the_desk(cast: Any, firm: StandIn, sign_in: Any) -> None:
    office, notice = billed(cast)
    ordered(notice, 35941)
    receipt = office.receive(100)
    answer = sign_in(office.collector)
    assert "请扫码付款" not in text_of(answer.get(f"/cashier/receipts/{receipt.number}/print/").content)


def test_a_bill_that_was_taken_back_is_not_paid(cast: Any, firm: StandIn) -> None:
    office, notice = billed(cast, 35941, 14120)
    order = ordered(notice, 50061)
    wrong = Charge.objects.get(amount=14120)
    office.does(office.head, lambda books: charging.reverse_charge(books, wrong, "错了"))
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    assert Receipt.objects.get().left == 14120  # his money, kept for him
    assert books_hold(cast)


def test_money_that_met_more_than_this_paper_is_told_of_at_the_desk_alone(cast: Any) -> None:
    """He paid ahead: as long as it met this paper's bills alone, its sheet and invoice are here; then only what it paid here."""
    office = billing_of(cast)
    receipt = office.receive(40000, unit=cast.home)
    _, notice = billed(cast, 35941)
    assert Client().get(here(notice, "invoice/")).status_code == 409  # the notice's own bill is not met yet
    office.settle(receipt)
    page = words(notice)
    assert "359.41" in page
    assert "400.00" not in page
    assert "请到收费处取收据" in page  # the rest of it is his, and nobody's business who found the paper
    assert Client().get(here(notice, f"receipt/{receipt.number}/")).status_code == 404
    assert Client().get(here(notice, "invoice/")).status_code == 409
    office.settle(receipt, office.charge(4059, 9))
    assert Client().get(here(notice, f"receipt/{receipt.number}/")).status_code == 404
    assert "可开" not in words(notice)


def test_what_being_late_has_cost_stands_on_his_page_and_is_paid_there(cast: Any, firm: StandIn) -> None:
    """The 催款通知单 asks for it and leads here: one sum on both, and nothing is left over when he has paid it."""
    office, desk = billing_of(cast), desk_of(cast)
    desk.rule(most_fen=500)
    office.charge(35941, 9)
    office.drawn()
    NoticeBatch.objects.update(printed_at=timezone.now())
    notice = Notice.objects.get()
    asked = desk.notice(desk.case(when="2026-11-26 09:00"), "2026-11-26 09:05")
    assert (asked.total, asked.late_fee) == (35941, 500)
    page = words(notice)
    assert "364.41" in page
    assert "违约金" in page
    order = ordered(notice, 36441)
    firm.pay(order.number)
    Client().post(here(notice, f"order/{order.number}/"))
    assert "已缴清" in words(notice)
    assert not Charge.objects.filter(open__gt=0).exists()
    assert books_hold(cast)
