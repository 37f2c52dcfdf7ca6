"""嘉奖记录: everybody reads his own and his department's; supervisors and managers read all of their community."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yihu.areas.relations.models import Merit, Praise
from yihu.basics.identity import mask_free_text
from yihu.basics.text import clean_line
from yihu.ground.staff.heads import departments
from yihu.kernel import bars, moments
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

ALL = "relations.merits"
PAGE = 50


@require_GET
@policy(signed_in=True)
def list_page(request: HttpRequest) -> HttpResponse:
    person, community = request.user, request.community  # type: ignore[attr-defined]
    if community is None:
        raise Http404
    everybody = grants_of(person).may(ALL, community.pk)
    rows = Merit.objects.filter(community=community, confirmed_at__isnull=False)
    rows = bars.without(rows, person, "praise_id")
    if not everybody:
        teams = grants_of(person).teams(community.pk)
        rows = rows.filter(Q(person_id=person.pk) | Q(person__isnull=True, team__in=teams))
    chosen = number_or_none(request.GET.get("person")) if everybody else None
    if chosen:
        rows = rows.filter(person_id=chosen)
    start = number_or_none(request.GET.get("from")) or 0
    found = list(rows.select_related("person", "praise").order_by("-confirmed_at", "-pk")[start : start + PAGE + 1])
    seen = set(
        Praise.objects.seen_by(person).filter(pk__in=[row.praise_id for row in found]).values_list("pk", flat=True)
    )
    names = dict(departments(community.pk))
    more = f"?{f'person={chosen}&' if chosen else ''}from={start + PAGE}"
    context = {
        "title": "嘉奖记录",
        "screen": {"title": "嘉奖记录"},
        "everybody": everybody,
        "columns": [{"label": label} for label in ("受表扬人", "事由", "核实时间", "公布")],
        "rows": [_row(row, seen, names) for row in found[:PAGE]],
        "next_url": more if len(found) > PAGE else "",
        "total_text": f"本页 {len(found[:PAGE])} 条",
        "empty_text": "还没有嘉奖记录。表扬核实以后，被表扬的人会列在这里。" if everybody else "您还没有嘉奖记录。",
    }
    return render(request, "relations/merits.html", context)


def _row(row: Merit, seen: set[int], names: dict[str, str]) -> dict[str, Any]:
    praise = row.praise
    posted = f"{mask_free_text(praise.posted_at)}（{praise.posted_on}）" if praise.posted_on else ""
    assert row.confirmed_at is not None
    return {
        "url": praise.get_absolute_url() if row.praise_id in seen else "",
        "cells": [
            {"name": "whom", "kind": "person", "text": str(row.person or names.get(row.team, row.team))},
            {"name": "summary", "kind": "text", "text": clean_line(mask_free_text(praise.content), 120, cut=True)},
            {
                "name": "confirmed",
                "kind": "time",
                "text": moments.day(row.confirmed_at),
                "iso": "",
            },
            {"name": "posted", "kind": "text", "text": posted},
        ],
    }
