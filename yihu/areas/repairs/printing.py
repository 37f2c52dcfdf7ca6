"""《维修单》 in three copies (F03), and the slip that takes a part of its sum back."""

from __future__ import annotations

from typing import Any

from yihu.areas.repairs.callers import others
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import moments
from yihu.kernel.signatures import signature_of


def work_sheet(order: Any, by: Any) -> dict[str, Any]:
    """What stands on the order as the customer gets it; the telephone is masked, the worker has it on his own page.

    What nobody has written down yet is "" and leaves room for handwriting.
    """
    finished = order.finished_at is not None
    return {
        "community": order.community.name,
        "number": order.number,
        "title": "维修单" if order.round_no == 1 else f"维修单（第 {order.round_no} 次）",
        "unit": str(order.unit or order.common_place),
        "location": _place(order),
        "reporter": order.reporter,
        "phone": str(order.phone),
        "symptom": order.symptom,
        "levels": WorkOrder.Level.labels,
        "level": order.get_level_display(),
        "trades": WorkOrder.Trade.labels,
        "trade": order.get_trade_display(),
        "charges": [WorkOrder.Chargeable.FREE.label, WorkOrder.Chargeable.PAID.label],
        "chargeable": order.get_chargeable_display(),
        "sides": WorkOrder.Responsibility.labels,
        "responsibility": order.get_responsibility_display(),
        "appointment": moments.span(order.appointment_from, order.appointment_to),
        "opened_by": str(order.opened_by),
        "opened_at": moments.stamp(order.opened_at),
        "worker": str(order.handler or ""),
        "firm": str(order.firm or ""),
        "fault": str(order.fault or ""),
        "callers": _callers(order),
        "witnesses": [str(one) for one in (order.witness_1, order.witness_2) if one],
        "assigner": _assigner(order),
        "assigned_at": moments.short(order.assigned_at),
        "accepted_at": moments.short(order.accepted_at),
        "arrived_at": moments.short(order.arrived_at),
        "finished_at": moments.short(order.finished_at),
        "cause": order.cause,
        "work_done": order.work_done,
        "lines": [
            {
                "item": line.item,
                "quantity": f"{line.quantity.normalize():f}",
                "price": yuan(line.unit_price_fen),
                "amount": yuan(line.amount_fen),
            }
            for line in order.parts.order_by("pk")
        ],
        "material": yuan(order.material_fen) if finished else "",
        "labour": yuan(order.labour_fen) if finished else "",
        "total": yuan(order.total_fen) if finished else "",
        "total_words": rmb_capitals(order.total_fen) if finished else "",
        "settles": WorkOrder.Settle.labels if finished and order.chargeable == WorkOrder.Chargeable.PAID else [],
        "settle": order.get_settle_display(),
        "reversed": _reversed(order),
        "opinions": WorkOrder.Opinion.labels,
        "opinion": order.get_opinion_display(),
        "refused": order.sign_refused,
        "signature": "" if order.sign_refused else signature_of(order),
        "signed_on": moments.formal(order.signed_at),
    }


def reversal_sheet(reversal: Any, by: Any) -> dict[str, Any]:
    """维修费冲正单: what was signed, what is taken back and why, who asked and who granted it (REP-05)."""
    order = reversal.order
    answer = reversal.journal.filter(step__in=("grant", "refuse")).select_related("by").order_by("-seq").first()
    return {
        "community": reversal.community.name,
        "unit": str(order.unit or order.common_place),
        "reporter": order.reporter,
        "order": order.number,
        "signed_on": moments.formal(order.signed_at),
        "was": yuan(reversal.amount_fen + reversal.right_fen),
        "right": yuan(reversal.right_fen),
        "amount": yuan(reversal.amount_fen),
        "capitals": rmb_capitals(reversal.amount_fen),
        "reason": reversal.reason,
        "asked_by": str(reversal.opened_by),
        "asked_at": moments.stamp(reversal.opened_at),
        "state": reversal.state_word,
        "granted": reversal.granted_at is not None,
        "answered_by": str(answer.by) if answer else "",
        "answered_at": moments.stamp(answer.at) if answer else "",
    }


def _reversed(order: Any) -> str:
    """What was taken back later stands on every copy that is printed afterwards."""
    one = getattr(order, "reversal", None)
    if one is None:
        return ""
    taken = f"本单 {yuan(one.amount_fen)} 元已于 {moments.formal(one.granted_at)}冲正（{one.number}）"
    return f"{taken}，应收 {yuan(one.right_fen)} 元"


def _place(order: Any) -> str:
    return " ".join(part for part in (order.common_area if order.unit else "", order.location) if part)


def _callers(order: Any) -> str:
    """Who reported it besides the one whose order it is, by room."""
    rows = [str(row.unit or row.number) for row in others(order).select_related("unit")[:40]]
    return f"{len(rows)} 次来电：{'、'.join(dict.fromkeys(rows))}" if rows else ""


def _assigner(order: Any) -> str:
    entry = order.journal.filter(step__in=("assign", "reassign")).select_related("by").order_by("-seq").first()
    return str(entry.by) if entry else ""
