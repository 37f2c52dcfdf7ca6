"""开发商付费 entered after its months were billed: said beforehand, agreed to by another hand, corrected by the next run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.billing.test_tariffs_agreements import draft
from tests.billing.test_tariffs_correcting import billed, reckon
from tests.billing.test_tariffs_source import told
from tests.ledger.conftest import Office
from tests.support.doing import at
from tests.support.sheets import text_of
from tests.support.tariffs import household, late_entry_of, stay_of, tariff_of
from yihu.areas.billing.reckoned import Reckoned
from yihu.areas.billing.tariffs.late_entry import Entry, touching
from yihu.areas.billing.tariffs.models import Developer, PayerChange
from yihu.basics.months import Month
from yihu.ground.estate.models import Cluster, Party, Unit
from yihu.ground.ledger import charging
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
NOON = "2026-11-10 12:00"


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def builder(cast: Any, name: str) -> Party:
    return stay_of(cast.home, name, "emergency")


def first_of(cast: Any) -> Party:
    """云栖置业 has paid for what is not handed over since 2020."""
    party = builder(cast, "云栖置业")
    Developer.objects.create(community=cast.yunqi, party=party, from_on=date(2020, 1, 1))
    return party


def late(cast: Any, party: Party, when: str = NOON, **more: Any) -> PayerChange:
    said = {"party": party.pk, "from_on": "2026-10-01", "reason": "移交协议上月才送到", **more}
    made: PayerChange = open_record(PayerChange(community=cast.yunqi), by=cast.xiang, data=said, at=at(when))
    return made


def approve(cast: Any, change: PayerChange, by: Any) -> PayerChange:
    done: PayerChange = perform(change, "approve", by=by, at=at("2026-11-10 15:00"))
    return done


def post(office: Office, lines: list[Reckoned]) -> None:
    items = FeeItem.objects.in_bulk()
    owed = [
        Owed(party=one.party, unit=one.unit, item=items[one.item], from_on=one.from_on, to_on=one.to_on, due_on=one.due_on,
             amount=one.amount, part=one.part, words=one.words, basis=dict(one.basis))
        for one in lines
    ]  # fmt: skip
    office.does(office.accountant, lambda books: charging.charge_many(books, owed, words="出账"))


@pytest.mark.clause("FEE-20", part="开发商付费补登记影响已出账单的，另一人批准后由下一次出账更正")
def test_a_developer_entered_late_changes_nothing_until_another_hand_agrees_and_then_once(
    cast: Any, office: Office
) -> None:
    tariff_of(office.property_fee)
    home, neighbour = household(cast, "0201", handed=None), household(cast, "0202")
    was, now = first_of(cast), builder(cast, "新置业")
    for month in (SEPTEMBER, OCTOBER):
        billed(office, month, home, neighbour)
    change = late(cast, now)
    assert (change.bills, change.bills_fen, change.unbilled) == (1, 35941, 0)
    assert Message.objects.filter(person=office.head, sentence__contains=change.number).exists()
    assert Developer.objects.get().to_on is None
    assert reckon("corrections", NOVEMBER, home, neighbour) == []
    with pytest.raises(NotAllowed):
        approve(cast, change, cast.xiang)
    change = approve(cast, change, office.head)
    assert (change.state, change.approved_by) == ("done", office.head)
    rows = Developer.objects.order_by("from_on").values_list("party", "from_on", "to_on")
    assert list(rows) == [(was.pk, date(2020, 1, 1), date(2026, 9, 30)), (now.pk, date(2026, 10, 1), None)]
    found = reckon("corrections", NOVEMBER, home, neighbour)
    assert told(found) == [("云栖置业", 1, 31, -35941), ("新置业", 1, 31, 35941)]
    assert found[0].words == "更正 2026-10-01 至 2026-10-31：应为 0.00元，已出账 359.41元"
    post(office, found)
    assert reckon("corrections", NOVEMBER, home, neighbour) == []
    assert Charge.objects.filter(reversal__isnull=False).count() == 0
    assert identities(cast.yunqi, date(2099, 1, 1)).hold


def test_what_was_billed_to_nobody_is_billed_to_him(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, neighbour = household(cast, "0201", handed=None), household(cast, "0202")
    for month in (SEPTEMBER, OCTOBER):
        billed(office, month, home, neighbour)
    assert not Charge.objects.filter(unit=home).exists()
    Unit.objects.filter(pk=cast.home.pk).update(handed_over_on=date(2020, 1, 1))
    change = late(cast, builder(cast, "新置业"))
    assert (change.bills, change.unbilled, change.touched) == (0, 1, "当时没有出账的 1 户")
    approve(cast, change, office.head)
    assert told(reckon("corrections", NOVEMBER, home)) == [("新置业", 1, 31, 35941)]


@pytest.mark.parametrize("kind", ["month", "reading"])
def test_shared_and_measured_costs_follow_the_payer_and_their_sum_stays(cast: Any, office: Office, kind: str) -> None:
    home, was, now = household(cast, "0201", handed=None), first_of(cast), builder(cast, "新置业")
    pool = office.item("GT", "公摊电费")
    for place, fen in enumerate((1001, 500)):
        basis = {kind: f"GT-{place}", "pool": place}
        office.charge(fen, 10, pool, party=was.pk, unit=home.pk, part=f"电梯{place}", basis=basis)
    change = late(cast, now)
    assert (change.bills, change.bills_fen) == (2, 1501)
    approve(cast, change, office.head)
    found = reckon("corrections", NOVEMBER, home)
    assert sorted((one.party, one.amount) for one in found) == sorted(
        [(was.pk, -1001), (now.pk, 1001), (was.pk, -500), (now.pk, 500)]
    )
    assert {one.basis[kind] for one in found} == {"GT-0", "GT-1"}
    post(office, found)
    assert reckon("corrections", NOVEMBER, home) == []


def test_within_a_month_the_days_are_divided_and_what_is_handed_over_is_left_alone(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, handed = household(cast, "0201", handed=None), household(cast, "0202", handed=date(2026, 10, 11))
    was, now = first_of(cast), builder(cast, "新置业")
    billed(office, OCTOBER, home, handed)
    with pytest.raises(Invalid, match="截止以后没有人付"):
        late(cast, now, from_on="2026-10-06", to_on="2026-10-25")
    owner = handed.occupancies.get(role="owner").party_id
    said = {"from_on": date(2026, 10, 12), "to_on": date(2026, 10, 31), "basis": {"month": "GT-1"}}
    office.charge(700, 10, office.item("GT", "公摊电费"), party=owner, unit=handed.pk, **said)
    change = late(cast, now, from_on="2026-10-06")
    assert {one.charge.unit for one in change.lines.all()} == {home, handed}
    approve(cast, change, office.head)
    found = reckon("corrections", NOVEMBER, home, handed)
    assert {one.party for one in found} == {was.pk, now.pk}  # the owner's days stay his
    assert [one.amount for one in found if (one.unit, one.party) == (home.pk, now.pk)] == [30144]  # 26/31
    assert sum(one.amount for one in found) == 0


def test_what_has_changed_meanwhile_is_drafted_anew(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, now = household(cast, "0201", handed=None), builder(cast, "新置业")
    first_of(cast)
    billed(office, OCTOBER, home)
    change = late(cast, now)
    twin = late(cast, now)
    office.does(office.head, lambda books: charging.reverse_charge(books, Charge.objects.get(), "错了"))
    with pytest.raises(Refused, match="不再影响已经出的账单"):
        approve(cast, change, office.head)
    refused = perform(change, "refuse", by=office.head, data={"rejection": "账单已冲"}, at=at(NOON))
    assert refused.state == "refused"
    assert Developer.objects.count() == 1
    billed(office, SEPTEMBER, home)
    with pytest.raises(Refused, match="有变动"):
        approve(cast, twin, office.head)


def test_what_concerns_no_bill_and_what_lies_in_the_way_is_said(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, now = household(cast, "0201", handed=None), builder(cast, "新置业")
    first_of(cast)
    with pytest.raises(Invalid, match="直接在“开发商付费”里登记"):
        late(cast, now)
    billed(office, OCTOBER, home)
    with pytest.raises(Invalid, match="截止日期不能早于"):
        late(cast, now, to_on="2026-09-01")
    with pytest.raises(Invalid, match="已经登记"):
        late(cast, now, from_on="2019-01-01")


def months_ago(count: int) -> Month:
    month = Month.of(timezone.localdate())
    for _ in range(count):
        month = month.before
    return month


def test_the_entry_says_what_it_concerns_and_asks_for_another_hand(cast: Any, office: Office, sign_in: Any) -> None:
    said = late_entry_of(cast, office)
    browser = sign_in(cast.xiang)
    entry = {"party": said["party"], "from_on": said["from_on"], "key": "k"}
    answer = browser.post(reverse("tariffs:new_developer"), entry)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/payer-changes/new/?")
    assert Developer.objects.count() == 1
    page = browser.get(answer["Location"]).content.decode()
    assert "影响已经出的账单 1 笔、359.41 元" in page
    done = browser.post(answer["Location"], {**said, "key": "k2"})
    change = PayerChange.objects.get()
    assert done.status_code == 302
    told_there = sign_in(office.head).get(f"/payer-changes/{change.number}/").content.decode()
    assert "359.41" in told_there
    assert "同意更正" in told_there
    sheet = text_of(sign_in(office.head).get(f"/payer-changes/{change.number}/print/payer_change/").content)
    assert "已出账单1笔、359.41元" in sheet
    new = reverse("kernel:new", args=["payer-changes"])
    for odd in (
        "party=x&from_on=y",
        f"party={said['party']}&from_on=y",
        f"party={said['party']}&from_on=2026-10-01&to_on=2026-09-01",
    ):
        assert "影响" not in browser.get(f"{new}?{odd}").content.decode()


def test_another_last_day_that_concerns_posted_bills_is_refused(cast: Any, office: Office, sign_in: Any) -> None:
    said = late_entry_of(cast, office)
    one, browser = Developer.objects.get(), sign_in(cast.xiang)
    edit = reverse("tariffs:edit_developer", args=[one.pk])
    before = date.fromisoformat(said["from_on"]) - timedelta(days=1)
    assert "已经出过账单给他" in browser.post(edit, {"to_on": f"{before}", "key": "a"}).content.decode()
    Developer.objects.filter(pk=one.pk).update(to_on=before)
    other = browser.post(edit, {"to_on": "", "key": "b"}).content.decode()
    assert "延长会影响已经出的账单" in other
    one.refresh_from_db()
    assert one.to_on == before
    Developer.objects.filter(pk=one.pk).update(to_on=date(2099, 1, 1))
    assert browser.post(edit, {"to_on": "", "key": "c"}).status_code == 302


def test_who_agrees_to_less_for_a_household_sees_which_bills_it_puts_right(
    cast: Any, office: Office, sign_in: Any
) -> None:
    tariff_of(office.property_fee)
    home, month = household(cast, "0201"), months_ago(1)
    billed(office, month, home)
    said = {"from_on": f"{month.first}", "percent": "15"}
    one = draft(cast, home, "discount", office.property_fee, **said)
    page = sign_in(cast.xiang).get(f"/agreements/{one.number}/").content.decode()
    assert "会更正的账单" in page
    assert "359.41" in page


def test_of_a_cluster_only_its_own_units(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home, elsewhere = household(cast, "0201", handed=None), household(cast, "0203", handed=None)
    first_of(cast)
    billed(office, OCTOBER, home, elsewhere)
    cluster = Cluster.objects.create(community=cast.yunqi, code="B9", name="九组团")
    Unit.objects.filter(pk=home.pk).update(cluster=cluster)
    change = late(cast, builder(cast, "新置业"), cluster=cluster.pk)
    assert [one.charge.unit for one in change.lines.all()] == [home]
    approve(cast, change, office.head)
    assert Developer.objects.filter(to_on__isnull=True).count() == 2  # of the site and of the cluster
    found = reckon("corrections", NOVEMBER, home, elsewhere)
    assert {one.unit for one in found} == {home.pk}


def test_what_lies_years_back_is_concerned_too(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home = household(cast, "0201", handed=None)
    was = first_of(cast)
    said = {"from_on": date(2025, 6, 1), "to_on": date(2025, 6, 30), "party": was.pk, "unit": home.pk}
    office.charge(35941, 6, basis={"rule": "area_gross"}, **said)
    billed(office, OCTOBER, home)
    entry = Entry(cast.yunqi.pk, None, builder(cast, "新置业").pk, date(2025, 1, 1))
    found = touching(entry)
    assert (found.bills, found.total, found.first) == (2, 35941 + 35941, date(2025, 6, 1))
    assert "已经出的账单 2 笔、718.82 元（2 个月的，" in found.words


def test_who_was_entered_meanwhile_stands_in_the_way(cast: Any, office: Office) -> None:
    tariff_of(office.property_fee)
    home = household(cast, "0201", handed=None)
    was = first_of(cast)
    billed(office, OCTOBER, home)
    change = late(cast, builder(cast, "新置业"))
    Developer.objects.update(to_on=date(2026, 11, 30))
    Developer.objects.create(community=cast.yunqi, party=was, from_on=date(2026, 12, 1))
    with pytest.raises(Refused, match="刚刚登记了别的开发商"):
        approve(cast, change, office.head)
