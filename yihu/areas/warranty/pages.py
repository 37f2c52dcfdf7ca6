"""Whether the warranty still runs, while the clerk is typing."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.areas.warranty.models import Slip
from yihu.areas.warranty.terms import Item, term_of
from yihu.ground.estate.models import Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy


@require_GET
@policy(signed_in=True)
def term(request: HttpRequest) -> HttpResponse:
    """One sentence for the unit and the class that stand in the form; nothing for those who open no slips."""
    community = request.community
    if community is None or not grants_of(request.user).may("warranty.open", community.pk):
        return render(request, "warranty/_term.html", {"term": None})
    given = {name.rpartition("-")[2]: value for name, value in request.GET.items() if value}
    pk, item = given.get("unit", ""), given.get("item", "")
    known = pk.isascii() and pk.isdigit() and len(pk) < 10
    unit = Unit.objects.filter(pk=pk, community=community).select_related("building").first() if known else None
    found = None
    if unit is not None and item in Item.values:
        found = term_of(item, unit, timezone.localdate(), _day(given.get("agreed_until", "")))
    tone = {Slip.Within.IN: "success", Slip.Within.OUT: "warning"}.get(found.within, "") if found else ""
    return render(request, "warranty/_term.html", {"term": found, "tone": tone})


def _day(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:
        return None
