"""The one search box: what fits, grouped by kind, under the box or on a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yihu.basics import text
from yihu.kernel import search as kernel_search
from yihu.kernel.policy import policy

ON_PAGE = 30
# the telephone rings: Enter takes the first hit, and that is the household, not one of its many records
FIRST = ("unit", "party")
LONGEST = 60


@require_GET
@policy(signed_in=True)
def search(request: HttpRequest) -> HttpResponse:
    """The list under the box; without htmx a page, and a sole hit opens at once."""
    asked = text.clean(request.GET.get("q", "")[:LONGEST], LONGEST, cut=True).strip()
    if request.htmx:
        groups = _grouped(asked, request.user, kernel_search.LIMIT)
        return render(request, "ui/search_results.html", {"text": asked, "groups": groups})
    groups = _grouped(asked, request.user, ON_PAGE)
    hits = [hit for group in groups for hit in group.hits]
    if len(hits) == 1:
        return redirect(hits[0].url)
    return render(request, "workbench/search.html", {"title": "查找", "text": asked, "groups": groups})


def _grouped(asked: str, person: Any, limit: int) -> list[kernel_search.Group]:
    def place(group: kernel_search.Group) -> int:
        kind = group.hits[0].kind
        return FIRST.index(kind) if kind in FIRST else len(FIRST)

    return sorted(kernel_search.find(asked, person, limit), key=place)
