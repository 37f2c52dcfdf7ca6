"""What stands in and beside the form while the courier waits: what the number says, whose it may be, what came just now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.parcels.forms.taking import TakeForm
from yihu.areas.parcels.models import ParcelCustody
from yihu.basics.text import clean
from yihu.kernel.policy import policy

SHOWN = 8


def _form(request: HttpRequest) -> Any:
    typed = {name: clean(value, 60, cut=True) for name, value in request.GET.items()}
    community = request.community  # type: ignore[attr-defined]
    return TakeForm(instance=ParcelCustody(community=community), initial=typed, by=request.user, at=timezone.now())


@require_GET
@policy(may="parcels.work")
def label(request: HttpRequest) -> HttpResponse:
    """Carrier, sort and place, as the number that was scanned suggests."""
    return render(request, "parcels/_label.html", {"form": _form(request)})


@require_GET
@policy(may="parcels.work")
def people(request: HttpRequest) -> HttpResponse:
    """Who of the household may be meant; names are masked, the courier reads along."""
    return render(request, "parcels/_people.html", {"form": _form(request)})


@require_GET
@policy(may="parcels.work")
def recent(request: HttpRequest) -> HttpResponse:
    """What this clerk took in today, the last first."""
    rows = ParcelCustody.objects.seen_by(request.user).filter(
        community=request.community,  # type: ignore[attr-defined]
        opened_by=request.user,
        opened_at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0),
    )
    found = rows.exclude(closed_as="withdrawn").select_related("unit").order_by("-opened_at", "-pk")
    return render(request, "parcels/_recent.html", {"rows": list(found[:SHOWN]), "total": found.count()})
