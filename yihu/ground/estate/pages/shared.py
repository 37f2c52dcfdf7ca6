"""What the pages about houses have in common."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from yihu.ground.estate.corrections import seen_so_far
from yihu.ground.estate.models import Party, Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.screens.page import entries, number_or_none

SEE, EDIT, IMPORT, EXPORT = "estate.see", "estate.edit", "estate.import", "kernel.export"


def unit_or_404(request: HttpRequest, pk: int) -> Unit:
    """A unit of a community where this person keeps the houses; any other is as if it were not there."""
    units = Unit.objects.select_related("community", "cluster", "building").prefetch_related("areas")
    return get_object_or_404(units, pk=pk, community_id__in=grants_of(request.user).communities_with(EDIT))


def party_or_404(request: HttpRequest, pk: int) -> Party:
    return get_object_or_404(
        Party.objects.select_related("community"),
        pk=pk,
        community_id__in=grants_of(request.user).communities_with(EDIT),
    )


def saving(
    request: HttpRequest, form: Any, thing: Any, save: Callable[[str, int | None], None], *, title: str, done: str, leave_url: str | Callable[[], str],
    submit: str = "保存", help_text: str = "", **beside: Any,
) -> HttpResponse:  # fmt: skip
    """One form over one row of a plain register: shown, checked, saved; what others changed meanwhile is shown."""
    key, status, conflict, refusal = request.POST.get("key") or uuid.uuid4().hex, 200, None, ""
    seen = number_or_none(request.POST.get("version"))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save(key, seen)
            except Conflict as found:
                status, key, seen = found.status, uuid.uuid4().hex, None
                conflict = {"sentence": found.sentence, "entries": entries(thing, found.entries)}
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, done, extra_tags=request.path)
                return redirect(_address(leave_url))
    context = {
        "title": title,
        "subtitle": str(thing),
        "record": thing,
        "form": form,
        "key": key,
        "version": seen_so_far(thing) if seen is None else seen,
        "submit_label": submit,
        "leave_url": _address(leave_url),
        "conflict": conflict,
        "refusal": refusal,
        "draft": request.path,
        "help": help_text,
        **beside,
    }
    return render(request, "estate/form.html", context, status=status)


def _address(given: str | Callable[[], str]) -> str:
    """Where a row that is still to be made will have its page, nobody knows before it is made."""
    return given if isinstance(given, str) else given()
