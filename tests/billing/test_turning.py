"""Scenario 15: the lessee who agreed to pay has left; what is open is asked of the owner, who answers for it too."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.doing import at
from tests.support.dunning import Desk, desk_of
from tests.support.sheets import text_of
from tests.support.tariffs import START
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import DunningCase, ToOwner
from yihu.areas.billing.dunning.reckon import arrears_in
from yihu.areas.billing.dunning.standing import limitations
from yihu.areas.cashier.pages.statement import told_of
from yihu.ground.estate.models import Occupancy, Party, Unit
from yihu.ground.ledger import charging
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
LATER = "2026-12-14 10:00"  # the lessee's term of the 1st of December is over
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


class Let(Desk):
    """拾光设计 rents B-507 and agreed to pay its fees; 赵业主 owns it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.home = self.cast.home
        Unit.objects.filter(pk=self.home.pk).update(handed_over_on=START)
        assert self.cast.owner
        self.lessee = Party.objects.create(community=self.cast.yunqi, name="拾光设计", kind="company")
        Occupancy.objects.create(unit=self.home, party=self.lessee, role="lessee", from_on=date(2026, 1, 1))

    def bill(self, amount: int = 1864000, month: int = 10, **more: Any) -> Charge:
        basis = {"payer": "lessee", "agreed": "YQ-SY-202601-0001", "owner": self.cast.owner.pk}
        return self.charge(amount, month, party=self.lessee.pk, basis=basis, **more)

    def in_default(self) -> DunningCase:
        """Asked in writing, signed for, and the time is over."""
        case = self.case(self.lessee)
        self.delivered(self.notice(case, pay_by="2026-12-01"), signer="前台", capacity="staff")
        return case

    def turn(self, case: Any, when: str = LATER, **more: Any) -> ToOwner:
        charges = list(
            Charge.objects.filter(party=self.lessee, principal=None, open__gt=0).values_list("pk", flat=True)
        )
        said = {"case": case.pk, "charges": charges, "pay_by": "2026-12-31", "ground": "物业管理条例第四十一条", **more}
        made: ToOwner = open_record(ToOwner(community=self.cast.yunqi), by=self.accountant, data=said, at=at(when))
        return made

    def agree(self, turn: ToOwner, when: str = "2026-12-14 15:00") -> ToOwner:
        done: ToOwner = self.do(turn, "approve", self.head, when)
        run_waiting(now=at(when))
        return done


@pytest.fixture
def let(cast: Any) -> Let:
    assert desk_of
    return Let(cast)


@pytest.mark.clause(
    "FEE-10", part="替业主缴费的租户不缴：经批准公开转到业主名下，时效和已有催告都保留，向业主从头合法催缴"
)
def test_scenario_15_the_owner_is_turned_to_openly(let: Let) -> None:
    let.rule()
    bill = let.bill()
    case = let.in_default()
    turn = let.turn(case)
    assert (turn.owner, turn.total, turn.party) == (let.cast.owner, 1864000, let.lessee)
    for person in (let.accountant, let.pm):
        with pytest.raises(NotAllowed):
            let.do(turn, "approve", person, LATER)
    turn = let.agree(turn)
    bill.refresh_from_db()
    theirs = turn.lines.get().now
    assert (bill.open, theirs.open, theirs.party, theirs.due_on) == (0, 1864000, let.cast.owner, bill.due_on)
    # his late fee stays with the lessee, whose case goes on for it; nobody pays one twice
    fee = Charge.objects.filter(principal=bill)
    assert sum(one.amount for one in fee) == 43804  # 18,640.00 × 0.0005 × 47 days
    assert set(fee.values_list("party", flat=True)) == {let.lessee.pk}
    # the demand to one joint debtor interrupts it towards the other
    assert limitations([theirs])[theirs.pk] == date(2029, 11, 17)
    new = DunningCase.objects.get(open_of=let.cast.owner)
    assert (new.state, new.owed_fen, new.limitation_on) == ("remind", 1864000, date(2029, 11, 17))
    # within the time that he was given it costs the owner nothing, and afterwards from its end
    assert [one.late_fee for one in arrears_in(new, date(2026, 12, 31))] == [0]
    assert [one.late_fee for one in arrears_in(new, date(2027, 1, 10))] == [9320]
    # nobody asks him before the day that he was given is over
    with pytest.raises(Invalid, match="没有无争议的到期欠费"):
        let.notice(new, "2026-12-16 09:00")
    notice = let.notice(new, "2027-01-04 09:00", pay_by="2027-01-20")
    assert (notice.level, notice.party, notice.state) == (1, let.cast.owner, "issued")
    mine = told_of(let.lessee, *YEAR)
    his = told_of(let.cast.owner, *YEAR)
    assert any("转由业主清偿" in line["words"] and line["credit"] == "18,640.00" for line in mine["lines"])
    assert any("转由业主清偿" in line["words"] and line["debit"] == "18,640.00" for line in his["lines"])
    assert identities(let.cast.yunqi, date(2099, 1, 1)).hold
    assert [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults] == []


