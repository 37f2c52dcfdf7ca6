"""Why people do not pay, and where: counts that open the cases behind them (FEE-10, FEE-21). And what was refused."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Min, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.billing.dunning import who
from yihu.areas.billing.dunning.models import Attempt, DunningCase
from yihu.basics.money import yuan
from yihu.ground.estate.models import Building
from yihu.kernel import moments
from yihu.kernel.forms import is_row_number
from yihu.kernel.policy import policy

MOST = 500
NOBODY: Final = "none"


def _cases(request: Any) -> Any:
    return DunningCase.objects.seen_by(request.user).filter(community=request.community, closed_at__isnull=True)


def _behind(**query: Any) -> str:
    """The cases behind a figure; what is not known is asked for as such."""
    told = urlencode({name: NOBODY if value in (None, "") else value for name, value in query.items()})
    return f"{reverse('dunning:cases')}?{told}"


def _narrowed(request: Any) -> Any:
    rows = _cases(request)
    for name, column in (("building", "unit__building"), ("handler", "handler"), ("reason", "reason")):
        asked = request.GET.get(name, "")
        if asked == NOBODY:
            rows = rows.filter(reason="") if name == "reason" else rows.filter(**{f"{column}__isnull": True})
        elif name == "reason" and asked:
            rows = rows.filter(reason=asked)
        elif asked:
            rows = rows.filter(**{column: int(asked)}) if is_row_number(asked) else rows.none()
    return rows


def _page(
    request: HttpRequest, title: str, lead: str, heads: tuple[tuple[str, bool], ...], rows: list[dict[str, Any]]
) -> HttpResponse:
    context = {
        "title": title,
        "lead": lead,
        "screen": {"title": title},
        "columns": [{"label": label, "numeric": numeric} for label, numeric in heads],
        "rows": rows,
        "total_text": f"共 {len(rows)} 行",
        "empty_text": "没有在催的欠费。",
        "nearby": [{"label": "催缴清单", "url": reverse("kernel:list", args=["dunning"])}],
    }
    return render(request, "dunning/table.html", context)


def _row(url: str, first: str, *cells: tuple[str, bool]) -> dict[str, Any]:
    named = [
        {"name": f"cell{place}", "kind": "text", "text": text, "numeric": numeric}
        for place, (text, numeric) in enumerate(cells)
    ]
    return {"url": url, "cells": [{"name": "number", "kind": "number", "text": first}, *named]}


@require_GET
@policy(may=who.SEE)
def reasons(request: HttpRequest) -> HttpResponse:
    """By the reason last given; each line opens its cases."""
    found = (
        _cases(request).values("reason").annotate(count=Count("pk"), owed=Sum("owed_fen")).order_by("-count", "reason")
    )
    words = dict(DunningCase.Reason.choices)
    rows = [
        _row(
            _behind(reason=row["reason"]), words.get(row["reason"], "还没问到"), (str(row["count"]), True), (yuan(row["owed"] or 0), True),
        )
        for row in found
    ]  # fmt: skip
    lead = "每户按最近一次沟通得知的原因计一次。质量、设计、被盗、邻里、服务方面的，请在催缴页面“转为接待”。"
    return _page(request, "未缴原因", lead, (("原因", False), ("户数", True), ("欠费（元）", True)), rows)


@require_GET
@policy(may=who.SEE)
def by_unit(request: HttpRequest) -> HttpResponse:
    """By building and by who is in charge (楼管), the greatest debt first."""
    today = timezone.localdate()
    found = (
        _cases(request).values("unit__building", "handler", "handler__name")
        .annotate(count=Count("pk"), owed=Sum("owed_fen"), since=Min("since")).order_by("-owed", "unit__building", "handler")
    )  # fmt: skip
    names = Building.objects.select_related("cluster").in_bulk([row["unit__building"] for row in found])
    rows = [
        _row(
            _behind(building=row["unit__building"], handler=row["handler"]),
            _place(names.get(row["unit__building"])), (row["handler__name"] or "未分派", False), (str(row["count"]), True),
            (yuan(row["owed"] or 0), True), (f"{(today - row['since']).days} 天" if row["since"] else "", True),
        )
        for row in found[:MOST]
    ]  # fmt: skip
    heads = (("楼栋", False), ("责任人（楼管）", False), ("户数", True), ("欠费（元）", True), ("最久", True))
    return _page(
        request, "按房屋、楼管", "逐户的账龄在欠费清单里看；这里是在催的。用“转交”把一户交给楼管。", heads, rows
    )


def _place(building: Building | None) -> str:
    if building is None:
        return "（无房屋）"
    return f"{building.cluster.name} {building}" if building.cluster else str(building)


@require_GET
@policy(may=who.SEE)
def cases(request: HttpRequest) -> HttpResponse:
    """What stands behind one figure of the two tables, the greatest debt first."""
    today, found = timezone.localdate(), _narrowed(request)
    owed = found.aggregate(owed=Sum("owed_fen", default=0))["owed"]
    rows = [
        _row(
            one.get_absolute_url(), str(one.unit or one.number), (str(one.party), False), (str(one.state_word), False),
            (yuan(one.owed_fen), True), (f"{(today - one.since).days} 天" if one.since else "", True),
        )
        for one in found.select_related("unit", "party").order_by("-owed_fen", "pk")[:MOST]
    ]  # fmt: skip
    heads = (("房屋", False), ("付款人", False), ("状态", False), ("欠费（元）", True), ("最久", True))
    return _page(request, "在催的欠费", f"共 {found.count()} 户，欠费 {yuan(owed)} 元。", heads, rows)


@require_GET
@policy(may=who.ATTEMPTS)
def attempts(request: HttpRequest) -> HttpResponse:
    """What somebody tried to write, for the 项目经理."""
    found = Attempt.objects.filter(community=request.community).select_related("by").order_by("-at", "-pk")  # type: ignore[attr-defined]
    rows = [
        _row("", moments.stamp(one.at), (str(one.by), False), (one.where, False), (one.words, False), (one.text, False))
        for one in found[:MOST]
    ]
    lead = "民法典第 944 条不许以停水、停电等方式催费。写了这些话的单据没有保存，这里留着是谁、什么时候、在哪里写的。"
    heads = (("时间", False), ("何人", False), ("在哪里", False), ("词", False), ("原文", False))
    return _page(request, "被拒绝的措辞", lead, heads, rows)
