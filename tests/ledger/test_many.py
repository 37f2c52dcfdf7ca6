"""Whole slices at once: the same refusals, lines and balances as one charge after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.ledger.conftest import Office
from yihu.areas.reception.models import Contact
from yihu.ground.ledger import many, tables
from yihu.ground.ledger.balances import identities, trial_balance
from yihu.ground.ledger.many import Ready
from yihu.ground.ledger.models import Charge, FeeItem, Line, Voucher
from yihu.ground.ledger.posting import close_period
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(office: Office) -> Any:
    """Something that the bills come of."""
    said = {"channel": "phone", "relation": "owner", "category": "other", "caller_name": "赵业主", "content": "账单"}
    return open_record(
        Contact(community=office.cast.yunqi), by=office.cast.wang, data={**said, "unit": office.cast.home.pk}
    )


def ready(office: Office, item: FeeItem, amount: int, part: str = "", **more: Any) -> Ready:
    month = {"from_on": "2026-10-01", "to_on": "2026-10-31", "due_on": "2026-10-31"}
    told = {"words": "128.36㎡ × 2.80元\t\\n", "basis": '{"price":"2.80","\\u540d":"引号\\""}', **month, **more}
    return Ready(party=office.cast.owner.pk, unit=office.cast.home.pk, item=item.pk, amount=amount, part=part, **told)


def bill(office: Office, rows: list[Ready], paper: Any, by: Any = None) -> Voucher:
    made: Voucher = office.does(
        by or office.accountant, lambda books: many.charge_ready(books, rows, words="10月账单", record=paper)
    )
    return made


def faults() -> list[str]:
    kept = [result for result in check_all() if result.name.startswith("ledger.")]
    return [fault for result in kept for fault in result.faults]


def test_many_become_one_voucher_that_balances(office: Office, paper: Any) -> None:
    rows = [
        ready(office, office.property_fee, 35941),
        ready(office, office.water, 5000),
        ready(office, office.water, -700, "更正"),
    ]
    voucher = bill(office, rows, paper)
    assert (voucher.kind, voucher.by, voucher.record_id, Voucher.objects.count()) == (
        "charge",
        office.accountant,
        paper.pk,
        1,
    )
    first = Charge.objects.earliest("pk")
    assert (first.amount, first.open, first.words, first.record_id) == (
        35941,
        35941,
        "128.36㎡ × 2.80元\t\\n",
        paper.pk,
    )
    assert first.basis == {"price": "2.80", "名": '引号"'}
    assert trial_balance(office.cast.yunqi, date(2026, 11, 10)) == {
        "receivable": 40241, "income": -35941, "pass_through": -4300,
    }  # fmt: skip
    assert Line.objects.filter(charge=first).get().amount == 35941
    assert faults() == []
    assert office.charge(100, item=office.late_fee).pk > Charge.objects.filter(record=paper).latest("pk").pk


def test_a_second_time_all_of_it_is_refused(office: Office, paper: Any) -> None:
    bill(office, [ready(office, office.property_fee, 35941)], paper)
    with pytest.raises(Conflict, match="没有重复出账"):
        bill(office, [ready(office, office.water, 5000), ready(office, office.property_fee, 1)], paper)
    assert (Charge.objects.count(), Voucher.objects.count()) == (1, 1)


def test_what_one_charge_may_not_many_may_not(office: Office, paper: Any) -> None:
    good = ready(office, office.property_fee, 35941)
    elsewhere = FeeItem.objects.create(community=office.cast.qinghe, code="WY", name="别处")
    for row, sentence in (
        (ready(office, office.deposit, 5), "押金不出账单"),
        (ready(office, elsewhere, 5), "不是这个项目的"),
    ):
        with pytest.raises(Refused, match=sentence):
            bill(office, [good, row], paper)
    with pytest.raises(NotAllowed):
        bill(office, [good], paper, by=office.collector)
    for wrong in (good._replace(amount=0), good._replace(to_on="2026-09-01")):
        with pytest.raises(Conflict):
            bill(office, [wrong], paper)
    with pytest.raises(ValueError, match="add up"):
        bill(office, [], paper)
    assert not Charge.objects.exists()


def test_no_slice_goes_into_a_closed_period(office: Office, paper: Any) -> None:
    office.does(office.head, lambda books: close_period(books, date(2026, 11, 9), "月结"))
    with pytest.raises(Refused, match="已经结账"):
        office.does(
            office.accountant, lambda books: many.charge_ready(books, [ready(office, office.water, 5)], words="迟", record=paper),
            when="2026-11-09 12:00",
        )  # fmt: skip
    assert not Voucher.objects.exists()


def test_taken_back_together_and_what_was_paid_is_free_again(office: Office, paper: Any) -> None:
    rows = [
        ready(office, office.property_fee, 35941),
        ready(office, office.water, 5000),
        ready(office, office.late_fee, 300),
    ]
    bill(office, rows, paper)
    paid, *others = Charge.objects.order_by("pk")
    receipt = office.receive(1000)
    office.settle(receipt, paid)
    charges = list(Charge.objects.select_related("item", "record").order_by("pk"))
    with pytest.raises(NotAllowed):
        office.does(office.accountant, lambda books: many.take_back(books, charges, "错", record=paper))
    office.does(office.head, lambda books: many.take_back(books, charges, "价格录错", record=paper))
    assert not Charge.objects.filter(reversal__isnull=True).exists()
    assert Charge.objects.filter(pk__in=[one.pk for one in others]).values("reversal").distinct().count() == 1
    receipt.refresh_from_db()
    assert receipt.left == 1000
    assert identities(office.cast.yunqi, date(2026, 11, 10)).arrears == 0
    assert faults() == []
    bill(office, rows, paper)  # and may be billed anew
    with pytest.raises(Conflict, match="刚刚"):  # what was read before somebody else took it back
        office.does(office.head, lambda books: many.take_back(books, [charges[1]], "又一次", record=paper))


def test_only_paid_ones_are_taken_back_one_by_one(office: Office, paper: Any) -> None:
    bill(office, [ready(office, office.water, 5000)], paper)
    office.settle(office.receive(5000))
    charges = list(Charge.objects.select_related("item", "record"))
    office.does(office.head, lambda books: many.take_back(books, charges, "错", record=paper))
    assert Charge.objects.get().reversal is not None
    assert faults() == []


def test_keys_are_taken_once(office: Office) -> None:
    keys = tables.take_keys(Charge, 3)
    assert keys == sorted(set(keys))
    assert office.charge(100).pk >= keys[0]
