"""房屋权属清册 (F40): one building at a time; areas and holders as the estate knows them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.catalogue.models import UnitTitle
from yihu.areas.catalogue.pages.tree import sheet
from yihu.areas.catalogue.printing import BUILDING_PAPER
from yihu.areas.catalogue.titles import unit_rows
from yihu.areas.catalogue.words import SEE_TITLES, TITLES
from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Building, Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import is_row_number
from yihu.kernel.plain import journal_of, save_row
from yihu.kernel.plain_pages import RowForm, labels_of, saving
from yihu.kernel.policy import policy

BOOK, COLUMNS = "catalogue.unittitle", ("title_no", "since", "remark")


class TitleForm(RowForm):
    class Meta:
        model = UnitTitle
        fields = COLUMNS
        widgets = {"since": forms.DateInput(attrs={"type": "date"})}


@require_GET
@policy(may=SEE_TITLES)
def page(request: HttpRequest) -> HttpResponse:
    buildings = list(
        Building.objects.filter(community=request.community)
        .select_related("cluster")
        .order_by("cluster__code", "code", "pk")
    )
    asked = request.GET.get("building", "")
    chosen = next(
        (one for one in buildings if is_row_number(asked) and one.pk == int(asked)), buildings[0] if buildings else None
    )
    may_edit = grants_of(request.user).may(TITLES, request.community.pk)
    rows = unit_rows(chosen) if chosen else []
    context = {
        "title": "房屋权属清册", "screen": {"title": "房屋权属清册"},
        "tabs": [{"label": str(one), "url": f"?building={one.pk}", "current": one == chosen} for one in buildings],
        "columns": [{"label": label} for label in ("房屋", "权证号", "权利人", "面积（㎡）", "登记日期", "备注")],
        "rows": [_cells(row, may_edit) for row in rows],
        "total_text": f"共 {len(rows)} 户，{sum(bool(row['title_no']) for row in rows)} 户已登记权证号",
        "empty_text": "这一栋还没有房屋。" if chosen else "还没有楼栋；先导入业主名册。",
        "paper_url": reverse("catalogue:building_titles", args=[chosen.pk]) if chosen else "",
        "ancillary_url": reverse("catalogue:list_ancillary"),
    }  # fmt: skip
    return render(request, "catalogue/titles.html", context)


def _cells(row: dict[str, Any], may_edit: bool) -> dict[str, Any]:
    names = ("title_no", "holder", "area", "since", "remark")
    cells = [
        {"name": name, "kind": "text", "text": mask_free_text(row[name]), "numeric": name == "area"} for name in names
    ]
    return {
        "url": reverse("catalogue:edit_title", args=[row["pk"]]) if may_edit else "",
        "cells": [{"name": "number", "kind": "number", "text": row["unit"]}, *cells],
    }


@require_GET
@policy(may=SEE_TITLES)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    building = get_object_or_404(Building.objects.select_related("community"), pk=pk, community=request.community)
    return sheet(request, BUILDING_PAPER, building, f"权属清册 {building}")


@require_http_methods(["GET", "POST"])
@policy(may=TITLES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """``pk`` is the unit's: a title without a row is simply not written yet."""
    unit = get_object_or_404(Unit, pk=pk, community=request.community)
    title = UnitTitle.objects.filter(unit=unit).first() or UnitTitle(community=request.community, unit=unit)
    form = TitleForm(request.POST or None, instance=title)

    def save(key: str, seen: int | None) -> None:
        save_row(form.instance, ("unit", *COLUMNS), may=TITLES, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=BOOK, row_id=title.pk, labels=labels_of(title), template="kernel/plain_form.html", title=f"{unit} 权属",
        done="已保存。", leave_url=lambda: f"{reverse('catalogue:titles')}?building={unit.building_id}",
        journal=journal_of(BOOK, title.pk, labels_of(title)) if title.pk else [],
        help="面积和权利人取自房屋资料，在房屋里改；这里只写权证号和登记日期。",
    )  # fmt: skip
