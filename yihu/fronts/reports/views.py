"""The pages of the reports: every figure opens the records behind it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.areas.duties.effects import figures
from yihu.areas.duties.models import ComplaintSheet, DaySheet, FeeSheet, LongSheet, MonthSheet, NoonSheet, WeekSheet
from yihu.fronts.reports import damage, listing, longer, printing, timeliness, trends
from yihu.fronts.reports import gaps as gap_check
from yihu.fronts.reports.fees import weekly as fee_weeks
from yihu.fronts.reports.figures import labels_of
from yihu.fronts.reports.periods import MonthForm, PeriodForm
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Record
from yihu.kernel.policy import policy
from yihu.kernel.procedure import procedure_of

WHICH = ("all", "hit", "miss")
SHEETS = (DaySheet, NoonSheet, WeekSheet, MonthSheet, LongSheet, ComplaintSheet, FeeSheet)


@require_GET
@policy(may="reports.see")
def overview(request: HttpRequest) -> HttpResponse:
    """What there is to read and to print."""
    shelves = (
        _shelf(request, MonthSheet, "-period", 3),
        _shelf(request, LongSheet, "-opened_at", 3),
        _shelf(request, ComplaintSheet, "-period", 3),
        _shelf(request, WeekSheet, "-monday", 4),
        _shelf(request, DaySheet, "-day", 7),
    )
    context = {"title": "报表", "shelves": [one for one in shelves if one["sheets"]], "leads": _leads(request)}
    return render(request, "reports/overview.html", context)


def _shelf(request: HttpRequest, model: Any, order: str, count: int) -> dict[str, Any]:
    """The last few sheets of a kind."""
    sheets = model.objects.seen_by(request.user).filter(community=request.community)
    procedure = procedure_of(model)
    return {
        "title": procedure.title,
        "url": f"{reverse('kernel:list', args=[procedure.slug])}?tab=all",
        "sheets": sheets.order_by(order).select_related("handler")[:count],
    }


@require_GET
@policy(may="workbench.team")
def repairs(request: HttpRequest) -> HttpResponse:
    """Timeliness of the repairs in a period (REP-12)."""
    now = timezone.now()
    form = PeriodForm(request.GET, now)
    period = form.period()
    orders = timeliness.orders_of(request.community, period, request.user, now)
    context = {
        "title": "维修及时率",
        "form": form,
        "period": period,
        "report": timeliness.report(orders, period),
        "hidden": timeliness.hidden(request.community, period, request.user),
    }
    return render(request, "reports/repairs.html", context, status=200 if form.is_valid() else 422)


@require_GET
@policy(may="workbench.team")
def repair_records(request: HttpRequest) -> HttpResponse:
    """The orders behind a figure: all that were judged, those that were in time, those that were not."""
    now, asked = timezone.now(), request.GET.dict()
    figure, which = asked.get("figure", ""), asked.get("which", "all")
    form = PeriodForm(asked, now)
    if which not in WHICH or not form.is_valid() or figure not in timeliness.TITLES:
        raise Http404
    period, title = form.period(), timeliness.TITLES[figure]
    orders = timeliness.orders_of(request.community, period, request.user, now)
    chosen = {name: asked[name] for name in timeliness.GROUPS if asked.get(name)}
    return render(
        request,
        "reports/records.html",
        {
            "title": title,
            "subtitle": " · ".join([period.title, *_chosen_words(orders, chosen)]),
            "back_url": f"{reverse('reports:repairs')}?{urlencode(period.query)}",
            "back_label": "维修及时率",
            "tabs": _tabs(orders, figure, which, chosen, period.query),
            **listing.table(timeliness.behind(orders, figure, which, chosen), request.user, asked, title),
        },
    )


@require_GET
@policy(may="workbench.team")
def gaps(request: HttpRequest) -> HttpResponse:
    """The day's records with something missing (DESK-08)."""
    now = timezone.now()
    day = _day(request.GET.get("day", ""), timezone.localdate(now))
    groups = gap_check.of_day(request.community, day, request.user, now)
    return render(
        request,
        "reports/gaps.html",
        {
            "title": "记录缺项检查",
            "day": day,
            "groups": groups,
            "count": len({gap.record.pk for group in groups for gap in group["gaps"]}),
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1) if day < timezone.localdate(now) else None,
        },
    )


@require_GET
@policy(may="reports.see")
def facilities(request: HttpRequest) -> HttpResponse:
    """What broke of the buildings' own facilities in a month (REP-13)."""
    now = timezone.now()
    form = MonthForm(request.GET, now)
    period = form.period()
    found = damage.figures(request.community, period, request.user, now)
    records = reverse("reports:damage_records")

    def address(cell: dict[str, Any]) -> str:
        asked = urlencode({**period.query, "figure": cell["key"]})
        return f"{records}?{asked}" if cell["value"] else ""

    table = found["tables"][0]
    rows = [
        {**row, "cells": [{**cell, "url": address(cell) if cell.get("key") else ""} for cell in row["cells"]]}
        for row in table["rows"]
    ]
    context = {
        "title": "公共设施损坏统计", "form": form, "period": period, "table": {**table, "rows": rows},
        "hidden": found["hidden"], "count": len(found["behind"]["lists.common"]),
    }  # fmt: skip
    return render(request, "reports/damage.html", context, status=200 if form.is_valid() else 422)


