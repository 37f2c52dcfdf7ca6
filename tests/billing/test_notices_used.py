"""What was paid in advance stands on the papers that ask for money: what a bill came to, what was used, what is still to be paid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.billing.noticing import OUT, Billing, billing_of
from tests.fronts.looking import text_of
from tests.support.dunning import Desk
from tests.support.sheets import text_of as paper_text
from yihu.areas.billing.dunning.models import DunningNotice
from yihu.areas.billing.dunning.printing import NOTICE
from yihu.areas.billing.notices.models import Notice
from yihu.areas.billing.notices.printing import PAYMENT_NOTICE
from yihu.areas.billing.running import using
from yihu.ground.estate.models import Party
from yihu.ground.ledger import earmarking
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.prints import render

pytestmark = pytest.mark.django_db
IN_TIME = {"due_on": date(2026, 12, 5), "from_on": date(2026, 11, 1), "to_on": date(2026, 11, 30)}
WHEN = "2026-11-22 10:00"


@pytest.fixture
def office(cast: Any) -> Billing:
    return billing_of(cast)


def ahead_of(office: Any, amount: int, when: str = WHEN, **more: Any) -> Receipt:
    """Rent paid in advance, and used as the clock comes round."""
    receipt = office.receive(amount, unit=office.cast.home, when=when, **more)
    office.does(office.collector, lambda books: earmarking.earmark(books, receipt, office.rent, amount), when)
    using.use_all(office.cast.yunqi.pk)
    return receipt


@pytest.mark.clause("FEE-19", part="通知单上分列应缴、已用预收、还需缴")
def test_the_notice_says_what_it_came_to_what_was_used_and_what_is_still_to_be_paid(
    office: Billing, sign_in: Any
) -> None:
    office.charge(35941, 11, **IN_TIME)
    office.charge(20000, 11, office.rent, part="甲", **IN_TIME)
    office.charge(30000, 11, office.rent, part="乙", **{**IN_TIME, "due_on": date(2026, 12, 6)})
    ahead_of(office, 45000)
    batch = office.printed()
    notice = Notice.objects.get()
    lines = {line.charge.part: (line.amount, line.used) for line in notice.all_lines}
    assert lines == {"": (35941, 0), "甲": (0, 20000), "乙": (5000, 25000)}
    assert (notice.due_fen, notice.month_fen, batch.due_fen) == (40941, 40941, 40941)
    paper = paper_text(render(PAYMENT_NOTICE, notice, office.accountant))
    for words in (
        "应缴",
        "已用预收",
        "还需缴",
        "本期应缴小计859.41",
        "减：本期已用预收抵缴450.00",
        "¥409.41",
        "250.00",
        "50.00",
    ):
        assert words in paper
    page = text_of(sign_in(office.accountant).get(notice.get_absolute_url()))
    assert "应缴 300.00，已用预收 250.00，还需缴 50.00" in page
    mine = text_of(sign_in(office.accountant).get(reverse("payer:bill", args=[notice.token])))
    for words in ("已用预收 200.00", "已用预收 250.00", "还差 50.00"):
        assert words in mine


def test_nobody_gets_a_notice_for_what_was_settled_in_advance_alone(office: Billing) -> None:
    office.charge(20000, 11, office.rent, **IN_TIME)
    other = Party.objects.create(community=office.cast.yunqi, name="孙业主")
    office.charge(1000, 11, party=other.pk, unit=office.cast.unit("0301").pk, **IN_TIME)
    ahead_of(office, 20000)
    office.printed()
    assert [one.party for one in Notice.objects.all()] == [other]


def test_without_anything_used_the_notice_looks_as_it_always_did(office: Billing) -> None:
    office.charge(35941, 11, **IN_TIME)
    office.printed()
    paper = paper_text(render(PAYMENT_NOTICE, Notice.objects.get(), office.accountant))
    assert ("已用预收" in paper, "本期小计359.41" in paper) == (False, True)


def test_a_notice_that_is_replaced_says_it_anew(office: Billing) -> None:
    office.charge(35941, 11, **IN_TIME)
    office.charge(20000, 11, office.rent, **IN_TIME)
    batch = office.printed()
    ahead_of(office, 5000)
    wrong = Notice.objects.get()
    office.step(batch, "replace", office.accountant, OUT, notice=wrong.pk, wrong="amount", cause="预收没有减去")
    fresh = Notice.objects.get(replaces=wrong)
    assert sorted((line.amount, line.used) for line in fresh.all_lines) == [(15000, 5000), (35941, 0)]
    assert fresh.due_fen == wrong.due_fen - 5000


def test_the_demand_says_it_too_and_asks_for_the_rest(cast: Any, sign_in: Any) -> None:
    desk = Desk(cast)
    desk.rule()
    rent = desk.charge(20000, 10, desk.rent, when="2026-10-28 09:00")
    desk.charge(10000, 10, desk.property_fee, when="2026-10-28 09:00")
    ahead_of(desk, 5000, when="2026-10-28 10:00")
    assert Charge.objects.get(pk=rent.pk).open == 15000
    notice = desk.round().notices.get()
    assert sorted((line.amount, line.used) for line in notice.lines.all()) == [(10000, 0), (15000, 5000)]
    assert notice.total == 25000
    paper = paper_text(render(NOTICE, notice, desk.accountant))
    for words in ("应缴（元）", "已用预收", "还需缴", "200.00", "50.00", "150.00", "250.00", "300.00"):
        assert words in paper
    page = text_of(sign_in(desk.accountant).get(DunningNotice.objects.get().get_absolute_url()))
    assert "应缴 200.00，已用预收 50.00" in page
