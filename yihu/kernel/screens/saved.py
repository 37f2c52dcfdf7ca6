"""Filters that a person keeps for himself: a name for what the list shows now, and one click to see it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yihu.basics.text import clean_line
from yihu.kernel.models import SavedFilter
from yihu.kernel.policy import policy
from yihu.kernel.requests import Request
from yihu.kernel.screens.declare import screen_or_404

MOST = 12
KEPT = ("tab", "q")


def saved_for(screen: Any, person: Any, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """This person's filters of this register, the one that is in use marked."""
    now = urlencode(_meaning(screen, data))
    return [
        {"pk": one.pk, "name": one.name, "url": f"?{one.query}", "current": one.query == now}
        for one in SavedFilter.objects.filter(person=person, slug=screen.slug).order_by("pk")
    ]


@require_POST
@policy(signed_in=True)
def save(request: Request, slug: str) -> HttpResponse:
    """Keep what the list showed when the button was pressed: the address of that page says it."""
    screen = screen_or_404(slug)
    listed = reverse("kernel:list", args=[slug])
    name = clean_line(request.POST.get("name", ""), 20, cut=True)
    seen = urlsplit(request.headers.get("Referer", ""))
    query = urlencode(_meaning(screen, dict(parse_qsl(seen.query))) if seen.path == listed else {})
    with transaction.atomic():
        own = SavedFilter.objects.select_for_update().filter(person=request.user, slug=slug)
        if not name or not query or len(query) > 500:
            messages.warning(request, "没有保存：请先选好筛选条件，再起一个名字。")
        elif len(own.exclude(name=name)) >= MOST:
            messages.warning(request, f"常用筛选最多 {MOST} 个，请先删去不用的。")
        else:
            SavedFilter.objects.update_or_create(person=request.user, slug=slug, name=name, defaults={"query": query})
            messages.success(request, f"已存为常用筛选“{name}”。")
    return redirect(f"{listed}?{query}" if query else listed)


@require_POST
@policy(signed_in=True)
def forget(request: Request, slug: str, pk: int) -> HttpResponse:
    screen_or_404(slug)
    SavedFilter.objects.filter(person=request.user, slug=slug, pk=pk).delete()
    return redirect("kernel:list", slug)


def _meaning(screen: Any, data: Mapping[str, Any]) -> dict[str, str]:
    """The filters as they are meant, in one order; what the list does not know is left out."""
    typed = {name: str(data.get(name, "")).strip() for name in (*KEPT, *screen.filters)}
    known = {name: value for name, value in typed.items() if value}
    return known if set(known) - {"tab"} else {}
