"""收据: the list of a day, one receipt with all that became of its money, and its paper (F86)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier import household, receipts
from yihu.areas.cashier.applying.offers import of_receipt
from yihu.areas.cashier.invoicing.offers import of_receipt as invoices_of
from yihu.areas.cashier.invoicing.offers import purpose_of
from yihu.areas.cashier.pages.desk import address, searching
from yihu.areas.cashier.printing import RECEIPT
from yihu.areas.cashier.used import uses_of
from yihu.basics.money import rmb_capitals, yuan
from yihu.basics.text import without_unseen
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.ledger.models import Receipt
from yihu.ground.ledger.posting import COLLECT, SEE
from yihu.ground.ledger.receiving import given_back, given_back_of
from yihu.kernel.authority import grants_of
from yihu.kernel.moments import stamp
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue, reprints

MOST = 300
FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)
DAY = {"type": "date"}


class FilterForm(forms.Form):
    q = searching("收据号、交款人、房号、流水号")
    since = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs=DAY))
    method = forms.ChoiceField(label="方式", required=False, choices=[("", "各种方式"), *Receipt.Method.choices])
    whose = forms.ChoiceField(label="谁收的", required=False, choices=[("", "所有人收的"), ("mine", "我收的")])
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "全部"), ("open", "有预收未用"), ("void", "已作废"), ("nobody", "待认领")],
    )  # fmt: skip


STATES = {
    "open": Q(left__gt=0, party__isnull=False, voided_by=None),
    "void": Q(voided_by__isnull=False),
    "nobody": Q(party__isnull=True, voided_by=None),
}


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """Of today, where nothing else is asked; a number or a name is looked for in all days."""
    form = FilterForm(request.GET or None)
    told = form.cleaned_data if form.is_valid() else {}
    rows = _narrowed(request, told)
    found = list(rows.select_related("unit", "collector", "party").order_by("-received_at", "-pk")[:MOST])
    gone = given_back_of(found)
    sums = rows.filter(voided_by=None).order_by().values_list("method").annotate(Count("pk"), Sum("amount"))
    words = dict(Receipt.Method.choices)
    by_method = [{"word": words[method], "count": count, "sum": yuan(total)} for method, count, total in sums]
    table = {
        "screen": {"title": "收据"},
        "columns": [{"label": label, "numeric": label == "金额"} for label in COLUMNS],
        "rows": [_row(row, gone.get(row.pk, 0)) for row in found],
        "total_text": f"共 {len(found)} 张" if len(found) < MOST else f"只列出最近的 {MOST} 张，请再筛选",
        "empty_text": "没有符合条件的收据。",
        "sums": by_method,
        "sum": yuan(sum(total for _, _, total in sums)),
    }
    today = timezone.localdate()
    context = {
        **table,
        "title": "收据",
        "filters": form if request.GET else FilterForm(initial={"since": today, "until": today}),
        "may_collect": grants_of(request.user).may(COLLECT, request.community.pk),
    }
    return render(request, "cashier/receipts.html", context)


COLUMNS = ("收据号", "交款人", "房屋", "方式", "金额", "收款人", "时间", "状态")


def _narrowed(request: HttpRequest, told: dict[str, Any]) -> Any:
    rows, today = Receipt.objects.filter(community=request.community), timezone.localdate()
    text = without_unseen(told.get("q") or "").strip()
    since, until = told.get("since"), told.get("until")
    if not request.GET:
        since = until = today
    if since:
        rows = rows.filter(received_at__gte=_begin(since))
    if until:
        rows = rows.filter(received_at__lt=_begin(until) + timedelta(days=1))
    if text:
        named = Q(payer_name__icontains=text) | Q(party__name__icontains=text) | Q(unit__label__icontains=text)
        rows = rows.filter(Q(number__icontains=text) | Q(reference=text) | named)
    if told.get("method"):
        rows = rows.filter(method=told["method"])
    if told.get("whose") == "mine":
        rows = rows.filter(collector=request.user)
    return rows.filter(STATES[told["state"]]) if told.get("state") else rows


def _begin(day: date) -> datetime:
    """The first or the last year that we know, where somebody types another."""
    return datetime.combine(min(max(day, FIRST), LAST), time(), OFFICE_ZONE)


def _row(row: Receipt, gone: int) -> dict[str, Any]:
    for_whom = f"代 {row.party.name}" if row.party and row.party.name != row.payer_name else ""
    return {
        "url": reverse("cashier:receipt", args=[row.number]),
        "cells": [
            {"name": "number", "kind": "number", "text": row.number},
            {"name": "summary", "kind": "text", "text": row.payer_name, "sub": for_whom},
            {"name": "unit", "kind": "text", "text": str(row.unit or "")},
            {"name": "method", "kind": "text", "text": row.get_method_display(), "sub": row.reference},
            {"name": "amount", "kind": "text", "text": yuan(row.amount), "numeric": True},
            {"name": "collector", "kind": "person", "text": str(row.collector)},
            {"name": "when", "kind": "time", "text": stamp(row.received_at)},
            _state(row, gone),
        ],
    }


def _state(row: Receipt, gone: int) -> dict[str, str]:
    """``gone``: what went back to the payer."""
    if row.voided_by_id:
        return {"name": "state", "kind": "state", "text": "已作废", "css": "state-void"}
    if gone == row.amount:
        return {"name": "state", "kind": "state", "text": "已全部退回", "css": "state-void"}
    if row.party_id is None:
        return {"name": "state", "kind": "state", "text": "待认领", "css": "state-wait"}
    if row.left:
        return {"name": "state", "kind": "state", "text": f"预收 {yuan(row.left)}", "css": "state-busy"}
    return {"name": "state", "kind": "state", "text": "已入账", "css": "state-done"}


def receipt_or_404(request: HttpRequest, number: str) -> Receipt:
    rows = Receipt.objects.select_related("community", "party", "unit", "collector", "voided_by", "bound_to")
    return get_object_or_404(rows, number=number, community=request.community)


@require_GET
@policy(may=SEE)
def page(request: HttpRequest, number: str) -> HttpResponse:
    row = receipt_or_404(request, number)
    lines, vouchers = receipts.uses(row), receipts.vouchers_of(row)
    sheets = {one.first.key.rpartition(":")[0]: one for one in uses_of([row.pk])}
    gone = given_back(row)
    state = _state(row, gone)
    owed = household.owed_by(row.party) if row.party else []
    total = sum(one.open for one in owed if one.open > 0)
    reversed_pks = {one.reverses_id for one in vouchers if one.reverses_id}
    may_collect = grants_of(request.user).may(COLLECT, request.community.pk)
    context = {
        "title": f"收据 {row.number}",
        "receipt": row,
        "state": {"word": state["text"], "css": state["css"]},
        "amount": yuan(row.amount),
        "gone": yuan(gone) if gone else "",
        "capitals": rmb_capitals(row.amount),
        "when": stamp(row.received_at),
        "third": bool(row.party and row.party.name != row.payer_name),
        "lines": [{**line, "amount": yuan(line["fen"]), "left": yuan(line["left_fen"]) if line["left_fen"] else "", "sheet": sheets.get(line["key"])} for line in lines],
        "rest": yuan(row.free) if row.free else "",
        "bound": yuan(row.bound) if row.bound else "",
        "owed": yuan(total),
        "owes": total > 0,
        "vouchers": [receipts.in_words(one, reversed_pks) for one in vouchers],
        "printed": reprints(RECEIPT.name, row.number),
        "may_collect": may_collect,
        "may_use": bool(may_collect and row.party and row.left and total > 0),
        "agreed": row.agreed and not row.withdrawn and bool(row.free),
        "again_url": address(unit=row.unit_id, party=row.party_id) if may_collect and row.party_id else "",
        "seen": household.seen_of(row.party) if row.party else 0,
        "offers": [*invoices_of(row, request.user), *purpose_of(row, request.user), *of_receipt(row, request.user)],
        "key": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "cashier/receipt.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """Counted as it is set: whoever prints it again prints 补打 n."""
    row, now = receipt_or_404(request, number), timezone.now()
    pdf = issue(
        RECEIPT,
        row,
        by=request.user,
        now=now,
        number=row.number,
        community=row.community,
        unit=row.unit,
        party=row.party,
        may=SEE,
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response
