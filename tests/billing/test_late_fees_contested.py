"""违约金 while a bill is contested: whether those days cost something is decided by another hand (FEE-10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.support.doing import at, signature
from tests.support.dunning import Desk, desk_of
from tests.support.late_fees import TWENTIETH, fees, sound, take
from tests.support.sheets import text_of
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.reckon import arrears_in
from yihu.ground.ledger import charging
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def contested(desk: Desk, *bills: Any) -> Any:
    """段楼管's customer says on the 16th of November that it is wrong."""
    case = desk.case()
    desk.do(case, "dispute", desk.accountant, charges=[bill.pk for bill in bills], words="面积量错了")
    return case


def decide(desk: Desk, case: Any, outcome: str, *bills: Any, when: str = "2026-11-25 10:00", by: Any = None) -> Any:
    said = {"charges": [bill.pk for bill in bills], "outcome": outcome, "words": "复量后的结果"}
    return desk.do(case, "settle", by or desk.head, when, **said)


@pytest.mark.parametrize(
    ("outcome", "fee", "told"),
    [
        ("rejected", 593, "争议 2026-11-16 至 2026-11-25 认定无理，照计"),
        ("upheld", 413, "争议 2026-11-16 至 2026-11-25 不计"),
        ("agreed", 413, "争议 2026-11-16 至 2026-11-25 不计"),
    ],
)
def test_whether_the_contested_days_cost_something_is_decided_and_said_on_the_line(
    desk: Desk, outcome: str, fee: int, told: str
) -> None:
    """33 days late, ten of them contested: 359.41 × 0.0005 × 33 = 5.93, and 4.13 without those ten."""
    desk.rule()
    bill = desk.charge(35941)
    case = contested(desk, bill)
    case = decide(desk, case, outcome, bill)
    assert (case.state, case.pause_why) == ("remind", "")
    take(desk, 40000, "2026-11-30 10:00")
    (one,) = fees()
    assert one.amount == fee
    assert one.words.endswith(told)
    assert one.basis["disputes"] == [["2026-11-16", "2026-11-25", outcome]]
    assert sound(desk)


@pytest.mark.parametrize(("outcome", "fee"), [("rejected", 413), ("upheld", 323)])
def test_a_bill_that_is_paid_while_it_is_contested_waits_for_the_decision(desk: Desk, outcome: str, fee: int) -> None:
    """The payment decides nothing: what his lateness cost is posted when somebody has decided, once."""
    desk.rule()
    bill = desk.charge(35941)
    case = contested(desk, bill)
    take(desk, 35941, charges=(bill.pk,))
    assert fees() == []
    for when in ("2026-11-20 11:00", "2026-11-20 12:00"):
        schedules.look(at(when))
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.owed_fen) == ("paused", None, 0)
    waiting = Message.objects.filter(person=desk.head, sentence__contains="争议还没有认定")
    assert waiting.count() == 1
    case = decide(desk, case, outcome, bill)
    (one,) = fees()
    assert (one.amount, one.open, one.principal) == (fee, fee, bill)
    schedules.look(at("2026-11-26 10:00"))
    case.refresh_from_db()
    assert (case.state, case.owed_fen) == ("remind", fee)
    take(desk, fee, "2026-11-30 10:00")
    schedules.look(at("2026-11-30 11:00"))
    case.refresh_from_db()
    assert case.state == "paid"
    assert [one.amount for one in fees()] == [fee]
    assert sound(desk)


def test_where_no_late_fee_depends_on_it_the_dispute_ends_with_the_debt(desk: Desk) -> None:
    bill, wrong = desk.charge(35941), desk.charge(10000, 10, desk.item("CW", "车位费"))
    case = contested(desk, bill, wrong)
    desk.does(desk.head, lambda books: charging.reverse_charge(books, wrong, "面积错"), TWENTIETH)
    take(desk, 35941, charges=(bill.pk,))
    schedules.look(at("2026-11-20 11:00"))
    case.refresh_from_db()
    assert case.state == "paid"
    outcomes = dict(case.disputes.values_list("charge", "outcome"))
    assert outcomes == {bill.pk: "moot", wrong.pk: "upheld"}


