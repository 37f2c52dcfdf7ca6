"""银行对账: the page of a month and its sheet."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.banking import printing
from yihu.areas.cashier.banking.reconciling import month_of
from yihu.basics.money import yuan
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet

SHOWN = 200


def _first(request: HttpRequest) -> date:
    told = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", request.GET.get("month", ""))
    return date(int(told[1]), int(told[2]), 1) if told else timezone.localdate().replace(day=1)


@require_GET
@policy(may="ledger.see")
def month(request: HttpRequest) -> HttpResponse:
    first = _first(request)
    found = month_of(request.community, first)  # type: ignore[attr-defined]
    context = {
        "title": f"银行对账 {first.year} 年 {first.month} 月",
        "figures": found.figures,
        "holds": found.holds,
        "groups": [
            {"title": title, "count": len(rows), "empty": "没有。", "rows": [(on, who, words, yuan(amount)) for on, who, words, amount in rows[:SHOWN]]}
            for title, rows in (
                ("收入：银行有、账上没有", found.only_bank), ("收入：账上有、银行没有", found.only_books),
                ("支出：银行付了、账上没有", found.out_bank), ("支出：账上已付、银行没有", found.out_books),
            )
        ],
        "month": f"{first:%Y-%m}",
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{found.last + timedelta(days=1):%Y-%m}",
    }  # fmt: skip
    return render(request, "banking/month.html", context)


@require_GET
@policy(may="ledger.see")
def paper(request: HttpRequest) -> HttpResponse:
    first, now = _first(request), timezone.now()
    community: Any = request.community  # type: ignore[attr-defined]
    pdf = set_sheet(printing.RECONCILIATION, printing.sheet(community, first), request.user, now=now)
    count_print("reconciliation", by=request.user, at=now, subject=f"{community.code} {first:%Y-%m}")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="reconciliation-{first:%Y-%m}.pdf"'
    return response
