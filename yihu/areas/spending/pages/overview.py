"""预算执行: a month's plan against what happened, and the lines behind each figure (FEE-15)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.areas.spending import figures, incomes
from yihu.areas.spending.addresses import line_of
from yihu.areas.spending.figures import Row
from yihu.areas.spending.models import BudgetLine
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.periods import last_of
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.policy import policy

MOST = 1000
SEE = "spending.see"


@require_GET
@policy(may=SEE)
def overview(request: HttpRequest) -> HttpResponse:
    community, today = request.community, timezone.localdate()  # type: ignore[attr-defined]
    first = _month(request.GET.get("month", ""), today)
    last = last_of(first)
    rows = figures.sheet(community.pk, first, last, timezone.now())
    after = add_months(first, 1)
    context = {
        "title": "预算执行",
        "month": f"{first.year} 年 {first.month} 月",
        "rows": [_row(row, first, last) for row in rows],
        "sums": [_sum(word, [row for row in rows if row.line.kind == kind]) for kind, word in BudgetLine.Kind.choices],
        "warned": [
            f"{row.line}：已付加已批 {yuan(row.actual + row.committed)} 元，是本月预算的 {row.percent}%。" for row in rows if row.warned
        ],
        "no_budget": figures.budget_of(community.pk, first.year) is None,
        "before": f"{add_months(first, -1):%Y-%m}",
        "after": f"{after:%Y-%m}" if after <= add_months(today.replace(day=1), 12) else "",
    }  # fmt: skip
    return render(request, "spending/overview.html", context)


def _month(text: str, today: date) -> date:
    return (Month.read(text) or Month.of(today)).first


def _row(row: Row, first: date, last: date) -> dict[str, Any]:
    return {
        "line": str(row.line), "kind": row.line.get_kind_display(), "planned": yuan(row.planned), "actual": yuan(row.actual),
        "committed": yuan(row.committed) if row.committed else "", "percent": "—" if row.percent is None else f"{row.percent}%",
        "planned_so_far": yuan(row.planned_so_far), "actual_so_far": yuan(row.actual_so_far), "over": row.over, "warned": row.warned,
        "url": line_of(row.line.pk, first, last), "url_so_far": line_of(row.line.pk, first.replace(month=1), last),
    }  # fmt: skip


def _sum(word: str, rows: list[Row]) -> dict[str, str]:
    names = ("planned", "actual", "committed", "planned_so_far", "actual_so_far")
    return {"word": f"{word}合计", **{name: yuan(sum(getattr(row, name) for row in rows)) for name in names}}


@require_GET
@policy(may=SEE)
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Claims that were paid, or the ledger's lines, of one budget line between two days."""
    line = get_object_or_404(BudgetLine, pk=pk, community=request.community)  # type: ignore[attr-defined]
    first, last = _between(request)
    rows, total, count = (_paid if line.kind == BudgetLine.Kind.COST else _billed)(line, first, last)
    context = {
        "title": str(line),
        "sub": f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}　{count} 笔",
        "rows": rows,
        "total": yuan(total),
        "left_off": max(0, count - MOST),
        "back_url": f"{reverse('spending:overview')}?month={last:%Y-%m}",
    }
    return render(request, "spending/lines.html", context)


@require_GET
@policy(may=SEE)
def income(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger's lines of one fee item: what was billed, or what was received on its bills."""
    item = get_object_or_404(FeeItem, pk=pk, community=request.community)  # type: ignore[attr-defined]
    first, last = _between(request)
    asked = figures.billed if request.GET.get("what") == "billed" else incomes.received
    rows, total, count = _of_ledger(asked(item.community_id, first, last, item=item))
    context = {
        "title": f"{item} {'应收' if asked is figures.billed else '实收'}",
        "sub": f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}　{count} 笔",
        "rows": rows,
        "total": yuan(total),
        "left_off": max(0, count - MOST),
        "back_url": f"{reverse('spending:overview')}?month={last:%Y-%m}",
    }
    return render(request, "spending/lines.html", context)


def _between(request: HttpRequest) -> tuple[date, date]:
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    if first is None or last is None:
        today = timezone.localdate()
        return today.replace(day=1), last_of(today)
    return first, last


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        raise Http404 from None


def _paid(line: BudgetLine, first: date, last: date) -> tuple[list[dict[str, Any]], int, int]:
    """The payments of the ledger, each with the paper that it was for."""
    found = figures.paid(line.community_id, first, last, cost=line.cost_id)
    rows = [
        {"day": f"{one.day:%Y-%m-%d}", "paper": one.voucher.record.number, "url": one.voucher.record.get_absolute_url(),
         "words": f"{mask_free_text(one.voucher.words)}　{one.voucher.record.summary}", "amount": yuan(one.amount)}
        for one in found.select_related("voucher__record").order_by("day", "pk")[:MOST]
    ]  # fmt: skip
    total = found.aggregate(total=Sum("amount"))["total"] or 0
    return rows, int(total), found.count()


def _billed(line: BudgetLine, first: date, last: date) -> tuple[list[dict[str, Any]], int, int]:
    return _of_ledger(figures.billed(line.community_id, first, last, item=line.item_id))


def _of_ledger(found: Any) -> tuple[list[dict[str, Any]], int, int]:
    rows = [
        {"day": f"{one.day:%Y-%m-%d}", "paper": one.voucher.get_kind_display(), "url": "", "words": mask_free_text(one.voucher.words),
         "amount": yuan(-one.amount)}
        for one in found.select_related("voucher").order_by("day", "pk")[:MOST]
    ]  # fmt: skip
    return rows, -int(found.aggregate(total=Sum("amount"))["total"] or 0), found.count()
