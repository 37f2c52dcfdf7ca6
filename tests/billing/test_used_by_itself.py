"""What was paid in advance meets its bills by itself: after a run, for bills by hand, once, and back where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.doing import at
from tests.support.running import Estate, Flat, faults, flat_source
from yihu.areas.billing.dunning.models import DunningCase, DunningRound
from yihu.areas.billing.dunning.schedules import draw
from yihu.areas.billing.running import posting, schedules, settling, using
from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.running.pace import Overtaken
from yihu.areas.cashier.household import seen_of
from yihu.areas.cashier.till import Taking, take_money, use_credit
from yihu.basics.months import Month
from yihu.ground.ledger import ahead, earmarking
from yihu.ground.ledger.models import Charge, Receipt, Voucher
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, NotAllowed
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = Month(2026, 11)
PAPER = {"from_on": date(2026, 1, 1), "paper": "同意书"}


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


@pytest.fixture
def estate(cast: Any, flat: Flat) -> Estate:
    """Each home's month: property fee 359.41, water 50.00; rent 200.00 of the first."""
    found = Estate(cast, flat)
    flat.prices[found.units[0].pk].append((found.rent.pk, 20000))
    return found


def in_advance(estate: Estate, amount: int, bound: int, **more: Any) -> Receipt:
    """Money for the first home, so much of it for rent."""
    receipt = estate.receive(amount, unit=estate.cast.home, **more)
    if bound:
        estate.does(estate.collector, lambda books: earmarking.earmark(books, receipt, estate.rent, bound))
    return receipt


def left(receipt: Receipt) -> tuple[int, int]:
    receipt.refresh_from_db()
    return receipt.left, receipt.bound


def rent_of(estate: Estate) -> Charge:
    return Charge.objects.get(item=estate.rent, reversal__isnull=True)


def open_of(estate: Estate, item: Any) -> int:
    return sum(Charge.objects.filter(unit=estate.cast.home, item=item).values_list("open", flat=True))


def swept(estate: Estate) -> int:
    return using.use_all(estate.cast.yunqi.pk)


@pytest.mark.clause("FEE-20", part="预收定了用途的，出账后自动抵那一项，一笔账单一张凭证")
def test_rent_paid_in_advance_meets_its_rent_as_the_month_is_billed_and_nothing_else(estate: Estate) -> None:
    receipt = in_advance(estate, 60000, 50000)
    posted = estate.post(estate.draw())
    assert (posted.amount_offset, rent_of(estate).open, left(receipt)) == (20000, 0, (40000, 30000))
    assert open_of(estate, estate.property_fee) == 35941  # the other 100 wait: nobody agreed
    use = Voucher.objects.get(kind="allocate")
    assert (use.rule, str(use.by), use.lines.count()) == ("purpose", "系统", 2)
    assert swept(estate) == 0
    assert faults() == []


def test_money_whose_payer_agreed_as_he_paid_meets_whatever_he_owes_for_the_unit(estate: Estate) -> None:
    receipt = in_advance(estate, 60000, 30000, agreed=True)
    estate.receive(50000, party=estate.owners[1], unit=estate.units[1])  # he was not asked
    posted = estate.post(estate.draw())
    assert (posted.amount_offset, left(receipt)) == (20000 + 30000, (10000, 10000))
    assert open_of(estate, estate.property_fee) + open_of(estate, estate.water) == 40941 - 30000
    assert {(one.rule, one.lines.first().receipt_id) for one in Voucher.objects.filter(kind="allocate")} == {
        ("purpose", receipt.pk), ("agreed", receipt.pk),
    }  # fmt: skip
    assert faults() == []


def test_who_takes_his_word_back_keeps_his_money(estate: Estate) -> None:
    receipt = in_advance(estate, 60000, 20000, agreed=True)
    with pytest.raises(NotAllowed):
        estate.does(estate.accountant, lambda books: ahead.withdraw(books, receipt))
    estate.does(estate.collector, lambda books: ahead.withdraw(books, receipt))
    with pytest.raises(Conflict, match="已经收回"):
        estate.does(estate.collector, lambda books: ahead.withdraw(books, receipt))
    assert estate.post(estate.draw()).amount_offset == 20000
    assert left(receipt) == (40000, 0)


def test_what_is_for_rent_goes_to_the_rent_before_anything_that_serves_all(estate: Estate) -> None:
    OffsetConsent.objects.create(community=estate.cast.yunqi, party=estate.cast.owner, **PAPER)
    free = in_advance(estate, 30000, 0)
    rent = in_advance(estate, 25000, 25000)
    assert estate.post(estate.draw()).amount_offset == 50000
    assert (left(free), left(rent)) == ((0, 0), (5000, 5000))


