"""What the pages of readings have in common: the round, a meter, a form that does one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from yihu.areas.billing.meters.models import Meter, Reading, ReadingRound
from yihu.areas.billing.meters.reckoning import plain
from yihu.kernel.one_form import saving


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
    """Show a form, do what it says, go on."""
    known = {"submit_label": save, **more}
    return saving(
        request, form, act, template="meters/form.html", title=title, done=done, leave_url=leave, context=known
    )


def sum_of(row: Reading) -> str:
    """1,203.4 − 1,186.9 = 16.5 × 40 = 660"""
    times = row.multiplier != 1
    return f"{row.part.words} = {plain(row.use)}" if times else row.part.words
