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
from yihu.areas.spending.addresses import agreed_on, line_of, sum_of
from yihu.areas.spending.figures import Row
from yihu.areas.spending.incomes import EVER
from yihu.areas.spending.models import BudgetLine
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.periods import last_of
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import Account, FeeItem
from yihu.kernel.policy import policy

MOST = 1000
SEE = "spending.see"
Found = tuple[
    list[dict[str, Any]], int, int
]  # rows (at most MOST), their sum in 分 and how many there are, all counted


@require_GET
@policy(may=SEE)
def overview(request: HttpRequest) -> HttpResponse:
    community, today = request.community, timezone.localdate()  # type: ignore[attr-defined]
    first = _month(request.GET.get("month", ""), today)
    last = last_of(first)
    rows, budget = figures.sheet(community.pk, first, last, timezone.now()), figures.budget_of(community.pk, first.year)
    after = add_months(first, 1)
    context = {
        "title": "预算执行",
        "month": f"{first.year} 年 {first.month} 月",
        "scope": f"{first.year} 年 {first.month} 月",
        "rows": [_row(row, first, last) for row in rows],
        "sums": [_sum(kind, word, rows, first, last) for kind, word in BudgetLine.Kind.choices],
        "warned": [
            f"{row.line}：已付加已批 {yuan(row.actual + row.committed)} 元，是本月预算的 {row.percent}%。" for row in rows if row.warned
        ],
        "budget_url": budget.get_absolute_url() if budget else "",
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
        "url_committed": agreed_on(row.line.pk, first, last), "url": line_of(row.line.pk, first, last), "url_so_far": line_of(row.line.pk, first.replace(month=1), last),
    }  # fmt: skip


def _sum(kind: str, word: str, every: list[Row], first: date, last: date) -> dict[str, str]:
    rows = [row for row in every if row.line.kind == kind]
    names = ("planned", "actual", "committed", "planned_so_far", "actual_so_far")
    return {
        "word": f"{word}合计", **{name: yuan(sum(getattr(row, name) for row in rows)) for name in names},
        "url": sum_of(kind, "actual", first, last), "url_committed": sum_of(kind, "agreed", first, last),
        "url_so_far": sum_of(kind, "actual", first.replace(month=1), last),
    }  # fmt: skip


@require_GET
@policy(may=SEE)
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Claims that were paid, the ledger's lines, or what is agreed to, of one budget line between two days."""
    line = get_object_or_404(BudgetLine, pk=pk, community=request.community)  # type: ignore[attr-defined]
    first, last = between(request)
    waiting = request.GET.get("what") == "agreed"
    taken = _taken if line.fees else _paid
    listed = _agreed if waiting else taken if line.kind == BudgetLine.Kind.COST else _billed
    found = listed(line, first, last)
    return opened(request, f"{line} 已批未付" if waiting else str(line), (first, last), found)


def opened(request: HttpRequest, title: str, days: tuple[date, date], found: Found, back: str = "") -> HttpResponse:
    """What lies behind a figure. ``back``: where one came from, when it was no page of the budget."""
    (first, last), (rows, total, count) = days, found
    span = f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}" if first != EVER else f"开账以来，至 {last:%Y-%m-%d}"
    context = {
        "title": title,
        "sub": f"{span}　{count} 笔",
        "scope": span,
        "rows": rows,
        "total": yuan(total),
        "left_off": max(0, count - MOST),
        "back_url": back or f"{reverse('spending:overview')}?month={last:%Y-%m}",
        "back_word": "收支表" if back else "预算执行",
    }
    return render(request, "spending/lines.html", context)


def to_statements() -> str:
    return reverse("kernel:list", args=["statements"])


@require_GET
@policy(may=SEE)
def income(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger's lines of one fee item: what was billed, or what was received on its bills."""
    item = get_object_or_404(FeeItem, pk=pk, community=request.community)  # type: ignore[attr-defined]
    first, last = between(request)
    asked = figures.billed if request.GET.get("what") == "billed" else incomes.received
    found = _of_ledger(asked(item.community_id, first, last, item=item))
    words = f"{item} {'应收' if asked is figures.billed else '实收'}"
    return opened(request, words, (first, last), found, to_statements())


@require_GET
@policy(may=SEE)
def fees(request: HttpRequest) -> HttpResponse:
    """The ledger's lines of 手续费, which the bank, the card terminal and the channels took for themselves."""
    first, last = between(request)
    found = _of_ledger(figures.fees(request.community.pk, first, last), sign=1)  # type: ignore[attr-defined]
    return opened(request, str(Account.FEE.label), (first, last), found, to_statements())


def between(request: HttpRequest) -> tuple[date, date]:
    first, last = day_of(request.GET.get("from", "")), day_of(request.GET.get("to", ""))
    if first is None or last is None:
        today = timezone.localdate()
        return today.replace(day=1), last_of(today)
    return first, last


def day_of(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        raise Http404 from None


def _paid(line: BudgetLine, first: date, last: date) -> Found:
    """The payments of the ledger, each with the paper that it was for."""
    found = figures.paid(line.community_id, first, last, cost=line.cost_id)
    rows = [
        {"day": f"{one.day:%Y-%m-%d}", "paper": one.voucher.record.number, "url": one.voucher.record.get_absolute_url(),
         "words": f"{mask_free_text(one.voucher.words)}　{one.voucher.record.summary}", "amount": yuan(one.amount)}
        for one in found.select_related("voucher__record").order_by("day", "pk")[:MOST]
    ]  # fmt: skip
    total = found.aggregate(total=Sum("amount"))["total"] or 0
    return rows, int(total), found.count()


def _taken(line: BudgetLine, first: date, last: date) -> Found:
    return _of_ledger(figures.fees(line.community_id, first, last), sign=1)


def _agreed(line: BudgetLine, first: date, last: date) -> Found:
    found = figures.agreed(line.community_id, first, last, line=line)
    rows = [
        {"day": f"{one.needed_on:%Y-%m-%d}", "paper": one.number, "url": one.get_absolute_url(),
         "words": mask_free_text(one.what), "amount": yuan(left)}
        for one, left in found[:MOST]
    ]  # fmt: skip
    return rows, sum(left for _, left in found), len(found)


def _billed(line: BudgetLine, first: date, last: date) -> Found:
    return _of_ledger(figures.billed(line.community_id, first, last, item=line.item_id))


def _of_ledger(found: Any, sign: int = -1) -> Found:
    """``sign``: an income stands on the right in the books, a cost on the left."""
    rows = [
        {"day": f"{one.day:%Y-%m-%d}", "paper": one.voucher.get_kind_display(), "url": "", "words": mask_free_text(one.voucher.words),
         "amount": yuan(sign * one.amount)}
        for one in found.select_related("voucher").order_by("day", "pk")[:MOST]
    ]  # fmt: skip
    return rows, sign * int(found.aggregate(total=Sum("amount"))["total"] or 0), found.count()
