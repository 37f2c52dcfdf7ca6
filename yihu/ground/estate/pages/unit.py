"""Correcting a house: its facts, its people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.ground.estate import corrections
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.estate.pages.forms import LeavingForm, OccupantForm, PartyForm, UnitForm
from yihu.ground.estate.pages.shared import EDIT, party_or_404, saving, unit_or_404
from yihu.kernel.policy import policy


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk)
    form = UnitForm(request.POST or None, instance=unit)

    def save(key: str, seen: int | None) -> None:
        told = form.cleaned_data
        corrections.correct_unit(
            unit,
            form.values(),
            figures=form.figures(),
            from_on=told["from_on"],
            reason=told["reason"],
            by=request.user,
            key=key,
            seen=seen,
        )

    return saving(
        request,
        form,
        unit,
        save,
        title="更正房屋资料",
        done=f"{unit.label} 的资料已更正。",
        leave_url=unit.get_absolute_url(),
        stays=_stays(unit),
        add_url=reverse("estate:add_person", args=[unit.pk]),
    )


def _stays(unit: Unit) -> list[dict[str, str]]:
    """Who belongs to the house today, and where he is corrected or leaves."""
    stays = unit.occupancies.on(timezone.localdate()).select_related("party").order_by("role", "place", "pk")
    return [
        {
            "name": stay.party.name,
            "role": stay.get_role_display(),
            "edit_url": reverse("estate:edit_party", args=[stay.party_id]),
            "end_url": reverse("estate:end_stay", args=[unit.pk, stay.pk]),
        }
        for stay in stays
    ]


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk)
    form = OccupantForm(request.POST or None)

    def save(key: str, seen: int | None) -> None:
        told = form.cleaned_data
        corrections.add_occupant(unit, form.values(), role=told["role"], since=told["since"], by=request.user, key=key)

    return saving(
        request,
        form,
        unit,
        save,
        title="登记住户",
        done=f"{unit.label} 的住户已登记。",
        leave_url=unit.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def end_stay(request: HttpRequest, pk: int, stay_pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk)
    stay = get_object_or_404(Occupancy.objects.select_related("party", "unit"), pk=stay_pk, unit=unit)
    form = LeavingForm(request.POST or None)

    def save(key: str, seen: int | None) -> None:
        told = form.cleaned_data
        corrections.end_occupancy(stay, until=told["until"], reason=told["reason"], by=request.user, key=key)

    title = f"{stay.get_role_display()} {stay.party.name} 迁出"
    return saving(request, form, unit, save, title=title, done="已登记迁出。", leave_url=unit.get_absolute_url())


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_party(request: HttpRequest, pk: int) -> HttpResponse:
    party = party_or_404(request, pk)
    form = PartyForm(request.POST or None, instance=party)

    def save(key: str, seen: int | None) -> None:
        corrections.correct_party(
            party, form.values(), reason=form.cleaned_data["reason"], by=request.user, key=key, seen=seen
        )

    return saving(
        request,
        form,
        party,
        save,
        title="更正客户资料",
        done=f"{party.name} 的资料已更正。",
        leave_url=party.get_absolute_url(),
    )
