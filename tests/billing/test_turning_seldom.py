"""转由业主清偿 at its edges: who is asked, what is proposed, what has changed between the draft and the approval."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.test_turning import LATER, Let
from tests.fronts.looking import text_of
from tests.support.banking import bank_line
from tests.support.doing import at
from tests.support.sheets import text_of as words_of
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.forms.turns import ToOwnerForm
from yihu.areas.billing.dunning.models import DunningCase, ToOwner
from yihu.areas.billing.dunning.turning import liable
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger.models import Charge
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.models import Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def let(cast: Any) -> Let:
    return Let(cast)


@pytest.mark.parametrize(("given", "words"), [("", "请从租户的催缴页面打开这张表"), ("x1", "请从一户的催缴页面打开")])
def test_it_is_drafted_from_the_lessees_case_and_from_nothing_else(let: Let, given: str, words: str) -> None:
    said = {"case": given, "charges": [], "pay_by": "2026-12-31", "ground": "物业管理条例第四十一条"}
    with pytest.raises(Invalid, match=words):
        open_record(ToOwner(community=let.cast.yunqi), by=let.accountant, data=said, at=at(LATER))


def test_the_form_knows_the_bills_the_ground_and_the_time(let: Let) -> None:
    bill = let.bill()
    case = let.in_default()
    form = ToOwnerForm(
        instance=ToOwner(community=let.cast.yunqi), by=let.accountant, at=at(LATER), initial={"case": case.pk}
    )
    assert (form["charges"].value(), form["pay_by"].value(), form["ground"].value()) == (
        [bill.pk], date(2026, 12, 29), "物业管理条例第四十一条；收费约定 YQ-SY-202601-0001",
    )  # fmt: skip
    assert "未缴 18,640.00 元" in str(next(iter(form["charges"].field.choices))[1])
    blank = ToOwnerForm(instance=ToOwner(community=let.cast.yunqi), by=let.accountant, at=at(LATER))
    assert (blank["charges"].value(), blank["ground"].value()) == ([], "物业管理条例第四十一条")


def test_what_is_not_ticked_or_may_be_paid_already_is_not_turned(let: Let) -> None:
    let.bill()
    case = let.in_default()
    with pytest.raises(Invalid, match="没有选账单"):
        let.turn(case, charges=[])
    with pytest.raises(Invalid, match="请业主于何日前缴清"):
        let.turn(case, pay_by="")
    bank_line(let.cast.yunqi, 1864000, "拾光设计", "物业费")
    with pytest.raises(Invalid, match="未认领"):
        let.turn(case)


def test_each_owner_is_turned_to_with_a_paper_of_his_own(let: Let) -> None:
    """The lessee rents a second home, of another owner."""
    first = let.bill()
    other = Party.objects.create(community=let.cast.yunqi, name="钱业主")
    home = let.cast.unit("0508")
    Occupancy.objects.create(unit=home, party=other, role="owner", from_on=date(2020, 1, 1))
    basis = {"payer": "lessee", "owner": other.pk}
    second = let.charge(5000, 10, party=let.lessee.pk, unit=home.pk, basis=basis)
    case = let.in_default()
    with pytest.raises(Invalid, match="请一位业主一张"):
        let.turn(case, charges=[first.pk, second.pk])
    assert let.turn(case, charges=[second.pk]).owner == other


def test_where_nobody_or_several_answer_for_it_nobody_is_turned_to(let: Let) -> None:
    """No word of an owner on the bill: the household of the time says it, and here it says nothing of this payer."""
    let.charge(8000, 10, let.water, party=let.lessee.pk)
    let.charge(100, 10, let.item("DY", "打印复印"), party=let.lessee.pk, unit=None)
    let.charge(200, 10, party=let.lessee.pk, basis={"owner": let.lessee.pk})
    case = let.case(let.lessee)
    assert liable(case, date(2026, 12, 14)) == {}


def test_an_owner_who_is_dunned_already_is_not_opened_a_second_time(let: Let) -> None:
    let.bill()
    let.charge(35941, 9)
    theirs = let.case()
    let.agree(let.turn(let.in_default()))
    theirs.refresh_from_db()
    assert theirs.owed_fen == 35941 + 1864000
    assert DunningCase.objects.filter(open_of=let.cast.owner).count() == 1


def test_an_owner_who_pays_at_once_is_not_dunned(let: Let) -> None:
    """Before the job comes to it, what was turned to him is settled."""
    let.bill()
    case = let.in_default()
    turn = let.do(let.turn(case), "approve", let.head, "2026-12-14 15:00")
    let.pay(1864000, turn.lines.get().now, when="2026-12-14 15:01", party=let.cast.owner)
    run_waiting(now=at("2026-12-14 15:02"))
    case.refresh_from_db()
    assert case.state == "turned"
    assert not DunningCase.objects.filter(open_of=let.cast.owner).exists()


def test_a_case_that_is_closed_before_the_job_comes_is_left_alone(let: Let) -> None:
    let.bill()
    case = let.in_default()
    let.do(let.turn(case), "approve", let.head, "2026-12-14 15:00")
    schedules.look(at("2026-12-14 15:01"))  # nothing is left of it: it ends as turned
    case.refresh_from_db()
    assert case.state == "turned"
    run_waiting(now=at("2026-12-14 15:02"))
    assert DunningCase.objects.get(open_of=let.cast.owner).state == "remind"


def test_a_notice_that_was_called_back_since_proves_no_default(let: Let) -> None:
    let.bill()
    case = let.in_default()
    turn = let.turn(case)
    let.do(case.notices.get(), "recall", let.accountant, LATER, wrong="amount", void_why="面积错，已告知")
    with pytest.raises(Refused, match="租户还没有违约"):
        let.agree(turn)
    assert Charge.objects.get(party=let.lessee).open == 1864000


def test_what_is_not_agreed_to_is_told_and_shown(let: Let, sign_in: Any) -> None:
    let.bill()
    turn = let.turn(let.in_default())
    printed = words_of(render(procedure_of(ToOwner).prints[0], turn, let.head, now=at(LATER)))
    assert "18,640.00" in printed
    let.do(turn, "refuse", let.head, LATER, rejection="先与租户谈")
    told = Message.objects.filter(person=let.accountant).latest("pk").sentence
    assert told == f"{turn.number} 没有同意：先与租户谈"
    page = text_of(sign_in(let.head).get(turn.get_absolute_url()))
    assert "转出的账单" in page
    assert "先与租户谈" in page
    line = turn.lines.get()
    assert str(line) == f"{line.was} 18,640.00"
    withdrawn = let.do(
        let.turn(DunningCase.objects.get(open_of=let.lessee)), "withdraw", let.accountant, LATER, reason="重写"
    )
    assert withdrawn.closed_as == "withdrawn"
