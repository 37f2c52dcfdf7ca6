"""While a complaint is typed: which earlier ones it may repeat."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.complaints.alike import alike_to
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import when


@require_GET
@policy(signed_in=True)
def alike(request: HttpRequest) -> HttpResponse:
    """Radio buttons for the form's field; nothing for those who open no complaints."""
    community = request.community  # type: ignore[attr-defined]
    field = request.GET.get("field", "")
    if not re.fullmatch(r"(?:to-)?repeat_of", field):
        field = "repeat_of"
    rows, now = [], timezone.now()
    if community is not None and grants_of(request.user).may("complaints.open", community.pk):
        given = {name.rpartition("-")[2]: value for name, value in request.GET.items() if value}
        chosen = given.get("chosen", "")[:40]
        found = alike_to(
            request.user,
            community.pk,
            unit=given.get("unit", ""),
            category=given.get("category", ""),
            about_dept=given.get("about_dept", ""),
            number=chosen,
        )
        rows = [
            {
                "number": one.number,
                "what": one.summary[:40],
                "where": str(one.unit or ""),
                "when": when(one.opened_at, now),
                "state": one.state_word,
                "checked": one.number == chosen,
            }
            for one in found
        ]
    context = {"rows": rows, "field": field, "chosen": any(row["checked"] for row in rows)}
    return render(request, "complaints/_alike.html", context)
