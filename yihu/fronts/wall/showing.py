"""What a wall shows: how many orders stand where, which press most, who has how much in hand. No names of owners, no numbers
of telephones, and nothing that anybody is barred from: everybody who walks by reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.utils import timezone

from yihu.areas.repairs import crew
from yihu.areas.repairs.board import CLOCK_WORDS, COLUMNS, SHOWN
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.screens.cells import due_css, when

ROWS = 14


def wall_of(community: Any, now: datetime) -> dict[str, Any]:
    """What ``wall/_wall.html`` needs; the same few queries always."""
    open_ = WorkOrder.objects.filter(community=community, state__in=SHOWN, closed_at__isnull=True, bars__isnull=True)
    counts = dict(open_.order_by().values_list("state").annotate(count=Count("pk")))
    pressing = open_.select_related("unit", "handler").order_by(
        F("next_due_at").asc(nulls_last=True), "opened_at", "pk"
    )
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    done = WorkOrder.objects.filter(
        community=community, finished_at__gte=today, finished_at__lte=now, bars__isnull=True
    )
    shown = [_row(order, now) for order in pressing[:ROWS]]
    return {
        "counts": [
            {"title": title, "count": sum(counts.get(state, 0) for state in states)} for _, title, states in COLUMNS
        ],
        "done": done.count(),
        "rows": shown,
        "more": max(0, sum(counts.values()) - len(shown)),
        "crew": [{"name": str(one.person), "in_hand": one.in_hand} for one in crew.crew_of(community.pk, now)],
        "at": moments.clock(now),
        "day": f"{timezone.localtime(now):%m 月 %d 日}",
    }


def _row(order: WorkOrder, now: datetime) -> dict[str, Any]:
    css = due_css(order.next_due_at, now)
    return {
        "number": order.number[-4:],
        "urgent": order.level == WorkOrder.Level.URGENT,
        "kind": f"{order.get_level_display()} · {order.get_trade_display()}",
        "where": mask_free_text(order.place) or "公共区域",
        "state": order.state_word,
        "who": str(order.handler or ""),
        "css": css,
        "word": CLOCK_WORDS[css],
        "due": when(order.next_due_at, now),
    }
