"""收费月历: each step of the month with who did it or what it waits for; duties open by themselves and rise when late (D61–D69)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from tests.billing.noticing import billing_of
from tests.support.doing import at
from tests.support.running import Estate, Flat, flat_source
from tests.support.sheets import text_of
from yihu.areas.billing.dunning.models import DunningRound
from yihu.areas.billing.notices.models import DeliverySheet, NoticeBatch
from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.basics.months import Month
from yihu.fronts.feemonth import asking, making
from yihu.fronts.feemonth.rows import Look, Row
from yihu.ground.ledger import posting
from yihu.kernel.doors import command, perform
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


def seen(cast: Any, when: str, month: Month = NOVEMBER) -> dict[str, Row]:
    look = Look(cast.yunqi, month, cast.gao, at(when))
    return {row.title: row for row in (*asking.early(look), *making.rows(look), *asking.late(look))}


def states(rows: dict[str, Row], *titles: str) -> list[str]:
    return [rows[title].state for title in titles]


def priced(cast: Any, item: Any = None) -> None:
    Tariff.objects.create(
        community=cast.yunqi, item=item or billing_of(cast).property_fee, kind=Kind.FIXED, price=Decimal("10"),
        from_on=date(2026, 1, 1),
    )  # fmt: skip


def test_before_its_days_come_nothing_is_asked_and_afterwards_there_was_nothing(cast: Any) -> None:
    rows = seen(cast, "2026-11-03 09:00")
    assert {title for title, row in rows.items() if row.state not in ("wait", "none")} == {"上月凭证审核、结账"}
    assert rows["有偿服务月结清单送财务"].told == "20 日自动列出"
    assert rows["催款通知单"].span == "16 日，第 11 个工作日"
    rows = seen(cast, "2026-12-20 09:00")
    assert rows["缴费通知单生成、核对"].told == "本月没有未缴的账单"
    assert "水、电、气、暖" in rows["暂停可选服务通知，七日内缴清"].told


@pytest.mark.clause("FEE-05", part="每月的步骤在一页上：谁办的、等什么、晚了没有")
def test_the_page_says_who_did_it_and_what_it_waits_for(cast: Any) -> None:
    office = billing_of(cast)
    office.charge(35941, 11, due_on=date(2026, 12, 10))
    batch = office.batch()
    rows = seen(cast, "2026-11-24 09:00")
    assert (rows["缴费通知单生成、核对"].state, rows["缴费通知单生成、核对"].told) == ("busy", "等会计生成")
    batch = office.step(batch, "draw", office.accountant, pay_by="2026-12-10", pay_ways="收费处")
    assert "张会计" in seen(cast, "2026-11-24 10:00")["缴费通知单生成、核对"].told
    batch = office.step(batch, "check", office.head)
    rows = seen(cast, "2026-11-24 11:00")
    assert states(rows, "缴费通知单生成、核对", "通知单盖章、打印", "逐户送达、签收") == ["done", "busy", "wait"]
    assert rows["通知单盖章、打印"].told == "等项目经理同意盖章"
    assert states(seen(cast, "2026-11-27 09:00"), "通知单盖章、打印") == ["late"]
    office.step(batch, "seal", cast.xiang)
    batch = office.step(batch, "print", office.accountant, "2026-11-25 10:00")
    run_waiting()
    office.step(batch, "hand_out", office.accountant, "2026-11-25 10:00", rest=office.steward.pk)
    rows = seen(cast, "2026-11-27 09:00")
    assert states(rows, "通知单盖章、打印", "逐户送达、签收", "签收表交回财务") == ["done", "busy", "busy"]
    assert rows["逐户送达、签收"].told == "1 张，已送达 0 张"
    sheet = DeliverySheet.objects.get()
    office.deliver(sheet.carried().get())
    office.step(sheet, "hand_back", office.steward, "2026-11-27 11:00")
    office.step(sheet, "receive", office.accountant, "2026-11-27 12:00")
    rows = seen(cast, "2026-11-27 13:00")
    assert states(rows, "逐户送达、签收", "签收表交回财务") == ["done", "done"]
    assert NoticeBatch.objects.get().get_absolute_url() == rows["通知单盖章、打印"].url


def test_the_books_of_the_month_before_are_closed_within_five_working_days(cast: Any) -> None:
    office = billing_of(cast)
    assert states(seen(cast, "2026-11-03 09:00"), "上月凭证审核、结账") == ["busy"]
    assert states(seen(cast, "2026-11-09 09:00"), "上月凭证审核、结账") == ["late"]
    with command(by=office.head, at=at("2026-11-09 10:00"), verb="test.close") as commanding, posting.books(commanding, cast.yunqi.pk) as books:  # fmt: skip
        posting.close_period(books, date(2026, 10, 31), "月结")
    row = seen(cast, "2026-11-09 11:00")["上月凭证审核、结账"]
    assert (row.state, row.told) == ("done", "已结账至 2026-10-31")


def test_the_dunning_round_stands_in_its_month(cast: Any) -> None:
    office = billing_of(cast)
    office.charge(35941, 10)
    (found,) = come_round(at("2026-11-16 10:00"), only="dunning-round")
    row = seen(cast, "2026-11-16 10:00")["催款通知单"]
    assert (row.state, row.url) == ("busy", found.get_absolute_url())
    DunningRound.objects.update(due_at=at("2026-11-16 17:00"))
    assert states(seen(cast, "2026-11-17 10:00"), "催款通知单") == ["late"]


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


@pytest.mark.clause("FEE-05", part="到日自动列出本月出账，晚了逐级上报到项目经理")
def test_the_months_turn_opens_by_itself_and_rises_to_the_project_manager(cast: Any) -> None:
    priced(cast)
    assert come_round(at("2026-11-20 12:00"), only="month-turn") == []
    (turn,) = come_round(at("2026-11-21 00:10"), only="month-turn")
    assert come_round(at("2026-11-21 09:00"), only="month-turn") == []
    assert (turn.state, turn.period) == ("due", "2026-11")
    office = billing_of(cast)
    assert Message.objects.filter(person=office.accountant, sentence__contains=turn.number).exists()
    assert turn in MonthTurn.objects.seen_by(office.accountant).still_open()
    assert states(seen(cast, "2026-11-26 09:00"), "本月账单试算、核对、出账") == ["late"]
    sweep(at("2026-11-25 23:00"))
    assert not Message.objects.filter(person=cast.xiang, sentence__contains=turn.number).exists()
    sweep(at("2026-11-27 09:00"))
    assert Message.objects.filter(person=cast.xiang, sentence__contains=turn.number).exists()
    with pytest.raises(NotAllowed):
        office.step(turn, "leave_out", cast.xiang, why="不出")
    with pytest.raises(Invalid):
        office.step(turn, "leave_out", office.accountant, why="")
    office.step(turn, "leave_out", office.accountant, why="换系统，已在旧系统出")
    assert states(seen(cast, "2026-11-27 09:00"), "本月账单试算、核对、出账") == ["none"]


@pytest.mark.django_db(transaction=True)
def test_the_turn_opens_the_run_and_is_done_when_it_is_posted(cast: Any, flat: Flat) -> None:
    estate = Estate(cast, flat)
    priced(cast, estate.property_fee)
    (turn,) = come_round(at("2026-11-21 09:00"), only="month-turn")
    to = QueryDict("to-month_on=2026-11-01&to-sources=flat&to-threshold=30")
    turn = perform(turn, "draw", by=estate.accountant, data=to, at=at("2026-11-23 09:00"))
    run_waiting()
    run = BillingRun.objects.get()
    assert (turn.state, run.month_on, run.state) == ("under_way", date(2026, 11, 1), "ready")
    estate.post(run)
    run_waiting()
    turn.refresh_from_db()
    assert (turn.state, Deadline.objects.get(record_id=turn.pk, code="D63").stopped_at is not None) == ("done", True)
    assert states(seen(cast, "2026-11-24 09:00"), "本月账单试算、核对、出账") == ["done"]


def test_no_turn_where_nothing_is_priced(cast: Any) -> None:
    assert come_round(at("2026-11-22 09:00"), only="month-turn") == []
    priced(cast)
    assert come_round(at("2026-11-20 09:00"), only="month-turn") == []


def test_the_page_and_its_sheet_are_for_those_who_have_a_part_in_it(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    office.charge(35941, 11, due_on=date(2026, 12, 10))
    batch = office.drawn()
    page = sign_in(office.accountant).get("/fee-month/?month=2026-11")
    words = page.content.decode()
    assert "缴费通知单生成、核对" in words
    assert batch.get_absolute_url() in words
    assert "359.41" not in words
    steward = sign_in(office.steward).get("/fee-month/?month=2026-11").content.decode()
    assert "逐户送达、签收" in steward
    assert batch.get_absolute_url() not in steward  # what he may not see he is not led to
    assert sign_in(cast.chen).get("/fee-month/").status_code == 403
    assert sign_in(office.accountant).get("/fee-month/?month=9999-99").status_code == 200
    paper = text_of(sign_in(office.accountant).get("/fee-month/paper/?month=2026-11").content)
    assert "收费月历" in paper.replace(" ", "")
