"""钥匙账实相符率: keys found ÷ keys on register, cabinet by cabinet; what was never counted stands first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.counting.schedules import days_of, said
from yihu.areas.keys.models import Cabinet, KeySet
from yihu.basics.worktime import business_month, business_month_bounds
from yihu.kernel import moments
from yihu.kernel.policy import policy

HEADS = ("钥匙柜", "保管人", "挂着", "上次核查", "本月次数", "本月核到 / 账面", "相符率")
NUMBERS = ("挂着", "本月次数", "本月核到 / 账面", "相符率")
LONGEST = timedelta(days=5)  # from Thursday to Monday, and a day
SIGNED = Q(counts__counted_at__isnull=False, counts__witnessed_at__isnull=False)


@require_GET
@policy(may="counting.see")
def overview(request: HttpRequest) -> HttpResponse:
    community, now = request.community, timezone.now()  # type: ignore[attr-defined]
    begins, ends = business_month_bounds(*business_month(now))
    month = Q(counts__counted_at__gte=begins, counts__counted_at__lt=ends) & SIGNED
    cabinets = list(
        Cabinet.objects.filter(community=community, shown=True)
        .select_related("keeper")
        .annotate(times=Count("counts", filter=month), found=Sum("counts__found", filter=month), on=Sum("counts__on_register", filter=month))
        .order_by("position", "pk")
    )  # fmt: skip
    lasts = _lasts(cabinets, request.user)
    hung = dict(
        KeySet.objects.filter(hook__cabinet__in=cabinets).exclude(status__in=KeySet.GONE)
        .order_by().values_list("hook__cabinet").annotate(Count("pk"))
    )  # fmt: skip
    rows = [_row(one, lasts.get(one.pk), hung.get(one.pk, 0), now) for one in cabinets]
    found, on = sum(one.found or 0 for one in cabinets), sum(one.on or 0 for one in cabinets)
    loose = KeySet.objects.filter(community=community, hook__isnull=True, status=KeySet.Status.IN).order_by("tag")
    context = {
        "title": "钥匙账实相符率",
        "screen": {"title": "钥匙账实相符率"},
        "days": said(days_of(community.pk, now)),
        "period": f"{timezone.localtime(begins):%m-%d} 至 {timezone.localtime(ends) - timedelta(days=1):%m-%d}",
        "rate": percent(found, on),
        "sum": f"{found} ÷ {on}" if on else "本月还没有核过",
        "loose": list(loose.values_list("tag", flat=True)[:30]),
        "columns": [{"label": label, "numeric": label in NUMBERS} for label in HEADS],
        "rows": sorted(rows, key=lambda row: not row["late"]),
        "total_text": f"共 {len(rows)} 个柜子",
        "empty_text": "还没有钥匙柜。",
    }
    return render(request, "counting/overview.html", context)


def percent(found: int, on: int) -> str:
    """Never 0 % or 100 % of nothing; never rounded up to agreement."""
    return f"{found * 1000 // on / 10:.1f}%" if on else "—"


def _lasts(cabinets: list[Any], person: Any) -> dict[int, Any]:
    """The last signed count of each cabinet."""
    rows = KeyCount.objects.seen_by(person).filter(cabinet__in=cabinets, witnessed_at__isnull=False)
    return {count.cabinet_id: count for count in rows.order_by("counted_at", "pk")}


def _row(cabinet: Any, last: Any, hung: int, now: datetime) -> dict[str, Any]:
    late = bool(hung) and (last is None or now - last.counted_at > LONGEST)
    if last is None:
        said_last = {"kind": "badge", "text": "从未核查" if hung else "空柜", "css": "badge-late" if hung else ""}
    else:
        text = f"{moments.short(last.counted_at)} {last.state_word}"
        said_last = {"kind": "badge", "text": text, "css": "badge-late"} if late else {"kind": "text", "text": text}
    listed = f"{reverse('kernel:list', args=['key-counts'])}?{urlencode({'tab': 'all', 'cabinet': cabinet.pk})}"
    return {
        "url": listed,
        "late": late,
        "cells": [
            {"name": "number", "kind": "number", "text": str(cabinet)},
            {"name": "keeper", "kind": "person", "text": str(cabinet.keeper)},
            {"name": "hung", "kind": "text", "text": f"{hung}", "numeric": True},
            {"name": "last", **said_last},
            {"name": "times", "kind": "text", "text": str(cabinet.times), "numeric": True},
            {
                "name": "sum",
                "kind": "text",
                "text": f"{cabinet.found} / {cabinet.on}" if cabinet.on else "",
                "numeric": True,
            },
            {"name": "rate", "kind": "text", "text": percent(cabinet.found or 0, cabinet.on or 0), "numeric": True},
        ],
    }
