"""取件: one box for the code, a number's end, a room or a name; then the parcel is a press away. 各处存放: what lies where."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.parcels import finding
from yihu.areas.parcels.forms.going import same_person
from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.basics.identity import mask_name
from yihu.basics.text import clean_line
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import state_cell
from yihu.kernel.screens.page import number_or_none

S = ParcelCustody.State
MOST = 1000


@require_GET
@policy(may="parcels.see")
def pickup(request: HttpRequest) -> HttpResponse:
    typed, person = clean_line(request.GET.get("q", ""), 60), request.user
    community, unit = request.community, number_or_none(request.GET.get("unit"))  # type: ignore[attr-defined]
    coded = finding.by_code(typed, person, community) if typed else None
    rows = []
    if unit and not typed:
        rows = finding.of_unit(unit, person, community)
    elif typed and coded is None:
        rows = finding.by_words(typed, person, community)
    works = grants_of(person).may("parcels.work", community.pk)
    context = {
        "title": "取件",
        "typed": typed,
        "works": works,
        "coded": _coded(coded) if coded else None,
        "groups": _groups(rows, works, request.get_full_path()),
        "nothing": bool((typed or unit) and coded is None and not rows),
        "key": uuid.uuid4().hex,
    }
    return render(request, "parcels/pickup.html", context)


def _coded(parcel: Any) -> dict[str, Any]:
    """The parcel of the code, and what else lies here for the same person."""
    others = same_person(parcel).filter(sort=Sort.ORDINARY).order_by("shelf", "pk")
    return {"row": _row(parcel), "number": parcel.number, "code": parcel.code, "others": [_row(one) for one in others]}


def _row(parcel: Any) -> dict[str, Any]:
    return {
        "pk": parcel.pk,
        "url": parcel.get_absolute_url(),
        "what": parcel.what,
        "shelf": parcel.shelf,
        "who": mask_name(parcel.addressee),
        "unit": str(parcel.unit or ""),
        "fault": parcel.get_fault_display(),
        "since": parcel.opened_at,
        "state": {"word": parcel.state_word, "css": state_cell(parcel)["css"]},
    }


def _groups(rows: list[Any], works: bool, back: str) -> list[dict[str, Any]]:
    """By person: one signature takes all that is his."""
    ordered = sorted(rows, key=lambda row: (str(row.unit or ""), row.addressee, row.shelf, row.pk))
    groups = []
    for (unit, addressee), some in groupby(ordered, key=lambda row: (str(row.unit or "不知房号"), row.addressee)):
        parcels = list(some)
        waiting = [one for one in parcels if one.state == S.HELD] if works else []
        groups.append(
            {
                "unit": unit,
                "who": mask_name(addressee),
                "rows": [_row(one) for one in parcels],
                "signs": _signs(waiting, back),
            }
        )
    return groups


def _signs(waiting: list[Any], back: str) -> list[dict[str, str]]:
    """For the ordinary ones a signature will do; with a registered letter, for which a document is shown, all go at once."""
    found = []
    for sort, label in ((Sort.ORDINARY, "签收取件"), (Sort.REGISTERED, "签收挂号信")):
        first = next((one for one in waiting if one.sort == sort), None)
        if first is not None:
            found.append({"label": label, "url": f"{first.get_absolute_url()}do/sign/?{urlencode({'back': back})}"})
    return found


@require_POST
@policy(may="parcels.work")
def hand(request: HttpRequest) -> HttpResponse:
    """The code was shown: out it goes, with what else was ticked."""
    back, community = reverse("parcels:pickup"), request.community  # type: ignore[attr-defined]
    number, code = request.POST.get("number", "")[:40], request.POST.get("shown_code", "")[:12]
    rows = ParcelCustody.objects.seen_by(request.user).filter(community=community)
    parcel = rows.filter(number=number).first() if number.isprintable() else None
    if parcel is None:
        messages.error(request, "没有找到这一件，请重新查。")
        return redirect(back)
    data = {"shown_code": code, "also": request.POST.getlist("also")}
    try:
        perform(parcel, "hand_out", by=request.user, key=key_of(request), data=data)
    except Invalid as invalid:
        messages.error(request, "；".join(str(one) for errors in invalid.form.errors.values() for one in errors))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        count = 1 + len(set(data["also"]))
        messages.success(request, f"{parcel.unit} 的 {count} 件已交出。")
    return redirect(back)


@require_GET
@policy(may="parcels.see")
def shelves(request: HttpRequest) -> HttpResponse:
    """What lies on which shelf, the oldest first of each; the list prints and leaves as any list."""
    community, wanted = request.community, clean_line(request.GET.get("shelf", ""), 12)  # type: ignore[attr-defined]
    rows = finding.here(request.user, community).order_by("shelf", "opened_at", "pk")
    places = list(rows.order_by("shelf").values_list("shelf", flat=True).distinct())
    if wanted:
        rows = rows.filter(shelf=wanted)
    today = timezone.localdate()
    found = list(rows[:MOST])
    heads = ("位置", "状态", "邮件", "房号", "收件人", "收到", "天数")
    context = {
        "title": "各处存放",
        "screen": {"title": f"{wanted} 存放的邮件" if wanted else "各处存放的邮件"},
        "tabs": [
            {"label": "全部", "url": "?", "current": not wanted, "count": ""},
            *({"label": place, "url": f"?{urlencode({'shelf': place})}", "current": place == wanted, "count": ""} for place in places),
        ],
        "columns": [{"label": head} for head in heads],
        "rows": [_line(row, today) for row in found],
        "total_text": f"共 {len(found)} 件",
        "empty_text": "没有存放的邮件。",
    }  # fmt: skip
    return render(request, "parcels/shelves.html", context)


def _line(row: Any, today: Any) -> dict[str, Any]:
    days = (today - timezone.localdate(row.opened_at)).days
    state = state_cell(row)
    return {
        "url": row.get_absolute_url(),
        "late": bool(row.next_due_at and row.next_due_at <= timezone.now()),
        "cells": [
            {"name": "number", "kind": "number", "text": row.shelf},
            {"name": "state", "kind": "state", "text": state["text"], "css": state["css"]},
            {"name": "summary", "kind": "text", "text": row.what},
            {"name": "unit", "kind": "text", "text": str(row.unit or "")},
            {"name": "who", "kind": "text", "text": mask_name(row.addressee)},
            {"name": "opened_at", "kind": "time", "text": f"{timezone.localtime(row.opened_at):%m-%d}", "iso": row.opened_at.isoformat()},
            {"name": "days", "kind": "text", "text": f"{days} 天" if days else "今天"},
        ],
    }  # fmt: skip
