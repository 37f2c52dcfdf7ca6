"""What the steps of a repair do beyond changing state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from yihu.areas.repairs import crew
from yihu.areas.repairs.deferring import agreed, off_hold
from yihu.areas.repairs.forms.working import SignForm
from yihu.areas.repairs.models import MaterialRequest, PartLine, Passing, WorkOrder
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.contact.calling import keep_sheet
from yihu.ground.contact.models import CallBack
from yihu.ground.contact.signing import keep_signature
from yihu.kernel.authority import authority, is_system
from yihu.kernel.models import Attachment, Link

STORE = "repairs.store"
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
    order = act.record
    order.dispatch = crew.mode_of(order.community_id, act.at)
    if order.dispatch == WorkOrder.Dispatch.GRAB and order.closed_at is None:
        _offer(act)
    asked = "请派工。" if order.dispatch == WorkOrder.Dispatch.ASSIGNED else f"{order.get_dispatch_display()}中。"
    act.tell_post("engineering_head", f"新维修单 {order.number}（{order.get_level_display()}），{asked}")


def _offer(act: Any) -> None:
    """Everybody on duty who does this trade hears of it; the first to take it has it."""
    order = act.record
    sentence = f"可抢的单 {order.number}（{order.get_level_display()}、{order.get_trade_display()}）：{order.place}"
    act.tell(crew.who_may_grab(order), sentence)


def stamp(column: str) -> Effect:
    """Keep the moment of a step in its own column; the first time counts."""

    def effect(act: Any) -> None:
        if getattr(act.record, column) is None:
            setattr(act.record, column, act.at)

    return effect


def assigned(act: Any) -> None:
    order = act.record
    order.assigned_at = order.assigned_at or act.at
    order.ability = order.ability or WorkOrder.Ability.CAN  # whoever sends somebody has judged that we can
    act.tell(
        [order.handler],
        f"派工单 {order.number}（{order.get_level_display()}）：{order.place} {mask_free_text(order.symptom)[:40]}",
    )
    _say_clash(act)


def _say_clash(act: Any) -> None:
    """Two households expect the same person at the same time: whoever sends him is told, and it is written down."""
    order = act.record
    other = crew.clashing(order)
    if other is not None:
        sentence = f"{order.number} 与 {other.number} 的预约时间重叠，都派给了{order.handler}，请改约或改派。"
        act.command.note(order, f"预约时间与 {other.number} 重叠", step="clash")
        heads = authority().holders(order.community_id, "engineering_head")
        act.tell(heads if is_system(act.by) or act.by == order.handler else [act.by], sentence)


def grabbed(act: Any) -> None:
    """First come, first served: who takes it has accepted it."""
    order = act.record
    order.handler = act.by
    order.assigned_at, order.accepted_at = order.assigned_at or act.at, act.at
    order.ability = order.ability or WorkOrder.Ability.CAN
    act.tell_post("engineering_head", f"{act.by} 抢到派工单 {order.number}。")
    _say_clash(act)


def reassigned(act: Any) -> None:
    act.record.accepted_at, act.record.pass_to = None, None
    off_hold(act)
    act.tell([act.record.handler], f"派工单 {act.record.number} 改派给您：{act.record.place}")
    _say_clash(act)


def unassigned(order: Any, by: Any) -> str:
    """An order on hold that was never given to anybody can't be given to another."""
    return "" if order.handler_id else "这张单还没有派给谁；请先“恢复维修”，再派工。"


def rejected(act: Any) -> None:
    order, worker = act.record, act.record.handler
    _passing(act, Passing.Kind.REJECT, worker)
    order.times_rejected += 1
    order.handler, order.pass_to = None, None
    act.tell_post("engineering_head", f"{worker} 退回派工单 {order.number}：{act.data['reason']}")
    if order.dispatch == WorkOrder.Dispatch.GRAB:
        _offer(act)


def _passing(act: Any, kind: str, person: Any, to: Any = None) -> None:
    Passing.objects.create(order=act.record, kind=kind, person=person, to=to, reason=act.data["reason"], at=act.at)


def passed_on(act: Any) -> None:
    """转单: it stays in his hands until the other has taken it."""
    order = act.record
    order.pass_to = act.data["to"]
    order.times_passed += 1
    Passing.objects.filter(order=order, kind=Passing.Kind.PASS, accepted__isnull=True).update(accepted=False)
    _passing(act, Passing.Kind.PASS, order.handler, order.pass_to)
    act.tell([order.pass_to], f"{order.handler} 请您接手派工单 {order.number}：{act.data['reason']}")


