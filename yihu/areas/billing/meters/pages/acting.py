"""A meter is entered, changed, swapped, read for a move; a reading is corrected."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.areas.billing.meters import history, keeping, recording
from yihu.areas.billing.meters.forms.meters import MeterForm, NewMeterForm
from yihu.areas.billing.meters.forms.readings import CorrectForm, MoveForm, SwapForm
from yihu.areas.billing.meters.models import Meter, Reading
from yihu.areas.billing.meters.pages.shared import doing, meter_of, sum_of
from yihu.areas.billing.meters.pages.walking import said
from yihu.areas.billing.meters.rounds import month_of
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import labels_of, saving
from yihu.kernel.policy import policy

both = require_http_methods(["GET", "POST"])


@both
@policy(may=keeping.KEEP)
def new(request: HttpRequest) -> HttpResponse:
    fresh = Meter(community=request.community)  # type: ignore[attr-defined]
    form = NewMeterForm(request.POST or None, instance=fresh)

    def act(key: str) -> None:
        keeping.found(form.instance, form.device(), form.cleaned_data["since"], by=request.user, key=key)

    return doing(request, form, act, title="新增计量表", leave=reverse("meters:meters"), done="已登记。")


@both
@policy(may=keeping.KEEP)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    one = meter_of(request, pk)
    device = one.installations.filter(removed_on__isnull=True).first()
    first = {"verified_until": device.verified_until if device else None}
    form = MeterForm(request.POST or None, instance=one, initial=first)

    def save(key: str, seen: int | None) -> None:
        keeping.changed(one, dict(form.cleaned_data), by=request.user, key=key, seen=seen)

    words = {**labels_of(one), "verified_until": "检定有效期至"}
    return saving(
        request, form, save, register=recording.BOOK, row_id=one.pk, labels=words, template="kernel/plain_form.html",
        title=f"{one.where} {one}", done="已保存。", leave_url=lambda: reverse("meters:meter", args=[pk]),
        journal=journal_of(recording.BOOK, one.pk, words),
    )  # fmt: skip


def _seen(one: Meter) -> dict[str, Any]:
    month = month_of(timezone.localdate())
    return said(history.known([one], month)[one.pk], month)


@both
@policy(may=recording.READ)
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    one = meter_of(request, pk)
    device = one.installations.filter(removed_on__isnull=True).first()
    if device is None:
        raise Http404
    first = {"opening": 0, "multiplier": device.multiplier.normalize(), "digits": device.digits}
    form = SwapForm(request.POST or None, request.FILES or None, by=request.user, initial=first)

    def act(key: str) -> None:
        recording.swap(one, form.closing_entry(), form.device(), by=request.user, key=key)

    leave = reverse("meters:meter", args=[pk])
    return doing(request, form, act, title=f"{one.where} {one} 换表", leave=leave, done="换表已登记。", step=_seen(one))


@both
@policy(may=recording.READ)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    one = meter_of(request, pk)
    if one.unit_id is None:
        raise Http404
    form = MoveForm(request.POST or None, request.FILES or None, by=request.user)

    def act(key: str) -> None:
        recording.take(one, form.entry(), by=request.user, key=key)

    leave = reverse("meters:meter", args=[pk])
    return doing(
        request, form, act, title=f"{one.where} {one} 交接读数", leave=leave, done="交接读数已登记。", step=_seen(one)
    )


@both
@policy(may=recording.READ)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Reading.objects.filter(community=request.community).select_related("meter__unit", "installation", "round")  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    leave = reverse("meters:meter", args=[row.meter_id])
    if row.state != Reading.State.STANDS and request.method == "GET":
        return redirect(leave)
    form = CorrectForm(request.POST or None, request.FILES or None)

    def act(key: str) -> None:
        photos = form.cleaned_data.get("photo") or []
        recording.correct(
            row,
            form.cleaned_data["current"],
            form.cleaned_data["why"],
            by=request.user,
            photo=photos[0] if photos else None,
            key=key,
        )

    return doing(
        request, form, act, title=f"更正 {row.meter.where} {row.on:%m-%d} 的读数", leave=leave, done="更正已登记，等另一人复核。",
        help=f"原来：{sum_of(row)}。更正要另一人复核后才算数，原来的读数仍看得到。",
    )  # fmt: skip
