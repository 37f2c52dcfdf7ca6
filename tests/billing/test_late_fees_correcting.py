"""违约金 when what it stood on changes: money that had come in earlier, a wrong bill, a cheque that bounced (domain.md §5.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.dunning import NOVEMBER, Desk, desk_of
from tests.support.late_fees import TWENTIETH, fees, sound, take
from yihu.ground.ledger import charging, receiving
from yihu.ground.ledger.models import Charge
from yihu.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


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
