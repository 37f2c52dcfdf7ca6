"""Lost and damaged keys (KEY-05, F55, D42; scenario 13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import at
from tests.support.keys import cabinet, entrust, key, lend, order_of, plant
from yihu.areas.keys.models import KeyLoan, KeySet, LossReport
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Deadline, Message

pytestmark = pytest.mark.django_db


def report(cast: Any, tag: str = "K001", *, when: Any = None, **typed: Any) -> LossReport:
    said = {"tag": tag, "what": "lost", "found_at": "2026-11-05 09:00", "cause": "挂钩空着", **typed}
    made: LossReport = open_record(LossReport(community=cast.yunqi), by=cast.chen, at=when, data=said)
    return made


def due(record: Any) -> Any:
    return Deadline.objects.get(record_id=record.pk, code="D42", stopped_at__isnull=True).due_at


@pytest.mark.clause("KEY-05")
def test_scenario_13_lost_by_the_last_borrower_lock_changed_at_his_cost(cast: Any, sign_in: Any) -> None:
    assert cast.li
    cabinet(cast)
    entrust(cast, "K001", "K002")
    order_of(cast)
    loan = lend(cast, when=at("2026-11-05 08:30"))
    lost = report(cast, when=at("2026-11-05 09:10"))
    assert lost.last_holder == "陈维修"
    assert Message.objects.filter(person=cast.li, record_id=lost.pk).exists()
    assert due(lost) == at("2026-11-05 09:40")
    loan = KeyLoan.objects.get(pk=loan.pk)
    assert (loan.state_word, loan.is_out, key().status) == ("未还（已报遗失）", False, "lost")
    lost = perform(
        lost, "told", by=cast.li, at=at("2026-11-05 09:20"), data={"told_supervisor": cast.li.pk, "told_supervisor_at": "2026-11-05 09:15"},
    )  # fmt: skip
    assert due(lost).date() == at("2026-11-05 09:20").date()
    remedy = {"remedy": "lock", "remedy_note": "换锁芯", "cost": "180.00", "payer": "borrower"}
    with pytest.raises(Refused, match="请先告知业主"):
        perform(lost, "remedy", by=cast.li, data=remedy)
    told = {"told_owner": "赵业主", "told_owner_at": "2026-11-05 09:30"}
    lost = perform(lost, "tell_owner", by=cast.li, at=at("2026-11-05 09:31"), data=told)
    assert not Deadline.objects.filter(record_id=lost.pk, stopped_at__isnull=True).exists()
    with pytest.raises(Invalid):
        perform(lost, "remedy", by=cast.li, data={**remedy, "payer": ""})
    lost = perform(lost, "remedy", by=cast.li, data=remedy)
    assert (lost.state_word, lost.cost_fen, lost.get_payer_display()) == ("已处理", 18000, "借用人")
    assert {one.tag: one.get_status_display() for one in KeySet.objects.all()} == {"K001": "已换锁", "K002": "已换锁"}
    assert not KeySet.objects.filter(hook__isnull=False).exists()
    assert sign_in(cast.li).get(f"/key-losses/{lost.number}/print/loss_report/").status_code == 200
    assert [found for found in check_all() if found.faults] == []


@pytest.mark.clause("KEY-05")
def test_the_one_who_has_told_the_supervisor_says_so(cast: Any) -> None:
    entrust(cast)
    lost = report(cast, last_holder="孙前台", told_supervisor=cast.li.pk, when=at("2026-11-05 09:10"))
    assert (lost.state_word, lost.told_supervisor, lost.told_supervisor_at) == (
        "待处理",
        cast.li,
        at("2026-11-05 09:10"),
    )


def test_a_key_of_nobodys_door_has_no_owner_to_tell(cast: Any) -> None:
    plant(cast)
    lost = report(cast, "S001", last_holder="龚工", told_supervisor=cast.li.pk)
    assert not Deadline.objects.filter(record_id=lost.pk).exists()
    with pytest.raises(Refused, match="没有业主要告知"):
        perform(lost, "tell_owner", by=cast.li, data={})
    lost = perform(
        lost, "remedy", by=cast.li, data={"remedy": "copy", "remedy_note": "配了一把", "cost": "15", "payer": "company"}
    )
    assert KeySet.objects.get().status == "in"


def test_found_again_it_hangs_again(cast: Any) -> None:
    cabinet(cast)
    entrust(cast)
    lost = report(cast, last_holder="孙前台")
    with pytest.raises(Refused, match="现在是“遗失”"):
        report(cast, last_holder="孙前台")
    assert perform(lost, "found", by=cast.wang).state_word == "已找回"
    assert (key().status, str(key().hook)) == ("in", "一号柜 A-01")


def test_a_lock_is_changed_while_another_key_of_it_is_out(cast: Any) -> None:
    """The one outside opens nothing any more; its borrower still gives it back."""
    entrust(cast, "K001", "K002")
    order_of(cast)
    out = lend(cast, "K002")
    lost = report(cast, "K001", last_holder="孙前台", told_supervisor=cast.li.pk)
    perform(lost, "tell_owner", by=cast.li, data={"told_owner": "赵业主", "told_owner_at": "2026-11-05 10:00"})
    perform(lost, "remedy", by=cast.li, data={"remedy": "lock", "remedy_note": "换锁", "cost": "0"})
    assert key("K002").status == "replaced"
    assert [found for found in check_all() if found.faults] == []
    back = perform(out, "give_back", by=cast.wang, data={"condition": "good", "returned_by": "陈维修"})
    assert (back.state_word, key("K002").status) == ("已还", "replaced")
