"""Columns, filters and panels of the work orders."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.repairs.models import WorkOrder
from yihu.areas.repairs.procedure import HEAD
from yihu.areas.repairs.sights import grabber
from yihu.areas.repairs.work import appointment, bill_of, in_his_hands, work_of
from yihu.basics.money import yuan
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Screens, Tab, screens
from yihu.kernel.screens.page import attachments


@screens
class OrderScreens(Screens):
    model = WorkOrder
    word = "维修单"
    tabs = (Tab("to_assign", "待派", (WorkOrder.State.TO_ASSIGN,), may="repairs.assign", step="assign"),)
    columns = ("number", "state", "summary", "unit", "trade", "handler", "next_due_at", "opened_at")
    filters = ("state", "level", "trade", "system")
    related = ("opened_by", "party", "fault", "firm", "pass_to", "building")
    panels = (
        (
            "报修",
            (
                "fault",
                "place",
                "symptom",
                "level",
                "trade",
                "system",
                "reporter",
                "phone",
                "appointment_from",
                "appointment_to",
            ),
        ),
        (
            "派工",
            (
                "dispatch",
                "ability",
                "handler",
                "firm",
                "pass_to",
                "times",
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

    def cell_times(self, order: Any) -> str:
        """How often it was given back and passed on."""
        counted = (("退单", order.times_rejected), ("转单", order.times_passed))
        return "，".join(f"{word} {count} 次" for word, count in counted if count)

    cell_times.label = "退单、转单"  # type: ignore[attr-defined]

    def cell_labour(self, order: Any) -> str:
        return f"{yuan(order.labour_fen)} 元" if order.finished_at else ""

    cell_labour.label = "人工费"  # type: ignore[attr-defined]

    def cell_total(self, order: Any) -> str:
        return f"{yuan(order.total_fen)} 元" if order.finished_at else ""

    cell_total.label = "合计"  # type: ignore[attr-defined]

    def default_tab(self, person: Any, community: Any) -> str:
        """The head assigns, the worker works, everybody else looks after what is open."""
        grants, place = grants_of(person), community and community.pk
        if grants.may("repairs.assign", place):
            return "to_assign"
        goes_out = grants.may("repairs.work", place) and not grants.may("repairs.see_all", place)
        return "mine" if goes_out else "open"

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        if in_his_hands(record, person):
            return []  # the worker has the lines among his forms
        bill, asked = bill_of(record), _requests(record)
        found: list[dict[str, Any]] = []
        if asked:
            found.append({"title": "领料", "template": "repairs/_requests.html", "requests": asked})
        if bill["lines"]:
            found.append({"title": "用料", "template": "repairs/_parts.html", "bill": bill})
        return found

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        if step == "sign":
            return {"bill": bill_of(record)}
        if step in ("assign", "reassign"):
            return {"appointment": appointment(record, timezone.now()), "attachments": attachments(record)}
        if step == "" and in_his_hands(record, person):
            return {"work": work_of(record, person, timezone.now())}
        if step == "" and grabber.allows(person, record) and not HEAD.allows(person, record):
            return {"grab": {"url": reverse("repairs:grab"), "key": uuid.uuid4().hex}}
        return {}


def _requests(order: Any) -> list[dict[str, Any]]:
    return [
        {
            "item": line.item,
            "quantity": f"{line.quantity.normalize():f}",
            "asked": f"{line.asked_by} {timezone.localtime(line.asked_at):%m-%d %H:%M}",
            "answer": line.words,
        }
        for line in order.requests.select_related("asked_by").order_by("pk")
    ]
