"""违约金 stands in the books as soon as it is asked for or the debt is paid: once, simple, never on itself (domain.md §5.5, §5.6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.doing import at, photo
from tests.support.dunning import NOVEMBER, Desk, desk_of
from tests.support.late_fees import TWENTIETH, fees, sound, take
from yihu.areas.billing.dunning.models import DunningNotice, NoticeLine
from yihu.areas.billing.dunning.reckon import arrears_in
from yihu.areas.cashier.applying.models import Waiver
from yihu.areas.cashier.pages.statement import told_of
from yihu.areas.cashier.printing import receipt as receipt_sheet
from yihu.ground.ledger import deposits
from yihu.ground.ledger.models import Charge, Voucher
from yihu.kernel.doors import open_record, perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


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
