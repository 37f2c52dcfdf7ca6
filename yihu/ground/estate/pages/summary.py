"""《业主基本情况汇总表》 as a living list: every column of the paper sheet, narrowed, sorted, summed per cluster, printed (ARC-08)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import DateField, Q, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.basics.text import without_unseen
from yihu.ground.estate import roster
from yihu.ground.estate.finding import occupancy_counts
from yihu.ground.estate.models import Unit
from yihu.ground.estate.pages.forms import FilterForm
from yihu.ground.estate.pages.shared import EXPORT, SEE
from yihu.ground.estate.pages.units import counted, filtered
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet
from yihu.kernel.prints.declare import Print

PAGE, MOST_LINES = 50, 3000
NEVER, FIRST = date(9999, 12, 31), date(1, 1, 1)
SORTS = {
    "": ("房号", ""),
    "verified": ("最久没有核对", "verified_on"),
    "handed": ("交房日期", "handed_over_on"),
    "moved": ("入住日期", "moved_in_on"),
}
LATE_FIRST = {"verified"}  # what was never done stands first here, and last elsewhere
FIGURES = ("units", "handed_over", "renovating", "moved_in")
WRAPPED = {"summary", "remark", "lessee", "plate", "space"}  # the others, numbers and dates, stay on one line
# the sheet's columns as the page joins them; the room stands in one column
HEADS = (
    "房屋",
    "业主",
    "证件号码",
    "联系电话",
    "备用电话",
    "面积（套内）",
    "交房",
    "装修办理",
    "入住",
    "使用情况",
    "租户",
    "租户电话",
    "车位",
    "车牌",
    "核对",
    "备注",
)


class SummaryForm(FilterForm):
    sort = forms.ChoiceField(
        required=False, label="排序", choices=[(code, label) for code, (label, _) in SORTS.items()]
    )


def _ordered(units: Any, sort: str) -> Any:
    """By room, or by a date and then by room; a row's key is what it is sorted by."""
    column = SORTS.get(sort, SORTS[""])[1]
    if not column:
        return units.order_by("sort_key", "pk")
    missing = Value(FIRST if sort in LATE_FIRST else NEVER, output_field=DateField())
    return units.annotate(day=Coalesce(column, missing)).order_by("day", "sort_key", "pk")


def _after(units: Any, sort: str, mark: str) -> Any:
    words, _, key = mark.partition("~")
    if not SORTS.get(sort, SORTS[""])[1]:
        return units.filter(sort_key__gt=key) if key else units
    try:
        day = parse_date(words)
    except ValueError:
        day = None
    return units.filter(Q(day__gt=day) | Q(day=day, sort_key__gt=key)) if day else units


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """A page of the sheet. The number of queries depends neither on how many units there are nor on how many are shown."""
    table = _table(request)
    if request.htmx and not request.htmx.boosted:
        return render(request, "kernel/_table.html", table)
    grants, here = grants_of(request.user), request.community.pk
    query = request.GET.urlencode()
    rows = [counted(row) for row in occupancy_counts(request.community)]
    total = {name: sum(row[name] for row in rows) for name in FIGURES}
    context = {
        **table,
        "clusters": rows,
        "total": counted({"name": "合计", "code": "", **total}),
        "export_url": f"{reverse('estate:export')}?{query}" if grants.may(EXPORT, here) else "",
        "print_url": f"{reverse('estate:summary_print')}?{query}",
        "list_url": reverse("estate:units"),
        "here": reverse("estate:summary"),
        "beside": [
            {"label": label, "url": f"{reverse(name, args=args)}?{urlencode({'narrowed': query})}"}
            for may, label, name, args in _beside
            if grants.may(may, here)
        ],
    }
    return render(request, "estate/summary.html", context)


_beside: list[tuple[str, str, str, list[str]]] = []


def stands_beside(may: str, label: str, name: str, *args: str) -> None:
    """A page of an area that takes the list, as it is narrowed, further."""
    if (one := (may, label, name, list(args))) not in _beside:
        _beside.append(one)


