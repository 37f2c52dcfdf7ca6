"""扫标签: a tag, or the number of a receipt slip; then what can be done with it, a click away."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.keys import ledger, rules
from yihu.areas.keys.models import Custody, KeyLoan, KeySet
from yihu.areas.keys.pages.ledger import CSS, key_or_404
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.moments import stamp
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

MOST = 30


@require_GET
@policy(may="keys.see")
def desk(request: HttpRequest) -> HttpResponse:
    """One box for the scanner. ``?unit=`` (from an order) shows the keys of that door."""
    typed = request.GET.get("tag", "").strip()
    here, keeps = request.community.pk, grants_of(request.user).may("keys.keep", request.community.pk)
    found = ledger.key_by_tag(here, typed) if typed else None
    custody = ledger.custody_by_receipt(here, typed) if typed and found is None else None
    unit = number_or_none(request.GET.get("unit"))
    keys = [found] if found else _of_unit(here, unit) if unit else []
    context = {
        "title": "扫标签",
        "typed": typed,
        "offers": [_offer(key, request.user, keeps) for key in keys],
        "receipt": _receipt(custody) if custody else None,
        "nothing": bool((typed or unit) and not keys and custody is None),
        "of_unit": bool(unit and not typed),
        "out": _out(request) if not (typed or unit) else [],
        "keeps": keeps,
    }
    return render(request, "keys/desk.html", context)


def _of_unit(community_id: int, unit: int) -> list[KeySet]:
    rows = KeySet.objects.filter(community_id=community_id, unit_id=unit).exclude(status__in=KeySet.GONE)
    return list(rows.select_related("unit", "hook__cabinet", "mandate").order_by("tag")[:MOST])


def _out(request: HttpRequest) -> list[KeyLoan]:
    rows = KeyLoan.objects.seen_by(request.user).filter(community=request.community, is_out=True)
    return list(rows.select_related("key", "unit").order_by("due_at")[:MOST])


def _offer(key: KeySet, person: Any, keeps: bool) -> dict[str, Any]:
    """What can be done with this key now."""
    out = key.loans.filter(is_out=True).select_related("given_by").first()
    lend = f"{reverse('kernel:new', args=['key-loans'])}?tag={key.tag}"
    jobs = list(rules.running_jobs(key, person)[:6]) if keeps and key.status == KeySet.Status.IN else []
    return {
        "key": key,
        "css": CSS[key.status],
        "out": out,
        "back_url": reverse("kernel:step", args=["key-loans", out.number, "give_back"]) if out and keeps else "",
        "jobs": [{"job": job, "form_key": uuid.uuid4().hex} for job in jobs],
        "lend_url": lend if keeps and key.status == KeySet.Status.IN else "",
        "release_url": reverse("kernel:step", args=["key-mandates", key.mandate.number, "release"])
        if keeps and key.mandate and key.mandate.state == Custody.State.HELD
        else "",
        "lose_url": f"{reverse('kernel:new', args=['key-losses'])}?tag={key.tag}"
        if key.status in (KeySet.Status.IN, KeySet.Status.OUT)
        else "",
    }


def _receipt(custody: Custody) -> dict[str, Any]:
    """Whoever shows a slip after the release gets nothing (KEY-08)."""
    if custody.state == Custody.State.RELEASED:
        said = f"此回执已作废：委托已于 {stamp(custody.released_at)} 解除，钥匙已由{custody.released_to}领回。凭此回执不能再领任何钥匙。"
        return {"custody": custody, "void": True, "said": said}
    return {
        "custody": custody,
        "void": False,
        "said": f"回执有效：{custody.signer}委托保管的钥匙，委托书 {custody.number}。",
    }


@require_POST
@policy(may="keys.keep")
def lend(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: this key to the worker of this running order."""
    key = key_or_404(request, pk)
    job = get_object_or_404(rules.running_jobs(key, request.user), pk=number_or_none(request.POST.get("job")))
    said = {"tag": key.tag, "act": "borrow", "borrower_kind": "repairer", "staff": job.handler_id, "job": job.pk}
    try:
        loan = open_record(KeyLoan(community=request.community), by=request.user, key=key_of(request), data=said)
    except Invalid as invalid:
        wrong = "；".join(str(one) for errors in invalid.form.errors.values() for one in errors)
        messages.error(request, wrong)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"钥匙 {key.tag} 已交{job.handler}（{loan.number}），{stamp(loan.due_at)} 前归还。")
    return redirect(f"{reverse('keys:desk')}?tag={key.tag}")
