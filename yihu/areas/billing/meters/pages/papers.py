"""Sheets: the record of one meter over time, and what a reader carries through a building."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.billing.meters.pages.shared import meter_of, round_of
from yihu.areas.billing.meters.pages.walking import name_of, place_of
from yihu.areas.billing.meters.printing import RECORD, SHEET, record_of, sheet_of
from yihu.areas.billing.meters.rounds import due
from yihu.ground.estate.models import Building
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet
from yihu.kernel.screens.page import number_or_none

MOST = 3_000


@require_GET
@policy(may="meters.see")
def meter_record(request: HttpRequest, pk: int) -> HttpResponse:
    return _paper(request, RECORD, record_of(meter_of(request, pk)), f"meter {pk}")


@require_GET
@policy(may="meters.see")
def round_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Of one building (``?at=``) or of all of them, in the order of the walk."""
    round_, asked = round_of(request, number), number_or_none(request.GET.get("at"))
    meters = [
        one
        for one in due(round_).select_related("unit", "building", "cluster").order_by("walk_key", "pk")[:MOST]
        if asked is None or place_of(one) == asked
    ]
    place = "全部" if asked is None else name_of(Building.objects.filter(pk=asked).first())
    return _paper(request, SHEET, sheet_of(round_, meters, place), number)


def _paper(request: HttpRequest, sheet: Any, told: dict[str, Any], subject: str) -> HttpResponse:
    now = timezone.now()
    pdf = set_sheet(sheet, told, request.user, now=now)
    count_print(sheet.name, by=request.user, at=now, subject=f"{subject} {now:%Y%m%d%H%M%S%f}"[:100])
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{sheet.name}.pdf"'
    return response