def _asked(request: HttpRequest) -> tuple[Any, Any, str]:
    form = SummaryForm(request.GET, request.community)
    units = filtered(request, form).select_related("building")
    sort = form.cleaned_data.get("sort", "") if form.is_valid() else ""
    return form, _ordered(units, sort), sort


def _table(request: HttpRequest) -> dict[str, Any]:
    form, units, sort = _asked(request)
    if after := without_unseen(request.GET.get("after", "")):
        units = _after(units, sort, after)
    found = list(units[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    query = {name: value for name, value in request.GET.items() if name != "after" and value}
    mark = f"{getattr(found[-1], 'day', '')}~{found[-1].sort_key}" if more else ""
    pairs = zip(found, roster.of_units(found), strict=True)
    return {
        "screen": {"title": roster.TITLE},
        "filters": form,
        "columns": [{"label": label, "numeric": label.startswith("面积")} for label in HEADS],
        "rows": [{"url": unit.get_absolute_url(), "cells": _cells(unit, line)} for unit, line in pairs],
        "next_url": f"?{urlencode({**query, 'after': mark})}" if more else None,
        "empty_text": "没有符合条件的房屋。" if query else "还没有房屋资料，请先导入业主名册。",
        "total_text": f"本页 {len(found)} 户",
    }


def _cells(unit: Unit, line: list[Any]) -> list[dict[str, Any]]:
    gross, net = line[4], line[5]
    area = f"{gross or '—'}（{net}）" if net else f"{gross or ''}"
    texts = [line[6], line[7], line[8], line[9], area, *line[10:]]
    names = (
        "summary",
        "id",
        "phone",
        "phone2",
        "area",
        "handed",
        "begun",
        "moved",
        "use",
        "lessee",
        "lessee_phone",
        "space",
        "plate",
        "verified",
        "remark",
    )
    head = {"name": "number", "kind": "number", "text": unit.label, "sub": line[0]}
    return [
        head,
        *(
            {
                "name": name,
                "kind": "text" if name in WRAPPED else "person",
                "text": words(value),
                "numeric": name == "area",
            }
            for name, value in zip(names, texts, strict=True)
        ),
    ]


def words(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value or "")


def sheet(units: Any, community: Any) -> dict[str, Any]:
    """The sheet on paper, as it is narrowed and sorted on the screen."""
    rows = [counted(row) for row in occupancy_counts(community)]
    found = list(units[: MOST_LINES + 1])
    if len(found) > MOST_LINES:
        raise Refused(f"要打印的超过 {MOST_LINES} 户，请按组团或楼栋缩小范围后分几次打印。")
    return {
        "community": community.name,
        "number": "",
        "day": f"{timezone.localdate():%Y-%m-%d}",
        "clusters": [
            [row["name"], *(str(row[name]) for name in FIGURES), row["begun_rate"], row["moved_rate"]] for row in rows
        ],
        "total": len(found),
        "lines": [_on_paper(line) for line in roster.of_units(found)],
    }


def _on_paper(line: list[Any]) -> list[str]:
    room = "-".join(part for part in line[1:4] if part)
    joined = [
        room, line[4], line[6], line[8], line[10], line[11], line[12], line[13],
        " ".join(filter(None, (line[14], line[15]))), line[16], line[17], line[18], line[19],
    ]  # fmt: skip
    return [words(value) for value in joined]


SHEET = Print("roster", roster.TITLE, data=sheet, template="estate/prints/roster.typ", paper="a4-landscape")


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest) -> HttpResponse:
    """Who printed it and when stands at the foot of each page; the journal counts it."""
    now, (_, units, _) = timezone.now(), _asked(request)
    pdf = set_sheet(SHEET, sheet(units, request.community), request.user, now=now)
    count_print("roster", by=request.user, at=now, subject=f"{request.community.code} {timezone.localdate(now)}")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="roster.pdf"'
    return response
