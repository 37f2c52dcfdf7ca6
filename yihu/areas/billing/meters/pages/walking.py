"""Building by building along the meters: one figure, one press, the next; with or without a network."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.meters import history, reckoning, recording
from yihu.areas.billing.meters.forms.readings import ReadForm
from yihu.areas.billing.meters.history import Known
from yihu.areas.billing.meters.models import Meter, Reading
from yihu.areas.billing.meters.pages.shared import meter_of, round_of
from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.meters.rounds import LAST_DAY, due, missing, to_read_again
from yihu.basics.months import Month
from yihu.ground.estate.models import Building
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import happened_at, number_or_none

AHEAD = 40  # meters that a telephone has with it when the network goes
ELSEWHERE = 0  # common meters of the whole site or of a cluster


@require_GET
@policy(may=recording.READ)
def walk(request: HttpRequest, number: str) -> HttpResponse:
    """The meter that is next, and behind it those that follow, for a stairwell without a network."""
    round_ = round_of(request, number)
    if round_.locked:
        messages.info(request, f"{round_.of_month}的读数已经交给财务。")
        return redirect(round_.get_absolute_url())
    left = [(meter.pk, place_of(meter)) for meter in missing(round_)]
    places = _places(round_, left)
    asked = number_or_none(request.GET.get("at"))
    here = next((one for one in places if one["pk"] == asked), None) or next(
        (one for one in places if one["left"]), places[0] if places else None
    )
    ahead = [pk for pk, place in left if here and place == here["pk"]][:AHEAD]
    steps = _steps(round_, ahead)
    context = {
        "title": f"{here['label']} 抄表" if here else "抄表",
        "round": round_,
        "url": reverse("meters:walk", args=[number]),
        "here": here,
        "places": places,
        "steps": steps,
        "last_url": steps[-1]["url"] if steps else "",
        "next_place": next((one for one in places if one["left"] and one is not here), None),
        "left": len(left),
        "check_url": reverse("meters:check", args=[number]),
        "kinds": ReadForm.base_fields["kind"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "meters/walk.html", context)


def place_of(meter: Meter) -> int:
    if meter.unit is not None:
        return meter.unit.building_id
    return meter.building_id or ELSEWHERE


def _places(round_: Any, left: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Each building with how many meters it has, and how many are still to be read."""
    all_of = Counter(
        building or common or ELSEWHERE for building, common in due(round_).values_list("unit__building", "building")
    )
    still = Counter(place for _, place in left)
    names = {one.pk: one for one in Building.objects.filter(pk__in=all_of).select_related("cluster")}
    rows = [
        {
            "pk": pk, "label": name_of(names.get(pk)), "left": still[pk], "total": total, "done": total - still[pk],
            "url": f"?at={pk}",
        }
        for pk, total in all_of.items()
    ]  # fmt: skip
    order = {pk: place for place, pk in enumerate(dict.fromkeys(_walk_order(round_)))}
    return sorted(rows, key=lambda row: order.get(row["pk"], 0))


def _walk_order(round_: Any) -> list[int]:
    pairs = due(round_).order_by("walk_key", "pk").values_list("unit__building", "building")
    return [building or common or ELSEWHERE for building, common in pairs]


def name_of(building: Any) -> str:
    return "全区公共" if building is None else building.name or f"{building.code}栋"


def _steps(round_: Any, pks: list[int]) -> list[dict[str, Any]]:
    meters = {one.pk: one for one in Meter.objects.filter(pk__in=pks).select_related("unit", "building", "cluster")}
    told = history.known([meters[pk] for pk in pks], round_.of_month)
    one, sent_back = uuid.uuid4().hex, to_read_again(round_)
    addresses = [reverse("meters:read", args=[round_.number, pk]) for pk in pks]
    return [
        {
            **said(told[pk], round_.of_month),
            "url": url,
            "after": before,
            "key": f"{one}-{pk}",
            "again": sent_back.get(pk, ""),
        }
        for pk, url, before in zip(pks, addresses, ["", *addresses], strict=False)
    ]


def said(known: Known, month: Month) -> dict[str, str]:
    """What a reader wants to see before he looks at the dial."""
    usual = reckoning.mean(known.before(month))
    last = known.last
    return {
        "where": known.meter.where,
        "meter": str(known.meter),
        "place": known.meter.place,
        "previous": plain(known.previous),
        "when": f"{last.on:%m-%d}{'（估）' if last.is_estimate else ''}" if last else "起数",
        "usual": plain(reckoning.rounded(usual)) if usual is not None else "",
        "times": plain(known.device.multiplier) if known.device and known.device.multiplier != 1 else "",
    }


@require_http_methods(["GET", "POST"])
@policy(may=recording.READ)
def read(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One meter: what the walk sends, and the page on which a figure that cannot be is explained."""
    round_, meter = round_of(request, number), meter_of(request, pk)
    form = ReadForm(request.POST or None, request.FILES or None)
    refusal, status, month = "", 200, round_.of_month
    if request.method == "POST":
        status = 422
        if form.is_valid():
            at = happened_at(request, round_, timezone.now())
            try:
                row = recording.take(
                    meter, form.entry(day_of(month, timezone.localdate(at))), by=request.user, month=month, key=key_of(request), at=at
                )  # fmt: skip
            except Refused as refused:
                refusal, status = refused.sentence, refused.status
            else:
                waits = row.state == Reading.State.PENDING
                told = f"{meter.where} 用量 {plain(row.use)}{'，等人复核' if waits else ''}"
                (messages.warning if waits else messages.success)(request, told)
                return redirect(f"{reverse('meters:walk', args=[number])}?at={place_of(meter)}")
    known = history.known([meter], month)[meter.pk]
    context = {
        "title": f"{meter.where} {meter}", "form": form, "key": key_of(request) if not refusal else uuid.uuid4().hex, "refusal": refusal,
        "submit_label": "存，下一块", "leave_url": f"{reverse('meters:walk', args=[number])}?at={place_of(meter)}", "step": said(known, month),
    }  # fmt: skip
    return render(request, "meters/read.html", context, status=status)


def day_of(month: Month, today: date) -> date:
    """Read within its time a reading stands on its own day; entered later, on the day on which the month ended."""
    begins, ends = month.business
    return ends if today > month.first.replace(day=LAST_DAY) else max(today, begins)
