"""出账 at its edges: empty communities, sources that went away, pages of nobody's run, books that somebody has spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.support.doing import at
from tests.support.running import Estate, Flat, faults, flat_source
from yihu.areas.billing.reckoned import SOURCES, Oddity
from yihu.areas.billing.running import drawing, posting
from yihu.areas.billing.running.models import BillingRun, Draft, Finding, MonthTurn, OffsetConsent, Slice
from yihu.areas.billing.running.pace import Overtaken
from yihu.basics.months import Month
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import Charge
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


@pytest.fixture
def estate(cast: Any, flat: Flat) -> Estate:
    return Estate(cast, flat)


def test_where_nothing_costs_anything_the_run_says_so(estate: Estate, flat: Flat, sign_in: Any) -> None:
    flat.prices.clear()
    run = estate.draw()
    assert (run.state, run.lines, Draft.objects.count()) == ("ready", 0, 0)
    page = sign_in(estate.checker).get(run.get_absolute_url()).content.decode()
    assert "抽查账单" not in page


def test_a_source_that_was_taken_out_meanwhile_is_not_asked(estate: Estate) -> None:
    run = estate.open()
    kept = dict(SOURCES)
    SOURCES.clear()
    try:
        run_waiting()
    finally:
        SOURCES.update(kept)
    assert (estate.fresh(run).state, estate.fresh(run).lines) == ("ready", 0)


@pytest.mark.clause("FEE-20", part="还有户没有出账的早月份，可以再出一张补上")
def test_an_earlier_month_may_be_drawn_up_again_as_long_as_a_household_is_without_its_bill(
    estate: Estate, flat: Flat, sign_in: Any
) -> None:
    now = timezone.now()
    early, earlier = (add_months(timezone.localdate(now).replace(day=1), -back) for back in (3, 4))
    flat.odd = [Oddity(estate.cast.home.pk, "no_payer", "没有付款人", stops=True)]
    estate.post(estate.draw(month=f"{early}", when=at(f"{early:%Y-%m}-25 10:00")))
    page = sign_in(estate.accountant).get("/billing-runs/new/").content.decode()
    assert f"{early.year}年{early.month}月（1 户没有出账）" in page
    with pytest.raises(Invalid):
        estate.open(month=f"{earlier}", when=now)  # nobody was left out of it
    flat.odd = []
    posted = estate.post(estate.draw(month=f"{early}", when=now))
    assert (posted.lines_posted, posted.figures["already"]) == (2, 4)
    with pytest.raises(Invalid):
        estate.open(month=f"{early}", when=now)
    assert faults() == []


def test_a_line_of_another_batch_of_units_is_said_and_left_out(estate: Estate, flat: Flat) -> None:
    elsewhere = estate.cast.unit("0901")
    flat.payers[elsewhere.pk] = estate.cast.owner.pk
    lines, ask = flat.line, flat.reckon

    def reckon(community_id: int, month: Month, units: Any) -> Any:
        yield from ask(community_id, month, units)
        yield lines(month, elsewhere.pk, estate.water.pk, 100)

    flat.reckon = reckon  # type: ignore[method-assign]
    drawing_units, drawing.UNITS = drawing.UNITS, 3
    try:
        run = estate.draw()
    finally:
        drawing.UNITS = drawing_units
    assert "不是这一批房屋的" in Finding.objects.filter(run=run, kind="wrong")[0].words
    assert str(Finding.objects.filter(run=run)[0]) == Finding.objects.filter(run=run)[0].words


def test_what_was_done_meanwhile_is_not_done_again(estate: Estate) -> None:
    """Two workers hold the same place of a run; the second one finds that it is past."""
    old = BillingRun.objects.get(pk=estate.open().pk)
    units = drawing._next_units(old)
    sifted = drawing.Around(old).reckon(units)
    drawing._lay_down(old, units, sifted, {})
    drawing._lay_down(old, units, sifted, {})  # the same command is not carried out again
    assert (Draft.objects.count(), str(Slice.objects.get())) == (6, f"{old} 0")
    with pytest.raises(Overtaken):
        drawing._lay_down(old, units[:1], sifted, {})
    assert str(Draft.objects.earliest("pk")) == f"{old} 每月 359.41 元"
    run_waiting()
    ready = estate.fresh(old)
    perform(estate.check(ready), "post", by=estate.accountant)
    first = posting.at_work(ready.pk)
    assert first is not None
    posting._post_slice(first)
    posting._post_slice(first)
    posting._halt(ready, "停")
    run_waiting()
    assert (Charge.objects.count(), faults()) == (6, [])


def test_a_slice_of_which_nothing_is_left_is_passed_over(estate: Estate) -> None:
    run = estate.check(estate.draw())
    Draft.objects.filter(run=run).delete()
    perform(run, "post", by=estate.accountant)
    run_waiting()
    assert (estate.fresh(run).state, estate.fresh(run).lines_posted) == ("posted", 0)


def test_an_unknown_run_a_wrong_month_and_a_wrong_percentage(estate: Estate, sign_in: Any) -> None:
    client = sign_in(estate.accountant)
    assert client.get("/running/YQ-ZD-202611-9999/bills/").status_code == 404
    with pytest.raises(Invalid, match="1 至 1000"):
        estate.open(threshold="0")
    with pytest.raises(Invalid):
        estate.open(month="")


def test_a_month_stands_in_the_calendar_once_and_is_not_withdrawn(estate: Estate) -> None:
    by = authority().system()
    with pytest.raises(Invalid, match="请选择月份"):
        open_record(MonthTurn(community=estate.cast.yunqi), by=by, data={"period": "2026-13"})
    turn = open_record(
        MonthTurn(community=estate.cast.yunqi), by=by, data={"period": "2026-11", "due_at": "2026-11-28T18:00"}
    )
    with pytest.raises(Invalid, match="已经列出"):
        open_record(MonthTurn(community=estate.cast.yunqi), by=by, data={"period": "2026-11"})
    with pytest.raises(Refused, match="每月一条，不撤回"):
        perform(turn, "withdraw", by=by, data={"reason": "x", "withdraw_reason": "x"})


def test_the_list_of_runs_says_sum_and_oddities(estate: Estate, sign_in: Any) -> None:
    estate.draw()
    estate.open(month="2026-12-01")
    client = sign_in(estate.accountant)
    page = client.get(reverse("kernel:list", args=["billing-runs"])).content.decode()
    assert "1,228.23 元" in page
    waiting = BillingRun.objects.get(month_on=date(2026, 12, 1))
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "各收费项目" not in page
    assert "正在试算" in waiting.facts()["content"]
    assert "6 行，1,228.23 元" in BillingRun.objects.exclude(pk=waiting.pk).get().facts()["content"]


def test_more_bills_than_a_page_lead_on(estate: Estate, monkeypatch: Any, sign_in: Any) -> None:
    from yihu.areas.billing.running.pages import runs as pages

    monkeypatch.setattr(pages, "PAGE", 1)
    run = estate.draw()
    client = sign_in(estate.checker)
    page = client.get(f"/running/{run.number}/bills/?q=").content.decode()
    assert f"after={estate.units[0].pk}" in page


def test_only_where_prices_are_set_the_month_comes_round(estate: Estate) -> None:
    assert come_round(at("2026-11-27 09:00"), only="month-turn") == []


def test_a_run_that_does_not_say_what_the_books_say_is_found(estate: Estate) -> None:
    run = estate.post(estate.draw())
    BillingRun.objects.filter(pk=run.pk).update(digest="0" * len(run.digest))
    assert any("与出账时的校验值不符" in fault for fault in faults())
    BillingRun.objects.filter(pk=run.pk).update(lines_posted=5)
    assert any("账上 6 行" in fault for fault in faults())
    BillingRun.objects.filter(pk=run.pk).update(state="reversed")
    assert any("账上还有没冲的账单" in fault for fault in faults())


def test_money_set_off_and_units_asked_back_stand_on_the_page(estate: Estate, sign_in: Any) -> None:
    paper = {"party": estate.cast.owner, "from_on": date(2020, 1, 1), "paper": "合同第 9 条"}
    kept = OffsetConsent.objects.create(community=estate.cast.yunqi, **paper)
    assert str(estate.cast.owner) in str(kept)
    estate.receive(10000)
    run = estate.post(estate.draw())
    client = sign_in(estate.head)
    assert "100.00 元" in client.get(run.get_absolute_url()).content.decode()
    asked = {"back_why": "价格录错", "rooms": str(estate.units[1])}
    perform(run, "ask_back", by=estate.accountant, data=asked)
    assert "1 户 2 行，价格录错（张会计）" in client.get(run.get_absolute_url()).content.decode()
