"""对账单: what one payer owed, each movement, what he owes now; on the screen and on paper."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.cashier import household, setting_off
from yihu.areas.cashier.pages.desk import address
from yihu.areas.cashier.printing import STATEMENT
from yihu.areas.cashier.setting_off import pairs
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.ground.estate.models import Party
from yihu.ground.ledger.balances import statement
from yihu.ground.ledger.models import Account, Line, Voucher
from yihu.ground.ledger.posting import BILL, COLLECT, SEE
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue
from yihu.kernel.screens.page import number_or_none

MOST = 2000


class PeriodForm(forms.Form):
    since = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}))


@require_GET
@policy(may=SEE)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    party = get_object_or_404(Party, pk=pk, community=request.community)
    first, last = _period(request)
    told = told_of(party, first, last)
    may = grants_of(request.user).may
    seen = household.seen_of(party)  # asked before the pairs: what comes in meanwhile is noticed
    found = pairs(party, timezone.localdate()) if may(BILL, request.community.pk) else []
    context = {
        "title": f"对账单 {party.name}",
        "party": party,
        "filters": PeriodForm(initial={"since": first, "until": last}),
        "told": told,
        "query": f"since={first:%Y-%m-%d}&until={last:%Y-%m-%d}",
        "till_url": address(party=party.pk) if may(COLLECT, request.community.pk) else "",
        "pairs": [
            {"favour": one.favour, "bill": one.bill, "amount": yuan(one.amount), "unit": one.bill.unit} for one in found
        ],
        "sum": yuan(sum(one.amount for one in found)),
        "seen": seen,
        "key": uuid.uuid4().hex,
        "deposits": [{"row": one, "left": yuan(one.left)} for one in household.deposits_of(party)],
    }
    return render(request, "cashier/statement.html", context)


@require_POST
@policy(may=BILL)
def set_off(request: HttpRequest, pk: int) -> HttpResponse:
    """对冲: one click, after the pairs were shown."""
    party = get_object_or_404(Party, pk=pk, community=request.community)
    try:
        amount = setting_off.set_off(
            party, number_or_none(request.POST.get("seen")) or 0, by=request.user, key=key_of(request)
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"已对冲 {yuan(amount)} 元。" if amount else "已经对冲过了。")
    return redirect("cashier:statement", pk=party.pk)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    party = get_object_or_404(Party.objects.select_related("community"), pk=pk, community=request.community)
    (first, last), now = _period(request), timezone.now()
    told = told_of(party, first, last)
    number = f"{party.pk} {first} {last} {now:%Y%m%d%H%M%S%f}"
    pdf = issue(
        STATEMENT, told, by=request.user, now=now, number=number, community=party.community, party=party, may=SEE
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="statement.pdf"'
    return response


def _period(request: HttpRequest) -> tuple[date, date]:
    """This year until today, where nothing else is asked."""
    form, today = PeriodForm(request.GET), timezone.localdate()
    told = form.cleaned_data if form.is_valid() else {}
    last = told.get("until") or today
    first = told.get("since") or last.replace(month=1, day=1)
    return min(first, last), last


def told_of(party: Any, first: date, last: date) -> dict[str, Any]:
    """The statement in words and figures. Only this payer's own lines (domain §5.6)."""
    found = statement(first, last, party=party)
    balance, rows = found.before, []
    for line in found.lines[:MOST]:
        balance += line.amount
        rows.append(
            {
                "day": f"{line.day:%Y-%m-%d}",
                "kind": line.voucher.get_kind_display() + ("（冲销）" if line.voucher.reverses_id else ""),
                "words": _words(line),
                "bill": line.charge_id or 0,
                "why": mask_free_text(line.charge.words) if billed(line) else "",
                "debit": yuan(line.amount) if line.amount > 0 else "",
                "credit": yuan(-line.amount) if line.amount < 0 else "",
                "balance": _standing(balance),
            }
        )
    return {
        "community": party.community.name,
        "number": "",
        "name": mask_free_text(party.name),
        "period": f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}",
        "before": _standing(found.before),
        "lines": rows,
        "left_off": len(found.lines) - len(rows),
        "after": _standing(found.after),
        "owes": found.after > 0,
        "capitals": rmb_capitals(abs(found.after)),
        "charged": yuan(sum(line.amount for line in found.lines if line.amount > 0)),
        "paid": yuan(-sum(line.amount for line in found.lines if line.amount < 0)),
    }


def billed(line: Line) -> bool:
    """It put the bill there, and says how it was reckoned."""
    return line.charge is not None and line.voucher.kind == Voucher.Kind.CHARGE and not line.voucher.reverses_id


def _words(line: Line) -> str:
    if line.account == Account.RECEIVABLE and line.charge is not None:
        told = f"{line.charge.item} {line.charge.from_on:%Y-%m-%d} 至 {line.charge.to_on:%Y-%m-%d}"
        moved = line.voucher.kind == Voucher.Kind.TRANSFER
        return f"{told}：{mask_free_text(line.voucher.words)}" if moved else told
    return mask_free_text(line.voucher.words)


def _standing(amount: int) -> str:
    return f"预收 {yuan(-amount)}" if amount < 0 else yuan(amount)
