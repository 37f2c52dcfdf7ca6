"""核对名单: the units nobody has verified for long, oldest first; rung or visited, ticked as unchanged or put right (ARC-06)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import DateField, Q, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from yihu.areas.households.models import VerifyRound
from yihu.areas.households.standing import STALE_MONTHS
from yihu.basics.shares import percent
from yihu.basics.text import without_unseen
from yihu.ground.estate.models import Unit
from yihu.ground.estate.pages.forms import FilterForm
from yihu.ground.estate.roster import people_of
from yihu.ground.estate.verifying import WAYS, stale, verified_in, verify_unchanged
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import is_row_number
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy

PAGE = 30
NEVER = date(1, 1, 1)


@require_http_methods(["GET", "POST"])
@policy(may="estate.edit")
def worklist(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _ticked(request)
    now, community = timezone.now(), request.community
    today, months = timezone.localdate(now), STALE_MONTHS.at(community.pk, now)
    form = FilterForm(request.GET, community)
    del form.fields["use"], form.fields["stage"], form.fields["q"]
    every = stale(community, today, months)
    units = _narrowed(every, form).annotate(day=Coalesce("verified_on", Value(NEVER, output_field=DateField())))
    units = _after(units, without_unseen(request.GET.get("after", "")))
    found = list(units.select_related("cluster").order_by("day", "sort_key", "pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    query = {name: value for name, value in request.GET.items() if name != "after" and value}
    done, total = verified_in(community, today.replace(day=1), today)
    context = {
        "title": "核对名单",
        "rows": _rows(found),
        "filters": form,
        "ways": WAYS.items(),
        "months": months,
        "left": every.count(),
        "done": done,
        "rate": percent(done, total),
        "round": VerifyRound.objects.filter(community=community, state=VerifyRound.State.OPEN)
        .order_by("-first_on")
        .first(),
        "next_url": f"?{urlencode({**query, 'after': f'{found[-1].day}~{found[-1].sort_key}'})}" if more else "",
        "key": key_of(request),
        "may_reveal": grants_of(request.user).may("personal.reveal", community.pk),
        "reasons": ("核对资料",),
    }
    return render(request, "households/verify.html", context)


def _narrowed(units: Any, form: Any) -> Any:
    told = form.cleaned_data if form.is_valid() else {}
    if told.get("cluster"):
        units = units.filter(cluster__code=told["cluster"])
    if told.get("building"):
        units = units.filter(building_id=told["building"])
    return units


def _after(units: Any, mark: str) -> Any:
    words, _, key = mark.partition("~")
    try:
        day = parse_date(words)
    except ValueError:
        day = None
    return units.filter(Q(day__gt=day) | Q(day=day, sort_key__gt=key)) if day else units


def _rows(units: list[Unit]) -> list[dict[str, Any]]:
    people = people_of(units)
    return [
        {
            "unit": unit,
            "edit_url": reverse("estate:edit_unit", args=[unit.pk]),
            "people": [
                {
                    "pk": stay.party_id,
                    "name": stay.party.name,
                    "role": stay.get_role_display(),
                    "phone": {"field": "phone", "mask": str(stay.party.phone)} if stay.party.phone else None,
                }
                for role in ("owner", "lessee")
                for stay in people.get((unit.pk, role), [])
            ],
        }
        for unit in units
    ]


def _ticked(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.GET else reverse("households:verify")
    way, chosen = request.POST.get("way", ""), [pk for pk in request.POST.getlist("unit")[:PAGE] if is_row_number(pk)]
    units = list(Unit.objects.filter(pk__in=chosen, community=request.community))
    if not units or way not in WAYS:
        messages.warning(request, "请先勾选核对过、没有变动的房屋。" if way in WAYS else "请选是电话还是上门核对的。")
        return redirect(back)
    done = verify_unchanged(units, way, timezone.localdate(), by=request.user, key=key_of(request))
    messages.success(request, f"已记下 {done} 户核对过、无变动。")
    return redirect(back)
