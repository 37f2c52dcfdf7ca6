"""岗位权限: what each post may do, everywhere or in one community."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yihu.ground.staff import acts
from yihu.ground.staff.checks import known
from yihu.ground.staff.codes import POST_TITLES, POSTS
from yihu.ground.staff.community import communities_of
from yihu.ground.staff.default_grants import area_label, label_of
from yihu.ground.staff.models import Grant
from yihu.ground.staff.pages.people import MANAGE, SEE
from yihu.ground.staff.pages.shared import journal_of, key_of, refused_page
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy


@require_GET
@policy(may=SEE)
def overview(request: HttpRequest) -> HttpResponse:
    """The whole table, as on paper; each column head leads to the page where it is changed."""
    place = _place(request)
    held = _held(place)
    codes = known()
    context = {
        "title": "岗位权限",
        "places": _places(request, place),
        "posts": [{"title": title, "url": _edit_url(code, place)} for code, title in POSTS],
        "areas": [
            {
                "label": label,
                "rows": [
                    {
                        "label": label_of(code),
                        "cells": [{"post": title, **_mark(held, post, code)} for post, title in POSTS],
                    }
                    for code in area
                ],
            }
            for label, area in _by_area(codes)
        ],
    }
    return render(request, "staff/matrix.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=SEE)
def edit(request: HttpRequest, post_code: str) -> HttpResponse:
    """What one post may do. Who may not change it sees it."""
    if post_code not in POST_TITLES:
        raise Http404
    place = _place(request)
    if request.method == "POST":
        return _save(request, post_code, place)
    held = _held(place)
    may_edit = _may_edit(request, place)
    context = {
        "title": f"{POST_TITLES[post_code]}的权限",
        "place": place,
        "places": _places(request, place, post_code),
        "key": key_of(request),
        "may_edit": may_edit,
        "areas": [
            {
                "label": label,
                "rows": [{"code": code, "label": label_of(code), **_mark(held, post_code, code)} for code in area],
            }
            for label, area in _by_area(known())
        ],
        "journal": journal_of(acts.GRANTS, f"{place.pk if place else acts.EVERYWHERE}/{post_code}"),
        "leave_url": reverse("staff:matrix") + _query(place),
    }
    return render(request, "staff/grants.html", context)


def _save(request: HttpRequest, post_code: str, place: Any | None) -> HttpResponse:
    """Only what this person ticked or unticked counts; what was shown to him travels with the form."""
    names = set(known())
    ticked, shown = set(request.POST.getlist("capability")) & names, set(request.POST.getlist("was")) & names
    leave = _edit_url(post_code, place)
    try:
        acts.set_grants(
            post_code, place, add=ticked - shown, remove=shown - ticked, by=request.user, key=key_of(request)
        )
    except Refused as refused:
        return refused_page(request, refused, leave)
    messages.success(request, f"{POST_TITLES[post_code]}的权限已保存，马上生效。")
    return HttpResponseRedirect(leave)


def _held(place: Any | None) -> dict[tuple[str, str], set[int | None]]:
    condition = Q(community__isnull=True) | Q(community=place) if place else Q(community__isnull=True)
    held: dict[tuple[str, str], set[int | None]] = {}
    for post, capability, community_id in Grant.objects.filter(condition).values_list(
        "post_code", "capability", "community_id"
    ):
        held.setdefault((post, capability), set()).add(community_id)
    return held


def _mark(held: dict[tuple[str, str], set[int | None]], post: str, code: str) -> dict[str, bool]:
    """``fixed``: granted everywhere and shown in one community, where it cannot be taken away."""
    places = held.get((post, code), set())
    return {"ticked": bool(places), "everywhere": None in places, "here": bool(places - {None})}


def _by_area(codes: list[str]) -> list[tuple[str, list[str]]]:
    areas: dict[str, list[str]] = {}
    for code in codes:
        areas.setdefault(area_label(code), []).append(code)
    return list(areas.items())


def _place(request: HttpRequest) -> Any | None:
    """The community whose additions are shown; None = everywhere."""
    code = request.GET.get("community", "")
    if not code:
        return None
    found = next((one for one in communities_of(request) if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _may_edit(request: HttpRequest, place: Any | None) -> bool:
    if place is None:
        return acts.may_edit_everywhere(request.user)
    return grants_of(request.user).may(MANAGE, place.pk)


def _places(request: HttpRequest, place: Any | None, post_code: str = "") -> list[dict[str, Any]]:
    address = reverse("staff:grants", args=[post_code]) if post_code else reverse("staff:matrix")
    tabs = [{"label": "全公司", "url": address, "current": place is None}]
    for one in communities_of(request):
        tabs.append(
            {"label": one.name, "url": address + _query(one), "current": place is not None and one.pk == place.pk}
        )
    return tabs


def _edit_url(post_code: str, place: Any | None) -> str:
    return reverse("staff:grants", args=[post_code]) + _query(place)


def _query(place: Any | None) -> str:
    return f"?{urlencode({'community': place.code})}" if place else ""
