"""客户抱怨登记表 and 跟踪表 as pages: two views of the same complaints of a business month, and their prints (F23, CMP-16)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.complaints.printing import SHEETS, TITLES, of_month
from yihu.basics.months import Month
from yihu.kernel.policy import policy
from yihu.kernel.prints.counting import count_print
from yihu.kernel.prints.rendering import render as render_print

SEE = "complaints.register"
# the columns of either view: a heading, and which of a line's words stand under it
HEADS = {
    "register": (
        ("受理", ("received",)), ("投诉人", ("who",)), ("房号", ("unit",)), ("类别", ("category",)), ("投诉内容", ("content",)),
        ("被投诉", ("about",)), ("级别", ("level", "validity")), ("责任部门", ("dept",)), ("状态", ("state",)),
    ),
    "tracking": (
        ("录入", ("entered",)), ("首次答复", ("first",)), ("部门答复", ("dept", "replied")), ("处理措施", ("remedy",)), ("预计完成", ("due",)),
        ("告知", ("told", "opinion")), ("回访", ("call",)), ("下一步", ("next", "turn")), ("关闭", ("closed", "took")), ("阶段", ("state",)),
    ),
}  # fmt: skip
KINDS = {"投诉内容": "summary", "处理措施": "summary", "房号": "unit", "级别": "level"}
# what needs no heading to be understood
PLAIN = ("投诉人", "房号", "类别", "投诉内容", "处理措施", "级别", "状态", "阶段")


@require_GET
@policy(may=SEE)
def month_page(request: HttpRequest) -> HttpResponse:
    """One month, as the register or as the tracking sheet."""
    view, month = _asked(request)
    sheet = of_month(request.community, month, request.user, TITLES[view])  # type: ignore[attr-defined]
    here, query = reverse("complaints:month"), f"month={month.code}"
    hidden = f"，另有 {sheet['hidden']} 件您不能查看" if sheet["hidden"] else ""
    context = {
        "title": TITLES[view],
        "period": f"{sheet['month']}（{sheet['period']}）",
        "tabs": [
            {"label": title, "url": f"{here}?view={name}&{query}", "current": name == view}
            for name, title in TITLES.items()
        ],
        "before_url": f"{here}?view={view}&month={month.before.code}",
        "after_url": f"{here}?view={view}&month={month.after.code}" if month < Month.running(timezone.now()) else "",
        "print_url": f"{reverse('complaints:month_print')}?view={view}&{query}",
        "columns": [{"label": "编号"}, *({"label": label} for label, _ in HEADS[view])],
        "rows": [_row(line, view) for line in sheet["lines"]],
        "total_text": f"共 {sheet['total']} 件{hidden}",
        "empty_text": "这个业务月没有投诉。",
    }
    return render(request, "complaints/month.html", context)


@require_GET
@policy(may=SEE)
def month_print(request: HttpRequest) -> HttpResponse:
    """The sheet as a PDF, counted: what was printed before says 补打 n."""
    view, month = _asked(request)
    community, now = request.community, timezone.now()  # type: ignore[attr-defined]
    sheet = of_month(community, month, request.user, TITLES[view])
    with transaction.atomic():
        run = count_print(view, by=request.user, at=now, subject=f"{community.code} {month.code}")
        pdf = render_print(SHEETS[view], sheet, request.user, reprint=run.copy_no - 1, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="complaints-{view}-{month.code}.pdf"'
    return response


def _asked(request: HttpRequest) -> tuple[str, Month]:
    """What can't be read is the register of the present business month."""
    view = request.GET.get("view", "")
    month = Month.read(request.GET.get("month", "")) or Month.running(timezone.now())
    return (view if view in TITLES else "register"), month


def _row(line: dict[str, Any], view: str) -> dict[str, Any]:
    cells = [_cell(label, " ".join(line[name] for name in names if line[name])) for label, names in HEADS[view]]
    return {"url": line["url"], "cells": [{"name": "number", "kind": "number", "text": line["number"]}, *cells]}


def _cell(label: str, text: str) -> dict[str, str]:
    """On a telephone there are no headings: what is bare says what it is."""
    said = label if text and label not in PLAIN else ""
    return {"name": KINDS.get(label, "told"), "kind": "text", "text": text, "label": said}
