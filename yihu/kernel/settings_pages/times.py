"""每天的时刻: hours of the day at which something comes round (shifts, checks, sign-offs), declared by areas, set by a company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.kernel import moments
from yihu.kernel.calendars import parameter
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import ChangeForm


@dataclass(frozen=True)
class Times:
    """One such setting. ``none`` says what holds where no hour is named; ``most`` is how many hours it may have."""

    name: str
    label: str
    words: str
    default: tuple[str, ...]
    none: str
    most: int = 1

    def at(self, community_id: int, moment: datetime) -> tuple[str, ...]:
        return tuple(parameter(self.name, community_id, moment, self.default))

    def said(self, hours: tuple[str, ...]) -> str:
        return "、".join(hours) or self.none


_declared: dict[str, Times] = {}


def declare(times: Times) -> Times:
    _declared[times.name] = times
    return times


class TimesForm(ChangeForm):
    hours = forms.CharField(label="时刻", required=False, max_length=80)
    field_order = ("hours", "in_force_at", "why")

    def __init__(self, *args: Any, times: Times, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = times
        many = f"最多 {times.most} 个，用空格隔开，例如 08:30 14:00" if times.most > 1 else "例如 10:00"
        self.fields["hours"].help_text = f"{many}；不填就是“{times.none}”。"

    def clean_hours(self) -> list[str]:
        typed = self.cleaned_data["hours"].replace("：", ":").replace("，", " ").replace("、", " ").split()
        try:
            hours = sorted({f"{time.fromisoformat(one.zfill(5)):%H:%M}" for one in typed})
        except ValueError as error:
            raise forms.ValidationError("时刻写成 08:30 这样，几个之间用空格隔开。") from error
        if len(hours) > self.times.most:
            raise forms.ValidationError(f"最多 {self.times.most} 个时刻。")
        return hours


@require_GET
@policy(may=CHANGE)
def page(request: HttpRequest) -> HttpResponse:
    now, community = timezone.now(), request.community  # type: ignore[attr-defined]
    rows = [_row(times, community, now) for times in _declared.values()]
    context = {
        "title": "每天的时刻",
        "screen": {"title": "每天的时刻"},
        "columns": [{"label": label} for label in ("时刻", "用处", "现在", "将改")],
        "rows": rows,
        "total_text": f"共 {len(rows)} 项",
    }
    return render(request, "kernel/settings/clocks.html", context)


def _row(times: Times, community: Any, now: datetime) -> dict[str, Any]:
    later = coming(times.name, community, now)
    next_one = f"{moments.short(later[0].in_force_at)} 起 {times.said(tuple(later[0].value))}" if later else ""
    return {
        "url": reverse("kernel:settings_times_of", args=[times.name]),
        "cells": [
            {"name": "number", "kind": "number", "text": times.label},
            {"name": "summary", "kind": "text", "text": times.words},
            {"name": "now", "kind": "text", "text": times.said(times.at(community.pk, now))},
            {"name": "next", "kind": "text", "text": next_one},
        ],
    }


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def one(request: HttpRequest, name: str) -> HttpResponse:
    times, community = _declared.get(name), request.community  # type: ignore[attr-defined]
    if times is None:
        raise Http404
    current = times.at(community.pk, timezone.now())
    form = TimesForm(request.POST or None, times=times, initial={"hours": " ".join(current)})

    def save(key: str) -> None:
        given = form.cleaned_data
        old = times.said(times.at(community.pk, given["in_force_at"]))
        new = times.said(tuple(given["hours"]))
        change = Change(name, given["hours"], given["in_force_at"], given["why"], times.label, old, new)
        set_parameter(change, community, by=request.user, key=key)

    return saving(
        request,
        form,
        save,
        template="kernel/settings/form.html",
        title=times.label,
        done=f"{times.label}的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings_times"),
        context={"journal": journal_of(BOOK, book_id(name, community), {"value": "时刻"}), "help": times.words},
    )
