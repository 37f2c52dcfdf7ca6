"""预算执行表: each month's and quarter's plan against what happened, with the proposal for the head of the project (FEE-15)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import at
from tests.support.sheets import text_of
from tests.support.spending import Spenders
from yihu.areas.spending.models import BudgetReview
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.models import Deadline
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
JANUARY = "2027-01-04 09:00"


@pytest.fixture
def office(cast: Any) -> Spenders:
    spenders = Spenders(cast)
    spenders.budget(2026, 办公="12000")
    return spenders


def opened(office: Spenders, when: str = JANUARY, **more: Any) -> BudgetReview:
    data = {"span": "quarter", "from_on": "2026-11-15", **more}
    fresh = BudgetReview(community=office.cast.yunqi)
    found: BudgetReview = open_record(fresh, by=office.accountant, data=data, at=at(when))
    return found


@pytest.mark.clause("FEE-15")
def test_a_quarter_is_reviewed_with_a_proposal_that_three_people_see(office: Spenders, sign_in: Any) -> None:
    office.paid(office.approved("500"), "500")
    review = opened(office)
    assert (review.period, f"{review.from_on} {review.to_on}") == ("2026 年第 4 季度", "2026-10-01 2026-12-31")
    with pytest.raises(Invalid, match="建议的金额"):
        office.step(review, "sign", office.accountant, when=JANUARY, proposal="reward", proposal_why="节约")
    typed = {"proposal": "reward", "proposal_fen": "300", "proposal_why": "办公费节约", "words": "纸张集中采购"}
    review = office.step(review, "sign", office.accountant, when=JANUARY, **typed)
    (row,) = review.told
    assert (row["planned"], row["actual"], row["planned_so_far"]) == (300_000, 50_000, 1_200_000)
    for person in (office.accountant, office.cast.xiang):
        with pytest.raises(NotAllowed):
            office.step(review, "check", person, when=JANUARY)
    review = office.step(review, "check", office.head, when=JANUARY)
    review = office.step(review, "read", office.cast.xiang, when=JANUARY, reply="同意")
    assert (review.state, review.read_by) == ("read", office.cast.xiang)
    page = sign_in(office.cast.xiang).get(review.get_absolute_url()).content.decode()
    assert "from=2026-01-01&amp;to=2026-12-31" in page  # the year so far opens its own lines
    for said in ("3,000.00", "500.00", "16%", "奖励 300.00 元：办公费节约"):
        assert said in page
    paper = text_of(render(procedure_of(BudgetReview).prints[0], review, office.head, now=at(JANUARY)))
    for said in ("预算执行表", "2026年第4季度", "纸张集中采购", "奖励300.00元"):
        assert said in paper


def test_a_month_is_reviewed_without_a_proposal_and_its_figures_stand_still(office: Spenders) -> None:
    review = opened(office, when="2026-12-01 09:00", span="month")
    review = office.step(review, "sign", office.accountant, when="2026-12-01 10:00", words="")
    assert (review.proposal, review.told[0]["actual"]) == ("", 0)
    office.paid(office.approved("500"), "500", day="2026-11-30")
    review.refresh_from_db()
    assert review.told[0]["actual"] == 0
    review = office.step(review, "send_back", office.head, when="2026-12-01 11:00", why_back="漏了一笔")
    review = office.step(review, "sign", office.accountant, when="2026-12-01 12:00", words="")
    assert review.told[0]["actual"] == 50_000
    with pytest.raises(Invalid, match="已经有"):
        opened(office, when="2026-12-02 09:00", span="month")
    with pytest.raises(Invalid, match="还没有过完"):
        opened(office, when="2026-12-02 09:00", span="month", from_on="2026-12-01")


def test_it_comes_round_on_the_first_where_a_budget_is_in_force(office: Spenders) -> None:
    (month,) = come_round(at("2026-12-01 00:10"), only="budget-reviews")
    assert (month.span, f"{month.from_on}") == ("month", "2026-11-01")
    due = Deadline.objects.get(record_id=month.pk, code="D72").due_at
    assert f"{due:%Y-%m-%d}" == "2026-12-08"  # Tuesday the 1st itself does not count
    both = come_round(at("2027-01-01 00:10"), only="budget-reviews")
    assert [one.span for one in both] == ["month", "quarter"]
    assert come_round(at("2027-02-01 00:10"), only="budget-reviews") == []  # nobody has planned 2027


def test_any_day_of_a_quarter_names_it_the_31st_of_may_too(office: Spenders) -> None:
    review = opened(office, "2026-07-01 09:00", from_on="2026-05-31")
    assert (review.period, f"{review.from_on} {review.to_on}") == ("2026 年第 2 季度", "2026-04-01 2026-06-30")
