"""The list of meters, and one meter: its devices, its readings over time, its use as a line (FEE-25)."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.billing.meters import keeping, recording
from yihu.areas.billing.meters.composing import odd_words
from yihu.areas.billing.meters.models import Installation, Meter, Reading
from yihu.areas.billing.meters.pages.shared import meter_of, sum_of
from yihu.areas.billing.meters.reckoning import plain
from yihu.basics import charts
from yihu.basics.months import Month
from yihu.ground.estate.finding import find_units
from yihu.kernel.authority import grants_of
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import labels_of
from yihu.kernel.policy import policy

PAGE, MOST_READINGS, TREND = 100, 60, 24
SEE = "meters.see"
STATES = {
    "pending": "state-check",
    "stands": "state-done",
    "superseded": "state-void",
    "refused": "state-void",
    "taken_back": "state-void",
}


class FilterForm(forms.Form):
    q = forms.CharField(
        label="房号、表号、用途",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "房号、表号、用途"}),
    )
    kind = forms.ChoiceField(label="表类", required=False, choices=[("", "各类"), *Meter.Kind.choices])
    scope = forms.ChoiceField(
        label="范围", required=False, choices=[("", "户内和公共"), ("unit", "户内"), ("common", "公共、总表")]
    )
    off = forms.ChoiceField(label="在用", required=False, choices=[("", "在用"), ("1", "停用")])


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    form, community = FilterForm(request.GET), request.community  # type: ignore[attr-defined]
    told = form.cleaned_data if form.is_valid() else {}
    rows = Meter.objects.filter(community=community, shown=not told.get("off")).select_related(
        "unit", "building", "cluster", "parent"
    )
    if text := (told.get("q") or "").strip():
        units = [unit.pk for unit in find_units(text, [community.pk], 60)]
        rows = rows.filter(Q(unit__in=units) | Q(number__icontains=text) | Q(name__icontains=text))
    if told.get("kind"):
        rows = rows.filter(kind=told["kind"])
    if told.get("scope"):
        rows = rows.filter(scope="unit") if told["scope"] == "unit" else rows.exclude(scope="unit")
    pages = Paginator(rows.order_by("walk_key", "pk"), PAGE)
    here = pages.get_page(request.GET.get("page"))
    query = {name: value for name, value in request.GET.items() if name != "page" and value}
    grants = grants_of(request.user)
    context = {
        "title": "计量表",
        "screen": {"title": "计量表"},
        "filters": form,
        "columns": [
            {"label": "位置"},
            {"label": "表号"},
            {"label": "装在哪里"},
            {"label": "倍率", "numeric": True},
            {"label": "上级总表"},
        ],
        "rows": _rows(list(here)),
        "next_url": f"?{urlencode({**query, 'page': here.next_page_number()})}" if here.has_next() else None,
        "total_text": f"共 {pages.count} 块",
        "empty_text": "还没有计量表。可以导入抄表册，一次建好。" if not query else "没有符合条件的表。",
        "new_url": reverse("meters:new_meter") if grants.may(keeping.KEEP, community.pk) else "",
        "import_url": reverse("kernel:list", args=["reading-imports"])
        if grants.may("meters.import", community.pk)
        else "",
        "items_url": reverse("meters:list_meter-items"),
    }
    return render(request, "meters/meters.html", context)


def _rows(meters: list[Meter]) -> list[dict[str, Any]]:
    devices = {one.meter_id: one for one in Installation.objects.filter(meter__in=meters, removed_on__isnull=True)}
    return [
        {
            "url": reverse("meters:meter", args=[one.pk]),
            "cells": [
                {"name": "number", "kind": "number", "text": one.where},
                {"name": "summary", "kind": "text", "text": str(one)},
                {"name": "place", "kind": "text", "text": one.place},
                {"name": "times", "kind": "text", "text": plain(devices[one.pk].multiplier) if one.pk in devices else "", "numeric": True},
                {"name": "parent", "kind": "text", "text": one.parent.number if one.parent else ""},
            ],
        }
        for one in meters
    ]  # fmt: skip


@require_GET
@policy(may=SEE)
def meter(request: HttpRequest, pk: int) -> HttpResponse:
    one = meter_of(request, pk)
    grants, here = grants_of(request.user), one.community_id
    readings = list(readings_of(one)[:MOST_READINGS])
    devices = list(one.installations.order_by("-installed_on", "-pk"))
    may_read = grants.may(recording.READ, here) and one.shown
    context = {
        "title": f"{one.where} {one}",
        "meter": one,
        "devices": [_device(row) for row in devices],
        "subs": list(
            one.subs.filter(shown=True).select_related("unit", "building", "cluster").order_by("walk_key", "pk")[:50]
        ),
        "lines": [_line(row, may_read) for row in readings],
        "trend": _trend(readings),
        "print_url": reverse("meters:meter_print", args=[pk]),
        "edit_url": reverse("meters:edit_meter", args=[pk]) if grants.may(keeping.KEEP, here) else "",
        "swap_url": reverse("meters:swap", args=[pk]) if may_read else "",
        "move_url": reverse("meters:move", args=[pk]) if may_read and one.unit_id else "",
        "journal": journal_of(recording.BOOK, pk, {**labels_of(one), "verified_until": "检定有效期至"}),
    }
    return render(request, "meters/meter.html", context)


def readings_of(one: Meter) -> Any:
    rows = Reading.objects.filter(meter=one).select_related("installation", "reader", "checked_by", "round", "meter")
    return rows.order_by("-on", "-pk")


def _device(row: Installation) -> dict[str, str]:
    over = row.verified_until is not None and row.removed_on is None and row.verified_until < timezone.localdate()
    return {
        "number": row.number,
        "words": f"{row.installed_on:%Y-%m-%d} 装，起数 {plain(row.opening)}，倍率 {plain(row.multiplier)}，{row.digits} 位",
        "removed": f"{row.removed_on:%Y-%m-%d} 拆" if row.removed_on else "",
        "verified": f"检定有效期至 {row.verified_until:%Y-%m-%d}" if row.verified_until else "没有登记检定有效期",
        "over": "已过期" if over else "",
    }


def _line(row: Reading, may_read: bool) -> dict[str, Any]:
    fixable = may_read and row.state == Reading.State.STANDS and not row.round.locked and row.kind != Reading.Kind.SWAP
    return {
        "on": f"{row.on:%Y-%m-%d}",
        "kind": row.get_kind_display(),
        "occasion": row.get_occasion_display() if row.occasion else "",
        "sum": sum_of(row),
        "use": plain(row.use),
        "state": {"word": row.get_state_display(), "css": STATES[row.state]},
        "odd": odd_words(row),
        "why": row.why,
        "signed": f"{row.signed_ours}、{row.signed_theirs}" if row.signed_theirs else "",
        "by": str(row.reader),
        "checked": f"{row.checked_by} {row.check_words}".strip() if row.checked_by else "",
        "photo": reverse("kernel:file", args=[row.photo_id]) if row.photo_id else "",
        "correct_url": reverse("meters:correct", args=[row.pk]) if fixable else "",
    }


def _trend(readings: list[Reading]) -> dict[str, Any] | None:
    """The use of each month; a picture of its own, and the same figures as a table."""
    months: dict[Month, Decimal] = {}
    for row in reversed(readings):
        if row.state == Reading.State.STANDS:
            at = Month.of(row.month)
            months[at] = months.get(at, Decimal()) + row.use
    points = list(months.items())[-TREND:]
    if len(points) < 2:
        return None
    heights = [float(max(use, Decimal())) for _, use in points]  # of the picture; the figures stay exact
    drawn = charts.lines([f"{at.year % 100}-{at.month:02d}" for at, _ in points], [("用量", heights)])
    picture = base64.b64encode(drawn.svg.encode()).decode()
    return {
        "picture": f"data:image/svg+xml;base64,{picture}",
        "rows": [(str(at), f"{use:,.2f}".rstrip("0").rstrip(".")) for at, use in points],
    }
