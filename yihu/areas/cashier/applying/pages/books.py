"""结账: the month's trial balance, its identities, whose tills are open, then the closing. And the receipt numbers."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.cashier.applying.periods import (
    close_month,
    closed_through,
    month_end,
    next_month,
    number_runs,
    open_tills,
)
from yihu.basics.money import yuan
from yihu.ground.ledger.balances import identities, trial_balance
from yihu.ground.ledger.models import Account
from yihu.kernel.errors import Refused
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy


def _asked(text: str, community: Any, today: date) -> tuple[int, int]:
    """The month that was asked for, else the next to be closed."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found else next_month(community, today)


@require_http_methods(["GET", "POST"])
@policy(may="ledger.books")
def books(request: HttpRequest) -> HttpResponse:
    community, today = request.community, timezone.localdate()  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    year, month = _asked(given.get("month", ""), community, today)
    through, refusal, status = month_end(year, month), "", 200
    if request.method == "POST":
        try:
            close_month(community, through, by=request.user, key=key_of(request))
            messages.success(request, f"已结账至 {through:%Y-%m-%d}。")
            return redirect(f"{reverse('applying:books')}?month={year}-{month:02d}")
        except Refused as refused:
            refusal, status = refused.sentence, refused.status
    closed, over = closed_through(community), through < today
    until = through if over else today
    shut = closed is not None and through <= closed
    waiting = open_tills(community, until)
    context = {
        "title": "结账",
        "month": f"{year} 年 {month} 月",
        "value": f"{year}-{month:02d}",
        "until": until,
        "closed": closed,
        "shut": shut,
        "over": over,
        "may_close": over and not shut and not waiting,
        "waiting": waiting,
        "accounts": _accounts(community, until),
        "sentences": _sentences(community, until),
        "refusal": refusal,
        "key": uuid.uuid4().hex,
        "before": f"?month={_step(year, month, -1)}",
        "after": f"?month={_step(year, month, 1)}" if over else "",
        "journal": journal_of("ledger.books", community.pk),
    }
    return render(request, "applying/books.html", context, status=status)


def _step(year: int, month: int, by: int) -> str:
    at = year * 12 + month - 1 + by
    return f"{at // 12}-{at % 12 + 1:02d}"


def _accounts(community: Any, day: date) -> dict[str, Any]:
    found = trial_balance(community, day)
    rows = [
        {"name": Account(account).label, "debit": yuan(total) if total > 0 else "", "credit": yuan(-total) if total < 0 else ""}
        for account, total in sorted(found.items(), key=lambda pair: list(Account).index(Account(pair[0])))
    ]  # fmt: skip
    debit = sum(total for total in found.values() if total > 0)
    credit = -sum(total for total in found.values() if total < 0)
    return {"rows": rows, "debit": yuan(debit), "credit": yuan(credit), "agree": debit == credit}


def _sentences(community: Any, day: date) -> dict[str, Any]:
    """The three identities, as a reader can add them up himself."""
    one = identities(community, day)
    return {
        "hold": one.hold,
        "owed": [("净应收", yuan(one.charged)), ("已缴", yuan(one.applied)), ("欠费", yuan(one.arrears))],
        "money": [
            ("收款", yuan(one.received)), ("退款", yuan(one.given_back)), ("已缴", yuan(one.applied)), ("预收", yuan(one.credits)),
            ("未认领款", yuan(one.unidentified)), ("押金", yuan(one.deposits)),
        ],
        "spent": [("支出", yuan(one.incurred)), ("已付", yuan(one.paid)), ("应付", yuan(one.payable))],
    }  # fmt: skip


@require_GET
@policy(may="ledger.see")
def numbers(request: HttpRequest) -> HttpResponse:
    runs = number_runs(request.community)  # type: ignore[attr-defined]
    context = {
        "title": "收据号连续表",
        "runs": [
            {
                "prefix": run.prefix,
                "span": f"{run.first:06d} 至 {run.last:06d}",
                "count": run.count,
                "missing": "、".join(run.missing[:50]) or "没有缺号",
                "complete": not run.missing,
                "voids": "、".join(run.voids[:200]) or "无",
            }
            for run in runs
        ],
    }
    return render(request, "applying/numbers.html", context)
