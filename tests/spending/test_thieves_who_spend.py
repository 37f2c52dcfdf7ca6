"""Who asks, who checks, who agrees and who pays are several people, whatever posts one of them holds or stands in for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spending.test_fund import asked
from tests.spending.test_posted import agreed, corrected
from tests.support.doing import at
from tests.support.sharing import Sharers
from tests.support.spending import Spenders
from yihu.areas.spending.models import Budget
from yihu.ground.ledger.models import Line
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
EVERY = ("accountant", "project_manager", "finance_supervisor", "cashier", "cost_auditor")
LATER = "2026-11-20 15:00"


@pytest.fixture
def office(cast: Any) -> Spenders:
    return Spenders(cast)


@pytest.fixture
def thief(cast: Any) -> Any:
    """One account with every post of the money, as nobody may be given them on the page."""
    return cast.person("duo", "多手", *EVERY)


def refused(record: Any, step: str, by: Any, **data: Any) -> None:
    with pytest.raises(NotAllowed):
        perform(type(record).objects.get(pk=record.pk), step, by=by, data=data, at=at(LATER))


def test_a_budget_that_one_has_touched_is_not_agreed_to_by_him(office: Spenders, thief: Any) -> None:
    line = office.line()
    said = {"year": 2026, "ground": "去年实际", f"line_{line.pk}": "12000"}

    def drafted() -> Any:
        return open_record(
            Budget(community=office.cast.yunqi), by=office.accountant, data=said, at=at("2026-11-10 12:00")
        )

    adjusted = office.step(drafted(), "adjust", thief, line=line.pk, month="12", amount="9000")
    amended = office.step(drafted(), "amend", thief, **said)
    own = open_record(Budget(community=office.cast.yunqi), by=thief, data=said, at=at("2026-11-10 12:00"))
    for budget in (adjusted, amended, own):
        refused(budget, "approve", thief)
    refused(own, "refuse", thief, opinion="太多")
    assert office.step(adjusted, "approve", office.cast.xiang).state == "in_force"


def test_a_claim_passes_through_as_many_hands_as_it_has_steps(office: Spenders, thief: Any) -> None:
    cast = office.cast
    mine = office.request(by=thief)
    refused(mine, "approve", thief)
    refused(mine, "refuse", thief, opinion="不批")
    line = office.line("维修材料", audited=True)
    for post in EVERY:
        cast.appoint(cast.wang, post, cast.yunqi)  # who asks for it has every post as well
    claim = office.claim(office.approved(line=line))
    refused(claim, "audit", cast.wang, audited_fen="1000")
    refused(claim, "send_back", cast.wang, why_back="自己退回")
    claim = office.step(claim, "audit", thief, audited_fen="1000")
    for person in (cast.wang, thief):  # he asked, he audited
        refused(claim, "review", person)
    refused(claim, "to_audit", cast.wang)
    claim = office.step(claim, "review", office.head)
    cast.appoint(office.head, "cashier", cast.yunqi)
    for person in (cast.wang, office.head):  # he asked, he checked
        refused(claim, "pay", person, method="cash", paid_on="2026-11-12")
    assert office.step(claim, "pay", office.cashier, method="cash", paid_on="2026-11-12").state == "paid"


def test_whoever_says_that_it_did_not_arrive_does_not_pay_it_once_more(office: Spenders, thief: Any) -> None:
    """Nor does he who agreed; nobody agrees to his own correction."""
    cast, claim = office.cast, office.paid(office.approved("500"), "500")
    one = corrected(office, claim, "unpaid", by=office.cashier)
    refused(corrected(office, office.paid(office.approved("300"), "300"), "cancel", by=thief), "approve", thief)
    cast.appoint(office.cashier, "finance_supervisor", cast.yunqi)
    opener = type(office.cashier).objects.get(pk=office.cashier.pk)  # who knows of his new post
    refused(one, "approve", opener)
    refused(one, "refuse", opener, opinion="算了")
    one = agreed(office, one)
    cast.appoint(office.head, "cashier", cast.yunqi)
    again = {"method": "bank", "paid_reference": "W-9", "paid_on": "2026-11-20"}
    for person in (office.cashier, office.head):
        refused(one, "pay", person, **again)
    other = cast.person("yunb", "另一位出纳", "cashier")
    assert perform(one, "pay", by=other, data=again, at=at(LATER)).state == "done"
    assert Line.objects.filter(account="bank", voucher__reversed_by=None, voucher__reverses=None).count() == 2


def test_who_put_a_fund_voucher_right_does_not_post_it(office: Spenders, thief: Any) -> None:
    assert len(Sharers(office.cast).homes) == 3
    voucher = asked(office, "opening", listed="A1-1-0101 1000")
    said = {"sort": "opening", "day": "2026-11-19", "words": "改", "listed": "A1-1-0101 9000"}
    voucher = office.step(voucher, "amend", thief, when=LATER, **said)
    refused(voucher, "post", thief)
    own = open_record(type(voucher)(community=office.cast.yunqi), by=thief, data=said, at=at(LATER))
    refused(own, "post", thief)
    refused(own, "refuse", thief, opinion="不要")
    assert office.step(voucher, "post", office.head, when=LATER).state == "posted"


def test_one_invoice_is_claimed_once_however_its_number_is_typed(office: Spenders) -> None:
    paid = office.claim(office.approved("500"), "500", invoice_no="FP-77 001")
    for typed in ("FP-77001", "fp-77001", "ＦＰ－７７００１"):
        again = office.claim(office.approved("500"), "500", invoice_no=typed)
        assert again.state == "returned"
        assert f"在 {paid.number} 已经报过" in again.why_back
    request = office.approved("500")
    parts = [office.claim(request, "250", invoice_no="FP-8", last="") for _ in range(2)]  # of one request, in two parts
    assert [one.state for one in parts] == ["to_review", "to_review"]
    office.step(paid, "send_back", office.head, why_back="金额不对")
    assert office.claim(office.approved("500"), "400", invoice_no="FP-77001").state == "to_review"
    assert office.claim(office.approved("500"), "100", invoice_no="FP-77001（第2部分）").state == "to_review"
