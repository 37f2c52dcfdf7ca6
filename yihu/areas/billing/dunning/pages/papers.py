"""A batch of notices, its lists to be signed and a lawsuit's file, each as one PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.billing.dunning import batches, binding
from yihu.areas.billing.dunning.models import DunningCase, DunningRound
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy
from yihu.kernel.prints import AT_ONCE


def _seen(model: Any, request: Any, number: str) -> Any:
    rows = model.objects.seen_by(request.user).filter(community=request.community, number=number)
    found = rows.select_related("community", "unit", "party" if model is DunningCase else "opened_by").first()
    if found is None:
        raise Http404
    return found


def _answer(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_GET
@policy(may="dunning.draft")
def round_print(request: HttpRequest, number: str) -> HttpResponse:
    """All notices of a batch in one file, in the order of the round."""
    batch = _seen(DunningRound, request, number)
    if batch.drawn > AT_ONCE:
        raise Refused(f"这批 {batch.drawn} 张，请在批次的页面点“排版打印”，排好后在那里下载。")
    return _answer(batches.print_now(batch, request.user, timezone.now()), batch.number)


@require_GET
@policy(may="dunning.draft")
def round_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """What the payers sign, a list for each deliverer (F84)."""
    batch = _seen(DunningRound, request, number)
    return _answer(batches.sheets(batch, request.user, timezone.now()), f"{batch.number}-signed")


@require_GET
@policy(may="dunning.legal")
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case for the court; who took it is written down."""
    case, now = _seen(DunningCase, request, number), timezone.now()
    with command(by=request.user, at=now, verb="dunning.file") as commanding:
        pdf = binding.case_file(case, request.user, now)
        commanding.note(case, f"{request.user} 打印整本卷宗", step="file")
    return _answer(pdf, f"{case.number}-file")
