"""The buildings: when each was accepted as complete, and by whom it was built."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yihu.ground.estate import corrections
from yihu.ground.estate.models import Building
from yihu.ground.estate.pages.forms import BuildingForm
from yihu.ground.estate.pages.shared import EDIT, SEE, saving
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    rows = (
        Building.objects.filter(community=request.community).select_related("cluster").order_by("cluster__code", "pk")
    )
    context = {
        "title": "楼栋",
        "buildings": rows,
        "may_edit": grants_of(request.user).may(EDIT, request.community.pk),
        "list_url": reverse("estate:units"),
    }
    return render(request, "estate/buildings.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    here = Building.objects.filter(community_id__in=grants_of(request.user).communities_with(EDIT))
    building = get_object_or_404(here.select_related("community"), pk=pk)
    form = BuildingForm(request.POST or None, instance=building)

    def save(key: str, seen: int | None) -> None:
        reason = form.cleaned_data["reason"]
        corrections.correct_building(building, form.values(), reason=reason, by=request.user, key=key, seen=seen)

    back = reverse("estate:buildings")
    done = f"{building} 的资料已更正。"
    return saving(request, form, building, save, title="更正楼栋资料", done=done, leave_url=back)
