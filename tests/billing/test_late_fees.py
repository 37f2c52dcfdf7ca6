"""违约金 stands in the books as soon as it is asked for or the debt is paid: once, simple, never on itself (domain.md §5.5, §5.6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.doing import at, photo, signature
from tests.support.dunning import NOVEMBER, Desk, desk_of
from tests.support.sheets import text_of
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import DunningNotice, NoticeLine
from yihu.areas.billing.dunning.reckon import arrears_in
from yihu.areas.cashier import household, till
from yihu.areas.cashier.applying.models import Waiver
from yihu.areas.cashier.pages.statement import told_of
from yihu.areas.cashier.printing import receipt as receipt_sheet
from yihu.ground.ledger import charging, deposits, receiving
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge, Voucher
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
TWENTIETH = "2026-11-20 10:00"  # 23 days after the 28th of October


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def fees() -> list[Any]:
    return list(Charge.objects.filter(principal__isnull=False, reversal__isnull=True).order_by("pk"))


def take(desk: Desk, amount: int, when: str = TWENTIETH, **more: Any) -> Any:
    party = desk.cast.owner
    said = till.Taking(
        party=party.pk, unit=desk.cast.home.pk, amount=amount, method="cash", payer_name=party.name,
        seen=household.seen_of(party), **more,
    )  # fmt: skip
    # whoever took money on an earlier day closes his till first: another one sits there
    return till.take_money(said, party, by=desk.collector if when == TWENTIETH else desk.second, at=at(when))


def sound(desk: Desk) -> bool:
    faults = [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]
    return faults == [] and identities(desk.cast.yunqi, date(2099, 1, 1)).hold


def test_paid_23_days_late_it_costs_4_13_and_the_receipt_says_so(desk: Desk) -> None:
    """The vector of §5.5: 359.41 × 0.0005 × 23 = 4.13; interest before principal (民法典第561条)."""
    desk.rule()
    bill = desk.charge(35941)
    one = take(desk, 36354)
    (fee,) = fees()
    assert (fee.amount, fee.open, fee.principal, fee.item, fee.party) == (413, 0, bill, desk.late_fee, bill.party)
    assert (fee.from_on, fee.to_on) == (date(2026, 10, 29), date(2026, 11, 20))
    assert fee.words == "359.41×0.05%×23天 = 4.13元"
    lines = receipt_sheet(one, desk.collector)["lines"]
    assert [(line[0], line[3]) for line in lines] == [("违约金", "4.13"), ("物业服务费", "359.41")]
    bill.refresh_from_db()
    assert (bill.open, one.left) == (0, 0)
    told = told_of(desk.cast.owner, date(2026, 1, 1), date(2026, 12, 31))
    assert "违约金 2026-10-29 至 2026-11-20" in [line["words"] for line in told["lines"]]
    assert sound(desk)


def test_part_of_the_money_goes_to_the_interest_first_and_the_rest_goes_on_costing(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    take(desk, 10413)
    bill.refresh_from_db()
    assert bill.open == 35941 - 10000
    take(desk, 100000, "2026-11-30 10:00")  # ten days more on 259.41
    assert [fee.amount for fee in fees()] == [413, 130]
    assert fees()[1].from_on == date(2026, 11, 21)
    assert sound(desk)


def test_what_the_payer_names_is_paid_first_and_the_interest_stays_owed(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    take(desk, 35941, charges=(bill.pk,))
    bill.refresh_from_db()
    (fee,) = fees()
    assert (bill.open, fee.open) == (0, 413)
    take(desk, 413, "2026-12-20 10:00")
    assert [one.amount for one in fees()] == [413]  # nothing on a late fee
    assert fees()[0].open == 0


def test_the_till_shows_what_lateness_has_cost_by_today_and_takes_it_by_name(desk: Desk, sign_in: Any) -> None:
    desk.rule()
    due = timezone.localdate() - timedelta(days=23)
    bill = desk.charge(35941, from_on=due - timedelta(days=27), to_on=due, due_on=due)
    client, url = sign_in(desk.collector), reverse("cashier:desk")
    page = client.get(url, {"unit": desk.cast.home.pk})
    told = page.content.decode()
    assert "计至今天" in told
    assert "359.41×0.05%×23天 = 4.13元" in told
    assert page.context["total"] == "363.54"
    assert not fees()  # looking writes nothing
    sent = {
        "amount": "4.13", "method": "cash", "payer_name": "赵业主", "charge": f"late-{bill.pk}", "key": page.context["key"],
        "seen": page.context["seen"], "unit": desk.cast.home.pk, "party": desk.cast.owner.pk,
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    bill.refresh_from_db()
    assert (fees()[0].amount, fees()[0].open, bill.open) == (413, 0, 35941)


def test_a_notice_posts_what_it_asks_and_the_next_one_asks_only_for_more(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    case = desk.case()
    first = desk.notice(case)
    (fee,) = fees()
    assert (first.late_fee, fee.amount, fee.to_on) == (341, 341, date(2026, 11, 16))  # 19 days
    desk.delivered(first)
    asked = {line.charge_id: line.amount for line in case.demands.get().lines.all()}
    assert asked == {bill.pk: 35941, fee.pk: 341}
    second = desk.notice(case, "2026-12-15 09:30")
    assert (second.state, second.total, second.late_fee) == (DunningNotice.State.TO_APPROVE, 35941, 863)  # 48 days
    assert NoticeLine.objects.filter(notice=second).count() == 1
    assert [one.amount for one in fees()] == [341]  # not out yet
    desk.do(second, "approve", desk.pm, "2026-12-16 10:00")
    assert [one.amount for one in fees()] == [341, 522]
    assert fees()[1].from_on == date(2026, 11, 17)
    late = arrears_in(case, date(2026, 12, 20))
    assert [(one.charge.pk, one.fee_left) for one in late] == [(bill.pk, 952)]  # 53 days, nothing on late fees
    assert sound(desk)


def test_it_stops_at_the_cap_that_was_agreed(desk: Desk) -> None:
    desk.rule("0.3", cap_percent=2)
    desk.charge(35941)
    take(desk, 50000)
    assert [fee.amount for fee in fees()] == [719]
    assert "已封顶" in fees()[0].words


def test_while_a_bill_is_contested_nothing_is_posted(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    case = desk.case()
    desk.do(case, "dispute", desk.accountant, charges=[bill.pk], words="面积量错了")
    take(desk, 35941, charges=(bill.pk,))
    assert fees() == []


def test_what_was_let_off_with_approval_is_not_posted_again(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    case = desk.case()
    desk.notice(case)
    (fee,) = fees()
    said = {"charge": fee.pk, "how": "amount", "amount": "3.41", "why": "late_fee", "reason": "首次逾期"}
    waiver = open_record(
        Waiver(community=desk.cast.yunqi), by=desk.collector, data=said, files={"evidence": [photo()]}, at=at(NOVEMBER)
    )
    perform(waiver, "approve", by=desk.head, at=at("2026-11-16 15:00"))
    (left,) = arrears_in(case, date(2026, 11, 16))
    assert (left.charge.pk, left.fee_left, left.late_fee) == (bill.pk, 0, 0)
    take(desk, 36013)  # four days more: 0.72
    assert [one.amount for one in fees()] == [341, 72]
    assert not Charge.objects.filter(open__gt=0).exists()
    assert sound(desk)


def test_money_that_had_come_in_earlier_gives_back_what_was_posted_too_much(desk: Desk) -> None:
    """The transfer of the 3rd is found on the 20th: six days were late, not nineteen."""
    desk.rule()
    bill = desk.charge(35941)
    desk.notice(desk.case())
    assert [one.amount for one in fees()] == [341]
    received = desk.receive(35941, when="2026-11-03 09:00", method="bank", reference="B-1")
    desk.settle(received, when=TWENTIETH)
    rows, favour = fees(), fees()[-1]
    assert (favour.amount, favour.open) == (-231, 0)
    bill.refresh_from_db()
    # 359.41 × 0.0005 × 6 days, and 13 days on the 3.41 that the interest had taken first: 1.10 is what is still owed
    assert (sum(one.amount for one in rows), bill.open) == (110, 110)
    assert sound(desk)


def test_money_that_had_come_in_in_time_gives_back_all_of_it(desk: Desk) -> None:
    """The transfer of the day before the last one is found three weeks after: it was never late."""
    desk.rule()
    bill = desk.charge(35941)
    desk.notice(desk.case())
    assert [one.amount for one in fees()] == [341]
    received = desk.receive(35941, when="2026-10-27 09:00", method="bank", reference="B-1")
    desk.settle(received, bill, when=TWENTIETH)
    assert [(one.amount, one.open) for one in fees()] == [(341, 0), (-341, 0)]
    assert not Charge.objects.filter(open__gt=0).exists()
    assert sound(desk)


def test_a_cheque_that_bounced_after_the_last_day_made_nothing_cheaper(desk: Desk) -> None:
    """Paid in time it seemed; from the day on which the bank said no it was late, and the cap is of what is owed."""
    desk.rule()
    bill = desk.charge(35941)
    cheque = desk.receive(35941, when="2026-10-20 09:00", method="cheque", reference="Z-1")
    desk.settle(cheque, bill, when="2026-10-20 09:00")
    desk.does(desk.head, lambda books: receiving.reverse_receipt(books, cheque, "退票"), "2026-11-10 09:00")
    take(desk, 36139, "2026-11-21 10:00")
    assert [(one.amount, one.open) for one in fees()] == [(198, 0)]  # 359.41 × 0.0005 × 11 days
    assert not Charge.objects.filter(open__gt=0).exists()


def test_a_bill_that_was_wrong_takes_its_late_fee_with_it(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    desk.notice(desk.case())
    assert len(fees()) == 1
    desk.does(desk.head, lambda books: charging.reverse_charge(books, bill, "面积错"), TWENTIETH)
    assert fees() == []
    assert Charge.objects.filter(reversal__isnull=True).count() == 0
    assert sound(desk)


def test_a_deposit_that_is_used_pays_up_to_its_day(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    held = desk.held(50000)
    desk.does(desk.head, lambda books: deposits.deduct(books, held, bill, 35941, consent="协议"), TWENTIETH)
    assert [(one.amount, one.open) for one in fees()] == [(413, 413)]


def test_without_a_clause_nothing_is_posted_and_utilities_never(desk: Desk) -> None:
    desk.charge(35941)
    take(desk, 40000)
    desk.rule()
    desk.charge(8000, 10, desk.water)
    take(desk, 8000, "2026-12-20 10:00")
    assert fees() == []


def test_an_item_of_its_own_is_made_where_the_company_has_none(desk: Desk) -> None:
    desk.late_fee.delete()
    desk.rule()
    desk.charge(35941)
    take(desk, 36354)
    item = fees()[0].item
    assert (item.name, item.standing, item.nature) == ("违约金", "2", "income")


@pytest.mark.django_db(transaction=True)
def test_two_cashiers_at_once_post_it_once(desk: Desk) -> None:
    desk.rule()
    bill = desk.charge(35941)
    people = [desk.collector, desk.second]
    receipts = [desk.receive(20000, when=TWENTIETH), desk.receive(20000, when=TWENTIETH)]
    assert people
    fates = at_once(2, lambda index: desk.settle(receipts[index], when=TWENTIETH))
    assert fates == ["done", "done"]
    assert [one.amount for one in fees()] == [413]
    bill.refresh_from_db()
    assert (bill.open, Voucher.objects.filter(kind="charge").count()) == (0, 2)
    assert sound(desk)


def test_within_the_days_of_grace_nothing_has_accrued(desk: Desk) -> None:
    desk.rule(starts=30)
    desk.charge(35941)
    case = desk.case()
    (late,) = arrears_in(case, date(2026, 11, 20))
    assert (late.late_fee, late.words, late.court_left) == (0, "", 0)
    take(desk, 35941)
    assert fees() == []


def test_what_bounced_after_it_went_over_goes_over_too(desk: Desk) -> None:
    """The lessee paid a part by cheque, the rest went to the owner; then the bank said no."""
    bill = desk.charge(35941)
    other = desk.debtor("钱业主", "0202", month=9)
    cheque = desk.receive(10000, method="cheque", reference="Z-1")
    desk.settle(cheque, bill)

    def turned() -> Charge:
        return desk.does(
            desk.head,
            lambda books: charging.transfer(
                books, Charge.objects.get(pk=bill.pk), other.pk, words="转由业主清偿", basis=None
            ),
        )

    first = turned()
    desk.does(desk.head, lambda books: receiving.reverse_receipt(books, cheque, "退票"))
    second = turned()
    assert [(one.amount, one.part) for one in (first, second)] == [(25941, "转付款人"), (10000, "转付款人2")]
    with pytest.raises(Refused, match="已经转给别的付款人"):
        desk.does(desk.head, lambda books: charging.reverse_charge(books, bill, "面积错"))
    for made in (first, second):
        desk.does(desk.head, lambda books, made=made: charging.reverse_charge(books, made, "转错"))
    bill.refresh_from_db()
    assert bill.open == 35941
    assert sound(desk)


def test_a_payer_is_not_turned_to_himself_nor_for_what_is_paid(desk: Desk) -> None:
    bill = desk.charge(35941)
    other = desk.debtor("钱业主", "0202")

    def turned(to: int) -> None:
        desk.does(desk.head, lambda books: charging.transfer(books, bill, to, words="转", basis=None))

    with pytest.raises(Refused, match="本来就是他的"):
        turned(desk.cast.owner.pk)
    desk.pay(35941, bill, when=NOVEMBER)
    bill.refresh_from_db()
    with pytest.raises(Refused, match="已经缴清"):
        turned(other.pk)


# -- while a bill is contested ---------------------------------------------------------------------------------------
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
