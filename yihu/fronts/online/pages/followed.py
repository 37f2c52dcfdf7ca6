"""Behind a report's own address: how far it is, urging it, saying how it was done."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from yihu.fronts.online import acting
from yihu.fronts.online.following import said, standing_of
from yihu.fronts.online.models import Report
from yihu.fronts.online.pages.forms import OpinionForm, UrgeForm
from yihu.fronts.online.pages.shared import frame, key_for, of_report
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy


@require_GET
@policy(public=True)  # who reported it has no account: the secret in the address of his own report lets him in
@of_report
def followed(request: HttpRequest, report: Report, token: str) -> HttpResponse:
    """His report, and nothing else."""
    return _shown(request, report, token)


@csrf_exempt
@require_POST
@policy(public=True)  # as above
@of_report
def urge(request: HttpRequest, report: Report, token: str) -> HttpResponse:
    form = UrgeForm(request.POST)
    if not form.is_valid():
        return _shown(request, report, token, refusal="要补充的话请在 100 字以内。", status=422)
    return _done(request, report, token, "urge", lambda key: acting.urge(report, form.cleaned_data["words"], key=key))


@csrf_exempt
@require_POST
@policy(public=True)  # as above
@of_report
def opinion(request: HttpRequest, report: Report, token: str) -> HttpResponse:
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _shown(request, report, token, opinion_form=form, status=422)
    told = form.cleaned_data
    return _done(
        request, report, token, "opinion", lambda key: acting.judge(report, told["opinion"], told["words"], key=key)
    )


def _done(request: HttpRequest, report: Report, token: str, what: str, act: Any) -> HttpResponse:
    try:
        act(f"{key_for(request, what, report.card)}:{report.pk}")
    except Refused as refused:
        return _shown(request, report, token, refusal=refused.sentence, status=refused.status)
    return redirect("online:followed", token=token)


def _shown(
    request: HttpRequest, report: Report, token: str, *, refusal: str = "", opinion_form: Any = None, status: int = 200
) -> HttpResponse:
    report = Report.objects.select_related("contact", "matter", "card__community", "card__unit", "card__building").get(
        pk=report.pk
    )
    now = timezone.now()
    repair = report.matter.kind == "repairs.workorder"
    context = {
        **frame(report.card.community),
        "title": "我的报修" if repair else "我的投诉",
        "repair": repair,
        "report": report,
        "token": token,
        "sent": said(report.sent_at),
        "standing": standing_of(report, now),
        "refusal": refusal,
        "urge_form": UrgeForm(),
        "opinion_form": opinion_form or OpinionForm(),
        "key": uuid.uuid4().hex,
    }
    return render(request, "online/followed.html", context, status=status)