def taken_over(act: Any) -> None:
    order, before = act.record, act.record.handler
    _answer_passing(order, accepted=True)
    order.handler, order.pass_to, order.accepted_at = order.pass_to, None, act.at
    act.tell([before], f"{order.handler} 已接手派工单 {order.number}。")
    act.tell_post("engineering_head", f"派工单 {order.number} 由{before}转给{order.handler}。")
    _say_clash(act)


def not_taken_over(act: Any) -> None:
    order = act.record
    _answer_passing(order, accepted=False)
    act.tell([order.handler], f"{order.pass_to} 不接派工单 {order.number}：{act.data['reason']}，请继续办理。")
    order.pass_to = None


def kept(act: Any) -> None:
    _answer_passing(act.record, accepted=False)
    act.record.pass_to = None


def _answer_passing(order: Any, *, accepted: bool) -> None:
    Passing.objects.filter(order=order, kind=Passing.Kind.PASS, accepted__isnull=True).update(accepted=accepted)


def rescheduled(act: Any) -> None:
    """改约: the arrival's clock moves to the new time in the open; the repair's only by what the owner agreed to."""
    order = act.record
    act.close_late("D15")
    if order.level == WorkOrder.Level.URGENT:
        act.put_off(order.appointment_from, "D15")
    if act.data.get("owner_agreed"):
        for _, was, now in act.put_off(order.appointment_from, "D16"):
            agreed(act, (was, now))
    act.tell([order.handler] if order.handler else [], f"{order.number} 改约到 {_span(order)}：{order.place}")
    _say_clash(act)


def _span(order: Any) -> str:
    first, last = (timezone.localtime(one) for one in (order.appointment_from, order.appointment_to))
    return (
        f"{first:%m-%d %H:%M} 至 {last:%H:%M}"
        if first.date() == last.date()
        else f"{first:%m-%d %H:%M} 至 {last:%m-%d %H:%M}"
    )


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
    order.finished_at, order.pass_to = act.at, None
    order.labour_fen = act.data["labour"]
    for photo in act.data.get("photos") or []:
        act.attach(photo, Attachment.Purpose.AFTER)


def parts_when_free(order: Any, by: Any) -> str:
    """A repair without charge has no priced lines left when the customer signs; what the builder owes is no household's."""
    if order.chargeable == WorkOrder.Chargeable.PAID and order.our_cost and order.total_fen:
        return f"责任是{order.get_responsibility_display()}，不向业主收费；请先更正责任，或改为无偿。"
    if order.chargeable == WorkOrder.Chargeable.FREE and order.total_fen:
        return "这张单是无偿维修，但有收费的用料；请先改收费方式或删去用料。"
    return ""


def signed(act: Any) -> None:
    order = act.record
    order.signed_at = act.at
    if keep_signature(act, SignForm) is None:
        order.opinion = WorkOrder.Opinion.UNSATISFIED
        order.witness_1, order.witness_2 = act.data["witness_1"], act.data["witness_2"]


def signed_for(order: Any) -> dict[str, str]:
    """What the customer signed is not corrected behind his back."""
    if order.signed_at is None:
        return {}
    found = {"chargeable": "客户已经签字，收费方式不能再更正；收多了的，请申请冲正；要多收的，另开维修单请客户签字。"}
    if order.due_fen:
        found["responsibility"] = "客户已经签字付费，责任不能再更正；不该收费的，请先申请冲正。"
    return found


def owes_money(order: Any, by: Any) -> str:
    """What was signed and costs something does not vanish: its amount is taken back first."""
    if order.to_pay_fen:
        return f"客户已经签字，应收 {yuan(order.to_pay_fen)} 元，不能撤回或合并；金额有误的，请先申请冲正。"
    return ""


URGES = 3  # so many are the supervisor's business


def urged(act: Any) -> None:
    """Counted; engineering hears of it besides the worker; the third, or one on a late order, climbs (催办)."""
    order = act.record
    order.times_urged += 1
    order.urged_at = act.at
    late = order.next_due_at is not None and order.next_due_at <= act.at
    sentence = f"{order.number} 被催办（第 {order.times_urged} 次{'，已超时' if late else ''}）：{act.data['words']}"
    act.tell_post("engineering_head", sentence)
    if late or order.times_urged >= URGES:
        act.tell_post("cs_supervisor", sentence)


def called(act: Any) -> None:
    """Another of those who reported it was called: the sheet belongs to his own entry; an unhappy one is repaired again."""
    caller = act.data["caller"]
    sheet = keep_sheet(caller, act)
    again = Link.objects.filter(origin_id=act.record.pk, why=Link.Why.REWORK).select_related("target").first()
    if sheet.feedback == CallBack.Feedback.UNSATISFIED and again is None:
        reworked(act, caller.typed)
    elif sheet.feedback == CallBack.Feedback.UNSATISFIED:
        act.command.note(again.target, f"{caller.number} 回访也不满意：{act.data['words']}", step="unhappy")


