"""数目: how many of something (cases in a month, days to wait), declared by areas, set by a company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
class Number:
    """One such setting: its name, what it is for, what holds until a company says otherwise, and its bounds."""

    name: str
    label: str
    words: str
    default: int
    unit: str
    least: int = 1
    most: int = 365

    def at(self, community_id: int, moment: datetime) -> int:
        return int(parameter(self.name, community_id, moment, self.default))

    def said(self, number: int) -> str:
        return f"{number} {self.unit}"


_declared: dict[str, Number] = {}


def declare(number: Number) -> Number:
    _declared[number.name] = number
    return number


class NumberForm(ChangeForm):
    number = forms.IntegerField(label="数目")
    field_order = ("number", "in_force_at", "why")

    def __init__(self, *args: Any, number: Number, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bounds = f"{number.least} 到 {number.most} {number.unit}"
        wrong = {"min_value": f"请填 {bounds}。", "max_value": f"请填 {bounds}。"}
        self.fields["number"] = forms.IntegerField(
            label=f"数目（{number.unit}）", min_value=number.least, max_value=number.most, help_text=bounds, error_messages=wrong
        )  # fmt: skip
        self.order_fields(self.field_order)


@require_GET
@policy(may=CHANGE)
def page(request: HttpRequest) -> HttpResponse:
    now, community = timezone.now(), request.community  # type: ignore[attr-defined]
    rows = [_row(number, community, now) for number in _declared.values()]
    context = {
        "title": "数目",
        "screen": {"title": "数目"},
        "columns": [{"label": label} for label in ("数目", "用处", "现在", "将改")],
        "rows": rows,
        "total_text": f"共 {len(rows)} 项",
    }
    return render(request, "kernel/settings/clocks.html", context)


def _row(number: Number, community: Any, now: datetime) -> dict[str, Any]:
    later = coming(number.name, community, now)
    first = later[0] if later else None
    next_one = f"{moments.short(first.in_force_at)} 起 {number.said(first.value)}" if first else ""
    return {
        "url": reverse("kernel:settings_number", args=[number.name]),
        "cells": [
            {"name": "number", "kind": "number", "text": number.label},
            {"name": "summary", "kind": "text", "text": number.words},
            {"name": "now", "kind": "text", "text": number.said(number.at(community.pk, now))},
            {"name": "next", "kind": "text", "text": next_one},
        ],
    }


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def one(request: HttpRequest, name: str) -> HttpResponse:
    number, community = _declared.get(name), request.community  # type: ignore[attr-defined]
    if number is None:
        raise Http404
    current = number.at(community.pk, timezone.now())
    form = NumberForm(request.POST or None, number=number, initial={"number": current})

    def save(key: str) -> None:
        given = form.cleaned_data
        old = number.said(number.at(community.pk, given["in_force_at"]))
        change = Change(
            name, given["number"], given["in_force_at"], given["why"], number.label, old, number.said(given["number"])
        )
        set_parameter(change, community, by=request.user, key=key)

    return saving(
        request,
        form,
        save,
        template="kernel/settings/form.html",
        title=number.label,
        done=f"{number.label}的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings_numbers"),
        context={"journal": journal_of(BOOK, book_id(name, community), {"value": "数目"}), "help": number.words},
    )
