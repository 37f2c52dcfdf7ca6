"""What a box offers while somebody types a room or a name into it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from yihu.ground.estate.finding import find_parties, find_units, owners_of, units_of
from yihu.ground.estate.pages.shared import SEE
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy

_MOST = 12


@require_GET
@policy(signed_in=True)
def unit(request: HttpRequest) -> JsonResponse:
    """Units of this community. Who lives there is told only to those who may see it."""
    if request.community is None:
        return JsonResponse({"results": []})
    text, here = request.GET.get("q", "")[:60], [request.community.pk]
    may_see = grants_of(request.user).may(SEE, request.community.pk)
    found = find_units(text, here, _MOST)
    if not found and may_see:
        stays = units_of(find_parties(text, here, _MOST))
        found = list({stay.unit_id: stay.unit for some in stays.values() for stay in some}.values())[:_MOST]
    owners = owners_of(found) if may_see else {}
    results = [{"value": unit.pk, "text": unit.label, "sub": "、".join(owners.get(unit.pk, []))} for unit in found]
    return JsonResponse({"results": results})


@require_GET
@policy(may=SEE)
def party(request: HttpRequest) -> JsonResponse:
    found = find_parties(request.GET.get("q", "")[:60], [request.community.pk], _MOST)
    stays = units_of(found)
    results = [
        {"value": one.pk, "text": one.name, "sub": "、".join(stay.unit.label for stay in stays[one.pk][:3])}
        for one in found
    ]
    return JsonResponse({"results": results})
