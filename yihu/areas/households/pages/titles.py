"""Who owned a unit when; and what stands there before title passes or a lease is filed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.areas.households.forms.transfers import current
from yihu.areas.households.models import Transfer
from yihu.areas.households.printing import percent
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.estate.tenure import holders
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Record
from yihu.kernel.policy import policy

SEE = "households.see"
OPEN = 12


@require_GET
@policy(signed_in=True)
def before(request: HttpRequest) -> HttpResponse:
    """Owners, lessees and open matters of the unit in the form; nothing for those who may not see households."""
    community, pk = request.community, request.GET.get("unit", "")
    may = community is not None and grants_of(request.user).may(SEE, community.pk)
    known = may and pk.isascii() and pk.isdigit() and len(pk) < 10
    unit = Unit.objects.filter(pk=pk, community=community).first() if known else None
    if unit is None:
        return render(request, "households/_before.html", {"unit": None})
    today = timezone.localdate()
    owners = current(unit, today)
    open_ones = Record.objects.seen_by(request.user).filter(unit=unit, closed_at__isnull=True).order_by("-opened_at")
    found = list(open_ones[: OPEN + 1])
    context = {
        "unit": unit,
        "owners": [_held(stay, today) for stay in owners],
        "owners_seen": ",".join(str(stay.pk) for stay in owners) or "none",
        "lessees": [_held(stay, today) for stay in holders(unit.pk, today, "lessee")],
        "open": found[:OPEN],
        "more": len(found) > OPEN,
    }
    return render(request, "households/_before.html", context)


def _held(stay: Any, today: date) -> dict[str, Any]:
    words = [percent(stay.share)] if stay.share is not None and stay.share != 1 else []
    words += [f"{stay.from_on:%Y-%m-%d} 起"] if stay.from_on else []
    words += [f"至 {stay.to_on:%Y-%m-%d}"] if stay.to_on else []
    return {
        "name": stay.party.name,
        "phone": str(stay.party.phone),
        "note": " · ".join(words),
        "past": bool(stay.to_on and stay.to_on < today),
        "coming": bool(stay.from_on and stay.from_on > today),
        "url": stay.party.get_absolute_url(),
    }


@require_GET
@policy(may=SEE)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The owners of a unit from the first to those entered for later, and who it was on a day that is asked for."""
    here = Unit.objects.filter(community_id__in=grants_of(request.user).communities_with(SEE))
    unit = get_object_or_404(here.select_related("cluster", "community"), pk=pk)
    today, typed = timezone.localdate(), request.GET.get("on", "")
    day, wrong = _day(typed)
    stays = Occupancy.objects.filter(unit=unit, role="owner").select_related("party")
    rows = sorted(stays, key=lambda stay: (stay.from_on or date.min, stay.place, stay.pk))
    transfers = Transfer.objects.seen_by(request.user).filter(unit=unit).order_by("-on", "-pk")
    by_stay = {begun: one for one in transfers if one.state != Transfer.State.UNDONE for begun in one.begun}
    context = {
        "title": f"{unit.label} 产权沿革",
        "unit": unit,
        "rows": [{**_held(stay, today), "transfer": by_stay.get(stay.pk)} for stay in reversed(rows)],
        "day": day,
        "typed": typed,
        "wrong": wrong,
        "on_day": [_held(stay, today) for stay in holders(unit.pk, day)] if day else [],
        "may_transfer": grants_of(request.user).may("households.title", unit.community_id)
        and request.community.pk == unit.community_id,
    }
    return render(request, "households/titles.html", context)


def _day(typed: str) -> tuple[date | None, str]:
    if not typed:
        return None, ""
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    return day, "" if day else "日期写成 2026-11-05 这样。"
