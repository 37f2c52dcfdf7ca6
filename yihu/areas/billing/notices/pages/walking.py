"""送缴费通知单: a deliverer's round building by building, and one door (F84). Made for a telephone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.notices import who
from yihu.areas.billing.notices.forms.sheets import KEPT, DoorForm
from yihu.areas.billing.notices.models import DeliverySheet, Notice
from yihu.ground.estate.models import Party
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.moments import stamp
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import happened_at


def _sheets(request: HttpRequest) -> list[Any]:
    """The lists that are out: one's own, for those who see them all everybody's; the one asked for first."""
    rows = DeliverySheet.objects.seen_by(request.user).filter(
        community=request.community, state=DeliverySheet.State.OUT, closed_at__isnull=True  # type: ignore[attr-defined]
    )  # fmt: skip
    found = [
        one for one in rows.select_related("batch", "handler").order_by("pk") if who.CARRIER.allows(request.user, one)
    ]
    asked = request.GET.get("sheet", "")
    own = [one for one in found if one.handler_id == request.user.pk]
    return [one for one in found if one.number == asked] or own or found


@require_GET
@policy(may=who.DELIVER)
def walk(request: HttpRequest) -> HttpResponse:
    sheets = _sheets(request)
    rows = Notice.objects.valid().filter(sheet__in=sheets).select_related(
        "unit__building", "party", "witness_1", "witness_2"
    )  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {}
    done = []
    for one in rows.order_by("sheet", "seq"):
        if one.delivered_at is not None:
            done.append(
                {
                    "unit": str(one.unit or "—"),
                    "party": str(one.party),
                    "how": one.delivery_words,
                    "url": one.get_absolute_url(),
                }
            )
            continue
        building = str(one.unit.building) if one.unit else "没有房号"
        door = {
            "unit": str(one.unit or "—"),
            "party": str(one.party),
            "url": reverse("notices:door", args=[one.number]),
        }
        groups.setdefault(building, []).append(door)
    left = sum(len(doors) for doors in groups.values())
    context = {
        "title": "送缴费通知单",
        "groups": [{"building": building, "doors": doors, "count": len(doors)} for building, doors in groups.items()],
        "done": done,
        "left": left,
        "total": left + len(done),
        "sheets": [
            {"number": one.number, "url": one.get_absolute_url(), "handler": str(one.handler), "month": str(one.batch.month),
             "due": stamp(one.due_at), "late": one.due_at < timezone.now() and left, "iso": one.due_at.isoformat()}
            for one in sheets
        ],
    }  # fmt: skip
    return render(request, "notices/walk.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=who.DELIVER)
def door(request: HttpRequest, number: str) -> HttpResponse:
    """One notice at its door. The list is moved by the kernel's door, so the rules of the step hold here as well."""
    notice = Notice.objects.valid().filter(number=number, sheet__isnull=False).select_related("unit", "party").first()
    sheets = DeliverySheet.objects.seen_by(request.user).filter(pk=notice.sheet_id if notice else None)
    sheet = sheets.select_related("community", "handler").first()
    if notice is None or sheet is None or not who.CARRIER.allows(request.user, sheet):
        raise Http404
    back, now, key = reverse("notices:round"), timezone.now(), key_of(request)
    form, status, refusal = None, 200, ""
    if request.method == "POST":
        try:
            at = happened_at(request, sheet, now)  # type: ignore[arg-type]
            perform(sheet, "deliver", by=request.user, key=key, data=request.POST, files=request.FILES, at=at)
            messages.success(request, f"{notice.unit or notice.number} 已登记。", extra_tags=f"door:{number}")
            return redirect(back)
        except Invalid as invalid:
            form, status = invalid.form, invalid.status
        except Refused as refused:
            refusal, status, key = refused.sentence, refused.status, uuid.uuid4().hex
    initial = {"notice": notice.pk}
    if notice.party.kind == Party.Kind.COMPANY:
        initial["capacity"] = Notice.Capacity.STAFF
    else:
        initial["signer"] = str(notice.party)[:40]
    form = form or DoorForm(instance=sheet, initial=initial, by=request.user, at=now)
    form.fields["notice"].widget = HiddenInput(attrs=KEPT)
    context = {
        "record": sheet, "title": f"{notice.unit or ''} {notice.party}", "subtitle": "我的送达", "form": form, "key": key,
        "submit_label": "登记送达", "leave_url": back, "refusal": refusal, "draft": f"door:{number}", "notice": notice,
    }  # fmt: skip
    return render(request, "notices/door.html", context, status=status)
