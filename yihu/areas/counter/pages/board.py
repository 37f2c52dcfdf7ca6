"""服务电话与收费: what is published, on the screen and on paper; what waits for approval."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.counter import numbers
from yihu.areas.counter.models import ServiceNumber
from yihu.areas.counter.printing import BOARDS
from yihu.kernel.authority import grants_of
from yihu.kernel.plain import key_of, seen_so_far
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue
from yihu.kernel.screens.page import number_or_none

SOON = timedelta(days=31)


@require_GET
@policy(may=numbers.READ)
def board(request: HttpRequest) -> HttpResponse:
    grants, here = grants_of(request.user), request.community.pk
    may_approve = grants.may(numbers.APPROVE, here)
    waiting = ServiceNumber.objects.filter(community=request.community, waiting=True).select_related("drafted_by")
    context = {
        "title": "服务电话与收费",
        "groups": numbers.groups(request.community),
        "may_edit": grants.may(numbers.EDIT, here),
        "waiting": [
            {"row": row, "seen": seen_so_far(numbers.BOOK, row.pk), "own": row.drafted_by_id == request.user.pk, "said": numbers.holding(row, timezone.localdate())}
            for row in waiting.order_by("group", "position", "pk")
        ]
        if may_approve
        else [],
        "key": key_of(request),
    }  # fmt: skip
    return render(request, "counter/board.html", context)


@require_POST
@policy(may=numbers.APPROVE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ServiceNumber, pk=pk, community=request.community)
    seen = number_or_none(request.POST.get("version"))
    numbers.approve(row, by=request.user, key=key_of(request), seen=seen)
    messages.success(request, f"{row.name} 已审定，公示牌、卡片和查找从起用日起都是新的。")
    return redirect("counter:board")


@require_GET
@policy(may=numbers.READ)
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """A4 or A3 for the wall, or cards to cut."""
    declared = BOARDS.get(name)
    if declared is None:
        raise Http404
    now = timezone.now()
    told, number = (
        declared.data(request.community, request.user),
        f"{request.community.code} {timezone.localdate(now)} {name}",
    )
    pdf = issue(
        declared,
        told,
        by=request.user,
        now=now,
        number=number,
        community=request.community,
        may=numbers.READ,
        marked=False,
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="board-{name}.pdf"'
    return response
