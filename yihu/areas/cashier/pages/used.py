"""预收自动抵缴: what was used by itself in a span of days, each with its paper; and who wants to be asked from now on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.cashier.pages.desk import searching
from yihu.areas.cashier.printing import AHEAD_USE
from yihu.areas.cashier.used import Use, use_of, uses_of
from yihu.basics.money import yuan
from yihu.basics.text import without_unseen
from yihu.ground.ledger import ahead
from yihu.ground.ledger.models import Receipt, Voucher
from yihu.ground.ledger.posting import COLLECT, SEE, books
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.moments import stamp
from yihu.kernel.plain import key_of, require
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue

MOST = 300
COLUMNS = ("抵缴单", "客户", "房屋", "账单", "依据", "抵缴（元）", "时间", "状态")
DAY = {"type": "date"}


class FilterForm(forms.Form):
    q = searching("收据号、客户、房号")
    since = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs=DAY))


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """Of this month, where nothing else is asked."""
    form, today = FilterForm(request.GET or None), timezone.localdate()
    told = form.cleaned_data if form.is_valid() else {}
    rows = Voucher.objects.filter(community=request.community, rule__in=ahead.AHEAD, reverses__isnull=True)  # type: ignore[attr-defined]
    since, until = told.get("since"), told.get("until")
    if not request.GET:
        since, until = today.replace(day=1), today
    if since:
        rows = rows.filter(day__gte=since)
    if until:
        rows = rows.filter(day__lte=until)
    if text := without_unseen(told.get("q") or "").strip():
        whose = Q(number__icontains=text) | Q(party__name__icontains=text) | Q(unit__label__icontains=text)
        rows = rows.filter(lines__receipt__in=Receipt.objects.filter(whose, community=request.community))  # type: ignore[attr-defined]
    last = list(rows.order_by("-pk").values_list("pk", flat=True).distinct()[:MOST])
    found = _uses(set(last))
    context = {
        "screen": {"title": "预收自动抵缴"},
        "title": "预收自动抵缴",
        "columns": [{"label": label, "numeric": label.startswith("抵缴（")} for label in COLUMNS],
        "rows": [_row(one) for one in found],
        "total_text": f"共 {len(found)} 次" if len(last) < MOST else f"只列出最近的 {len(found)} 次，请再筛选",
        "empty_text": "这段时间没有自动抵缴。定了用途的预收，和客户同意抵缴的预收，账单出来就自动抵缴。",
        "filters": form if request.GET else FilterForm(initial={"since": since, "until": until}),
        "sum": yuan(sum(one.amount - one.taken_back for one in found)),
    }
    return render(request, "cashier/used.html", context)


def _uses(vouchers: set[int]) -> list[Use]:
    """Those to which these vouchers belong, the latest first."""
    receipts = Receipt.objects.filter(lines__voucher__in=vouchers).values_list("pk", flat=True).distinct()
    found = [one for one in uses_of(receipts) if vouchers & {line.voucher_id for line in one.lines}]
    return sorted(found, key=lambda one: -one.first.pk)


def _row(one: Use) -> dict[str, Any]:
    back = one.taken_back
    word, css = (
        ("已冲回", "state-void")
        if back == one.amount
        else ("部分冲回", "state-wait")
        if back
        else ("已抵缴", "state-done")
    )
    return {
        "url": reverse("cashier:receipt", args=[one.receipt.number]),
        "cells": [
            {"name": "number", "kind": "number", "text": one.number},
            {"name": "summary", "kind": "text", "text": str(one.receipt.party)},
            {"name": "unit", "kind": "text", "text": str(one.receipt.unit or "各户")},
            {"name": "bills", "kind": "text", "text": one.bills},
            {"name": "why", "kind": "text", "text": one.why},
            {"name": "amount", "kind": "text", "text": yuan(one.amount), "numeric": True},
            {"name": "when", "kind": "time", "text": stamp(one.first.at)},
            {"name": "state", "kind": "state", "text": word, "css": css},
        ],
    }


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Counted as it is set: whoever prints it again prints 补打 n."""
    community: Any = request.community  # type: ignore[attr-defined]
    one = use_of(get_object_or_404(Voucher, pk=pk, community=community))
    if one is None:
        raise Http404
    receipt = one.receipt
    pdf = issue(
        AHEAD_USE, one, by=request.user, now=timezone.now(), number=one.number, community=community, unit=receipt.unit,
        party=receipt.party, may=SEE,
    )  # fmt: skip
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{one.number}.pdf"'
    return response


@require_POST
@policy(may=COLLECT)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """收回同意: from now on the rest of it waits until somebody asks its payer."""
    community: Any = request.community  # type: ignore[attr-defined]
    receipt = get_object_or_404(Receipt, number=number, community=community)
    try:
        take_back_word(receipt, by=request.user, key=key_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "已记下：这张收据剩下的钱不再自动抵缴。")
    return redirect("cashier:receipt", number=receipt.number)


def take_back_word(receipt: Receipt, *, by: Any, key: str | None = None) -> None:
    require(by, COLLECT, receipt.community_id, "您不能改抵缴同意，请找收费员。")
    with command(by=by, key=key, body=receipt.pk, verb="cashier.withdraw") as commanding:
        if not commanding.replayed:
            with books(commanding, receipt.community_id) as opened:
                ahead.withdraw(opened, receipt)
            book = commanding.book("ledger.receipt", receipt.pk)
            commanding.note(book, f"{by} 记下：{receipt.number} 的付款人收回自动抵缴的同意", step="withdraw")
