"""我的维修: where one is expected today, in order; what else is in hand; what may be grabbed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.repairs import crew
from yihu.areas.repairs.models import WorkOrder
from yihu.areas.repairs.work import appointment
from yihu.basics.identity import mask_free_text
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import due_css, state_cell, when
from yihu.kernel.screens.places import place

GONE = "这张单已经不在可抢的单里，可能刚被别人抢走了。"
ROWS = 60
place(30, "我的维修", "repairs:day", crew.WORK)


@require_GET
@policy(may=crew.WORK)
def page(request: HttpRequest) -> HttpResponse:
    now, me = timezone.now(), [request.user.pk, *sorted(grants_of(request.user).deputises())]
    seen = WorkOrder.objects.seen_by(request.user).filter(community=request.community, closed_at__isnull=True)
    rows = seen.filter(Q(handler_id__in=me) | Q(pass_to_id__in=me), state__in=WorkOrder.IN_HAND)
    mine = list(rows.select_related("unit", "building", "handler").order_by("next_due_at", "pk")[:ROWS])
    asked = [one for one in mine if one.pass_to_id in me]
    own = [one for one in mine if one.pass_to_id not in me]
    held = [one for one in own if one.deferred]
    own = [one for one in own if not one.deferred]
    agreed = [one for one in own if one.appointment_from is not None and one.arrived_at is None]
    today = sorted(crew.of_day(agreed, timezone.localdate(now)), key=lambda one: (one.appointment_from, one.pk))
    going_on = [one for one in own if one not in today]
    pool = (
        crew.to_grab(request.user, [request.community.pk])
        .select_related("unit", "building")
        .order_by("next_due_at", "pk")
    )
    context = {
        "title": "我的维修",
        "parts": [
            {"title": "请您接手", "rows": [_row(one, now) for one in asked], "empty": ""},
            {
                "title": "今日预约",
                "rows": [_row(one, now, clash=any(crew.overlaps(one, other) for other in today)) for one in today],
                "empty": "今天没有约好时间的单。",
            },
            {"title": "在手", "rows": [_row(one, now) for one in going_on], "empty": "手上没有别的单。"},
            {"title": "挂单", "rows": [_row(one, now) for one in held], "empty": ""},
            {
                "title": "可抢",
                "rows": [{**_row(one, now), "key": uuid.uuid4().hex} for one in pool[:ROWS]],
                "empty": "",
            },
        ],
    }
    template = "repairs/_day.html" if request.htmx and not request.htmx.boosted else "repairs/day.html"
    return render(request, template, context)


@require_POST
@policy(may=crew.WORK)
def grab(request: HttpRequest) -> HttpResponse:
    """The first to take it has it; whoever comes second is told so, and no more."""
    number = request.POST.get("number", "")[:40]
    order = crew.to_grab(request.user, [request.community.pk]).filter(number=number).first()
    kept = order or WorkOrder.objects.seen_by(request.user).filter(number=number, handler=request.user).first()
    if kept is None:
        messages.warning(request, GONE)
        return redirect("repairs:day")
    try:
        taken = perform(kept, "grab", by=request.user, key=key_of(request))
    except Refused:
        messages.warning(request, GONE)
        return redirect("repairs:day")
    messages.success(request, f"{taken.number} 归您了，请联系业主上门。")
    return redirect(taken.get_absolute_url())


def _row(order: Any, now: Any, clash: bool = False) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": order.get_absolute_url(),
        "urgent": order.level == WorkOrder.Level.URGENT,
        "kind": f"{order.get_level_display()} · {order.get_trade_display()}",
        "where": mask_free_text(order.place) or "公共区域",
        "what": mask_free_text(order.symptom)[:60],
        "appointment": appointment(order, now),
        "state": {"word": order.state_word, "css": state_cell(order)["css"]},
        "due_iso": order.next_due_at.isoformat() if order.next_due_at else "",
        "due_text": when(order.next_due_at, now),
        "css": due_css(order.next_due_at, now),
        "clash": clash,
    }
