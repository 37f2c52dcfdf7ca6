"""出账 taken back in small pieces, by two workers at once; consents on the screen; the month's turn without a price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.support.doing import at
from tests.support.running import Estate, Flat, faults, flat_source
from yihu.areas.billing.dunning.models import LateFeeRule
from yihu.areas.billing.dunning.standing import accrued
from yihu.areas.billing.reckoned import Oddity, Reckoned, with_time_to_pay
from yihu.areas.billing.running import posting, taking_back
from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.running.pace import Pace
from yihu.areas.billing.running.showing import bill_of
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.pay_days import PAY_BY, pay_day
from yihu.kernel.doors import perform
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


@pytest.fixture
def estate(cast: Any, flat: Flat) -> Estate:
    return Estate(cast, flat)


def pay_for_everything(estate: Estate) -> None:
    for owner in estate.owners:
        estate.settle(estate.receive(40941, party=owner, when="2026-11-25 10:00"), when="2026-11-25 10:00")


def test_bills_that_were_paid_are_taken_back_a_few_at_a_time(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_back, "PAID", 2)
    run = estate.post(estate.draw())
    pay_for_everything(estate)
    assert not Charge.objects.exclude(open=0).exists()
    back = estate.take_back(run)
    assert (back.state, back.lines_back, back.amount_back) == ("reversed", 6, run.amount_posted)
    assert not Charge.objects.filter(reversal__isnull=True).exists()
    assert faults() == []


def test_a_slice_that_another_worker_took_back_is_not_taken_back_again(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_back, "LINES", 3)
    run = estate.post(estate.draw())
    perform(run, "ask_back", by=estate.accountant, data={"back_why": "价格录错", "rooms": ""})
    perform(estate.fresh(run), "approve_back", by=estate.head)

    def seen() -> BillingRun:
        found = posting.at_work(run.pk, "reversing")
        assert found is not None
        return found

    for _ in range(3):  # three bills, the other three, the end
        mine = seen()
        for _ in range(2):  # the second time as the slower of two workers saw it
            with Pace().slice():
                taking_back._one_slice(mine)
    run_waiting()
    back = estate.fresh(run)
    assert (back.state, back.lines_back, Charge.objects.filter(reversal__isnull=True).count()) == ("reversed", 6, 0)
    assert [one.sentence for one in back.journal.filter(step="backed")] == ["冲回完成"]
    assert faults() == []


def test_a_consent_is_entered_with_today_and_ended_on_its_day(estate: Estate, sign_in: Any) -> None:
    client, new = sign_in(estate.collector), reverse("running:new_consents")
    said = {"party": estate.cast.owner.pk, "from_on": "2026-11-01", "paper": "合同第 9 条", "shown": "on"}
    assert client.post(new, {**said, "to_on": "2026-10-31", "key": "a"}).status_code == 422
    assert client.post(new, {**said, "key": "b"}).status_code == 302
    one = OffsetConsent.objects.get()
    edit = reverse("running:edit_consents", args=[one.pk])
    assert 'value="2026-11-01"' in client.get(edit).content.decode()
    kept = {**said, "to_on": "2026-12-31", "key": "c", "version": "1"}
    assert client.post(edit, kept).status_code == 302
    one.refresh_from_db()
    assert (one.from_on, one.to_on) == (date(2026, 11, 1), date(2026, 12, 31))


@pytest.mark.clause("FEE-20", part="应缴日过了才出的账单，从以后的同一天起才算违约金")
def test_a_bill_that_is_made_after_its_day_of_payment_costs_nothing_for_being_late_before_the_next(
    estate: Estate, flat: Flat
) -> None:
    """A household that was left out is billed by a second run; nobody is late with what he was never asked for."""
    LateFeeRule.objects.create(
        community=estate.cast.yunqi, from_on=date(2020, 1, 1), daily_percent="0.05", clause="第八条"
    )
    flat.odd = [Oddity(estate.cast.home.pk, "no_area", "没有面积", stops=True)]
    october = {"month": "2026-10-01", "items": [estate.property_fee.pk]}
    estate.post(estate.draw(when=at("2026-10-25 10:00"), **october))  # due on the 31st
    flat.odd = []
    again = estate.draw(when=at("2026-11-22 10:00"), **october)
    assert [one.pay_by for one in bill_of(again, estate.cast.home.pk)] == ["2026-11-30"]
    estate.post(again)
    assert [one.pay_by for one in bill_of(again, estate.cast.home.pk)] == ["2026-11-30"]
    late, other = (Charge.objects.get(unit=unit, amount__gt=0) for unit in estate.units[:2])
    assert [one.due_on for one in (late, other)] == [date(2026, 10, 31)] * 2
    assert [pay_day(one) for one in (late, other)] == [date(2026, 11, 30), date(2026, 10, 31)]
    both, on = [late, other], estate.cast.yunqi.pk
    assert [one.principal for one in accrued(on, both, date(2026, 11, 23))] == [other]
    owed = {one.principal: one.amount for one in accrued(on, both, date(2026, 12, 10))}
    assert owed == {late: 180, other: 719}  # 359.41 × 0.05 % for ten days, and for forty


@pytest.mark.parametrize(
    ("due", "given"),
    [
        (date(2026, 11, 23), None), (date(2026, 11, 22), date(2026, 12, 22)), (date(2026, 11, 10), date(2026, 12, 10)),
        (date(2026, 1, 31), date(2026, 11, 30)), (date(2025, 12, 25), date(2026, 11, 25)),
    ],
)  # fmt: skip
def test_the_day_that_is_given_is_the_next_of_its_kind(due: date, given: date | None) -> None:
    line = Reckoned(1, 1, 1, date(2026, 1, 1), date(2026, 1, 31), due, 100, "")
    told = with_time_to_pay(line, date(2026, 11, 22))
    assert told.basis.get(PAY_BY) == (given.isoformat() if given else None)
    credit = line._replace(amount=-100)
    assert with_time_to_pay(credit, date(2026, 11, 22)) == credit