@require_GET
@policy(may="reports.see")
def facility_records(request: HttpRequest) -> HttpResponse:
    """The orders behind a figure of the damage statistics."""
    now, figure = timezone.now(), request.GET.get("figure", "")
    form = MonthForm(request.GET, now)
    period = form.period()
    found = damage.figures(request.community, period, request.user, now)
    title = labels_of(found).get(figure)
    if title is None or not form.is_valid():
        raise Http404
    return render(
        request,
        "reports/records.html",
        {
            "title": title,
            "subtitle": f"{period.title} · 公共设施损坏统计",
            "back_url": f"{reverse('reports:damage')}?{urlencode(period.query)}",
            "back_label": "公共设施损坏统计",
            **listing.table(found["behind"][figure], request.user, request.GET.dict(), title),
        },
    )


@require_GET
@policy(may="reports.see")
def register(request: HttpRequest) -> HttpResponse:
    """Choose a month of a register to print."""
    form = MonthForm(request.GET, timezone.now())
    return render(request, "reports/register.html", {"title": "月度台账打印", "form": form, "period": form.period()})


@require_GET
@policy(may="reports.see")
def register_pdf(request: HttpRequest, name: str) -> HttpResponse:
    """The month's register as the printer gets it."""
    if name not in printing.REGISTERS:
        raise Http404
    now = timezone.now()
    period = MonthForm(request.GET, now).period()
    pdf = printing.month_on_paper(name, request.community, period, by=request.user, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{period.query["month"]}.pdf"'
    return response


@require_GET
@policy(signed_in=True)
def day_records(request: HttpRequest, number: str, figure: str) -> HttpResponse:
    """The records behind a figure of a sheet: as it was signed, or as things stand; behind a point of a trend as they are now."""
    sheet = _sheet(request, number)
    if isinstance(sheet, FeeSheet):
        return redirect(fee_weeks.address_of(sheet, figure, request.user, timezone.now()))
    if isinstance(sheet, LongSheet) and (listed := longer.address_of(sheet, figure, request.user, timezone.now())):
        return redirect(listed)
    found = _figure(sheet, figure, request.user, timezone.now())
    if found is None:
        raise Http404
    title, numbers = found
    return render(
        request,
        "reports/records.html",
        {
            "title": title,
            "subtitle": f"{sheet.time_words} {sheet.procedure.title}",
            "back_url": sheet.get_absolute_url(),
            "back_label": sheet.number,
            **listing.table(numbers, request.user, request.GET.dict(), title),
        },
    )


def _sheet(request: HttpRequest, number: str) -> Any:
    """A sheet of figures of any kind that the person may see."""
    kinds = {model._meta.label_lower: model for model in SHEETS}
    record = get_object_or_404(Record.objects.seen_by(request.user), number=number, kind__in=kinds)
    return kinds[record.kind].objects.select_related("community").get(pk=record.pk)


def _figure(sheet: Any, figure: str, person: Any, now: datetime) -> tuple[str, list[str]] | None:
    if figure.startswith("trend."):
        return (
            trends.behind(sheet, figure, person, now)
            if isinstance(sheet, WeekSheet | MonthSheet | LongSheet | ComplaintSheet)
            else None
        )
    found = sheet.snapshot or figures(sheet, person, now)
    title, numbers = labels_of(found).get(figure), found.get("behind", {}).get(figure)
    return None if title is None or numbers is None else (title, numbers)


def _leads(request: HttpRequest) -> bool:
    return grants_of(request.user).may("workbench.team", request.community.pk)


def _tabs(
    orders: list[Any], figure: str, which: str, chosen: dict[str, str], period: dict[str, str]
) -> list[dict[str, Any]]:
    """全部, 及时, 未及时 with their counts; a plain count has none."""
    if figure not in timeliness.BY_NAME:
        return []
    good = timeliness.BY_NAME[figure][3]
    labels = {"all": "全部", "hit": good, "miss": f"未{good.removeprefix('已')}"}
    return [
        {
            "label": labels[name],
            "url": f"?{urlencode({**period, **chosen, 'figure': figure, 'which': name})}",
            "current": name == which,
            "count": len(timeliness.behind(orders, figure, name, chosen)),
        }
        for name in WHICH
    ]


def _chosen_words(orders: list[Any], chosen: dict[str, str]) -> list[str]:
    """How the chosen class, trade or worker is called."""
    labels = {
        (group, *key(order)[:1]): key(order)[1] for group, (_, key) in timeliness.GROUPS.items() for order in orders
    }
    return [labels[pair] for pair in chosen.items() if pair in labels]


def _day(text: str, today: date) -> date:
    """The day in the address; today where it is none."""
    try:
        day = parse_date(text) or today
    except ValueError:
        return today
    return day if date(2000, 1, 1) <= day <= date(2100, 1, 1) else today
