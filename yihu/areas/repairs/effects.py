"""What the steps of a repair do beyond changing state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yihu.areas.repairs.models import PartLine, WorkOrder
from yihu.basics.identity import mask_free_text
from yihu.kernel.models import Attachment, Link

Effect = Callable[[Any], None]


def order_from(origin: Any) -> dict[str, Any]:
    """What a work order takes over from the contact."""
    facts = origin.facts()
    return {
        "symptom": facts.get("content"), "unit": facts.get("unit"), "party": facts.get("party"), "reporter": facts.get("caller_name"),
        "phone": facts.get("phone"), "level": WorkOrder.Level.MINOR, "trade": WorkOrder.Trade.OTHER,
        "chargeable": WorkOrder.Chargeable.UNDECIDED, "responsibility": WorkOrder.Responsibility.OWN,
    }  # fmt: skip


def opened(act: Any) -> None:
    """Engineering is told at once (REP-01)."""
    for photo in act.data.get("photos") or []:
        act.attach(photo, Attachment.Purpose.BEFORE)
    act.tell_post("engineering_head", f"新维修单 {act.record.number}（{act.record.get_level_display()}），请派工。")


def stamp(column: str) -> Effect:
    """Keep the moment of a step in its own column; the first time counts."""

    def effect(act: Any) -> None:
        if getattr(act.record, column) is None:
            setattr(act.record, column, act.at)

    return effect


def assigned(act: Any) -> None:
    order = act.record
    order.assigned_at = order.assigned_at or act.at
    act.tell(
        [order.handler],
        f"派工单 {order.number}（{order.get_level_display()}）：{order.place} {mask_free_text(order.symptom)[:40]}",
    )


def reassigned(act: Any) -> None:
    act.record.accepted_at = None
    _off_hold(act.record)
    act.tell([act.record.handler], f"派工单 {act.record.number} 改派给您：{act.record.place}")


def rejected(act: Any) -> None:
    worker = act.record.handler
    act.record.handler = None
    act.tell_post("engineering_head", f"{worker} 退回派工单 {act.record.number}：{act.data['reason']}")


def held(act: Any) -> None:
    """Only a date that the owner agreed to stops the repair's clock; otherwise it counts as late (scenario 2)."""
    if act.record.owner_agreed:
        act.pause("D15", "D16")
    act.tell_post(
        "engineering_head",
        f"维修单 {act.record.number} 挂单：{act.record.get_hold_reason_display()}，{act.record.wake_on:%m-%d} 恢复。",
    )


def resumed(act: Any) -> None:
    _off_hold(act.record)
    if act.record.arrived_at is not None:
        act.record.started_at = act.record.started_at or act.at


def _off_hold(order: Any) -> None:
    order.wake_on, order.hold_reason, order.owner_agreed = None, "", False


def taken_up_in(order: Any) -> str:
    """Where an order goes on after it was on hold: whoever has not been there yet must still arrive."""
    return WorkOrder.State.ACCEPTED if order.arrived_at is None else WorkOrder.State.WORKING


def not_finished(act: Any) -> None:
    """The customer waits for the same repair as before: its clock goes on where it was thought to have ended."""
    act.reopen("D16")


def add_part(act: Any) -> None:
    PartLine.objects.create(
        order=act.record, item=act.data["item"], quantity=act.data["quantity"], unit_price_fen=act.data["unit_price"]
    )


def drop_part(act: Any) -> None:
    act.data["part"].delete()


def finished(act: Any) -> None:
    order = act.record
    order.finished_at = act.at
    order.labour_fen = act.data["labour"]
    for photo in act.data.get("photos") or []:
        act.attach(photo, Attachment.Purpose.AFTER)


def parts_when_free(order: Any, by: Any) -> str:
    """A repair without charge has no priced lines left when the customer signs."""
    if order.chargeable == WorkOrder.Chargeable.FREE and order.total_fen:
        return "这张单是无偿维修，但有收费的用料；请先改收费方式或删去用料。"
    return ""


def signed(act: Any) -> None:
    order = act.record
    order.signed_at = act.at
    if act.data.get("refused"):
        order.opinion = WorkOrder.Opinion.UNSATISFIED
        witnesses = f"{act.data['witness_1']}、{act.data['witness_2']}"
        act.command.note(order, f"客户拒签，见证人：{witnesses}", step="witness")
        for photo in act.data["photos"]:
            act.attach(photo)
    else:
        order.sign_refused = ""
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def reworked(act: Any) -> None:
    """Not satisfied: a second repair, tied to the first (REP-06, DESK-14), in the same transaction as the call."""
    first = act.record
    again = WorkOrder(community=first.community, unit=first.unit, party=first.party, round_no=first.round_no + 1)
    data = {
        "symptom": f"{first.symptom}\n（回访不满意：{act.data['words']}）"[:2000],
        "level": first.level,
        "trade": first.trade,
        "common_area": first.common_area,
        "location": first.location,
        "reporter": first.reporter,
        "unit": first.unit_id or "",
        "party": first.party_id or "",
    }
    opened_again = act.command.open(
        again, data=data, files={}, origin=first, why=Link.Why.REWORK, initial={"phone": first.phone}
    )
    act.tell_post("cs_supervisor", f"{first.number} 回访不满意，已开二次维修 {opened_again.number}。")