@pytest.mark.clause("FEE-20", part="冲回的账单用掉的预收回到原来的用途")
def test_a_posting_that_is_taken_back_gives_the_money_back_where_it_came_from(estate: Estate) -> None:
    receipt = in_advance(estate, 60000, 50000, agreed=True)
    posted = estate.post(estate.draw())
    assert left(receipt) == (30000, 30000)
    back = estate.take_back(posted)
    assert (back.state, left(receipt)) == ("reversed", (60000, 50000))
    assert swept(estate) == 0
    again = estate.post(estate.draw())
    assert (again.amount_offset, left(receipt)) == (30000, (30000, 30000))
    assert faults() == []


def test_a_bill_by_hand_meets_it_within_ten_minutes_and_money_that_was_meant_for_it_later_too(estate: Estate) -> None:
    receipt = in_advance(estate, 15000, 15000)
    rent = estate.charge(20000, 11, estate.rent)
    other = estate.charge(20000, 11, estate.rent, party=estate.owners[1].pk, unit=estate.units[1].pk)
    schedules.use_what_was_paid_ahead.call()
    assert (rent.refresh_from_db(), rent.open, left(receipt)) == (None, 5000, (0, 0))
    more = in_advance(estate, 15000, 15000)
    schedules.use_what_was_paid_ahead.call()
    schedules.use_what_was_paid_ahead.call()
    assert (rent.refresh_from_db(), rent.open, left(more)) == (None, 0, (10000, 10000))
    assert (other.refresh_from_db(), other.open) == (None, 20000)
    assert faults() == []


def test_money_for_no_unit_in_particular_serves_each_and_money_for_one_serves_it_alone(estate: Estate) -> None:
    elsewhere = estate.charge(20000, 11, estate.rent, unit=estate.units[1].pk)
    here = in_advance(estate, 30000, 30000)
    assert swept(estate) == 0
    anywhere = estate.receive(8000)
    estate.does(estate.collector, lambda books: earmarking.earmark(books, anywhere, estate.rent, 8000))
    assert swept(estate) == 8000
    assert (elsewhere.refresh_from_db(), elsewhere.open, left(here)) == (None, 12000, (30000, 30000))


