"""Whether the warranty still runs, while the clerk is typing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.areas.warranty.models import Slip
from yihu.areas.warranty.terms import Item, term_of
from yihu.ground.estate.models import Building, Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy


@require_GET
@policy(signed_in=True)
def term(request: HttpRequest) -> HttpResponse:
    """One sentence for the place and the class that stand in the form; nothing for those who open no slips."""
    community = request.community
    if community is None or not grants_of(request.user).may("warranty.open", community.pk):
        return render(request, "warranty/_term.html", {"term": None})
    given = {name.rpartition("-")[2]: value for name, value in request.GET.items() if value}
    item, found = given.get("item", ""), None
    common = bool(given.get("building") or given.get("common_area", "").strip())
    unit = None if common else _row(Unit.objects.select_related("building"), given.get("unit", ""), community)
    if item in Item.values and (common or unit is not None):
        found = term_of(
            item, _row(Building.objects, given.get("building", ""), community) if common else unit.building,
            timezone.localdate(), _day(given.get("agreed_until", "")),
            accepted_on=_day(given.get("accepted_on", "")) if common else None, common=common,
        )  # fmt: skip
    tone = {Slip.Within.IN: "success", Slip.Within.OUT: "warning"}.get(found.within, "") if found else ""
    return render(request, "warranty/_term.html", {"term": found, "tone": tone})


def _row(rows: Any, pk: str, community: Any) -> Any:
    known = pk.isascii() and pk.isdigit() and len(pk) < 10
    return rows.filter(pk=pk, community=community).first() if known else None


def _day(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:
        return None
