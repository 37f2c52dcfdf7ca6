"""What can't be repaired now: the owner is told, it stands on the list, is screened, and in the end decided upon (REP-04)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.repairs.models import AgreedDate, Screening, WorkOrder

S = WorkOrder.State
WAITED = ("D14", "D20", "D15", "D16")  # what stands still, or may, while an order waits
MISSED = 2  # so many screenings left out are the manager's business


def taken_up_in(order: Any) -> str:
    """Where an order goes on after it was on hold: whoever has not been there yet must still arrive."""
    if order.handler_id is None:
        return S.TO_ASSIGN
    if order.accepted_at is None:
        return S.ASSIGNED
    return S.ACCEPTED if order.arrived_at is None else S.WORKING


def wakes_at(order: Any) -> datetime:
    """The first moment of the day on which it was to go on."""
    return timezone.make_aware(datetime.combine(order.wake_on, time()))


def held(act: Any) -> None:
    """Only a date that the owner agreed to stops the repair's clock; otherwise it counts as late (scenario 2)."""
    order = act.record
    order.pass_to, order.told_at, order.raised_at = None, act.at, None
    if order.owner_agreed:
        agreed(act, act.if_put_off(wakes_at(order), "D16"))
        act.pause("D15", "D16")
    act.tell_post(
        "engineering_head",
        f"维修单 {order.number} 挂单：{order.get_hold_reason_display()}，{order.wake_on:%m-%d} 恢复。",
    )


def agreed(act: Any, moved: tuple[datetime, datetime] | None) -> None:
    """Write down a limit that the owner's word moved: from when, to when, with whom."""
    if moved is not None and moved[0] != moved[1]:
        AgreedDate.objects.create(
            order=act.record, was=moved[0], now=moved[1], with_whom=act.data["told"], by=act.by, at=act.at
        )


def off_hold(act: Any) -> None:
    """It goes on: what the owner agreed to ends with the agreed day, however long it then lay."""
    order = act.record
    if order.owner_agreed and order.wake_on and act.at > (over := wakes_at(order) + timedelta(days=1)):
        act.resume("D15", "D16", since=over)
    order.wake_on, order.hold_reason, order.owner_agreed = None, "", False
    order.told_at, order.raised_at = None, None


def resumed(act: Any) -> None:
    off_hold(act)
    if act.record.arrived_at is not None:
        act.record.started_at = act.record.started_at or act.at


def told(act: Any) -> None:
    act.record.told_at = act.at


def taken_up(act: Any) -> None:
    """By the screening or the supervisor's decision."""
    resumed(act)
    act.resume(*WAITED)
    act.stop("D17", "D18")
    if act.record.handler_id:
        act.tell([act.record.handler], f"{act.record.number} 可以修了，请继续：{act.record.place}")
    act.tell_post("engineering_head", f"{act.record.number} 恢复维修。")


def screening_says(act: Any) -> str:
    return taken_up_in(act.record) if act.data["result"] == Screening.Result.CAN else ""


def screened(act: Any) -> None:
    """Looked at: it waits on, goes on, or is the supervisor's to decide."""
    order, result = act.record, act.data["result"]
    Screening.objects.create(order=order, result=result, words=act.data["words"], by=act.by, at=act.at)
    _say_what_was_missed(act)
    if result == Screening.Result.CAN:
        taken_up(act)
    elif result == Screening.Result.RAISE:
        order.raised_at = act.at
        act.tell_post("cs_supervisor", f"{order.number} 暂不能修，筛选后上报，请决定：{act.data['words']}")


def _say_what_was_missed(act: Any) -> None:
    """Late twice or more: the manager hears of it once more, whatever the screening found."""
    late = [one for one in act.record.deadlines.filter(code="D18") if (one.stopped_at or act.at) > one.due_at]
    if len(late) >= MISSED and late[-1].stopped_at is None:
        act.tell_post("cs_manager", f"{act.record.number} 的三日筛选已有 {len(late)} 次超期。")


def not_raised(order: Any, by: Any) -> str:
    return "" if order.raised_at else "这张单还没有上报；筛选时选“解决不了，上报主管”，才由主管决定。"


def decision_leads_to(act: Any) -> str:
    match act.data["decision"]:
        case "resume":
            return taken_up_in(act.record)
        case "outside":
            return S.TO_ASSIGN
        case "decline":
            return S.DECLINED
    return ""


def decided(act: Any) -> None:
    """The supervisor's word: wait until another day, go on, an outside firm, or we can't."""
    order, decision = act.record, act.data["decision"]
    order.raised_at = None
    if decision == "wait":
        order.wake_on, order.told_at = act.data["wake_on"], act.at
        act.stop("D17")
    elif decision == "resume":
        taken_up(act)
    elif decision == "outside":
        off_hold(act)
        act.resume(*WAITED)
        act.stop("D17", "D18", "D15")
        order.handler, order.arrived_at, order.accepted_at = None, None, None
        order.ability = WorkOrder.Ability.OUTSIDE
        act.start("D14", "D20")
        act.tell_post("engineering_head", f"{order.number} 主管决定外委，请选单位：{act.data['reason']}")
