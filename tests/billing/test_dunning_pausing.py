"""What rests: disputes beside a payment that is looked for, and a plan that is kept while a bill of it is contested."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import at, signature
from tests.support.dunning import Desk, desk_of, paper
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import DunningCase
from yihu.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
S = DunningCase.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def of(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def test_what_is_looked_into_stays_paused_when_a_dispute_is_over(desk: Desk) -> None:
    contested, _ = desk.charge(35941), desk.charge(10000, 10, desk.item("CW", "车位费"))
    case = desk.case()
    with pytest.raises(NotAllowed, match="有争议时"):
        desk.do(case, "settle", desk.head, outcome="agreed", words="没有争议")
    desk.do(
        case, "dispute", desk.accountant, files={"evidence": [paper("信.pdf")]}, charges=[contested.pk], words="量错"
    )
    assert str(case.disputes.get()).endswith(" 量错")
    desk.do(case, "check", desk.collector, pause_words="说转过账")
    desk.do(case, "settle", desk.head, charges=[contested.pk], outcome="agreed", words="复量一致")
    assert (of(case).state, of(case).pause_why) == (S.PAUSED, "checking")
    assert not case.disputes.filter(to_on=None).exists()
    desk.do(case, "resume", desk.accountant, words="没有这笔转账")
    assert (of(case).state, of(case).pause_why, of(case).pause_words) == (S.REMIND, "", "")


@pytest.mark.parametrize(("notices", "state"), [(0, S.REMIND), (1, S.FIRST), (3, S.SECOND)])
def test_a_plan_that_was_paid_while_a_bill_of_it_is_contested_is_over_when_that_is_decided(
    desk: Desk, notices: int, state: str
) -> None:
    """He keeps his promise, and contests one of the bills: what is left to say is whether its days cost something."""
    desk.rule()
    charge, other = desk.charge(35941), desk.charge(10000, 10, desk.water)
    case = desk.case()
    DunningCase.objects.filter(pk=case.pk).update(level=notices)
    desk.do(case, "plan", desk.accountant, parts="2026-12-10 200.00\n2027-01-10 259.41", signature=signature())
    assert desk.do(case, "dispute", desk.accountant, charges=[charge.pk], words="面积量错").state == S.PLAN
    desk.pay(45941, charge, other, when="2026-11-20 10:00")
    schedules.look(at("2026-11-20 10:10"))
    case = of(case)
    assert (case.state, case.pause_why, case.pause_words, case.next_part_at) == (
        S.PAUSED, "dispute", "账单已经缴清，争议还没有认定", None,
    )  # fmt: skip
    said = {"charges": [charge.pk], "outcome": "rejected", "words": "复量一致"}
    assert desk.do(case, "settle", desk.head, "2026-11-25 10:00", **said).state == state


def test_what_was_looked_into_and_is_paid_waits_for_the_decision_alone(desk: Desk) -> None:
    """The payer says he has paid, and contests besides; the money is found, and the dispute goes on."""
    desk.rule()
    charge, other = desk.charge(35941), desk.charge(10000, 10, desk.water)
    case = desk.case()
    desk.do(case, "dispute", desk.accountant, charges=[charge.pk], words="面积量错")
    desk.do(case, "check", desk.collector, pause_words="说转过账")
    desk.pay(46000, charge, other, when="2026-11-20 10:00")
    schedules.look(at("2026-11-20 10:10"))
    case = of(case)
    assert (case.state, case.pause_why, case.pause_words, case.owed_fen) == (S.PAUSED, "checking", "说转过账", 0)
