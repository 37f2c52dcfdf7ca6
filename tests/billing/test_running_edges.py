"""出账 taken back in small pieces, by two workers at once; consents on the screen; the month's turn without a price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.support.running import Estate, Flat, faults, flat_source
from yihu.areas.billing.running import posting, taking_back
from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.running.pace import Pace
from yihu.ground.ledger.models import Charge
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
