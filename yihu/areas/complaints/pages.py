"""While a complaint is typed, which earlier ones it may repeat; the receipts of the households that joined one."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.complaints import joined_receipts as receipts
from yihu.areas.complaints.alike import alike_to
from yihu.areas.complaints.models import Complaint
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import when


@require_GET
@policy(signed_in=True)
def alike(request: HttpRequest) -> HttpResponse:
    """Radio buttons for the form's field; nothing for those who open no complaints."""
    community = request.community  # type: ignore[attr-defined]
    field = request.GET.get("field", "")
    if not re.fullmatch(r"(?:to-)?repeat_of", field):
        field = "repeat_of"
    rows, now = [], timezone.now()
    if community is not None and grants_of(request.user).may("complaints.open", community.pk):
        given = {name.rpartition("-")[2]: value for name, value in request.GET.items() if value}
        chosen = given.get("chosen", "")[:40]
        found = alike_to(
            request.user,
            community.pk,
            unit=given.get("unit", ""),
            category=given.get("category", ""),
            about_dept=given.get("about_dept", ""),
            number=chosen,
        )
        rows = [
            {
                "number": one.number,
                "what": one.summary[:40],
                "where": str(one.unit or ""),
                "when": when(one.opened_at, now),
                "state": one.state_word,
                "checked": one.number == chosen,
            }
            for one in found
        ]
    context = {"rows": rows, "field": field, "chosen": any(row["checked"] for row in rows)}
    return render(request, "complaints/_alike.html", context)


@require_GET
@policy(signed_in=True)
def joined_receipt(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The paper of one household that joined: for whoever sees the complaint, as the complainant's own is."""
    household = get_object_or_404(receipts.of_complaint(_seen(request, number)), pk=pk)
    pdf = receipts.print_one(household, by=request.user, now=timezone.now())
    return _pdf(pdf, f"{number}-receipt-{household.pk}")


@require_GET
@policy(signed_in=True)
def joined_receipts(request: HttpRequest, number: str) -> HttpResponse:
    """The papers of all that joined in one PDF; of very many, the portion that is asked for."""
    portions, asked = receipts.parts(_seen(request, number)), request.GET.get("part", "")
    part = int(asked) if re.fullmatch(r"[1-9][0-9]{0,3}", asked) else 1
    chosen = portions[part - 1] if part <= len(portions) else []
    return _pdf(receipts.print_all(chosen, by=request.user, now=timezone.now()), f"{number}-receipts-{part}")


def _seen(request: HttpRequest, number: str) -> Complaint:
    """One that is not for these eyes looks like none."""
    found: Complaint | None = Complaint.objects.seen_by(request.user).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