def test_who_put_a_dispute_down_does_not_decide_it_and_each_bill_has_its_own_answer(desk: Desk) -> None:
    desk.rule()
    first, second = desk.charge(35941), desk.charge(10000, 10, desk.item("CW", "车位费"))
    case = contested(desk, first, second)
    with pytest.raises(NotAllowed, match="登记争议的人"):
        decide(desk, case, "upheld", first, second, by=desk.accountant)
    with pytest.raises(Invalid):
        decide(desk, case, "", first)
    case = decide(desk, case, "rejected", first)
    assert (case.state, case.disputes.filter(to_on=None).get().charge) == ("remind", second)
    late = {one.charge.pk: one for one in arrears_in(case, date(2026, 11, 30))}
    assert (late[first.pk].late_fee, late[second.pk].late_fee, late[second.pk].at_stake) == (593, 0, 75)
    with pytest.raises(Invalid):
        decide(desk, case, "upheld", first)
    one = case.disputes.get(charge=first)
    assert (one.decided_by, one.decision) == (desk.head, "复量后的结果")


def test_as_long_as_everything_late_is_contested_the_case_rests(desk: Desk) -> None:
    desk.rule()
    first = desk.charge(35941)
    second = desk.charge(10000, 10, desk.item("CW", "车位费"))
    case = contested(desk, first, second)
    take(desk, 10000, charges=(second.pk,))
    assert decide(desk, case, "upheld", second).state == "paused"
    assert decide(desk, case, "upheld", first).state == "remind"


def test_the_page_says_what_a_decision_is_about_and_the_payer_has_it_on_paper(desk: Desk, sign_in: Any) -> None:
    desk.rule()
    today = timezone.localdate()
    due = today - timedelta(days=23)
    bill = desk.charge(35941, from_on=due - timedelta(days=27), to_on=due, due_on=due)
    when = f"{today - timedelta(days=10)} 10:00"
    case = desk.case(when=when)
    desk.do(case, "dispute", desk.accountant, when, charges=[bill.pk], words="面积量错了")
    client, url = sign_in(desk.head), f"/dunning/{case.number}/"
    page = client.get(url).content.decode()
    assert "未认定" in page
    assert "违约金 1.97 元照计" in page  # of 23 days eleven are contested, today among them: 4.13 − 2.16
    form = client.get(f"{url}do/settle/").content.decode()
    assert "照计的违约金 1.97 元" in form
    decide(desk, case, "rejected", bill, when=f"{today} 10:00")
    page = client.get(url).content.decode()
    assert "客户无理，争议期间照计违约金" in page
    assert "认定：复量后的结果" in page
    sheet = text_of(client.get(f"{url}print/dispute_decision/").content)
    assert "客户无理，争议期间照计违约金" in sheet
    assert "4.13" in sheet
    file = text_of(client.get(f"{url}print/case_file/").content)
    assert "争议与认定" in file


@pytest.mark.parametrize("planned", [False, True])
def test_who_pays_all_while_one_bill_is_contested_waits_for_the_decision_too(desk: Desk, planned: bool) -> None:
    """He was asked for the other bill, or had promised it in parts; a plan that is fulfilled is not gone back to."""
    desk.rule()
    first, second = desk.charge(35941), desk.charge(10000, 10, desk.item("CW", "车位费"))
    case = contested(desk, first)
    assert case.disputes.get().told == "争议自 2026-11-16，未认定，暂不计"
    if planned:
        parts = {"parts": "2026-12-10 50.00\n2027-01-10 50.00", "signature": signature()}
        desk.do(case, "plan", desk.accountant, **parts)
    take(desk, 45941, charges=(first.pk, second.pk))
    for fee in fees():
        take(desk, fee.open, charges=(fee.pk,))
    schedules.look(at("2026-11-20 11:00"))
    case.refresh_from_db()
    assert (case.state, case.pause_why, case.next_part_at) == ("paused", "dispute", None)
    case = decide(desk, case, "rejected", first)
    assert case.state == "remind"
    assert [one.amount for one in fees() if one.principal == first] == [413]
