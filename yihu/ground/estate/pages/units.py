"""The list of units (业主基本情况汇总表): narrowed, searched, its gaps worked off, and taken away as a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.basics.shares import percent
from yihu.basics.text import without_unseen
from yihu.ground.estate import roster
from yihu.ground.estate.finding import find_parties, find_units, gaps, occupancy_counts, units_of
from yihu.ground.estate.models import Occupancy, Unit, UnitArea
from yihu.ground.estate.pages.forms import FilterForm
from yihu.ground.estate.pages.shared import EXPORT, IMPORT, SEE
from yihu.kernel import exports
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.policy import policy

PAGE = 50
_STAGES = {
    "not_handed": Q(handed_over_on=None),
    "handed": Q(handed_over_on__isnull=False),
    "begun": Q(renovation_begun_on__isnull=False),
    "moved_in": Q(moved_in_on__isnull=False),
}
_COLUMNS = ("房屋", "业主", "租户", "使用情况", "建筑面积", "交房", "装修", "入住")


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    table = _table(request)
    if request.htmx and not request.htmx.boosted:
        return render(request, "kernel/_table.html", table)
    grants, community = grants_of(request.user), request.community
    query = request.GET.urlencode()
    context = {
        **table,
        "tabs": tabs_of(request),
        "tab": request.GET.get("tab", ""),
        "import_url": reverse("kernel:list", args=["rolls"]) if grants.may(IMPORT, community.pk) else "",
        "occupancy_url": reverse("estate:occupancy"),
        "summary_url": f"{reverse('estate:summary')}?{query}",
    }
    context["screen"]["export_url"] = f"{reverse('estate:export')}?{query}" if grants.may(EXPORT, community.pk) else ""
    return render(request, "estate/units.html", context)


def _table(request: HttpRequest) -> dict[str, Any]:
    form = FilterForm(request.GET, request.community)
    units = filtered(request, form)
    if after := without_unseen(request.GET.get("after", "")):
        units = units.filter(sort_key__gt=after)
    found = list(units.order_by("sort_key", "pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    query = {name: value for name, value in request.GET.items() if name != "after" and value}
    return {
        "screen": {"title": "房屋"},
        "filters": form,
        "columns": [{"label": label, "numeric": label == "建筑面积"} for label in _COLUMNS],
        "rows": _rows(found),
        "next_url": f"?{urlencode({**query, 'after': found[-1].sort_key})}" if more else None,
        "empty_text": "没有符合条件的房屋。" if query else "还没有房屋资料，请先导入业主名册。",
        "total_text": f"本页 {len(found)} 户",
    }


def filtered(request: HttpRequest, form: FilterForm) -> Any:
    return narrow(request.community, request.GET, form)


def narrow(community: Any, asked: Mapping[str, Any], form: FilterForm | None = None) -> Any:
    """The units of a list as it was narrowed; what was asked can be kept and asked again."""
    form = form or FilterForm(asked, community)
    lists = gaps(community)
    units = lists[tab][1] if (tab := asked.get("tab", "")) in lists else Unit.objects.filter(community=community)
    if tab == "let":
        units = _let(units)
    told = form.cleaned_data if form.is_valid() else {}
    if told.get("cluster"):
        units = units.filter(cluster__code=told["cluster"])
    if told.get("building"):
        units = units.filter(building_id=told["building"])
    if told.get("use"):
        units = units.filter(use=told["use"])
    if told.get("stage"):
        units = units.filter(_STAGES[told["stage"]])
    if text := (told.get("q") or "").strip():
        units = units.filter(pk__in=_searched(text, community))
    return units.select_related("cluster")


def _let(units: Any) -> Any:
    """Let or used for business (租户商住)."""
    let = Occupancy.objects.filter(role="lessee").on(timezone.localdate())
    return units.filter(Q(use__in=("let", "mixed", "trade")) | Q(pk__in=let.values("unit")))


def _searched(text: str, community: Any) -> list[int]:
    found = {unit.pk for unit in find_units(text, [community.pk], limit=2 * PAGE)}
    stays = units_of(find_parties(text, [community.pk], limit=2 * PAGE))
    return [*found, *(stay.unit_id for some in stays.values() for stay in some)]


def tabs_of(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.GET.get("tab", "")
    lists = gaps(request.community)
    tabs = [("", "全部", None), ("let", "出租商住", None)]
    tabs += [(code, title, units.count()) for code, (title, units) in lists.items()]
    return [
        {"label": title, "url": f"?tab={code}" if code else "?", "current": code == here, "count": count}
        for code, title, count in tabs
    ]


def _rows(units: list[Unit]) -> list[dict[str, Any]]:
    people, areas = roster.people_of(units), roster.areas_of(units)
    return [{"url": unit.get_absolute_url(), "cells": list(_cells(unit, people, areas))} for unit in units]


def _cells(
    unit: Unit, people: Mapping[Any, list[Occupancy]], areas: Mapping[int, UnitArea]
) -> Iterable[dict[str, Any]]:
    lessees = people.get((unit.pk, "lessee"), [])
    until = max((stay.to_on for stay in lessees if stay.to_on), default=None)
    area = areas.get(unit.pk)
    yield {"name": "number", "kind": "number", "text": unit.label, "sub": str(unit.cluster or "")}
    yield {
        "name": "summary",
        "kind": "text",
        "text": "、".join(stay.party.name for stay in people.get((unit.pk, "owner"), [])),
    }
    lease = f"（至 {until:%Y-%m-%d}）" if until else ""
    yield {"name": "lessee", "kind": "text", "text": "、".join(stay.party.name for stay in lessees) + lease}
    yield {"name": "use", "kind": "text", "text": unit.get_use_display() if unit.use else ""}
    yield {
        "name": "area",
        "kind": "text",
        "text": f"{area.gross_area} ㎡" if area and area.gross_area else "",
        "numeric": True,
    }
    for name in ("handed_over_on", "renovation_begun_on", "moved_in_on"):
        day = getattr(unit, name)
        yield {"name": name, "kind": "text", "text": f"{day:%Y-%m-%d}" if day else ""}


@require_GET
@policy(may=EXPORT)
def export(request: HttpRequest) -> FileResponse:
    """《业主基本情况汇总表》 as it is narrowed on the screen, personal values masked; the export is journaled."""
    if not grants_of(request.user).may(SEE, request.community.pk):
        return render(
            request, "kernel/refused.html", {"sentence": "您不能查看房屋与业户。", "back_url": "/"}, status=403
        )
    now = timezone.now()
    units = filtered(request, FilterForm(request.GET, request.community)).order_by("sort_key", "pk")
    file = exports.write_xlsx(roster.TITLE, roster.COLUMNS, roster.lines(units), by=request.user, now=now)
    with command(by=request.user, verb="export") as writing:
        note = {"filter": ["", request.GET.urlencode()[:200]]}
        writing.note(
            writing.book("kernel.export", "estate.units"), f"{request.user} 导出业主基本情况汇总表", note, step="export"
        )
    return FileResponse(file, as_attachment=True, filename=f"业主基本情况汇总表-{timezone.localdate():%Y%m%d}.xlsx")


@require_GET
@policy(may=SEE)
def occupancy(request: HttpRequest) -> HttpResponse:
    """Units handed over, renovation begun and moved in, per cluster, each figure with the units behind it (MOV-06)."""
    rows = [counted(row) for row in occupancy_counts(request.community)]
    total = {name: sum(row[name] for row in rows) for name in ("units", "handed_over", "renovating", "moved_in")}
    context = {
        "title": "入住情况",
        "rows": rows,
        "total": counted({"name": "合计", "code": "", **total}),
        "list_url": reverse("estate:units"),
    }
    return render(request, "estate/occupancy.html", context)


def counted(row: dict[str, Any]) -> dict[str, Any]:
    handed = row["handed_over"]
    return {**row, "begun_rate": percent(row["renovating"], handed), "moved_rate": percent(row["moved_in"], handed)}
