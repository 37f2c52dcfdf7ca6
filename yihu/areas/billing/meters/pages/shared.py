"""What the pages of readings have in common: the round, a meter, a form that does one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yihu.areas.billing.meters.models import Meter, Reading, ReadingRound
from yihu.areas.billing.meters.reckoning import plain
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of


def round_of(request: HttpRequest, number: str) -> ReadingRound:
    found: ReadingRound | None = ReadingRound.objects.seen_by(request.user).filter(number=number).first()
    if found is None or found.community_id != request.community.pk:  # type: ignore[attr-defined]
        raise Http404
    return found


def meter_of(request: HttpRequest, pk: int) -> Meter:
    rows = Meter.objects.filter(community=request.community)  # type: ignore[attr-defined]
    found = rows.select_related("unit", "building", "cluster", "parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def doing(
    request: HttpRequest, form: Any, act: Callable[[str], Any], *, title: str, leave: str, done: str, save: str = "保存", **more: Any
) -> HttpResponse:  # fmt: skip
    """Show a form, do what it says, go on; a refusal stands above what was typed."""
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(key_of(request))
            except Refused as refused:
                refusal, status = refused.sentence, refused.status
            else:
                messages.success(request, done, extra_tags=request.path)
                return redirect(leave)
    context = {
        "title": title, "form": form, "key": key_of(request), "submit_label": save, "leave_url": leave, "refusal": refusal, **more,
    }  # fmt: skip
    return render(request, "meters/form.html", context, status=status)


def sum_of(row: Reading) -> str:
    """1,203.4 − 1,186.9 = 16.5 × 40 = 660"""
    times = row.multiplier != 1
    return f"{row.part.words} = {plain(row.use)}" if times else row.part.words