def test_what_is_being_posted_is_left_to_the_run(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = in_advance(estate, 20000, 20000)
    run = estate.post(estate.draw(), wait=False)
    posting._one_move(posting.at_work(run.pk))
    schedules.use_what_was_paid_ahead.call()
    assert left(receipt) == (20000, 20000)
    run_waiting()
    assert (estate.fresh(run).amount_offset, left(receipt)) == (20000, (0, 0))


def test_killed_between_two_payers_the_run_goes_on_where_it_was_and_ends_the_same(
    estate: Estate, flat: Flat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each few payers are one transaction: what was not committed is as if nobody had begun it."""
    monkeypatch.setattr(using, "AT_A_TIME", 1)
    receipts = []
    for party, unit in zip(estate.owners, estate.units, strict=True):
        receipts.append(estate.receive(15000, party=party, unit=unit, agreed=True))
    run = estate.post(estate.draw(), wait=False)
    while estate.fresh(run).done < estate.fresh(run).slices:
        posting._one_move(posting.at_work(run.pk))
    posting._one_move(posting.at_work(run.pk))  # the first payer
    assert [left(one)[0] for one in receipts] == [0, 15000, 15000]

    stale = posting.at_work(run.pk)
    use, died = ahead.use, []

    def dies(*args: Any) -> int:
        used = use(*args)
        if not died:
            died.append(True)
            raise KeyboardInterrupt
        return used

    monkeypatch.setattr(ahead, "use", dies)
    with pytest.raises(KeyboardInterrupt):
        settling.settle_some(stale)
    assert [left(one)[0] for one in receipts] == [0, 15000, 15000]
    assert settling.settle_some(stale)  # taken up again
    assert settling.settle_some(stale)  # another worker that read the run before it: its answer is known
    assert [left(one)[0] for one in receipts] == [0, 0, 15000]
    perform(estate.fresh(run), "stop", by=estate.accountant)
    with pytest.raises(Overtaken):
        settling.settle_some(BillingRun.objects.get(pk=run.pk))
    perform(estate.fresh(run), "resume", by=estate.accountant)
    run_waiting()
    posted = estate.fresh(run)
    assert (posted.state, posted.amount_offset, [left(one)[0] for one in receipts]) == ("posted", 45000, [0, 0, 0])
    assert Voucher.objects.filter(kind="allocate", rule="agreed").count() == len(
        {
            line
            for one in Voucher.objects.filter(rule="agreed")
            for line in one.lines.exclude(charge=None).values_list("charge")
        }
    )
    assert faults() == []


def test_a_bill_that_is_contested_waits_until_somebody_has_decided(estate: Estate) -> None:
    cast, due = estate.cast, timezone.localdate() - timedelta(days=20)
    rent = estate.charge(20000, 1, estate.rent, due_on=due, when=f"{due} 12:00")
    case = open_record(DunningCase(community=cast.yunqi), by=estate.accountant, data={"party": cast.owner.pk})
    perform(case, "dispute", by=estate.accountant, data={"charges": [rent.pk], "words": "租金不对"})
    receipt = in_advance(estate, 30000, 30000, agreed=True)
    assert (swept(estate), left(receipt)) == (0, (30000, 30000))
    said = {"charges": [rent.pk], "outcome": "rejected", "words": "复核过"}
    perform(DunningCase.objects.get(pk=case.pk), "settle", by=estate.head, data=said)
    assert (swept(estate), left(receipt)) == (20000, (10000, 10000))


@pytest.mark.clause("FEE-08", part="用预收缴清的不催")
def test_nobody_is_dunned_for_what_he_has_paid_in_advance(estate: Estate) -> None:
    """The eleventh working day of November 2026 is the 16th."""
    cast, now = estate.cast, at("2026-11-16 09:00")
    for party, unit in ((cast.owner, cast.home), (estate.owners[1], estate.units[1])):
        estate.charge(20000, 10, estate.rent, party=party.pk, unit=unit.pk, when="2026-10-28 12:00")
    in_advance(estate, 20000, 20000, when="2026-11-10 12:00")
    made = {"day": "2026-11-16", "due_at": "2026-11-16 17:30"}
    batch = open_record(DunningRound(community=cast.yunqi), by=authority().system(), data=made, at=now)
    assert draw(DunningRound.objects.get(pk=batch.pk), now)
    assert [one.party for one in batch.notices.all()] == [estate.owners[1]]
    assert not DunningCase.objects.filter(party=cast.owner).exists()


# -- at the same moment ------------------------------------------------------------------------------------------------


def pays(estate: Estate, seen: int, amount: int) -> Receipt:
    """At the till, today."""
    cast = estate.cast
    taking = Taking(cast.owner.pk, cast.home.pk, amount, "cash", "赵业主", seen)
    return take_money(taking, cast.owner, by=cast.person("tai", "台收费", "fee_collector"))


def test_the_cashier_who_saw_the_bill_open_is_told_that_it_was_settled_meanwhile(estate: Estate) -> None:
    receipt, rent = in_advance(estate, 20000, 20000), estate.charge(20000, 11, estate.rent)
    seen = seen_of(estate.cast.owner)
    assert swept(estate) == 20000
    with pytest.raises(Conflict):
        pays(estate, seen, 20000)
    with pytest.raises(Conflict):
        use_credit(estate.cast.owner, seen, by=estate.collector)
    assert (left(receipt), rent.refresh_from_db(), rent.open) == ((0, 0), None, 0)
    assert Receipt.objects.count() == 1


def test_money_taken_first_leaves_what_was_paid_in_advance_for_the_next_rent(estate: Estate) -> None:
    receipt, rent = in_advance(estate, 20000, 20000), estate.charge(20000, 11, estate.rent)
    pays(estate, seen_of(estate.cast.owner), 20000)
    assert (swept(estate), left(receipt), rent.refresh_from_db(), rent.open) == (0, (20000, 20000), None, 0)


def test_the_cashier_and_what_was_paid_in_advance_at_one_moment_settle_the_bill_once(estate: Estate) -> None:
    """Whoever comes first: the other one finds it settled. Eight hands at once, on whatever database."""
    receipt, rent = in_advance(estate, 20000, 20000), estate.charge(20000, 11, estate.rent)
    seen, community = seen_of(estate.cast.owner), estate.cast.yunqi.pk
    estate.cast.person("tai", "台收费", "fee_collector")
    doors: list[Any] = [lambda: pays(estate, seen, 20000), lambda: using.use_all(community)]
    fates = at_once(8, lambda index: doors[index % 2]())
    assert fates.count("done") >= 4  # nobody who only uses it is refused
    cash = Receipt.objects.exclude(pk=receipt.pk)
    rent.refresh_from_db()
    assert (rent.open, cash.count(), left(receipt)[1]) in {(0, 1, 20000), (0, 0, 0)}
    assert Voucher.objects.filter(kind="allocate").count() == 1
    assert faults() == []
