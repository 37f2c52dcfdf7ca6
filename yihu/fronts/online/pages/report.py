"""Behind a card: what is broken, or what one complains of; sent once, then followed under an address of its own."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yihu.fronts.online import codes
from yihu.fronts.online.models import Card
from yihu.fronts.online.pages.forms import ComplaintForm, RepairForm
from yihu.fronts.online.pages.shared import frame, key_for, of_card
from yihu.fronts.online.reporting import file_report
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.policy import policy


@csrf_exempt
@require_http_methods(["GET", "POST"])
@policy(public=True)  # who lives here has no account: the code on the card in his home is what lets him in
@of_card
def repair(request: HttpRequest, card: Card) -> HttpResponse:
    """网上报修 (REP-01)."""
    return _form(request, card, RepairForm, "报修", "提交报修")


@csrf_exempt
@require_http_methods(["GET", "POST"])
@policy(public=True)  # as above
@of_card
def complain(request: HttpRequest, card: Card) -> HttpResponse:
    """网上投诉 (CMP-09)."""
    return _form(request, card, ComplaintForm, "投诉", "提交投诉")


def _form(request: HttpRequest, card: Card, kind: Any, title: str, submit: str) -> HttpResponse:
    now, refusal, status = timezone.now(), "", 200
    form = kind(card=card, now=now)
    if request.method == "POST":
        form, status = kind(request.POST, request.FILES, card=card, now=now), 422
        if form.is_valid():
            try:
                report = file_report(card, form.told(), key=key_for(request, title, card))
            except Invalid:
                refusal = "有的内容没能登记，请改短一些再提交，或打电话给前台。"
            except Refused as refused:
                refusal, status = refused.sentence, refused.status
            else:
                return redirect("online:followed", token=codes.code_of(codes.REPORT, report.salt))
    context = {
        **frame(card.community), "title": title, "submit": submit, "form": form, "card": card, "refusal": refusal,
        "repair": kind is RepairForm, "code": codes.code_of(codes.CARD, card.salt),
        "key": request.POST.get("key", "")[:40] or uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "online/report.html", context, status=status)
