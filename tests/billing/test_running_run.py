"""出账: drawn up, checked by another, posted, taken back; what a person sees at each point."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.support.running import Estate, Flat, faults, flat_source
from tests.support.sheets import text_of
from yihu.areas.billing.reckoned import Oddity
from yihu.areas.billing.running import drawing, posting
from yihu.areas.billing.running.invariants import digest_of
from yihu.areas.billing.running.models import BillingRun, Draft, Finding, OffsetConsent
from yihu.areas.billing.running.printing import CHECK_SHEET
from yihu.areas.billing.running.showing import _item_row
from yihu.basics.months import Month
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge, Line, Voucher
from yihu.kernel.doors import perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.prints import render

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


@pytest.fixture
def estate(cast: Any, flat: Flat) -> Estate:
    return Estate(cast, flat)


def words(run: BillingRun, kind: str) -> list[str]:
    return [one.words for one in Finding.objects.filter(run=run, kind=kind).order_by("pk")]


@pytest.mark.clause("FEE-20")
@pytest.mark.clause("FEE-05", part="财务核对：试算的人不能核对，核对后才能出账，核对过的就是出的")
def test_what_was_drawn_up_and_checked_by_another_is_posted_and_explains_itself(estate: Estate) -> None:
    run = estate.draw()
    assert (run.state, run.lines, run.amount, run.figures["units"]) == ("ready", 6, 3 * 40941, 3)
    assert not Charge.objects.exists()
    with pytest.raises(NotAllowed):
        perform(run, "check", by=estate.accountant, data={})
    with pytest.raises(Conflict):
        perform(run, "post", by=estate.accountant)
    posted = estate.post(run)
    assert (posted.state, posted.lines_posted, posted.amount_posted, posted.lines_skipped) == ("posted", 6, 122823, 0)
    assert posted.checker == estate.checker
    said = list(posted.journal.order_by("seq").values_list("sentence", flat=True))
    assert said == [
        "张会计 开始试算", "试算完，可以核对", "何会计 核对无误 抽看三户", "张会计 出账", "出账 6 行 1,228.23 元", "出账完成",
    ]  # fmt: skip
    bill = Charge.objects.get(unit=estate.cast.home, item=estate.property_fee)
    assert (bill.amount, bill.open, bill.words, bill.basis, bill.record_id) == (
        35941, 35941, "每月 359.41 元", {"price": "359.41"}, run.pk,
    )  # fmt: skip
    voucher = Voucher.objects.get()
    assert voucher.record_id == run.pk
    assert voucher.by == estate.accountant
    assert sorted(Line.objects.values_list("account", "amount")) == sorted(
        [("receivable", 35941), ("receivable", 5000)] * 3 + [("income", -107823), ("pass_through", -15000)]
    )
    assert not Draft.objects.exists()
    assert faults() == []


@pytest.mark.clause("FEE-20")
def test_a_second_run_of_the_same_month_bills_nothing_twice_and_says_so(estate: Estate, flat: Flat) -> None:
    estate.post(estate.draw())
    again = estate.draw()
    assert (again.lines, again.figures["already"]) == (0, 6)
    with pytest.raises(Refused, match="没有要出的账单"):
        estate.check(again)
    perform(again, "withdraw", by=estate.accountant)
    flat.prices[estate.units[0].pk][1] = (estate.water.pk, 7000)
    other = estate.draw()
    assert words(other, "otherwise") == [
        "代收水费 2026-11-01 至 2026-11-30 已出过 50.00 元，现在算出 70.00 元，没有再出"
    ]
    assert Charge.objects.count() == 6


def test_what_somebody_bills_between_preview_and_posting_is_skipped_and_said(estate: Estate) -> None:
    run = estate.draw()
    estate.charge(
        35941, item=estate.property_fee, when="2026-11-20 10:00", from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)
    )
    posted = estate.post(run)
    assert (posted.state, posted.lines_posted, posted.lines_skipped) == ("posted", 5, 1)
    [found] = Finding.objects.filter(run=run, kind="billed")
    assert (found.unit, found.words) == (estate.cast.home, "每月 359.41 元 359.41 元")
    assert Charge.objects.count() == 6
    assert faults() == []


@pytest.mark.clause("FEE-20")
def test_days_that_somebody_bills_between_preview_and_posting_are_not_billed_again(estate: Estate) -> None:
    run = estate.draw()
    late = {"item": estate.property_fee, "when": "2026-11-20 10:00"}
    estate.charge(1000, from_on=date(2026, 10, 16), to_on=date(2026, 11, 15), **late)
    estate.charge(1000, from_on=date(2026, 12, 1), to_on=date(2026, 12, 31), **late)
    posted = estate.post(run)
    assert (posted.state, posted.lines_posted, posted.lines_skipped) == ("posted", 5, 1)
    [found] = Finding.objects.filter(run=run, kind="overlap")
    assert found.unit == estate.cast.home
    assert found.words.startswith(
        "每月 359.41 元 359.41 元，2026-11-01 至 2026-11-30 与已出的 2026-10-16 至 2026-11-15 重叠，没有再出"
    )
    assert posted.digest == digest_of(posted)
    assert faults() == []


def test_prices_changed_after_the_preview_change_nothing_that_was_checked(estate: Estate, flat: Flat) -> None:
    run = estate.draw()
    flat.prices[estate.units[0].pk] = [(estate.property_fee.pk, 99900)]
    estate.post(run)
    assert Charge.objects.get(unit=estate.cast.home, item=estate.property_fee).amount == 35941


def test_who_wants_the_new_prices_draws_up_anew_and_it_is_checked_anew(estate: Estate, flat: Flat) -> None:
    run = estate.check(estate.draw())
    flat.prices[estate.units[0].pk] = [(estate.property_fee.pk, 40000)]
    perform(run, "redraw", by=estate.accountant)
    run_waiting()
    run = estate.fresh(run)
    assert (run.state, run.checker, run.lines, run.amount) == ("ready", None, 5, 40000 + 2 * 40941)
    assert Draft.objects.count() == 5
    other = estate.cast.person("sun", "孙会计", "accountant")
    perform(run, "return", by=other, data={"check_note": "A1-0101 的价格不对"})
    perform(run, "redraw", by=other)
    run_waiting()
    with pytest.raises(NotAllowed):  # who drew it up, even the second time, does not check it
        perform(run, "check", by=other, data={})
    assert estate.post(run).lines_posted == 5


def test_a_unit_that_something_stops_is_left_out_and_the_rest_is_billed(estate: Estate, flat: Flat) -> None:
    first, second, _ = estate.units
    flat.odd = [Oddity(first.pk, "没有面积", "没有登记收费面积", stops=True), Oddity(second.pk, "估抄", "第二次估抄")]
    run = estate.draw()
    assert (run.lines, run.figures["left_out"], run.figures["findings"]) == (4, 1, 2)
    estate.post(run)
    assert not Charge.objects.filter(unit=first).exists()
    flat.odd = []
    later = estate.draw()
    assert (later.lines, later.figures["already"]) == (2, 4)
    estate.post(later)
    assert Charge.objects.count() == 6


def test_what_concerns_the_whole_community_stops_the_run(estate: Estate, flat: Flat) -> None:
    flat.odd = [Oddity(None, "总表没有读数", "本月总表没有读数，公摊不能算", stops=True)]
    with pytest.raises(Refused, match="影响整个项目"):
        estate.check(estate.draw())


def test_lines_that_cannot_be_are_said_and_their_unit_is_left_out(estate: Estate, flat: Flat) -> None:
    first, second, third = (unit.pk for unit in estate.units)
    fee = estate.property_fee.pk
    flat.more = [
        flat.line(NOVEMBER, first, estate.deposit.pk, 100), flat.line(NOVEMBER, second, fee, 100),
        flat.line(NOVEMBER, third, fee, 100)._replace(part="二号表", to_on=date(2026, 10, 1)),
    ]  # fmt: skip
    run = estate.draw()
    assert [len(words(run, kind)) for kind in ("wrong", "double")] == [2, 1]
    assert (run.lines, run.figures["left_out"]) == (0, 3)
    flat.more = [flat.line(NOVEMBER, first, fee, 0, part="零"), flat.line(NOVEMBER, None, 10**9, 5, party=1)]
    perform(run, "redraw", by=estate.accountant)
    run_waiting()
    assert Finding.objects.filter(run=run, kind="wrong").count() == 2
    assert estate.fresh(run).figures["stop_all"] == 1


def test_what_changed_since_last_month_is_listed_beyond_the_threshold(estate: Estate, flat: Flat) -> None:
    estate.post(estate.draw(month="2026-10-01"))
    first, second, third = (unit.pk for unit in estate.units)
    flat.prices[first][1] = (estate.water.pk, 24000)
    flat.prices[second][1] = (estate.water.pk, 17282)  # thirty per cent to the 分: not beyond it
    flat.prices[third] = []
    run = estate.draw()
    assert words(run, "changed") == ["上月 409.41 元，本月 599.41 元（+46%），其中代收水费 +190.00 元"]
    assert words(run, "vanished") == ["上月 409.41 元，本月没有账单"]
    assert run.figures["before"] == {str(estate.property_fee.pk): 107823, str(estate.water.pk): 15000}
    only = estate.draw(items=[estate.property_fee.pk])  # of water nothing is said
    assert (only.lines, words(only, "changed"), len(words(only, "vanished"))) == (2, [], 1)


def test_a_time_that_overlaps_what_was_billed_is_said_and_not_billed_again(estate: Estate) -> None:
    estate.charge(1000, item=estate.property_fee, from_on=date(2026, 11, 10), to_on=date(2026, 12, 9))
    run = estate.draw()
    (said,) = words(run, "overlap")
    assert said.startswith("物业服务费 2026-11-01 至 2026-11-30 与已出的 2026-11-10 至 2026-12-09 重叠，没有再出")
    assert (run.lines, run.figures["already"]) == (5, 1)


def test_a_line_of_no_unit_is_billed_once_however_many_units_are_asked_for(
    estate: Estate, flat: Flat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "UNITS", 1)
    flat.more = [flat.line(NOVEMBER, None, estate.property_fee.pk, 700, party=estate.cast.owner.pk, part="车位 B12")]
    run = estate.draw()
    assert (flat.asked, run.lines, run.slices) == ([1, 1, 1], 7, 4)
    posted = estate.post(run)
    assert posted.lines_posted == 7
    assert Charge.objects.get(unit=None).amount == 700
    assert posted.digest == digest_of(posted)
    assert faults() == []


def test_only_one_run_of_the_same_scope_is_under_way(estate: Estate) -> None:
    run = estate.draw()
    with pytest.raises(Invalid, match=run.number):
        estate.open(by=estate.checker)
    assert estate.open(items=[estate.water.pk]).state == "drawing"
    perform(run, "withdraw", by=estate.accountant)
    assert estate.open(by=estate.checker).state == "drawing"


def test_who_sets_prices_neither_draws_up_nor_checks(estate: Estate) -> None:
    with pytest.raises(NotAllowed):
        estate.open(by=estate.cast.xiang)
    both = estate.cast.person("liang", "两岗", "accountant", "project_manager")
    with pytest.raises(NotAllowed):
        estate.open(by=both)
    with pytest.raises(NotAllowed):
        perform(estate.draw(), "check", by=both, data={})


# -- stopping and going on ------------------------------------------------------------------------------------------


def test_it_is_stopped_between_two_slices_and_resumed(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LINES", 2)
    run = estate.post(estate.draw(), wait=False)
    perform(run, "stop", by=estate.accountant)
    run_waiting()
    assert not Charge.objects.exists()
    stopped = estate.fresh(run)
    assert stopped.state == "stopped"
    perform(stopped, "resume", by=estate.checker)
    run_waiting()
    posted = estate.fresh(run)
    assert (posted.state, posted.done, posted.slices, posted.lines_posted) == ("posted", 3, 3, 6)
    assert posted.digest == digest_of(posted)


def test_who_may_no_longer_bill_stops_it_with_a_sentence(estate: Estate) -> None:
    run = estate.post(estate.draw(), wait=False)
    estate.accountant.posts.all().delete()
    run_waiting()
    stopped = estate.fresh(run)
    assert (stopped.state, stopped.trouble) == ("stopped", "您不能出账，请找财务。")
    assert not Charge.objects.exists()
    perform(stopped, "resume", by=estate.checker)
    run_waiting()
    assert (estate.fresh(run).state, Charge.objects.count()) == ("posted", 6)


# -- taking back ----------------------------------------------------------------------------------------------------


def test_taken_back_as_a_whole_with_approval_and_billed_anew(estate: Estate) -> None:
    posted = estate.post(estate.draw())
    bill = Charge.objects.get(unit=estate.cast.home, item=estate.property_fee)
    receipt = estate.receive(20000)
    estate.settle(receipt, bill)
    with pytest.raises(NotAllowed):
        perform(posted, "ask_back", by=estate.head, data={"back_why": "x"})
    asked = perform(posted, "ask_back", by=estate.accountant, data={"back_why": "价格录错", "rooms": ""})
    with pytest.raises(NotAllowed):
        perform(asked, "approve_back", by=estate.accountant)
    perform(asked, "refuse_back", by=estate.head, data={"reason": "没有依据"})
    back = estate.take_back(posted)
    assert (back.state, back.lines_back, back.amount_back) == ("reversed", 6, 122823)
    assert not Charge.objects.filter(reversal__isnull=True).exists()
    receipt.refresh_from_db()
    assert receipt.left == 20000  # what was paid stands at his disposal again
    assert identities(estate.cast.yunqi, date(2199, 1, 1)).arrears == 0
    again = estate.post(estate.draw())
    assert again.lines_posted == 6
    assert faults() == []


def test_only_some_units_are_taken_back(estate: Estate) -> None:
    posted = estate.post(estate.draw())
    with pytest.raises(Invalid, match="对不上一户"):
        perform(posted, "ask_back", by=estate.accountant, data={"back_why": "面积错", "rooms": "Z9-9999"})
    back = estate.take_back(posted, str(estate.units[1]))
    assert (back.state, back.lines_back, back.back_units) == ("posted", 2, [])
    assert set(Charge.objects.filter(reversal__isnull=False).values_list("unit", flat=True)) == {estate.units[1].pk}
    with pytest.raises(Invalid, match="没有账单"):
        perform(back, "ask_back", by=estate.accountant, data={"back_why": "面积错", "rooms": str(estate.units[1])})
    assert estate.draw().lines == 2
    rest = estate.take_back(back)
    assert (rest.state, rest.lines_back) == ("reversed", 6)
    assert faults() == []


# -- prepayments and adjustments ------------------------------------------------------------------------------------


def test_a_prepayment_is_used_where_its_payer_agreed_and_not_otherwise(estate: Estate) -> None:
    """Scenario 19: 713.60 are left over; next month they go to the bill, because the consent is on file."""
    receipt = estate.receive(71360, unit=estate.cast.home)
    other = estate.receive(50000, party=estate.owners[1])
    third = estate.receive(50000, party=estate.owners[2])
    agreed = {"community": estate.cast.yunqi, "from_on": date(2026, 1, 1), "paper": "同意书"}
    OffsetConsent.objects.create(party=estate.cast.owner, unit=estate.cast.home, **agreed)
    OffsetConsent.objects.create(party=estate.owners[2], to_on=date(2026, 1, 31), **agreed)
    posted = estate.post(estate.draw())
    for one in (receipt, other, third):
        one.refresh_from_db()
    assert (posted.amount_offset, receipt.left, other.left, third.left) == (40941, 30419, 50000, 50000)
    assert not Charge.objects.filter(unit=estate.cast.home).exclude(open=0).exists()
    assert faults() == []


def test_money_that_came_for_one_unit_never_pays_for_another(estate: Estate, flat: Flat) -> None:
    """domain §5.6: what is left over is the payer's and the unit's. One consent for all his homes changes nothing in that."""
    home, other, _ = estate.units
    flat.payers[other.pk] = estate.cast.owner.pk
    free = estate.receive(50000)
    bound = estate.receive(71360, unit=home)
    OffsetConsent.objects.create(
        community=estate.cast.yunqi, party=estate.cast.owner, from_on=date(2026, 1, 1), paper="同意书"
    )
    posted = estate.post(estate.draw())
    free.refresh_from_db()
    bound.refresh_from_db()
    assert (posted.amount_offset, bound.left, free.left) == (2 * 40941, 71360 - 40941, 50000 - 40941)
    second = estate.post(estate.draw(month="2026-12-01"))
    free.refresh_from_db()
    bound.refresh_from_db()
    assert (second.amount_offset, bound.left, free.left) == (30419 + 9059, 0, 0)
    owed = Charge.objects.filter(open__gt=0, party=estate.cast.owner)
    assert sum(owed.filter(unit=home).values_list("open", flat=True)) <= 40941 - 30419
    assert faults() == []


def test_a_line_in_his_favour_is_set_off_against_the_bill(estate: Estate, flat: Flat) -> None:
    unit = estate.cast.home.pk
    flat.more = [flat.line(NOVEMBER, unit, estate.property_fee.pk, -3000, part="面积更正", words="多收退回")]
    posted = estate.post(estate.draw())
    assert (posted.amount_posted, posted.amount_offset) == (122823 - 3000, 3000)
    assert Charge.objects.get(amount=-3000).open == 0
    assert sum(Charge.objects.filter(unit=unit, amount__gt=0).values_list("open", flat=True)) == 40941 - 3000
    back = estate.take_back(posted)
    assert (back.state, identities(estate.cast.yunqi, date(2199, 1, 1)).arrears) == ("reversed", 0)
    assert faults() == []


# -- what a person sees ---------------------------------------------------------------------------------------------


@pytest.mark.clause("FEE-19", part="核对的人逐户看得到每行的时间、算式和金额，出账以前和以后一样")
def test_the_page_says_how_much_what_is_odd_what_changed_and_each_bill_explains_itself(
    estate: Estate, flat: Flat, sign_in: Any
) -> None:
    estate.post(estate.draw(month="2026-10-01"))
    first, second, _ = estate.units
    flat.prices[second.pk][1] = (estate.water.pk, 30000)
    flat.odd = [Oddity(first.pk, "没有面积", "没有登记收费面积", stops=True)]
    run = estate.draw()
    checker = sign_in(estate.checker)
    page = checker.get(run.get_absolute_url()).content.decode()
    for said in ("2 户 4 行，1,068.82 元", "有 1 户不出账", "没有登记收费面积", "其中代收水费 +250.00 元", "核对无误"):
        assert said in page
    assert "核对无误" not in sign_in(estate.accountant).get(run.get_absolute_url()).content.decode()
    bill = checker.get(f"/running/{run.number}/bills/{second.pk}/").content.decode()
    for said in ("每月 359.41 元", "每月 300.00 元", "2026-11-01 至 2026-11-30", "业主0", "659.41", "与上月相差较大"):
        assert said in bill
    for address in (
        "bills/",
        f"bills/?q={second.room}",
        "bills/?after=x",
        "findings/",
        "findings/?stops=1",
        "findings/?kind=changed",
    ):
        assert checker.get(f"/running/{run.number}/{address}").status_code == 200
    assert str(second) in checker.get(f"/running/{run.number}/bills/").content.decode()
    assert "正在出账" not in checker.get(f"/running/{run.number}/progress/").content.decode()
    posted = estate.post(run, wait=False)
    assert "正在出账" in checker.get(f"/running/{run.number}/progress/").content.decode()
    run_waiting()
    assert "每月 300.00 元" in checker.get(f"/running/{run.number}/bills/{second.pk}/").content.decode()
    back = estate.take_back(estate.fresh(posted), str(second))
    assert "已冲回" in checker.get(f"/running/{run.number}/bills/{second.pk}/").content.decode()
    assert "2 行，659.41 元（蔡财务 批准）" in checker.get(back.get_absolute_url()).content.decode()
    assert sign_in(estate.cast.wang).get(f"/running/{run.number}/bills/").status_code in (403, 404)


def test_the_check_sheet_carries_the_totals_the_findings_and_the_names(estate: Estate, flat: Flat) -> None:
    estate.post(estate.draw(month="2026-10-01"))
    flat.odd = [Oddity(estate.units[0].pk, "没有面积", "没有登记收费面积", stops=True)]
    run = estate.check(estate.draw())
    words_ = text_of(render(CHECK_SHEET, run, estate.checker))
    for said in (
        "出账核对表",
        "2026年11月",
        "818.82",
        "捌佰壹拾捌元捌角贰分",
        "没有登记收费面积",
        "张会计",
        "何会计",
        "抽看三户",
        "−33%",
    ):
        assert said in words_, said


def test_consents_are_kept_by_the_collector_and_dated(estate: Estate, sign_in: Any) -> None:
    client = sign_in(estate.collector)
    typed = {"party": estate.cast.owner.pk, "unit": "", "from_on": "2026-11-01", "paper": "合同第 9 条", "shown": "on"}
    refused = client.post("/running/consents/new/", {**typed, "to_on": "2026-10-01"})
    assert "止不能早于起" in refused.content.decode()
    assert client.post("/running/consents/new/", typed).status_code == 302
    assert "合同第 9 条" in client.get("/running/consents/").content.decode()
    kept = OffsetConsent.objects.get()
    assert kept in OffsetConsent.objects.on(date(2026, 11, 1))
    assert kept not in OffsetConsent.objects.on(date(2026, 10, 31))
    assert sign_in(estate.accountant).post("/running/consents/new/", typed).status_code in (403, 404)


def test_who_may_no_longer_reverse_stops_the_taking_back(estate: Estate) -> None:
    posted = estate.post(estate.draw())
    asked = perform(posted, "ask_back", by=estate.accountant, data={"back_why": "价格录错", "rooms": ""})
    perform(asked, "approve_back", by=estate.head)
    estate.head.posts.all().delete()
    run_waiting()
    stopped = estate.fresh(posted)
    assert (stopped.state, stopped.trouble) == ("asked_back", "您不能冲销账单，请找财务主管。")
    assert not Charge.objects.filter(reversal__isnull=False).exists()
    other = estate.cast.person("tang", "唐财务", "finance_supervisor")
    perform(stopped, "approve_back", by=other)
    run_waiting()
    assert (estate.fresh(posted).state, faults()) == ("reversed", [])


def test_what_is_half_posted_is_not_thrown_away(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LINES", 2)
    run = estate.post(estate.draw(), wait=False)
    posting._one_move(posting.at_work(run.pk))
    stopped = perform(estate.fresh(run), "stop", by=estate.accountant)
    with pytest.raises(Refused, match="已经有账单入账"):
        perform(stopped, "withdraw", by=estate.accountant)
    back = estate.take_back(stopped)
    assert (back.state, back.lines_back) == ("reversed", 2)
    assert faults() == []


@pytest.mark.parametrize(
    ("amount", "before", "told"), [(996, 1000, "−0.4%"), (1003, 999, "+0.4%"), (100001, 100000, ""), (1, 0, "")]
)
def test_a_small_difference_to_last_month_is_not_said_as_nothing(amount: int, before: int, told: str) -> None:
    assert _item_row("水费", 1, amount, before)["percent"] == told
