"""结账: the month's trial balance, its identities, whose tills are open, then the closing. And the receipt numbers."""

from __future__ import annotations

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
    next_month,
    number_runs,
    to_do,
)
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.ground.ledger.balances import identities, trial_balance
from yihu.ground.ledger.models import Account
from yihu.kernel.errors import Refused
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy


def _asked(text: str, community: Any, today: date) -> Month:
    """The month that was asked for, else the next to be closed."""
    return Month.read(text) or next_month(community, today)


@require_http_methods(["GET", "POST"])
@policy(may="ledger.books")
def books(request: HttpRequest) -> HttpResponse:
    community, today = request.community, timezone.localdate()  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    month = _asked(given.get("month", ""), community, today)
    through, refusal, status = month.last, "", 200
    if request.method == "POST":
        try:
            if not request.POST.get("sure"):
                raise Refused("结账不能反悔。请看过试算平衡，勾选“试算平衡和恒等式已经核对”，再结账。")
            close_month(community, through, by=request.user, key=key_of(request))
            messages.success(request, f"已结账至 {through:%Y-%m-%d}。")
            return redirect(f"{reverse('applying:books')}?month={month.code}")
        except Refused as refused:
            refusal, status = refused.sentence, refused.status
    closed, over = closed_through(community), through < today
    until = through if over else today
    shut = closed is not None and through <= closed
    waiting = to_do(community, until)
    context = {
        "title": "结账",
        "month": str(month),
        "value": month.code,
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
        "before": f"?month={month.before.code}",
        "after": f"?month={month.after.code}" if over else "",
        "journal": journal_of("ledger.books", community.pk),
    }
    return render(request, "applying/books.html", context, status=status)


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
