"""《维修单》 in three copies (F03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.basics.money import rmb_capitals, yuan


def work_sheet(order: Any, by: Any) -> dict[str, Any]:
    """What stands on the order as the customer gets it; the telephone is masked, the worker has it on his own page."""
    return {
        "community": order.community.name,
        "number": order.number,
        "unit": str(order.unit or order.common_area),
        "location": order.location,
        "reporter": order.reporter,
        "phone": str(order.phone),
        "symptom": order.symptom,
        "level": order.get_level_display(),
        "trade": order.get_trade_display(),
        "chargeable": order.get_chargeable_display(),
        "appointment": _span(order.appointment_from, order.appointment_to),
        "opened_by": str(order.opened_by),
        "opened_at": _moment(order.opened_at),
        "worker": str(order.handler or ""),
        "assigned_at": _moment(order.assigned_at),
        "accepted_at": _moment(order.accepted_at),
        "arrived_at": _moment(order.arrived_at),
        "finished_at": _moment(order.finished_at),
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
        "material": yuan(order.material_fen),
        "labour": yuan(order.labour_fen),
        "total": yuan(order.total_fen),
        "total_words": rmb_capitals(order.total_fen) if order.finished_at else "",
        "opinion": order.get_opinion_display(),
        "refused": order.sign_refused,
        "signed_at": _moment(order.signed_at),
        "round": order.round_no,
    }


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return ""
    return f"{timezone.localtime(first):%m-%d %H:%M} 至 {timezone.localtime(last):%m-%d %H:%M}"
