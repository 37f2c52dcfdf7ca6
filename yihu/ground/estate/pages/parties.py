"""往来单位: customers who belong to no house here (the developer, who rents a wall for a poster): found, and entered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yihu.basics.text import clean_line
from yihu.ground.estate import corrections
from yihu.ground.estate.finding import find_parties
from yihu.ground.estate.models import Building, Occupancy, Party
from yihu.ground.estate.pages.forms import NewPartyForm, PartySearch
from yihu.ground.estate.pages.shared import EDIT, SEE, saving
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy

PAGE, MOST = 50, 200
_COLUMNS = ("名称", "备注", "类型", "联系人", "电话")


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    community: Any = request.community  # type: ignore[attr-defined]
    form = PartySearch(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = Party.objects.filter(~Exists(Occupancy.objects.filter(party=OuterRef("pk"))), community=community)
    rows = rows.filter(locked_at__isnull=True)
    if text:
        rows = rows.filter(pk__in=[one.pk for one in find_parties(text, [community.pk], limit=MOST)])
    pages = Paginator(rows.order_by("-pk"), PAGE)
    here, may_edit = pages.get_page(request.GET.get("page")), grants_of(request.user).may(EDIT, community.pk)
    more = urlencode({"q": text, "page": here.next_page_number()}) if here.has_next() else ""
    context = {
        "title": "往来单位",
        "screen": {"title": "往来单位"},
        "filters": form,
        "columns": [{"label": label} for label in _COLUMNS],
        "rows": [{"url": one.get_absolute_url(), "cells": _cells(one)} for one in here],
        "next_url": f"?{more}" if more else None,
        "total_text": f"共 {pages.count} 个",
        "empty_text": "没有这样的客户。" if text else "还没有登记。名册里没有房屋的开发商、广告公司等，在这里登记。",
        "new_url": reverse("estate:new_party") if may_edit else "",
        "developers": _developers(community) if may_edit else [],
        "list_url": reverse("estate:units"),
    }
    template = "kernel/_table.html" if request.htmx and not request.htmx.boosted else "estate/parties.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _cells(one: Party) -> list[dict[str, Any]]:
    texts = (one.name, one.remark, one.get_kind_display(), one.contact_name, str(one.phone or ""))
    names = ("number", "summary", "kind", "contact", "phone")
    return [
        {"name": name, "kind": "number" if name == "number" else "text", "text": text}
        for name, text in zip(names, texts, strict=True)
    ]


def _developers(community: Any) -> list[dict[str, str]]:
    """Who built here, as the buildings say, and is no customer yet."""
    named = Building.objects.filter(community=community).exclude(developer="").order_by("developer")
    names = {name.strip() for name in named.values_list("developer", flat=True)} - {""}
    known = set(Party.objects.filter(community=community, name__in=names).values_list("name", flat=True))
    new = reverse("estate:new_party")
    return [{"name": name, "url": f"{new}?{urlencode({'name': name})}"} for name in sorted(names - known)]


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def new(request: HttpRequest) -> HttpResponse:
    community: Any = request.community  # type: ignore[attr-defined]
    name = clean_line(request.GET.get("name", ""), 80)
    form = NewPartyForm(request.POST or None, initial={"kind": Party.Kind.COMPANY, "name": name})
    made: list[Party] = []

    def save(key: str, seen: int | None) -> None:
        made.append(corrections.add_party(community, form.values(), by=request.user, key=key))

    return saving(
        request, form, community, save, title="登记往来单位", done="已登记，各处都可以选到。",
        leave_url=lambda: made[0].get_absolute_url() if made else reverse("estate:parties"),
        subtitle="往来单位", help_text="业主、租户在房屋页上登记，不在这里。",
    )  # fmt: skip
