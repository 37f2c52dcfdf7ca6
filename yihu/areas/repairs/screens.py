"""Columns, filters and panels of the work orders."""

from __future__ import annotations

from typing import Any

from yihu.areas.repairs.models import WorkOrder
from yihu.basics.money import yuan
from yihu.kernel.screens import Screens, screens


@screens
class OrderScreens(Screens):
    model = WorkOrder
    columns = ("number", "state", "summary", "unit", "trade", "handler", "next_due_at", "opened_at")
    filters = ("state", "level", "trade")
    related = ("opened_by", "party")
    panels = (
        ("报修", ("place", "symptom", "level", "trade", "reporter", "phone", "appointment_from", "appointment_to")),
        (
            "派工",
            (
                "handler",
                "opened_by",
                "opened_at",
                "assigned_at",
                "accepted_at",
                "arrived_at",
                "started_at",
                "finished_at",
            ),
        ),
        ("挂单", ("hold_reason", "wake_on")),
        (
            "维修",
            (
                "cause",
                "work_done",
                "responsibility",
                "chargeable",
                "labour",
                "total",
                "opinion",
                "sign_refused",
                "signed_at",
            ),
        ),
    )
    nav = ("维修", 30)

    def cell_place(self, order: Any) -> str:
        return str(order.place)

    cell_place.label = "地点"  # type: ignore[attr-defined]

    def cell_labour(self, order: Any) -> str:
        return f"{yuan(order.labour_fen)} 元" if order.finished_at else ""

    cell_labour.label = "人工费"  # type: ignore[attr-defined]

    def cell_total(self, order: Any) -> str:
        return f"{yuan(order.total_fen)} 元" if order.finished_at else ""

    cell_total.label = "合计"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        lines = [
            {
                "item": line.item,
                "quantity": line.quantity,
                "price": yuan(line.unit_price_fen),
                "amount": yuan(line.amount_fen),
            }
            for line in record.parts.all()
        ]
        return (
            [{"title": "用料", "template": "repairs/_parts.html", "lines": lines, "total": yuan(record.material_fen)}]
            if lines
            else []
        )
