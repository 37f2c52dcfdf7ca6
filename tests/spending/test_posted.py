"""What is checked and paid stands in the ledger; what was wrong is corrected there by postings, never by an edit."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tests.support.doing import at
from tests.support.spending import Spenders
from yihu.areas.spending import figures, incomes
from yihu.areas.spending.models import BudgetLine, Claim, SpendCorrection
from yihu.ground.ledger.balances import identities, trial_balance
from yihu.ground.ledger.models import Books, CostItem, Line
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NOVEMBER = (FIRST, LAST)


@pytest.fixture
def office(cast: Any) -> Spenders:
    return Spenders(cast)


def accounts(office: Spenders) -> dict[str, int]:
    found: dict[str, int] = trial_balance(office.cast.yunqi, LAST)
    return found


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def corrected(office: Spenders, claim: Any, way: str, by: Any = None, **more: Any) -> SpendCorrection:
    data = {"paid_claim": claim.pk, "way": way, "why": "记错了", **more}
    one = open_record(
        SpendCorrection(community=office.cast.yunqi), by=by or office.accountant, data=data, at=at("2026-11-20 10:00")
    )
    found: SpendCorrection = one
    return found


def agreed(office: Spenders, one: Any) -> Any:
    return perform(one, "approve", by=office.head, at=at("2026-11-20 11:00"))


def test_a_checked_claim_is_owed_and_a_paid_one_is_not_owed_any_more(office: Spenders) -> None:
    claim = office.step(office.claim(office.approved("500"), "500"), "review", office.head)
    assert accounts(office) == {"expense": 50_000, "payable": -50_000}
    assert figures.costs(office.cast.yunqi.pk, *NOVEMBER) == {}
    claim = office.step(claim, "pay", office.cashier, method="cash", paid_on="2026-11-12")
    assert accounts(office) == {"expense": 50_000, "cash": -50_000}
    assert figures.costs(office.cast.yunqi.pk, *NOVEMBER) == {office.line().pk: 50_000}
    assert Line.objects.filter(account="expense").get().cost == office.line().cost
    assert identities(office.cast.yunqi, LAST).hold
    assert faults() == []


def test_the_common_incomes_spending_has_an_account_of_its_own(office: Spenders) -> None:
    office.paid(office.approved("100", line=office.line("公共设施更新", source="common")), "100")
    assert accounts(office) == {"common_cost": 10_000, "bank": -10_000}


def test_a_checked_claim_that_goes_back_is_owed_no_more(office: Spenders) -> None:
    claim = office.step(office.claim(office.approved(line=office.line("维修材料", audited=True))), "audit", office.auditor,
                        audited_fen="900", audit_words="多算")  # fmt: skip
    claim = office.step(claim, "review", office.head)
    with pytest.raises(Refused, match="只有财务主管能退回"):
        office.step(claim, "send_back", office.auditor, why_back="又想了想")
    assert "已经审核入账" in procedure_of(Claim).held(Claim.objects.get(pk=claim.pk), office.cast.wang)
    back = office.step(claim, "send_back", office.head, why_back="发票不对")
    assert (accounts(office), back.payable) == ({}, None)
    again = office.step(back, "resubmit", office.cast.wang, request=back.request_id, what="阀门", repair="no", amount_fen="800",
                        spent_on="2026-11-12", payee="五金店", last="on")  # fmt: skip
    again = office.step(office.step(again, "audit", office.auditor, audited_fen="800"), "review", office.head)
    assert accounts(office) == {"expense": 80_000, "payable": -80_000}
    assert faults() == []


def test_a_paid_claim_on_the_wrong_line_is_moved_by_a_posting(office: Spenders, sign_in: Any) -> None:
    claim = office.paid(office.approved("500"), "500")
    right = office.line("维修材料")
    with pytest.raises(Invalid, match="本来就记在"):
        corrected(office, claim, "line", line=office.line().pk)
    with pytest.raises(Invalid, match="请选正确的科目"):
        corrected(office, claim, "line")
    one = corrected(office, claim, "line", line=right.pk)
    with pytest.raises(Invalid, match="已有更正"):
        corrected(office, claim, "cancel")
    assert one.number in sign_in(office.head).get(claim.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):
        perform(one, "approve", by=office.accountant)
    agreed(office, one)
    assert figures.costs(office.cast.yunqi.pk, *NOVEMBER) == {office.line().pk: 0, right.pk: 50_000}
    told = incomes.reckon(office.cast.yunqi.pk, "office", *NOVEMBER)
    assert [(row["name"], row["amount"]) for row in told["costs"]] == [("维修材料", 50_000)]
    shown = sign_in(office.head).get(f"/spending/lines/{right.pk}/?from=2026-11-01&to=2026-11-30").content.decode()
    assert claim.number in shown
    assert faults() == []


def test_money_that_did_not_arrive_is_paid_again(office: Spenders) -> None:
    claim = office.paid(office.approved("500"), "500")
    one = agreed(office, corrected(office, claim, "unpaid"))
    assert (one.state, accounts(office)) == ("to_pay", {"expense": 50_000, "payable": -50_000})
    assert "已经批准入账" in procedure_of(SpendCorrection).held(one, office.accountant)
    one = perform(one, "pay", by=office.cashier, data={"method": "bank", "paid_reference": "W-9", "paid_on": "2026-11-20"},
                  at=at("2026-11-20 15:00"))  # fmt: skip
    assert (one.state, accounts(office)) == ("done", {"expense": 50_000, "bank": -50_000})
    assert figures.costs(office.cast.yunqi.pk, *NOVEMBER) == {office.line().pk: 50_000}
    assert faults() == []


def test_what_should_not_have_been_paid_is_taken_back_and_may_be_claimed_anew(office: Spenders) -> None:
    request = office.approved("500")
    claim = office.paid(request, "300", last="")
    agreed(office, corrected(office, claim, "cancel"))
    assert accounts(office) == {}
    assert figures.committed(office.cast.yunqi.pk, *NOVEMBER) == {office.line().pk: 50_000}
    assert office.claim(request, "500").state == "to_review"
    assert faults() == []


def test_a_refused_correction_posts_nothing(office: Spenders) -> None:
    claim = office.paid(office.approved("500"), "500")
    one = corrected(office, claim, "cancel")
    one = perform(one, "refuse", by=office.head, data={"opinion": "没有追回"}, at=at("2026-11-20 11:00"))
    assert (one.state, accounts(office)) == ("refused", {"expense": 50_000, "bank": -50_000})


def test_a_line_that_was_posted_on_keeps_its_side(office: Spenders, sign_in: Any) -> None:
    office.paid(office.approved("500"), "500")
    line = office.line()
    data = {"code": line.code, "name": "办公用品", "kind": "cost", "source": "common", "shown": "on"}
    page = sign_in(office.head).post(f"/spending/budget-lines/{line.pk}/", data).content.decode()
    assert "已经记过账，列支不能再改" in page
    sign_in(office.head).post(f"/spending/budget-lines/{line.pk}/", {**data, "source": "office"})
    line.refresh_from_db()
    assert (line.name, line.cost.name, line.cost.account) == ("办公用品", "办公用品", "expense")


def test_what_was_paid_before_the_ledger_kept_it_is_posted_once_and_never_into_a_closed_month(office: Spenders) -> None:
    """An installation that is brought up to date: one claim was paid in a closed month, one waits for the cashier."""
    posted = import_module("yihu.areas.spending.migrations.0007_posted").post_what_was_paid
    old, new = office.claim(office.approved("500"), "500"), office.claim(office.approved("70"), "70")
    Claim.objects.filter(pk=old.pk).update(
        state="paid", paid_on="2026-10-20", method="cash", paid_by=office.cashier, reviewed_by=office.head
    )
    Claim.objects.filter(pk=new.pk).update(state="to_pay", reviewed_by=office.head)
    BudgetLine.objects.update(cost=None)
    CostItem.objects.all().delete()
    Books.objects.update_or_create(community=office.cast.yunqi, defaults={"closed_through": date(2026, 10, 31)})
    posted(apps, None)
    posted(apps, None)
    assert trial_balance(office.cast.yunqi, date(2026, 10, 31)) == {}
    assert {**trial_balance(office.cast.yunqi, date(2099, 1, 1))} == {
        "expense": 57_000,
        "cash": -50_000,
        "payable": -7_000,
    }
    assert figures.costs(office.cast.yunqi.pk, *NOVEMBER) == {office.line().pk: 50_000}
    new = office.step(new, "pay", office.cashier, method="bank", paid_reference="W", paid_on="2026-11-12")
    assert new.payable.left == 0
    assert faults() == []
