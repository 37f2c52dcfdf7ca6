"""签批: the approver reads what waits for his name, what is missing in it, and signs many lines at once (DESK-21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.areas.needs.models import Need
from yihu.areas.needs.procedure import APPROVER
from yihu.basics.identity import mask_free_text
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import due_css, state_cell, when

MOST = 200


@require_http_methods(["GET", "POST"])
@policy(may="needs.approve")
def sign_off(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _sign(request)
    now = timezone.now()
    waiting = list(_open(request).filter(sign_off=Need.SignOff.WAITING)[:MOST])
    today = timezone.localdate(now)
    old = [need for need in waiting if timezone.localdate(need.opened_at) < today]
    context = {
        "title": "需求签批",
        "groups": [
            {"title": "昨日及以前", "rows": [_row(need, request.user, now, ready=True) for need in old]},
            {"title": "今天登记", "rows": [_row(need, request.user, now) for need in waiting if need not in old]},
        ],
        "returned": [_row(need, request.user, now) for need in _open(request).filter(sign_off=Need.SignOff.RETURNED)[:MOST]],
        "waiting": len(waiting),
        "missing": sum(bool(need.gaps()) for need in waiting),
        "key": key_of(request),
    }  # fmt: skip
    return render(request, "needs/sign_off.html", context)


def _open(request: HttpRequest) -> Any:
    rows = Need.objects.seen_by(request.user).filter(community=request.community, closed_at__isnull=True)
    return rows.select_related("unit", "opened_by", "handler", "handled_by").order_by("opened_at", "pk")


def _row(need: Any, person: Any, now: datetime, *, ready: bool = False) -> dict[str, Any]:
    """One line; ``ready`` proposes it for signing where nothing is missing."""
    gaps, may_sign = need.gaps(), APPROVER.allows(person, need)
    return {
        "need": need,
        "where": mask_free_text(need.where),
        "customer": mask_free_text(need.customer),
        "url": need.get_absolute_url(),
        "return_url": f"{need.get_absolute_url()}do/return/?back={reverse('needs:sign_off')}",
        "gaps": "、".join(gaps),
        "may_sign": may_sign,
        "checked": ready and may_sign and not gaps,
        "when": when(need.opened_at, now),
        "expected": when(need.expected_at, now),
        "due": {"iso": need.sign_by.isoformat(), "text": when(need.sign_by, now), "css": due_css(need.sign_by, now)},
        "state": state_cell(need),
    }


def _sign(request: HttpRequest) -> HttpResponse:
    """Each line is its own command: one that somebody has changed meanwhile does not hold up the others."""
    key, signed, refused = key_of(request), 0, []
    chosen = [pk for pk in request.POST.getlist("need")[:MOST] if pk.isascii() and pk.isdigit() and len(pk) < 19]
    for need in _open(request).filter(pk__in=chosen):
        given = request.POST.get(f"version-{need.pk}", "")
        version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
        try:
            perform(need, "sign", by=request.user, key=f"{key}-{need.pk}", version=version)
            signed += 1
        except Refused as refusal:
            refused.append(f"{need.number}：{refusal.sentence}")
    if signed:
        messages.success(request, f"已签批 {signed} 行。")
    elif not refused:
        messages.warning(request, "没有勾选任何一行，请勾选后再签批。")
    for sentence in refused:
        messages.error(request, sentence)
    return redirect("needs:sign_off")