def test_where_nothing_is_left_the_lessees_case_ends_as_turned(let: Let) -> None:
    let.bill()
    case = let.in_default()
    let.agree(let.turn(case))
    case.refresh_from_db()
    assert (case.state, case.open_of) == ("turned", None)
    schedules.look(at("2026-12-15 08:00"))
    assert DunningCase.objects.get(open_of=let.cast.owner).state == "remind"


def test_only_after_the_lessees_default_only_his_joint_debts_and_with_time_to_pay(let: Let) -> None:
    bill = let.bill()
    own = let.charge(5000, 10, let.item("DY", "打印复印"), party=let.lessee.pk)
    case = let.case(let.lessee)
    with pytest.raises(Invalid, match="还没有违约"):
        let.turn(case, charges=[bill.pk])
    let.delivered(let.notice(case, pay_by="2026-12-01"), signer="前台", capacity="staff")
    with pytest.raises(Invalid, match="还没有违约"):
        let.turn(case, "2026-12-01 10:00", charges=[bill.pk])
    with pytest.raises(Invalid):
        let.turn(case, charges=[own.pk])
    with pytest.raises(Invalid, match="合理的期限"):
        let.turn(case, charges=[bill.pk], pay_by="2026-12-16")
    turn = let.turn(case, charges=[bill.pk])
    with pytest.raises(Invalid, match="已经有一张在办"):
        let.turn(case, charges=[bill.pk])
    refused = let.do(turn, "refuse", let.head, LATER, rejection="先与租户谈")
    assert refused.state == "refused"
    bill.refresh_from_db()
    assert bill.open == 1864000


def test_an_agreement_alone_tells_who_answers_for_a_bill_of_any_source(let: Let) -> None:
    from tests.support.doing import photo
    from yihu.areas.billing.dunning.turning import liable
    from yihu.areas.billing.tariffs.models import Agreement
    from yihu.kernel.doors import perform

    said = {
        "unit": let.home.pk,
        "what": "payer",
        "from_on": "2026-10-01",
        "ground": "租赁合同第 6 条",
        "party": let.lessee.pk,
    }
    drafted = open_record(Agreement(community=let.cast.yunqi), by=let.cast.li, data=said, files={"evidence": [photo()]})
    perform(drafted, "approve", by=let.cast.xiang)
    water = let.charge(8000, 10, let.water, party=let.lessee.pk)
    case = let.case(let.lessee)
    assert {owner: [one.pk for one in rows] for owner, rows in liable(case, date(2026, 11, 16)).items()} == {
        let.cast.owner.pk: [water.pk]
    }


def test_what_moved_meanwhile_is_not_turned_and_a_turned_bill_is_reversed_where_it_went(let: Let) -> None:
    bill = let.bill()
    case = let.in_default()
    turn = let.turn(case)
    let.pay(64000, bill, when="2026-12-14 11:00", party=let.lessee)
    with pytest.raises(Refused, match="有变动"):
        let.agree(turn)
    let.do(turn, "refuse", let.head, LATER, rejection="租户刚付了一部分")
    again = let.agree(let.turn(case))
    assert again.total == 1800000
    bill.refresh_from_db()
    with pytest.raises(Refused, match="先冲销转过去的那一笔"):
        let.does(let.head, lambda books: charging.reverse_charge(books, bill, "面积错"), LATER)
    let.does(let.head, lambda books: charging.reverse_charge(books, again.lines.get().now, "转错了"), LATER)
    assert not Charge.objects.filter(party=let.cast.owner, open__gt=0).exists()
    bill.refresh_from_db()
    assert bill.open == 1800000  # the lessee owes it again, and then it may be taken back as any bill
    let.does(let.head, lambda books: charging.reverse_charge(books, bill, "面积错"), LATER)
    assert not Charge.objects.filter(open__gt=0).exists()
    assert identities(let.cast.yunqi, date(2099, 1, 1)).hold
    with pytest.raises(Refused, match="不能撤回"):
        let.do(again, "withdraw", let.accountant, reason="x")


def test_the_paper_names_both_and_says_what_each_owes(let: Let) -> None:
    let.bill()
    turn = let.agree(let.turn(let.in_default()))
    said = text_of(render(procedure_of(ToOwner).prints[0], turn, let.head, now=at(LATER)))
    for words in (
        "连带清偿告知书",
        "拾光设计",
        "赵业主",
        "18,640.00",
        "物业管理条例第四十一条",
        "2026年12月31日",
        "向承租人追偿",
    ):
        assert words in said, words