def reworked(act: Any, caller: Any = None) -> None:
    """Not satisfied: a second repair, tied to the first (REP-06, DESK-14), in the same transaction as the call. It is about
    ``caller`` where another than the first was not: he is the one to be called about it."""
    first = act.record
    whose = caller.facts() if caller is not None else {}
    again = WorkOrder(community=first.community, unit=first.unit, party=first.party, round_no=first.round_no + 1)
    data = {
        "symptom": f"{first.symptom}\n（回访不满意：{act.data['words']}）"[:2000],
        "level": first.level,
        "trade": first.trade,
        "building": first.building_id or "",
        "floor": first.floor,
        "system": first.system,
        "common_area": first.common_area,
        "location": first.location,
        "reporter": whose.get("caller_name") or first.reporter,
        "unit": first.unit_id or "",
        "party": first.party_id or "",
        "chargeable": WorkOrder.Chargeable.FREE,  # unless it is priced anew when it is finished
    }
    phone = whose.get("phone") or first.phone
    opened_again = act.command.open(
        again, data=data, files={}, origin=first, why=Link.Why.REWORK, initial={"phone": phone}
    )
    act.tell_post("cs_supervisor", f"{first.number} 回访不满意，已开二次维修 {opened_again.number}。")


# -- 能否承接：仓库与外委单位 ---------------------------------------------------------------------------------------------


def asked_store(act: Any) -> None:
    order = act.record
    asked = MaterialRequest.objects.create(
        order=order, item=act.data["item"], quantity=act.data["quantity"], asked_at=act.at, asked_by=act.by
    )
    order.ability = WorkOrder.Ability.PARTS
    act.tell(authority().people_with(order.community_id, STORE), f"{order.number} 领料：{asked}，请答复有没有货。")


def nothing_asked(order: Any, by: Any) -> str:
    return "" if order.requests.filter(answer="").exists() else "没有等仓库答复的材料。"


def nothing_coming(order: Any, by: Any) -> str:
    waiting = order.requests.filter(answer=MaterialRequest.Answer.COMING, arrived_at__isnull=True)
    return "" if waiting.exists() else "没有等到货的材料。"


def store_says(act: Any) -> str:
    """No stock: the order waits for the day that the store named."""
    return WorkOrder.State.ON_HOLD if act.data["answer"] == MaterialRequest.Answer.COMING else ""


def store_answered(act: Any) -> None:
    order, asked = act.record, act.data["request"]
    asked.answer, asked.arrives_on = act.data["answer"], act.data.get("arrives_on")
    asked.answered_at, asked.answered_by = act.at, act.by
    asked.save()
    if asked.answer == MaterialRequest.Answer.COMING:
        order.hold_reason = WorkOrder.HoldReason.PARTS
        order.wake_on = max(filter(None, (order.wake_on, asked.arrives_on)))
        order.pass_to, order.told_at = None, None
        act.start("D17", "D18")  # the owner is told, and the order screened, as with any that can't be done now
        act.pause("D14", "D20")  # nobody can be sent before the material is here; the repair's own clock runs on
    sentence = f"{order.number} {asked}：{asked.words}"
    act.tell([order.handler] if order.handler else [], sentence)
    more = "，请告知业主" if asked.answer == MaterialRequest.Answer.COMING else ""
    act.tell_post("engineering_head", f"{sentence}{more}。")


def goods_came(act: Any) -> None:
    order, asked = act.record, act.data["request"]
    asked.arrived_at = act.at
    asked.save()
    sentence = f"{order.number} 等的 {asked} 已到货，请恢复维修。"
    act.tell([order.handler] if order.handler else [], sentence)
    act.tell_post("engineering_head", sentence)


def sent_out(act: Any) -> None:
    """To an outside firm; whoever sends it stays responsible."""
    order = act.record
    if not is_system(act.by):
        order.handler = act.by
    order.ability, order.pass_to = WorkOrder.Ability.OUTSIDE, None
    order.assigned_at = order.assigned_at or act.at
    off_hold(act)


def no_firm_came(order: Any, by: Any) -> str:
    return "外委单位的到场时间已经记过了。" if order.arrived_at else ""


def taken_back(act: Any) -> None:
    """The firm does not come: the order is to be given out anew."""
    order = act.record
    order.firm, order.handler, order.arrived_at, order.ability = None, None, None, ""
    act.tell_post("engineering_head", f"{order.number} 从外委单位收回，请派工：{act.data['reason']}")


def goes_on_with(order: Any) -> str:
    return WorkOrder.State.OUTSIDE if order.firm_id else WorkOrder.State.WORKING
