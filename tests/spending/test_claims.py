"""支出: approved before it happens, audited where it is a repair, paid by the cashier; else it goes back with the reason."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest

from tests.support.doing import at, log_contact, sentences, the_order
from tests.support.paying import counter_of
from tests.support.spending import Spenders
from yihu.areas.spending import figures
from yihu.areas.spending.models import Budget, BudgetLine, BudgetRow, Claim
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Spenders:
    return Spenders(cast)


@pytest.mark.clause("FEE-24")
def test_a_claim_without_an_approved_request_goes_back_with_its_reason(office: Spenders) -> None:
    none = office.claim()
    assert (none.state, none.why_back[:12]) == ("returned", "没有经过批准的支出申请。")
    assert any("退回：没有经过批准" in said for said in sentences(none))
    assert Message.objects.filter(person=office.cast.wang, sentence__contains=none.number).exists()
    waiting = office.request()
    assert "还不能报销" in office.claim(waiting).why_back
    request = office.step(waiting, "approve", office.cast.xiang)
    early = office.claim(request, spent_on="2026-11-11")
    assert early.state == "returned"
    assert "早于申请批准的 2026-11-12" in early.why_back
    over = office.claim(request, "1000.01")
    assert "超出了；请先申请追加" in over.why_back
    assert not Deadline.objects.filter(record__in=[none, early, over], stopped_at__isnull=True).exists()
    good = office.step(over, "resubmit", office.cast.wang, request=request.pk, what="纸", repair="no", amount_fen="1000", spent_on="2026-11-12",
                       payee="晨光", last="on")  # fmt: skip
    assert (good.state, good.why_back) == ("to_review", "")


def test_claims_of_one_request_never_add_up_to_more_than_was_agreed(office: Spenders) -> None:
    request = office.approved("1000")
    assert office.claim(request, "600", last="").state == "to_review"
    assert "已报 600.00 元" in office.claim(request, "400.01").why_back
    assert office.claim(request, "400").state == "to_review"


def test_asking_agreeing_checking_and_paying_are_different_people(office: Spenders) -> None:
    cast = office.cast
    cast.appoint(cast.wang, "project_manager", cast.yunqi)
    cast.appoint(cast.wang, "finance_supervisor", cast.yunqi)
    cast.appoint(cast.wang, "cashier", cast.yunqi)
    request = office.request()
    with pytest.raises(NotAllowed):
        office.step(request, "approve", cast.wang)
    claim = office.claim(office.step(request, "approve", cast.xiang))
    with pytest.raises(NotAllowed):
        office.step(claim, "review", cast.wang)
    claim = office.step(claim, "review", office.head)
    cast.appoint(office.head, "cashier", cast.yunqi)
    for person in (cast.wang, office.head):
        with pytest.raises(NotAllowed):
            office.step(claim, "pay", person)
    claim = office.step(claim, "pay", office.cashier, method="bank", paid_reference="W1", paid_on="2026-11-12")
    request.refresh_from_db()
    assert (claim.state, claim.paid_by, request.state) == ("paid", office.cashier, "done")


@pytest.mark.parametrize("method", ["bank", "cheque"])
def test_what_goes_through_the_bank_is_paid_under_a_number_that_its_statement_shows(
    office: Spenders, method: str
) -> None:
    claim = office.step(office.claim(office.approved()), "review", office.head)
    with pytest.raises(Invalid, match="请填流水号或支票号码"):
        office.step(claim, "pay", office.cashier, method=method, paid_on="2026-11-12")
    with pytest.raises(Invalid, match="付款日期不能晚于今天"):
        office.step(claim, "pay", office.cashier, method=method, paid_reference="W1", paid_on="2026-11-13")
    claim.refresh_from_db()
    assert (claim.state, claim.payable.left) == ("to_pay", 100_000)


@pytest.mark.clause("FEE-16")
def test_a_repair_is_paid_only_after_its_cost_was_audited(office: Spenders) -> None:
    cast = office.cast
    order = the_order(log_contact(cast))
    claim = office.claim(office.approved(order_no=order.number, what="换阀门"))
    assert claim.state == "to_audit"
    assert {link.origin.number for link in claim.links_in.all()} >= {order.number}
    with pytest.raises(Conflict):
        office.step(claim, "review", office.head)
    with pytest.raises(NotAllowed):
        office.step(claim, "audit", office.head, audited_fen="1000")
    with pytest.raises(Invalid, match="不能超过报销的"):
        office.step(claim, "audit", office.auditor, audited_fen="1000.01")
    with pytest.raises(Invalid, match="核减了什么"):
        office.step(claim, "audit", office.auditor, audited_fen="900")
    claim = office.step(claim, "audit", office.auditor, audited_fen="900", audit_words="工时多算半天")
    claim = office.step(claim, "review", office.head)
    claim = office.step(claim, "pay", office.cashier, method="cash", paid_on="2026-11-12")
    assert (claim.due_fen, claim.audited_by, claim.paid_reference) == (90_000, office.auditor, "")
    with pytest.raises(Invalid, match="没有编号是"):
        office.request(order_no="YQ-WX-1")
    assert office.claim(office.approved(line=office.line("维修材料", audited=True))).state == "to_audit"


@pytest.mark.clause("FEE-16")
@pytest.mark.parametrize("told", [{"repair": "yes"}, {"what": "3 号楼水泵修理工料"}])
def test_a_repair_on_any_line_and_without_an_order_is_audited(office: Spenders, told: dict[str, str]) -> None:
    claim = office.claim(office.approved("1000"), **told)
    assert claim.state == "to_audit"
    with pytest.raises(Conflict):
        office.step(claim, "review", office.head)


@pytest.mark.clause("FEE-16")
def test_what_was_asked_for_as_a_repair_is_one_and_whether_it_is_must_be_said(office: Spenders) -> None:
    assert office.claim(office.approved("1000", what="抢修水管"), what="材料款").state == "to_audit"
    with pytest.raises(Invalid) as refused:
        office.claim(office.approved("1000"), repair="")
    assert "repair" in refused.value.form.errors


@pytest.mark.clause("FEE-16")
def test_the_finance_office_sends_a_hidden_repair_to_the_auditor(office: Spenders) -> None:
    assert office.auditor
    claim = office.step(office.claim(office.approved("1000")), "to_audit", office.head)
    assert (claim.state, claim.repair) == ("to_audit", True)
    assert Message.objects.filter(person=office.auditor, sentence__contains=claim.number).exists()
    claim = office.step(claim, "audit", office.auditor, audited_fen="1000")
    with pytest.raises(Refused, match="已经审核过"):
        office.step(claim, "to_audit", office.head)
    assert office.step(claim, "review", office.head).state == "to_pay"


def test_an_audit_of_nothing_is_not_paid_and_goes_back(office: Spenders) -> None:
    claim = office.claim(office.approved(line=office.line("维修材料", audited=True)))
    claim = office.step(claim, "audit", office.auditor, audited_fen="0", audit_words="没有做")
    with pytest.raises(Refused, match="审定金额是零"):
        office.step(claim, "review", office.head)
    claim = office.step(claim, "send_back", office.head, why_back="没有做，不付")
    assert office.step(claim, "drop", office.cast.wang).state == "dropped"


def test_nothing_is_asked_for_the_past_or_claimed_for_the_future(office: Spenders) -> None:
    with pytest.raises(Invalid, match="不能早于今天"):
        office.request(needed_on="2026-11-09")
    with pytest.raises(Invalid, match="还没有发生"):
        office.claim(office.approved(), spent_on="2026-11-13")


@pytest.mark.clause("FEE-15", part="年度预算分到月、到科目，执行对照，到界限预警")
def test_a_year_is_planned_by_month_and_a_warning_comes_before_it_is_spent(office: Spenders, sign_in: Any) -> None:
    budget = office.budget(办公="12000.05")
    assert sorted(BudgetRow.objects.filter(budget=budget).values_list("month", "amount"))[:6] == [
        (1, 100_001), (2, 100_001), (3, 100_001), (4, 100_001), (5, 100_001), (6, 100_000),
    ]  # fmt: skip
    office.paid(office.approved("500"), "500")
    warned = Message.objects.filter(person=office.cast.xiang, sentence__contains="预算预警")
    assert not warned.exists()
    office.approved("300.01")
    assert "800.01 元，预算 1,000.00 元（80%）" in warned.get().sentence
    page = sign_in(office.head).get("/spending/?month=2026-11").content.decode()
    for said in ("办公", "1,000.00", "500.00", "300.01", "80%", "预警"):
        assert said in page
    lines = (
        sign_in(office.head).get(f"/spending/lines/{office.line().pk}/?from=2026-11-01&to=2026-11-30").content.decode()
    )
    assert "打印纸 20 箱" in lines
    assert "500.00" in lines


def test_a_request_on_a_line_that_is_out_of_use_meanwhile_is_decided_all_the_same(
    office: Spenders, sign_in: Any
) -> None:
    """Its line has neither a plan nor a payment: the page says so, and the warning goes out."""
    request = office.request()
    BudgetLine.objects.update(shown=False)
    page = sign_in(office.cast.xiang).get(f"{request.get_absolute_url()}do/approve/").content.decode()
    assert "批准后超出 1,000.00 元" in page
    assert office.step(request, "approve", office.cast.xiang).state == "approved"
    assert Message.objects.filter(person=office.cast.xiang, sentence__contains="没有预算").exists()


@pytest.mark.clause("FEE-15", part="已批未付的点得开，相加就是那个数")
def test_what_is_agreed_to_and_not_paid_opens_its_requests(office: Spenders, sign_in: Any) -> None:
    """A part of one is paid, the other waits; what was never agreed to is not among them."""
    office.paid(first := office.approved("1000"), "400", last="")
    second = office.approved("250.50")
    office.request("99")
    client = sign_in(office.head)
    page = client.get("/spending/?month=2026-11").content.decode()
    address, figure = re.findall(r'<a href="([^"]*what=agreed[^"]*)">([^<]+)</a>', page)[0]
    assert figure == "850.50"
    behind = client.get(html.unescape(address)).content.decode()
    for words in (first.number, "600.00", second.number, "250.50", "850.50", "2 笔", "已批未付"):
        assert words in behind, words


def test_one_month_may_be_planned_otherwise_and_a_new_budget_takes_the_old_ones_place(office: Spenders) -> None:

    first = office.budget(办公="12000")
    data = {"year": 2026, "ground": "调整", f"line_{office.line().pk}": "12000"}
    second = open_record(
        Budget(community=office.cast.yunqi), by=office.accountant, data=data, at=at("2026-11-11 09:00")
    )
    second = office.step(second, "adjust", office.accountant, line=office.line().pk, month="12", amount="3000")
    with pytest.raises(NotAllowed):
        office.step(second, "approve", office.accountant)
    second = office.step(second, "approve", office.cast.xiang)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "in_force")
    assert BudgetRow.objects.get(budget=second, month=12).amount == 300_000
    with pytest.raises(Conflict):
        office.step(second, "adjust", office.accountant, line=office.line().pk, month="1", amount="1")


def test_income_is_what_was_billed_of_the_lines_fee_item(cast: Any, office: Spenders) -> None:

    counter = counter_of(cast)
    line = office.line("物业费", kind="income", item=counter.property_fee)
    bill = counter.charge(35_941)
    counter.step(counter.waiver(bill, 5_941), "approve", counter.head)
    (row,) = figures.sheet(cast.yunqi.pk, date(2026, 11, 1), date(2026, 11, 30), at("2026-11-20 12:00"))
    assert (row.line, row.actual) == (line, 30_000)


def test_whose_claim_it_is_not_sees_nothing_of_it(office: Spenders) -> None:
    claim = office.claim()
    seen = Claim.objects.seen_by
    assert seen(office.cast.wang).filter(pk=claim.pk).exists()
    assert not seen(office.cast.chen).filter(pk=claim.pk).exists()


def test_from_an_approved_request_the_claim_is_filled_in_and_tied_to_it(office: Spenders, sign_in: Any) -> None:
    request = office.approved("1234.50", supplier="晨光文具")
    client = sign_in(office.cast.wang)
    assert f"/claims/new/?from={request.number}" in client.get(request.get_absolute_url()).content.decode()
    page = client.get(f"/claims/new/?from={request.number}").content.decode()
    for said in ("1,234.50", "晨光文具", f'value="{request.pk}" selected'):
        assert said in page
    order = the_order(log_contact(office.cast))
    assert order.number in sign_in(office.cast.gong).get(f"/spend-requests/new/?from={order.number}").content.decode()
