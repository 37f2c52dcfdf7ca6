"""All notices, one notice with how it stands, its paper and the address behind its code."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.billing.notices import who
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch
from yihu.areas.billing.notices.models.notices import fresh_token
from yihu.areas.billing.notices.printing import PAYMENT_NOTICE, fetched, line_words
from yihu.basics.money import rmb_capitals, yuan
from yihu.basics.text import without_unseen
from yihu.ground.ledger.pay_days import beside, pay_day
from yihu.kernel import moments
from yihu.kernel.doors import command
from yihu.kernel.forms import RowField
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue, reprints

MOST = 300
COLUMNS = ("编号", "状态", "房屋", "客户", "请缴（元）", "送达", "送达人")


class FilterForm(forms.Form):
    q = forms.CharField(
        label="编号、房号、客户",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "编号、房号、客户"}),
    )
    batch = RowField(NoticeBatch.objects.none(), label="账期", required=False, empty_label="各期")
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "全部"), ("undelivered", "未送达"), ("refused", "拒签"), ("posted", "已邮寄"), ("recalled", "更正作废")],
    )  # fmt: skip

    def __init__(self, *args: Any, community: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["batch"]
        field.queryset = NoticeBatch.objects.filter(batch_of=community).order_by("-period")
        field.label_from_instance = lambda one: str(one.month)


STATES = {
    "undelivered": Q(delivered_at__isnull=True, recalled_at__isnull=True),
    "refused": ~Q(refusal=""),
    "posted": Q(way__in=(Notice.Way.REGISTERED, Notice.Way.COURIER)),
    "recalled": Q(recalled_at__isnull=False),
}


@require_GET
@policy(may=who.SEE)
def listing(request: HttpRequest) -> HttpResponse:
    community: Any = request.community  # type: ignore[attr-defined]
    form = FilterForm(request.GET, community=community)
    told = form.cleaned_data if form.is_valid() else {}
    rows = Notice.objects.filter(batch__batch_of=community)
    if told.get("batch"):
        rows = rows.filter(batch=told["batch"])
    if text := without_unseen(told.get("q") or "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(unit__label__icontains=text) | Q(party__name__icontains=text))
    if told.get("state"):
        rows = rows.filter(STATES[told["state"]])
    total = rows.count()
    found = fetched(rows).select_related(
        "batch__community", "party", "unit", "sheet__handler", "witness_1", "witness_2", "delivered_by"
    )  # fmt: skip
    context = {
        "screen": {"title": "缴费通知单"},
        "title": "缴费通知单",
        "columns": [{"label": label, "numeric": label.startswith("请缴")} for label in COLUMNS],
        "rows": [_row(one) for one in found.order_by("-batch__period", "seq")[:MOST]],
        "total_text": f"共 {total} 张" if total <= MOST else f"共 {total} 张，只列出前 {MOST} 张，请再筛选",
        "empty_text": "没有符合条件的通知单。",
        "filters": form,
    }
    return render(request, "notices/listing.html", context)


def _row(one: Notice) -> dict[str, Any]:
    word, css = one.standing
    return {
        "url": one.get_absolute_url(),
        "cells": [
            {"name": "number", "kind": "number", "text": one.number},
            {"name": "state", "kind": "state", "text": word, "css": css},
            {"name": "unit", "kind": "text", "text": str(one.unit or "—")},
            {"name": "summary", "kind": "text", "text": str(one.party)},
            {"name": "due", "kind": "text", "text": yuan(one.due_fen), "numeric": True, "label": "请缴（元）"},
            {"name": "how", "kind": "text", "text": one.delivery_words, "sub": moments.short(one.delivered_at)},
            {"name": "by", "kind": "person", "text": str(one.sheet.handler) if one.sheet else ""},
        ],
    }


def notice_or_404(request: HttpRequest, number: str) -> Notice:
    """For finance, and for the one who carries it."""
    found = fetched(Notice.objects.filter(number=number)).select_related(
        "batch__community", "party", "unit", "replaces", "sheet__handler", "witness_1", "witness_2", "delivered_by"
    )  # fmt: skip
    notice: Notice | None = found.first()
    batch = notice is not None and NoticeBatch.objects.seen_by(request.user).filter(pk=notice.batch_id).exists()
    sheet = notice is not None and DeliverySheet.objects.seen_by(request.user).filter(pk=notice.sheet_id).exists()
    if notice is None or not (batch or sheet):
        raise Http404
    return notice


@require_GET
@policy(signed_in=True)
def page(request: HttpRequest, number: str) -> HttpResponse:
    notice = notice_or_404(request, number)
    batch, sheet = notice.batch, notice.sheet
    word, css = notice.standing
    out = sheet is not None and sheet.state == "out" and notice.recalled_at is None
    may_carry = out and who.CARRIER.allows(request.user, sheet)
    steps = []
    if may_carry and notice.delivered_at is None:
        steps.append({"label": "登记送达", "url": reverse("notices:door", args=[notice.number]), "main": True})
    if notice.delivered_at is not None and sheet is not None and sheet.state != "returned":
        if notice.posted and (who.CARRIER | who.FINANCE).allows(request.user, sheet):
            steps.append({"label": "查到邮件签收", "url": _step(sheet, "arrived", notice)})
        if may_carry:
            steps.append({"label": "撤销登记", "url": _step(sheet, "undo", notice)})
    if batch.state in ("printed", "out") and notice.recalled_at is None and who.DRAWER.allows(request.user, batch):
        steps.append({"label": "有错，更正", "url": _step(batch, "replace", notice)})
    served = notice.served_on(timezone.localdate(), batch.community_id)
    context = {
        "title": notice.number,
        "notice": notice,
        "state": {"word": word, "css": css},
        "steps": steps,
        "lines": _lines(notice),
        "due": yuan(notice.due_fen),
        "capitals": rmb_capitals(notice.due_fen),
        "credit": yuan(notice.credit_fen) if notice.credit_fen else "",
        "open": yuan(notice.open_fen),
        "delivered": moments.stamp(notice.delivered_at),
        "served": served,
        "waiting": notice.posted and served is None,
        "proofs": list(notice.proofs.all()),
        "instead": Notice.objects.filter(replaces=notice).first(),
        "printed": reprints(PAYMENT_NOTICE.name, notice.number),
        "may_renew": batch.sealed_at is not None
        and notice.recalled_at is None
        and who.DRAWER.allows(request.user, batch),
        "key": uuid.uuid4().hex,
    }
    return render(request, "notices/notice.html", context)


def _step(record: Any, step: str, notice: Notice) -> str:
    address = reverse("kernel:step", args=[record.procedure.slug, record.number, step])
    return f"{address}?notice={notice.pk}&back={notice.get_absolute_url()}"


def _lines(notice: Notice) -> list[dict[str, Any]]:
    found = []
    for line in notice.all_lines:
        words, price = line_words(line.charge)
        found.append(
            {
                "item": line.charge.title, "span": f"{line.charge.from_on:%Y-%m-%d} 至 {line.charge.to_on:%Y-%m-%d}",
                "words": words, "price": price, "amount": yuan(line.amount), "whole": yuan(line.amount + line.used),
                "used": yuan(line.used) if line.used else "", "prior": line.prior,
                "due": pay_day(line.charge) if line.prior else beside(line.charge, notice.pay_by),
                "left": yuan(line.charge.open), "paid": line.charge.open == 0,
            }
        )  # fmt: skip
    return found


@require_GET
@policy(signed_in=True)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """Counted as it is set: whoever prints it again prints 补打 n."""
    notice, now = notice_or_404(request, number), timezone.now()
    if notice.batch.sealed_at is None:
        raise Http404
    of = {"community": notice.batch.community, "unit": notice.unit, "party": notice.party}
    pdf = issue(PAYMENT_NOTICE, notice, by=request.user, now=now, number=notice.number, **of)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{notice.number}.pdf"'
    return response


@require_POST
@policy(may=who.DRAW)
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """A paper went astray: the address behind its code ends, a paper printed from now on carries another."""
    notice = notice_or_404(request, number)
    with command(by=request.user, key=key_of(request), body=notice.pk, verb="notices.renew") as commanding:
        if not commanding.replayed:
            Notice.objects.filter(pk=notice.pk).update(token=fresh_token())
            commanding.note(notice.batch, f"{request.user} 给 {notice.number} 换了二维码，原来的打不开了", step="renew")
    messages.success(request, "二维码换好了，原来的已经打不开。请打印这一张，交给客户。", extra_tags=request.path)
    return redirect(notice.get_absolute_url())
