"""A published share is corrected by another publication: old, new and difference on the wall, the difference on the next bill."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tests.support.doing import at
from tests.support.sharing import Sharers
from tests.support.sheets import text_of
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.areas.billing.sharing.models import PoolMonth
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import books
from yihu.kernel.doors import command, open_record
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)
NOON = "2026-12-21 12:00"


@pytest.fixture
def office(cast: Any) -> Sharers:
    sharers = Sharers(cast)
    for unit in sharers.homes[1:]:
        Occupancy.objects.create(unit=unit, party=cast.owner, role="owner", from_on=date(2020, 1, 1))
    return sharers


def lines(office: Sharers, month: Month) -> list[Reckoned]:
    found = SOURCES["sharing"].reckon(office.cast.yunqi.pk, month, [unit.pk for unit in office.homes])
    return [one for one in found if isinstance(one, Reckoned)]


def bill(office: Sharers, rows: list[Reckoned]) -> None:
    """As a run posts them."""
    here = office.cast.yunqi.pk
    with command(by=office.accountant, verb="test.bill") as commanding, books(commanding, here) as opened:
        for one in rows:
            charging.charge(opened, Owed(
                party=one.party, unit=one.unit, item=office.item, from_on=one.from_on, to_on=one.to_on, due_on=one.due_on,
                amount=one.amount, part=one.part, words=one.words, basis=dict(one.basis),
            ))  # fmt: skip


def correction(
    office: Sharers, was: PoolMonth, amount: str, why: str = "供应方补来账单", publish: bool = True
) -> PoolMonth:
    data = {"corrects": was.pk, "why_corrected": why}
    made = open_record(PoolMonth(community=office.cast.yunqi), by=office.accountant, data=data, origin=was, at=at(NOON))
    made = office.fill(made, invoice_fen=amount)
    if not publish:
        return made
    made = office.step(made, "check", office.head, when=NOON)
    office.step(made, "publish", office.accountant, when=NOON, posted_where="公告栏", posted_from="2026-12-21",
                posted_to="2027-01-05")  # fmt: skip
    run_waiting(now=at(NOON))
    return PoolMonth.objects.get(pk=made.pk)


@pytest.mark.clause("FEE-13", part="公示错了的，另公示更正表，写明原来、现在和差额；差额进下一次账单，原账单不改")
def test_a_new_sheet_takes_the_place_of_the_old_one_and_the_next_bill_has_the_difference(office: Sharers) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    bill(office, lines(office, NOVEMBER))
    new = correction(office, was, "1300.00")
    was.refresh_from_db()
    assert (was.state, was.live, new.state, new.live, new.corrects) == ("corrected", False, "published", True, was)
    assert (new.pool, new.month, new.from_on, new.to_on) == (was.pool, was.month, was.from_on, was.to_on)
    rows = lines(office, DECEMBER)
    assert [row.amount for row in rows] == [10_000, 10_000, 10_000]  # 433.34 − 333.34, 433.33 − 333.33
    assert rows[0].words == "A1栋楼道照明电 2026年11月更正公示：应摊 433.34元，已出账 333.34元"
    assert (rows[0].from_on, rows[0].due_on) == (date(2026, 11, 1), date(2027, 1, 10))
    bill(office, rows)
    assert lines(office, DECEMBER) == lines(office, JANUARY) == []  # once
    assert sum(row.amount for row in Charge.objects.all()) == 130_000
    # corrected once more, downwards: what was billed too much comes back
    last = correction(office, new, "1000.00", "补来的账单属于另一栋")
    assert [row.amount for row in lines(office, JANUARY)] == [-10_000, -10_000, -10_000]
    assert last.live


def test_the_wall_says_old_new_and_difference(office: Sharers, sign_in: Any) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    new = correction(office, was, "1300.00")
    said = text_of(render(procedure_of(PoolMonth).prints[0], new, office.cast.wang, now=at(NOON)))
    for words in ("公摊公示表（更正）", was.number, "供应方补来账单", "333.34", "433.34", "+100.00", "+300.00"):
        assert words in said, words
    assert "赵业主" not in said
    page = sign_in(office.cast.wang).get(new.get_absolute_url()).content.decode()
    assert "+100.00" in page
    assert f"已由 {new.number} 更正" in sign_in(office.cast.wang).get(was.get_absolute_url()).content.decode()


def test_where_the_month_was_not_billed_yet_its_own_bill_has_the_new_amount(office: Sharers) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    correction(office, was, "1300.00")
    assert [row.amount for row in lines(office, NOVEMBER)] == [43_334, 43_333, 43_333]
    assert lines(office, DECEMBER) == []


@pytest.mark.clause("FEE-13", part="更正的差额里出过全额的户，重出那个月时不再出")
def test_a_unit_that_was_billed_by_the_difference_alone_is_not_billed_its_part_again(office: Sharers) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    bill(office, lines(office, NOVEMBER)[1:])  # the first unit was left out
    correction(office, was, "1300.00")
    bill(office, lines(office, DECEMBER))
    here, units = office.cast.yunqi.pk, [unit.pk for unit in office.homes]
    found = list(SOURCES["sharing"].reckon(here, NOVEMBER, units))
    assert [one.unit for one in found if isinstance(one, Oddity) and one.kind == "settled"] == [units[0]]
    assert [one.unit for one in found if isinstance(one, Reckoned)] == units[1:]  # theirs stand: the run sees it
    assert sum(Charge.objects.filter(unit=units[0]).values_list("amount", flat=True)) == 43_334


def test_until_it_hangs_the_old_one_counts_and_there_is_one_at_a_time(office: Sharers) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    waiting = correction(office, was, "1300.00", publish=False)
    assert [row.amount for row in lines(office, NOVEMBER)] == [33_334, 33_333, 33_333]
    with pytest.raises(Invalid, match="已经有一份更正在办"):
        correction(office, was, "1400.00")
    with pytest.raises(NotAllowed):
        office.step(waiting, "check", office.accountant)
    office.step(waiting, "void", office.head, opinion="账单没错")
    assert correction(office, was, "1200.00").live


def test_the_page_of_a_published_sheet_leads_to_its_correction(office: Sharers, sign_in: Any) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    client = sign_in(office.accountant)
    assert "更正这一份" in client.get(was.get_absolute_url()).content.decode()
    url = f"{was.get_absolute_url()}do/redo/"
    form = client.get(url).content.decode()
    name = re.search(r'name="([\w-]*why_corrected)"', form)
    assert name is not None
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key is not None
    prefix = name[1].removesuffix("why_corrected")
    answer = client.post(url, {"key": key[1], f"{prefix}corrects": was.pk, name[1]: "供应方补来账单"})
    assert answer.status_code == 302
    made = PoolMonth.objects.get(corrects=was)
    assert (made.pool, made.month, made.state, made.invoice_fen) == (was.pool, was.month, "due", was.invoice_fen)


def test_other_bills_of_the_item_and_units_without_a_payer_are_left_alone(office: Sharers) -> None:
    was = office.published(office.fill(office.month(office.pool())))
    rows = lines(office, NOVEMBER)
    bill(office, rows)
    bill(office, [rows[0]._replace(part="手工补收", amount=500, basis={"kind": "hand"})])
    correction(office, was, "1300.00")
    empty = office.homes[2]
    Occupancy.objects.filter(unit=empty).delete()
    shop = office.cast.unit("0102", entrance="2")  # in nobody's pool
    found = SOURCES["sharing"].reckon(office.cast.yunqi.pk, DECEMBER, [*(unit.pk for unit in office.homes), shop.pk])
    assert [(one.unit, one.amount) for one in found if isinstance(one, Reckoned)] == [
        (unit.pk, 10_000) for unit in office.homes[:2]
    ]
