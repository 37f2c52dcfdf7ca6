"""The repair log (F02) and the list of deferred repairs (F04), on the screen, on paper and as a file."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.repairs import papers
from yihu.basics.worktime import business_month
from yihu.kernel import exports
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.policy import policy
from yihu.kernel.prints.counting import count_print
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.rendering import render as render_print
from yihu.kernel.screens.places import place

SEE = "repairs.see_all"
place(33, "报修记录表", "repairs:log", SEE)
place(34, "暂不能修", "repairs:deferred", SEE)


@require_GET
@policy(may=SEE)
def log(request: HttpRequest) -> HttpResponse:
    """What was reported on a day, or in a month, and what became of it."""
    span, day, month = _asked(request)
    sheet = papers.repair_log(request.community, span, request.user)
    heads = ("维修单", "时间", "地点", "报修内容", "级别工种", "工程签收", "维修人", "完工", "结果")
    names = ("when", "place", "symptom", "kind", "received", "worker", "finished", "state")
    context = {
        "title": "报修记录表",
        "period": span[2],
        "day": day,
        "month": month,
        "this_month": this_month(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < timezone.localdate() else None,
        "print_url": f"{reverse('repairs:log_print')}?{_query(day, month)}",
        "columns": [{"label": label} for label in heads],
        "rows": [_row(line, names) for line in sheet["lines"]],
        "total_text": f"共 {sheet['total']} 件" + (f"，另有 {sheet['hidden']} 件您不能查看" if sheet["hidden"] else ""),
        "empty_text": "这一天没有报修。" if not month else "这个月没有报修。",
    }
    return render(request, "repairs/log.html", context)


@require_GET
@policy(may=SEE)
def log_print(request: HttpRequest) -> HttpResponse:
    span, day, month = _asked(request)
    sheet = papers.repair_log(request.community, span, request.user)
    return _printed(request, papers.LOG, sheet, month or f"{day:%Y-%m-%d}")


@require_GET
@policy(may=SEE)
def deferred(request: HttpRequest) -> HttpResponse:
    """What can't be repaired now."""
    lines = papers.deferred_lines(list(papers.waiting_orders(request.community, request.user)[: papers.MOST_LINES]))
    heads = ("维修单", "地点", "问题", "原因", "告知业主", "改期", "筛选", "下次筛选", "维修人")
    names = ("place", "symptom", "reason", "told", "agreed", "screened", "next", "worker")
    may_export = grants_of(request.user).may("kernel.export", request.community.pk)
    context = {
        "title": "维修问题汇总表",
        "print_url": reverse("repairs:deferred_print"),
        "export_url": reverse("repairs:deferred_export") if may_export else "",
        "columns": [{"label": label} for label in heads],
        "rows": [_row(line, names) for line in lines],
        "total_text": f"共 {len(lines)} 件",
        "empty_text": "没有暂不能修的单。",
    }
    return render(request, "repairs/deferred.html", context)


@require_GET
@policy(may=SEE)
def deferred_print(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    sheet = papers.deferred_list(request.community, request.user, now)
    return _printed(request, papers.DEFERRED, sheet, f"{timezone.localdate(now):%Y-%m-%d}")


@require_GET
@policy(may="kernel.export")
def deferred_export(request: HttpRequest) -> FileResponse:
    """The list as a file; that it was taken away is written down (RPT-04)."""
    now = timezone.now()
    lines = papers.deferred_lines(list(papers.waiting_orders(request.community, request.user)[: papers.MOST_LINES]))
    heads = [label for _, label in papers.DEFERRED_HEADS]
    content = exports.write_xlsx("维修问题汇总表", heads, papers.cells(lines), by=request.user, now=now)
    with command(by=request.user, verb="export", key=uuid.uuid4().hex) as writing:
        writing.note(writing.book("kernel.export", "deferred"), f"{request.user} 导出维修问题汇总表", step="export")
    return FileResponse(content, as_attachment=True, filename=f"维修问题汇总表-{timezone.localdate(now):%Y%m%d}.xlsx")


def _printed(request: HttpRequest, declared: Print, sheet: dict[str, Any], subject: str) -> HttpResponse:
    """The PDF, counted by community and period: what was printed before says 补打 n."""
    now = timezone.now()
    with transaction.atomic():
        run = count_print(declared.name, by=request.user, at=now, subject=f"{request.community.code} {subject}")
        pdf = render_print(declared, sheet, request.user, reprint=run.copy_no - 1, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{declared.name}-{subject}.pdf"'
    return response


def _asked(request: HttpRequest) -> tuple[Any, date, str]:
    """A month if one is asked for, else a day; whatever can't be read is today."""
    today = timezone.localdate()
    month = request.GET.get("month", "")
    try:
        if month:
            year, _, number = month.partition("-")
            if 2000 <= int(year) <= 2200 and 1 <= int(number) <= 12:
                return papers.of_month(int(year), int(number)), today, f"{int(year)}-{int(number):02d}"
        day = min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        day = today
    day = max(day, date(2000, 1, 1))
    return papers.of_day(day), day, ""


def _query(day: date, month: str) -> str:
    return f"month={month}" if month else f"day={day:%Y-%m-%d}"


def this_month() -> str:
    year, month = business_month(timezone.now())
    return f"{year}-{month:02d}"


def _row(line: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    kinds = {"symptom": "summary"}
    found = [{"name": kinds.get(name, name), "kind": "text", "text": line[name]} for name in names]
    return {"url": line["url"], "cells": [{"name": "number", "kind": "number", "text": line["number"]}, *found]}
