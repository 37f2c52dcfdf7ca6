"""Columns, filters and panels of the work orders."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from yihu.areas.repairs import callers
from yihu.areas.repairs import similar as _similar  # noqa: F401  (offers open repairs to whoever takes a call)
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.areas.repairs.procedure import HEAD, REVERSAL
from yihu.areas.repairs.sights import grabber
from yihu.areas.repairs.work import appointment, bill_of, in_his_hands, work_of
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Record
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.cells import when
from yihu.kernel.screens.money_cells import money
from yihu.kernel.screens.page import attachments


@screens
class OrderScreens(Screens):
    model = WorkOrder
    word = "维修单"
    tabs = (
        Tab("to_assign", "待派", (WorkOrder.State.TO_ASSIGN,), may="repairs.assign", step="assign"),
        Tab("deferred", "暂不能修", (WorkOrder.State.ON_HOLD,), may="repairs.see_all"),
        Tab("raised", "待主管决定", may="repairs.decide", step="decide", only={"raised_at__isnull": False}),
    )
    columns = ("number", "state", "summary", "unit", "trade", "handler", "urged", "next_due_at", "opened_at")
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
                "urged",
                "opened_by",
                "opened_at",
                "assigned_at",
                "accepted_at",
                "arrived_at",
                "started_at",
                "finished_at",
            ),
        ),
        ("挂单", ("hold_reason", "wake_on", "told_at", "raised_at")),
        (
            "维修",
            (
                "cause",
                "work_done",
                "responsibility",
                "chargeable",
                "labour",
                "total",
                "settle",
                "opinion",
                "sign_refused",
                "witness_1",
                "witness_2",
                "signed_at",
            ),
        ),
    )
    nav = ("维修", 31)
    nearby = (Nearby("冲正", "kernel:list", "repairs.see_all", ("repair-reversals",)),)

    def cell_place(self, order: Any) -> str:
        return str(order.place)

    cell_place.label = "地点"  # type: ignore[attr-defined]

    def cell_times(self, order: Any) -> str:
        """How often it was given back and passed on."""
        counted = (("退单", order.times_rejected), ("转单", order.times_passed))
        return "，".join(f"{word} {count} 次" for word, count in counted if count)

    cell_times.label = "退单、转单"  # type: ignore[attr-defined]

    def cell_urged(self, order: Any) -> str:
        """How often it was urged, and when last."""
        if not order.times_urged:
            return ""
        return f"催 {order.times_urged} 次，{when(order.urged_at, timezone.now())}"

    cell_urged.label = "催办"  # type: ignore[attr-defined]

    @money("人工费")
    def cell_labour(self, order: Any) -> int | None:
        return order.labour_fen if order.finished_at else None

    @money("合计")
    def cell_total(self, order: Any) -> int | None:
        return order.total_fen if order.finished_at else None

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
        found: list[dict[str, Any]] = [*_callers(record, person), *_moved(record), *_screened(record)]
        if asked:
            found.append({"title": "领料", "template": "repairs/_requests.html", "requests": asked})
        if bill["lines"]:
            found.append({"title": "用料", "template": "repairs/_parts.html", "bill": bill})
        return [*found, *_wrong(record, person)]

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


@screens
class ReversalScreens(Screens):
    model = RepairReversal
    word = "冲正单"
    columns = ("number", "state", "summary", "unit", "amount", "opened_by", "opened_at")
    filters = ("state",)
    related = ("opened_by", "order")
    panels = (("冲正", ("order", "amount", "right", "reason", "opened_by", "opened_at", "granted_at")),)

    @money("冲正金额")
    def cell_amount(self, reversal: Any) -> int | None:
        return -reversal.amount_fen

    @money("改为应收")
    def cell_right(self, reversal: Any) -> int | None:
        return reversal.right_fen


def _wrong(order: Any, person: Any) -> list[dict[str, Any]]:
    """After the signature an amount is taken back, not corrected."""
    if not order.due_fen or not REVERSAL.opened_by.allows(person, RepairReversal(community=order.community)):
        return []
    if any(one.closed_as == "" and one.state != "refused" for one in order.reversals.all()):
        return []
    asked = urlencode({"number_of": order.number, "back": order.get_absolute_url()})
    url = f"{reverse('kernel:new', args=['repair-reversals'])}?{asked}"
    return [{"title": "金额有误", "template": "repairs/_reverse.html", "url": url}]


def _requests(order: Any) -> list[dict[str, Any]]:
    return [
        {
            "item": line.item,
            "quantity": f"{line.quantity.normalize():f}",
            "asked": f"{line.asked_by} {moments.short(line.asked_at)}",
            "answer": line.words,
        }
        for line in order.requests.select_related("asked_by").order_by("pk")
    ]


MOST = 300


def _callers(order: Any, person: Any) -> list[dict[str, Any]]:
    """Everybody who reported it, and whether he has heard; one caller alone is told by the order's own call-back."""
    rows, first = callers.callers(order), callers.first_of(order)
    total = rows.count()
    if total < 2 and (total == 0 or rows.first().pk == first):
        return []
    seen = list(
        Record.objects.seen_by(person)
        .filter(pk__in=rows.values("pk"))
        .select_related("unit")
        .order_by("opened_at", "pk")[:MOST]
    )
    heard = callers.told(order, [row.pk for row in seen])
    mine = callers.told(order, [order.pk]).get(order.pk, "")
    step = order.procedure.step("call_caller")
    calling = order.closed_at is None and order.state in step.source and step.who.allows(person, order)
    page = reverse("kernel:step", args=[order.procedure.slug, order.number, step.name]) if calling else ""
    lines = [
        _caller(row.typed, heard.get(row.pk, mine if row.pk == first else ""), "" if row.pk == first else page)
        for row in seen
    ]
    return [
        {
            "title": "报修人",
            "template": "repairs/_callers.html",
            "callers": lines,
            "total": total,
            "hidden": total - len(lines),
        }
    ]


def _caller(row: Any, told: str, page: str) -> dict[str, Any]:
    """``page``: where he is called back, for whoever may."""
    facts = row.facts()
    return {
        "url": row.get_absolute_url(),
        "number": row.number,
        "unit": str(row.unit or "公共区域"),
        "name": facts.get("caller_name") or "",
        "phone": str(facts.get("phone") or ""),
        "at": row.opened_at,
        "told": told or "待告知",
        "done": bool(told),
        "call_url": f"{page}?caller={row.pk}" if page and not told else "",
    }


def _moved(order: Any) -> list[dict[str, Any]]:
    """原定、改定: what the owner agreed to, with whom, when, how often."""
    rows = list(order.agreed_dates.select_related("by").order_by("at", "pk"))
    if not rows:
        return []
    return [{"title": "改期", "template": "repairs/_moved.html", "rows": rows, "count": len(rows)}]


def _screened(order: Any) -> list[dict[str, Any]]:
    rows = list(order.screenings.select_related("by").order_by("at", "pk"))
    return [{"title": "暂不能修：筛选", "template": "repairs/_screened.html", "rows": rows}] if rows else []
