"""A wrong notice, whenever it is found: before it is handed out, on the round, after the list went back (FEE-12, scenario 25)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from tests.billing.noticing import DOOR, OUT, Billing, billing_of
from tests.harness.breaking import in_between
from yihu.areas.billing.notices.models import DeliverySheet, Notice
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Charge
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
SOON = date(2026, 12, 10)


def owing(cast: Any) -> Billing:
    """赵业主 owes November for his home."""
    assert cast.owner
    office = billing_of(cast)
    office.charge(35941, 11, due_on=SOON)
    return office


def put_right(office: Billing, amount: int = 30000, **more: Any) -> None:
    """What stood on his notice is taken back in the books, and charged as it should be (0: not at all)."""
    for charge in Charge.objects.filter(party=office.cast.owner, reversal=None, open__gt=0):
        office.does(office.head, lambda books, one=charge: charging.reverse_charge(books, one, "面积录错"), OUT)
    if amount:
        office.charge(amount, 11, due_on=SOON, when=OUT, **more)


def replace(office: Billing, notice: Notice, wrong: str = "amount") -> Any:
    said = {"notice": notice.pk, "wrong": wrong, "cause": "面积录错"}
    return office.step(notice.batch, "replace", office.accountant, OUT, **said)


def told(person: Any) -> str:
    return " ".join(Message.objects.filter(person=person).values_list("sentence", flat=True))


def test_before_it_is_handed_out_nobody_has_to_fetch_it_back(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    office.printed()
    notice = Notice.objects.get()
    put_right(office)
    replace(office, notice)
    fresh = Notice.objects.valid().get()
    assert (fresh.sheet, fresh.due_fen, fresh.replaces) == (None, 30000, notice)
    assert "收回原单" not in told(office.steward)
    page = sign_in(office.accountant).get(notice.get_absolute_url()).content.decode()
    assert fresh.number in page
    assert "更正作废" in page
    office.step(notice.batch, "hand_out", office.accountant, OUT, rest=office.steward.pk)
    assert [one.number for one in DeliverySheet.objects.get().carried()] == [fresh.number]


def test_who_owes_nothing_any_more_gets_no_other_and_the_wrong_one_is_fetched_back(cast: Any) -> None:
    office = owing(cast)
    sheet = office.out()
    notice = Notice.objects.get()
    put_right(office, 0)
    replace(office, notice)
    assert not Notice.objects.valid().exists()
    assert f"{notice.number} 有错作废，请收回原单。" in told(office.steward)
    assert f"{notice.number} 作废，不再另开" in " ".join(notice.batch.journal.values_list("sentence", flat=True))
    office.step(sheet, "hand_back", office.steward, DOOR)  # there is nothing left to bring


def test_after_his_list_went_back_the_new_one_comes_on_another(cast: Any) -> None:
    office = owing(cast)
    first = office.out()
    notice = Notice.objects.get()
    office.deliver(notice)
    office.step(office.step(first, "hand_back", office.steward, DOOR), "receive", office.accountant, DOOR)
    put_right(office)
    batch = replace(office, notice)
    second = Notice.objects.valid().get().sheet
    assert (second.pk != first.pk, second.handler, second.state) == (True, office.steward, "out")
    with pytest.raises(Refused, match="还没有全部交回：楼大姐"):
        office.step(batch, "finish", office.accountant, DOOR)
    office.deliver(Notice.objects.valid().get())
    office.step(office.step(second, "hand_back", office.steward, DOOR), "receive", office.accountant, DOOR)
    with pytest.raises(Invalid, match="出错 1 张"):
        office.step(batch, "finish", office.accountant, DOOR)


def test_the_other_payer_of_the_home_keeps_his_own(cast: Any) -> None:
    office = owing(cast)
    lessee = Party.objects.create(community=cast.yunqi, name="孙租户")
    office.charge(800, 11, office.water, party=lessee.pk, due_on=SOON)
    office.out()
    kept, notice = Notice.objects.get(party=lessee), Notice.objects.get(party=cast.owner)
    charge = notice.lines.get().charge
    office.does(office.head, lambda books: charging.reverse_charge(books, charge, "面积录错"), OUT)
    office.charge(30000, 11, due_on=SOON, when=OUT)
    replace(office, notice)
    assert {one.party: one.due_fen for one in Notice.objects.valid()} == {lessee: 800, cast.owner: 30000}
    kept.refresh_from_db()
    assert kept.recalled_at is None


def test_what_belongs_to_no_home_is_replaced_alone(cast: Any) -> None:
    """Two walk-ins owe something; one notice is wrong, the other one's is none of its business."""
    office = owing(cast)
    people = [Party.objects.create(community=cast.yunqi, name=name) for name in ("路甲", "路乙")]
    for one in people:
        office.charge(500, 11, party=one.pk, unit=None, due_on=SOON)
    office.out()
    wrong = Notice.objects.get(party=people[0])
    charge = wrong.lines.get().charge
    office.does(office.head, lambda books: charging.reverse_charge(books, charge, "多算"), OUT)
    office.charge(300, 11, party=people[0].pk, unit=None, due_on=SOON, when=OUT)
    replace(office, wrong)
    assert {one.party: one.due_fen for one in Notice.objects.valid().filter(unit=None)} == {
        people[0]: 300, people[1]: 500,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_list_is_not_handed_in_with_a_new_notice_on_it_that_nobody_has_brought(cast: Any) -> None:
    """The deliverer hands his list in while the accountant replaces a notice of it, at whichever statement."""
    office = owing(cast)
    office.out()
    for number in range(1, 200, 3):
        notice = Notice.objects.valid().get()
        office.deliver(notice)
        put_right(office, 30000 + number)
        _, other = in_between(
            number,
            partial(replace, office, notice),
            partial(office.step, notice.sheet, "hand_back", office.steward, DOOR),
        )
        fresh = Notice.objects.valid().get()
        assert (fresh.replaces, fresh.sheet.state, fresh.delivered_at) == (notice, "out", None), (number, other)
        if other == "not reached":
            break
    assert number > 20
