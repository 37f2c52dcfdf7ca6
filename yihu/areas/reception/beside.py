"""The household beside the form of a contact: its people and what is open, as soon as the unit is chosen."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.reception.forms import RELATION_OF
from yihu.areas.reception.models import Contact
from yihu.basics.money import yuan
from yihu.ground.contact.beside import jobs_beside
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.estate.standing import standing
from yihu.ground.ledger.households import arrears_word, sees_money, standing_of
from yihu.kernel.authority import grants_of
from yihu.kernel.hand_over import HAND_OVER_PREFIX
from yihu.kernel.models import Record
from yihu.kernel.policy import policy
from yihu.kernel.screens import gathered
from yihu.kernel.screens.cells import state_cell, when

SHOWN = 6


@require_GET
@policy(signed_in=True)
def beside(request: HttpRequest) -> HttpResponse:
    """What is off just now; of the people nothing for a unit that is not chosen, not here, or not for these eyes."""
    pk, community = request.GET.get("unit", ""), request.community
    known = pk.isascii() and pk.isdigit() and len(pk) < 10 and community is not None
    unit = Unit.objects.filter(pk=pk, community=community).first() if known else None
    over = standing(community.pk, unit, request.user) if community is not None else []
    if unit is None or not grants_of(request.user).may("estate.see", community.pk):
        return render(request, "reception/_beside.html", {"unit": None, "over": over})
    context = {"unit": unit, "over": over, "people": _people(unit), "matters": _open(unit, request.user)}
    context["money"] = _money(unit, request.user)
    return render(request, "reception/_beside.html", context)


@require_GET
@policy(signed_in=True)
def same_jobs(request: HttpRequest) -> HttpResponse:
    """What is being repaired or complained of already and may be what the caller is calling about."""
    found = jobs_beside(request, f"{HAND_OVER_PREFIX}-", request.GET.get("category", "")[:12])
    return render(request, "contact/_jobs.html", {"jobs": found})


def _money(unit: Any, person: Any) -> str:
    """What is owed: in 元 for those who keep the books, in a word for those who answer the telephone (DESK-09)."""
    if not sees_money(person, unit.community_id):
        return arrears_word(unit, person)
    owed = standing_of(unit).owed
    return f"未缴 {yuan(owed)} 元" if owed > 0 else ""


def _people(unit: Any) -> list[dict[str, Any]]:
    roles = list(Occupancy.Role.values)
    rows = Occupancy.objects.on(timezone.localdate()).filter(unit=unit).select_related("party")
    return [
        {
            "pk": row.party_id,
            "name": row.party.name,
            "role": row.get_role_display(),
            "relation": RELATION_OF.get(row.role, Contact.Relation.OWNER),
            "phone": str(row.party.phone),
        }
        for row in sorted(rows, key=lambda row: (roles.index(row.role), row.place, row.pk))
    ]


def _open(unit: Any, person: Any) -> dict[str, Any]:
    now = timezone.now()
    rows = Record.objects.seen_by(person).filter(community_id=unit.community_id, unit=unit, closed_at__isnull=True)
    rows = rows.annotate(total=Window(Count("pk")), **gathered.counted())
    found = list(rows.order_by("next_due_at", "-opened_at", "-pk")[:SHOWN])
    total = found[0].total if found else 0
    lines = [
        {
            "url": row.get_absolute_url(),
            "number": row.number,
            "summary": row.summary,
            "word": row.state_word,
            "css": state_cell(row)["css"],
            "due": when(row.next_due_at, now),
        }
        for row in found
    ]
    waiting = gathered.said(found[0], unit.pk) if found else []
    return {"rows": lines, "total": total, "more": total - len(lines), "gathered": waiting}
