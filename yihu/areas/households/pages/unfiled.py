"""出租未登记: lessees whom nobody has filed, and dwellings said to be let or used for business without a lessee (ARC-07, D43)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.households.standing import FILE_WITHIN, unfiled, used_for_business
from yihu.basics.text import without_unseen
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy

PAGE = 50


@require_GET
@policy(may="households.see")
def listing(request: HttpRequest) -> HttpResponse:
    """By lessee (the usual), or the units whose use says so though nobody is entered."""
    by_use = request.GET.get("tab") == "use"
    may_file = grants_of(request.user).may("households.file", request.community.pk)
    table = _units(request, may_file) if by_use else _lessees(request, may_file)
    stays, units = unfiled(request.community).count(), used_for_business(request.community).count()
    tabs = [
        {"label": "租户未登记", "url": "?", "current": not by_use, "count": stays, "hot": bool(stays)},
        {"label": "使用情况为出租、商住", "url": "?tab=use", "current": by_use, "count": units},
    ]
    context = {**table, "screen": {"title": "出租未登记"}, "tabs": tabs}
    if request.htmx and not request.htmx.boosted:
        return render(request, "kernel/_table.html", context)
    return render(request, "households/unfiled.html", context)


def _after(request: HttpRequest) -> tuple[str, int]:
    key, _, pk = without_unseen(request.GET.get("after", "")).rpartition("~")
    return key, int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0


def _new(unit: Any, **more: Any) -> str:
    told = {"unit": unit.pk, **{name: value for name, value in more.items() if value}}
    return f"{reverse('kernel:new', args=['filings'])}?{urlencode({**told, 'back': reverse('households:unfiled')})}"


def _lessees(request: HttpRequest, may_file: bool) -> dict[str, Any]:
    key, pk = _after(request)
    stays = unfiled(request.community).select_related("unit__cluster", "party")
    if key:
        stays = stays.filter(Q(unit__sort_key__gt=key) | Q(unit__sort_key=key, pk__gt=pk))
    found = list(stays.order_by("unit__sort_key", "pk")[: PAGE + 1])
    today, rows = timezone.localdate(), []
    for stay in found[:PAGE]:
        due = stay.from_on + FILE_WITHIN if stay.from_on else None
        url = _new(stay.unit, party=stay.party_id, lease_from=stay.from_on, lease_to=stay.to_on)
        rows.append(
            {
                "url": url if may_file else stay.unit.get_absolute_url(),
                "late": due is None or due < today,
                "cells": [
                    {"name": "number", "kind": "number", "text": stay.unit.label, "sub": str(stay.unit.cluster or "")},
                    {"name": "summary", "kind": "text", "text": stay.party.name, "sub": str(stay.party.phone)},
                    {"name": "from", "kind": "text", "text": f"{stay.from_on:%Y-%m-%d}" if stay.from_on else "未知"},
                    {"name": "to", "kind": "text", "text": f"{stay.to_on:%Y-%m-%d}" if stay.to_on else "未知"},
                    {"name": "due", "kind": "text", "text": f"{due:%Y-%m-%d}" if due else "尽快"},
                ],
            }
        )
    last = found[PAGE - 1] if len(found) > PAGE else None
    return {
        "columns": [{"label": label} for label in ("房屋", "租户", "租期自", "租期至", "应登记")],
        "rows": rows,
        "next_url": f"?{urlencode({'after': f'{last.unit.sort_key}~{last.pk}'})}" if last else None,
        "empty_text": "在租的都已登记。",
        "total_text": f"本页 {len(rows)} 户",
    }


def _units(request: HttpRequest, may_file: bool) -> dict[str, Any]:
    key, _ = _after(request)
    units = used_for_business(request.community).select_related("cluster")
    if key:
        units = units.filter(sort_key__gt=key)
    found = list(units.order_by("sort_key", "pk")[: PAGE + 1])
    rows = [
        {
            "url": _new(unit, use=unit.use) if may_file else unit.get_absolute_url(),
            "cells": [
                {"name": "number", "kind": "number", "text": unit.label, "sub": str(unit.cluster or "")},
                {"name": "summary", "kind": "text", "text": unit.get_use_display()},
                {"name": "remark", "kind": "text", "text": "没有登记租户"},
            ],
        }
        for unit in found[:PAGE]
    ]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return {
        "columns": [{"label": label} for label in ("房屋", "使用情况", "缺什么")],
        "rows": rows,
        "next_url": f"?{urlencode({'tab': 'use', 'after': f'{last.sort_key}~0'})}" if last else None,
        "empty_text": "没有这样的房屋。",
        "total_text": f"本页 {len(rows)} 户",
    }
