"""The dispatch board: every open order in its column, everybody on duty with what he has, in the same few queries always."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from yihu.areas.repairs import crew
from yihu.areas.repairs.models import WorkOrder
from yihu.areas.repairs.work import appointment
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.screens.cells import due_css, when

S = WorkOrder.State
COLUMNS = (
    ("to_assign", "待派", (S.TO_ASSIGN,)),
    ("assigned", "已派未接", (S.ASSIGNED,)),
    ("accepted", "已接", (S.ACCEPTED,)),
    ("at_work", "到场·维修中", (S.ON_SITE, S.WORKING, S.OUTSIDE)),
    ("on_hold", "挂单", (S.ON_HOLD,)),
    ("to_sign", "待签", (S.TO_SIGN,)),
)
SHOWN = tuple(state for _, _, states in COLUMNS for state in states)
CARDS = 30
OFFERED = 8
CLOCK_WORDS = {"late": "超时", "due-soon": "将到期", "due": "", "": ""}


def orders_of(person: Any, community: Any, chosen: dict[str, Any]) -> Any:
    """What the board is about: open orders here that the person may see, narrowed to a trade and a part of the site."""
    rows = WorkOrder.objects.seen_by(person).filter(community=community, state__in=SHOWN, closed_at__isnull=True)
    if chosen.get("trade"):
        rows = rows.filter(trade=chosen["trade"])
    if chosen.get("cluster"):
        rows = rows.filter(unit__cluster=chosen["cluster"])
    return rows


def board_of(person: Any, community: Any, chosen: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What ``repairs/_board.html`` needs."""
    rows = orders_of(person, community, chosen)
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    hands = crew.crew_of(community.pk, now)
    _only_what_is_seen(person, hands)
    may_assign = grants_of(person).may(crew.ASSIGN, community.pk)
    cards = _cards(rows, hands if may_assign else [], now)
    columns = []
    for name, title, states in COLUMNS:
        count = sum(counts.get(state, 0) for state in states)
        shown = [card for state in states for card in cards[state]][:CARDS]
        columns.append(
            {"name": name, "title": title, "count": count, "cards": shown, "more": count - len(shown), "states": states}
        )
    return {
        "columns": columns,
        "crew": [_hand(one, now) for one in crew.ranked(hands, str(chosen.get("trade") or ""))],
        "mode": dict(WorkOrder.Dispatch.choices)[crew.mode_of(community.pk, now)],
        "list_url": reverse("kernel:list", args=["repairs"]),
        "at": moments.clock(now),
    }


def _only_what_is_seen(person: Any, hands: list[crew.Hand]) -> None:
    """Where somebody is expected, but for what this person must not see: of such he learns the hour alone."""
    orders = [order for one in hands for order in one.appointments]
    seen = set(
        WorkOrder.objects.seen_by(person).filter(pk__in=[order.pk for order in orders]).values_list("pk", flat=True)
    )
    for order in orders:
        order.hidden = order.pk not in seen


def _cards(rows: Any, hands: list[crew.Hand], now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The most pressing of each state."""
    standing = Window(
        RowNumber(),
        partition_by=[F("state")],
        order_by=[F("next_due_at").asc(nulls_last=True), F("opened_at").asc(), F("pk").asc()],
    )
    wanted = rows.annotate(standing=standing).filter(standing__lte=CARDS)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for order in wanted.select_related("unit", "building", "handler", "pass_to", "firm").order_by("standing"):
        found[order.state].append(_card(order, hands, now))
    return found


def _card(order: Any, hands: list[crew.Hand], now: datetime) -> dict[str, Any]:
    css = due_css(order.next_due_at, now)
    return {
        "number": order.number,
        "url": order.get_absolute_url(),
        "urgent": order.level == WorkOrder.Level.URGENT,
        "kind": f"{order.get_level_display()} · {order.get_trade_display()}",
        "where": mask_free_text(order.place) or "公共区域",
        "what": mask_free_text(order.symptom)[:60],
        "who": _who(order),
        "appointment": appointment(order, now),
        "css": css,
        "word": CLOCK_WORDS[css],
        "due_iso": order.next_due_at.isoformat() if order.next_due_at else "",
        "due_text": when(order.next_due_at, now),
        "notes": _notes(order),
        "version": order.version,
        "key": uuid.uuid4().hex,
        "candidates": [_candidate(one, order) for one in crew.ranked(hands, order.trade, order)[:OFFERED]]
        if order.state == S.TO_ASSIGN
        else [],
    }


def _who(order: Any) -> str:
    if order.firm:
        return f"{order.firm}（{order.handler}负责）" if order.handler else str(order.firm)
    return str(order.handler or "")


def _notes(order: Any) -> list[str]:
    found = []
    if order.state == S.TO_ASSIGN and order.dispatch != WorkOrder.Dispatch.ASSIGNED:
        found.append(f"{order.get_dispatch_display()}中")
    if order.times_rejected:
        found.append(f"退单 {order.times_rejected} 次")
    if order.pass_to:
        found.append(f"转给{order.pass_to}，待接手")
    if order.ability and order.ability != WorkOrder.Ability.CAN and order.state == S.TO_ASSIGN:
        found.append(str(order.get_ability_display()))
    if order.state == S.ON_HOLD and order.wake_on:
        found.append(f"{order.get_hold_reason_display()}，{order.wake_on:%m-%d} 恢复")
    if order.times_urged:
        found.append(f"催 {order.times_urged} 次，{when(order.urged_at, timezone.now())}")
    if order.raised_at:
        found.append("已上报，待主管决定")
    if order.round_no > 1:
        found.append(f"第 {order.round_no} 次维修")
    return found


def _candidate(one: crew.Hand, order: Any) -> dict[str, Any]:
    clash = one.clash(order)
    words = [f"在手 {one.in_hand}"]
    if not one.does(order.trade):
        words.append("非本工种")
    if clash:
        words.append("预约重叠")
    return {"pk": one.person.pk, "name": str(one.person), "words": " · ".join(words), "warned": len(words) > 1}


def _hand(one: crew.Hand, now: datetime) -> dict[str, Any]:
    """One of the strip: who, how much in hand, where he is expected today."""
    today = crew.of_day(one.appointments, timezone.localdate(now))
    labels = dict(WorkOrder.Trade.choices)
    trades = "、".join(str(labels[trade]) for trade in WorkOrder.Trade.values if trade in one.trades)
    return {
        "name": str(one.person),
        "trades": trades or ("只手工派" if one.heads else "各工种"),
        "in_hand": one.in_hand,
        "today": [
            {
                "time": moments.clock(order.appointment_from),
                "where": "另有安排" if order.hidden else mask_free_text(order.place) or "公共区域",
                "url": "" if order.hidden else order.get_absolute_url(),
                "clash": any(crew.overlaps(order, other) for other in today),
            }
            for order in today
        ],
    }
