"""What seldom happens to money, and is right to the cent all the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.dunning import desk_of
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Charge
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_money_ends_at_the_first_bill_that_the_payer_named_and_the_next_one_stays_as_it_was(office: Any) -> None:
    named_second, named_first = office.charge(10000, 9), office.charge(10000, 10)
    receipt = office.receive(3000)
    (voucher,) = office.settle(receipt, named_first, named_second)
    left = dict(Charge.objects.values_list("pk", "open"))
    assert left == {named_first.pk: 7000, named_second.pk: 10000}
    assert (voucher.rule, receipt.left) == ("instruction", 0)
    assert faults() == []


def test_a_part_that_had_come_in_earlier_makes_the_late_fee_smaller_and_the_bill_no_smaller_still(cast: Any) -> None:
    """A transfer of the 3rd for a part of the bill is found on the 20th, after a notice had asked for 19 days on all of it."""
    desk = desk_of(cast)
    desk.rule()
    bill = desk.charge(35941)
    desk.notice(desk.case())
    received = desk.receive(10000, when="2026-11-03 09:00", method="bank", reference="B-1")
    desk.settle(received, bill, when="2026-11-20 10:00")
    fee, favour = Charge.objects.filter(principal=bill).order_by("pk")
    # 359.41 × 0.0005 × 6 days + 259.41 × 0.0005 × 13 days = 2.76 instead of 3.41
    assert [(one.amount, one.open) for one in (fee, favour)] == [(341, 276), (-65, 0)]
    bill.refresh_from_db()
    assert bill.open == 25941
    assert trial_balance(cast.yunqi, date(2026, 11, 20))["receivable"] == 25941 + 276
    assert faults() == []
