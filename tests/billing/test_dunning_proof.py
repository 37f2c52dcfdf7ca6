"""How a demand is proven: by a message to one who agreed, by post with its number, refused before two; and the wrong ones counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.support.doing import at, photo
from tests.support.dunning import NOVEMBER, Desk, desk_of
from tests.support.sheets import text_of
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.counting import errors_by_day
from yihu.areas.billing.dunning.models import Demand, DunningCase, DunningNotice
from yihu.fronts.reports.fees import quality
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
N = DunningNotice.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def agreed(desk: Desk) -> None:
    ContactWay.objects.create(
        community=desk.cast.yunqi, party=desk.cast.owner, way="sms", consent_how="desk", consent_at=at(NOVEMBER),
        consent_by=desk.cast.wang,
    )  # fmt: skip


def sent(desk: Desk, notice: Any) -> Outgoing:
    desk.do(notice, "deliver", desk.steward, "2026-11-17 10:00", way="electronic")
    return Outgoing.objects.get(code="please_pay")


def reported(message: Outgoing, state: str, when: str) -> None:
    """What the provider says of it (the ways there: tests/sending)."""
    Outgoing.objects.filter(pk=message.pk).update(state=state, reported_at=at(when), mask="138****8112")
    schedules.look(at(when))


def limitation(case: DunningCase) -> date | None:
    return DunningCase.objects.get(pk=case.pk).limitation_on


def test_a_message_proves_the_demand_when_it_has_reached_him_and_not_before(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    notice = desk.notice(case)
    with pytest.raises(Invalid, match="没有同意接收电子通知"):
        sent(desk, notice)
    agreed(desk)
    message = sent(desk, notice)
    assert all(words in message.text for words in (notice.number, "359.41", "12-31"))
    assert Demand.objects.get().on is None
    assert limitation(case) == date(2029, 10, 28)
    reported(message, "handed", "2026-11-17 10:05")
    assert limitation(case) == date(2029, 10, 28)  # at the provider is not at the payer
    reported(message, "delivered", "2026-11-18 08:00")
    demand = Demand.objects.get()
    assert (demand.on, limitation(case)) == (date(2026, 11, 18), date(2029, 11, 18))
    assert "短信 138****8112，2026-11-18 08:00 送达" in demand.words
    file = text_of(render(procedure_of(DunningCase).prints[1], case, desk.head, now=at(NOVEMBER)))
    assert "短信138****8112" in file.replace(" ", "")


def test_a_lost_message_goes_another_way_with_its_own_proof(desk: Desk) -> None:
    desk.charge(35941)
    agreed(desk)
    case = desk.case()
    notice = desk.notice(case)
    message = sent(desk, notice)
    with pytest.raises(NotAllowed):
        desk.do(notice, "again", desk.steward, "2026-11-18 09:00", way="courier", tracking_no="SF1")
    reported(message, "failed", "2026-11-17 10:05")
    assert Demand.objects.get().on is None
    desk.do(notice, "again", desk.steward, "2026-11-18 09:00", way="courier", tracking_no="SF1", scans=[photo()])
    run_waiting(now=timezone.now())
    schedules.look(at("2026-11-19 09:00"))
    assert Demand.objects.get().on is None  # on its way
    desk.do(notice, "arrived", desk.steward, "2026-11-20 09:00", arrived_on="2026-11-19")
    run_waiting(now=timezone.now())
    assert (Demand.objects.count(), Demand.objects.get().on, limitation(case)) == (
        1,
        date(2026, 11, 19),
        date(2029, 11, 19),
    )
    assert "快递 SF1" in Demand.objects.get().words


def test_each_way_has_its_proof_on_the_case(desk: Desk, sign_in: Any) -> None:
    """By hand, by post with its number, refused before two: the page of the case tells each."""
    desk.charge(35941)
    case = desk.case()
    desk.delivered(desk.notice(case))
    second = desk.notice(case, "2026-12-15 09:30")
    desk.do(second, "approve", desk.pm, "2026-12-15 10:00")
    desk.delivered(second, "2026-12-16 10:00", way="registered", tracking_no="XA0001", signer="", signature="")
    third = desk.notice(case, "2027-01-15 09:30", pay_by="2027-02-10")
    desk.do(third, "approve", desk.pm, "2027-01-15 10:00")
    witnesses = {"witness_1": desk.cast.wang.pk, "witness_2": desk.cast.li.pk}
    desk.do(
        third, "deliver", desk.steward, "2027-01-16 10:00", files={"photos": [photo()]}, way="hand", refused="on",
        refusal="说没钱", **witnesses,
    )  # fmt: skip
    page = sign_in(desk.head).get(case.get_absolute_url()).content.decode()
    for words in ("赵业主（本人）签收", "挂号信 XA0001", "拒签（见证人"):
        assert words in page, words


# -- wrong ones -----------------------------------------------------------------------------------------------------
def test_a_wrong_notice_is_called_back_proves_nothing_and_is_counted(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    wrong = desk.delivered(desk.notice(case))
    assert limitation(case) == date(2029, 11, 17)
    with pytest.raises(Invalid):
        desk.do(wrong, "recall", desk.accountant, "2026-11-18 09:00", void_why="金额多写了一个月")
    with pytest.raises(NotAllowed):
        desk.do(wrong, "recall", desk.steward, "2026-11-18 09:00", wrong="amount", void_why="x")
    wrong = desk.do(wrong, "give_back", desk.accountant, "2026-11-18 08:30")
    assert wrong.closed_at is not None
    wrong = desk.do(
        wrong, "recall", desk.accountant, "2026-11-18 09:00", wrong="amount", void_why="金额多写了一个月，已电话告知"
    )
    run_waiting(now=timezone.now())
    schedules.look(at("2026-11-18 09:10"))
    assert (wrong.state, Demand.objects.get().on, limitation(case)) == (N.VOID, None, date(2029, 10, 28))
    again = desk.notice(case, "2026-11-18 10:00")
    assert (again.level, again.state) == (1, N.ISSUED)
    with pytest.raises(Conflict):
        desk.do(wrong, "give_back", desk.accountant, "2026-11-18 11:00")
    # one notice, one wrong: the one in its place is not counted again
    found = list(errors_by_day(desk.cast.yunqi.pk, date(2026, 11, 1), date(2026, 11, 30)))
    assert [(one, bad) for _, one, bad in found] == [(1, 1), (0, 0)]


def test_what_was_only_not_needed_any_more_is_no_error(desk: Desk) -> None:
    desk.charge(35941)
    notice = desk.notice(desk.case())
    desk.do(notice, "void", desk.accountant, NOVEMBER, void_why="刚刚缴了")
    assert list(errors_by_day(desk.cast.yunqi.pk, date(2026, 11, 1), date(2026, 11, 30))) == []


@pytest.mark.clause("FEE-12")
def test_wrong_notices_right_entries_and_the_months_collection_are_counted(desk: Desk) -> None:
    """Both kinds of notices in one rate, with its counts beside it; receipts and hand-entered bills; what came in by month's end."""
    desk.charge(60000, 10, when="2026-10-24 10:00")
    good = desk.debtor("钱业主", "0202", 40000, month=10, when="2026-10-24 10:00")
    desk.pay(40000, party=good, when="2026-10-30 09:00")
    case = desk.case()
    wrong = desk.notice(case)
    desk.do(wrong, "void", desk.accountant, "2026-11-17 09:00", wrong="paid", void_why="他已经缴过")
    desk.notice(desk.case(desk.debtor("孙业主", "0303", 100, month=10)))
    red = desk.red(receipt=desk.receive(500, when="2026-11-21 09:00").pk, when="2026-11-22 09:00")
    desk.step(red, "approve", desk.head, when="2026-11-22 10:00")
    sheet = quality.build(desk.cast.yunqi, {"month": "2026-11"}, 0)
    november, october = ([cell.value for cell in row.cells] for row in sheet.blocks[0].rows[:2])
    assert november[:7] == [1, 1, "0.00%", 0, 2, 1, "50.000%"]
    assert october[:3] == [1, 0, "100.00%"]
    assert october[7:] == [100100, 40000, "39.96%"]  # the 1.00 of October that was billed in November is October's too
