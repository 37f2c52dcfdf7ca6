"""报修卡: the desk sees which homes and halls have one, prints one or a whole building, takes one out of use."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.basics.text import clean_line
from yihu.fronts.online import cards as keeping
from yihu.fronts.online import codes
from yihu.fronts.online.models import Card
from yihu.fronts.online.printing import CARDS
from yihu.ground.estate.models import Building, Unit
from yihu.kernel import moments, site
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.prints import render as set_in_type


class WhichForm(forms.Form):
    """Of which building the homes are shown, and a hall that gets a card."""

    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", required=False, empty_label="全小区")
    place = forms.CharField(
        label="公共部位", max_length=60, required=False, help_text="例如：1 单元大堂、地下车库 B2、小区南门"
    )

    def __init__(self, *args: Any, community: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["building"]
        chosen.queryset = Building.objects.filter(community=community).order_by("cluster__code", "code", "pk")

    def clean_place(self) -> str:
        return clean_line(self.cleaned_data["place"], 60)


@require_GET
@policy(may=keeping.PRINT)
def cards(request: HttpRequest) -> HttpResponse:
    community: Any = request.community  # type: ignore[attr-defined]
    form = WhichForm(request.GET or None, community=community)
    buildings: Any = form.fields["building"]
    chosen = form.cleaned_data.get("building") if form.is_bound and form.is_valid() else None
    building = chosen or buildings.queryset.first()
    now = timezone.now()
    shared = keeping.live(community).filter(unit__isnull=True).select_related("building").order_by("building", "place")
    context = {
        "title": "报修卡",
        "buildings": buildings.queryset,
        "building": building,
        "rows": _rows(community, building, now) if building else [],
        "shared": [{"card": one, "made": moments.day(one.made_at)} for one in shared],
        "form": WhichForm(initial={"building": building}, community=community),
        "site": site.address("/"),
        "key": uuid.uuid4().hex,
    }
    return render(request, "online/cards.html", context)


def _rows(community: Any, building: Building, now: Any) -> list[dict[str, Any]]:
    """Each home of the building with its card, if it has one that still opens."""
    units = list(Unit.objects.filter(community=community, building=building).order_by("sort_key", "pk"))
    held = {card.unit_id: card for card in keeping.live(community).filter(unit__in=units)}
    today = keeping.holders_of([unit.pk for unit in units], now)
    found = []
    for unit in units:
        card = held.get(unit.pk)
        void = card is not None and card.holders != today[unit.pk]
        state, css = (
            ("还没有", "") if card is None else (keeping.CHANGED, "state-void") if void else ("在用", "state-done")
        )
        made = moments.day(card.made_at) if card else ""
        found.append({"unit": unit, "card": card, "void": void, "state": state, "css": css, "made": made})
    return found


@require_POST
@policy(may=keeping.PRINT)
def sheet(request: HttpRequest) -> HttpResponse:
    """The PDF: of one home, of all homes of a building, or of a hall. Cards that stand keep their code."""
    community: Any = request.community  # type: ignore[attr-defined]
    told, key, now = request.POST, key_of(request), timezone.now()
    if "unit" in told:
        units = list(_of_here(Unit, community, told["unit"]))
        found = keeping.for_units(community, units, by=request.user, key=key, now=now)
    elif "place" in told:
        form = WhichForm(told, community=community)
        if not form.is_valid() or not form.cleaned_data["place"]:
            raise Refused("请写明公共部位在哪里，60 字以内，例如：1 单元大堂。")
        given = form.cleaned_data
        found = [keeping.for_place(community, given["building"], given["place"], by=request.user, key=key, now=now)]
    else:
        building = _of_here(Building, community, told.get("building", "")).first()
        units = list(Unit.objects.filter(community=community, building=building).order_by("sort_key", "pk"))
        found = keeping.for_units(community, units, by=request.user, key=key, now=now)
    if not found:
        raise Refused("这里没有可打印的卡，可能刚刚作废，请刷新再试。")
    pdf = set_in_type(CARDS, [(card, _address(request, card)) for card in found], request.user, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="cards.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _of_here(model: Any, community: Any, typed: str) -> Any:
    known = typed.isascii() and typed.isdigit() and len(typed) < 10
    return model.objects.filter(community=community, pk=int(typed)) if known else model.objects.none()


def _address(request: HttpRequest, card: Card) -> str:
    path = reverse("online:repair", args=[codes.code_of(codes.CARD, card.salt)])
    return site.address(path) or request.build_absolute_uri(path)


@require_POST
@policy(may=keeping.PRINT)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    community: Any = request.community  # type: ignore[attr-defined]
    card = get_object_or_404(Card, pk=pk, community=community)
    why = clean_line(request.POST.get("why", "")[:400], 100, cut=True)
    keeping.revoke(community, card.pk, why, by=request.user, key=key_of(request), now=timezone.now())
    messages.success(request, f"{card} 的报修卡已作废，它的二维码从现在起打不开。")
    building = card.unit.building_id if card.unit else card.building_id
    return redirect(f"{reverse('online:cards')}{f'?building={building}' if building else ''}")
