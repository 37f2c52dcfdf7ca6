"""时限: every clock as it runs in this community, and the page on which its amount is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.kernel import moments
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, history, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import LimitForm
from yihu.kernel.settings_pages.limits import Entry, entries, find, told, words

COLUMNS = ("时限", "状态", "到时提醒", "情形", "用于", "现在")


@require_GET
@policy(may=CHANGE)
def listing(request: HttpRequest) -> HttpResponse:
    now, community = timezone.now(), request.community  # type: ignore[attr-defined]
    rows = [_row(entry, community, now) for entry in entries()]
    context = {
        "title": "时限",
        "screen": {"title": "时限"},
        "columns": [{"label": label} for label in COLUMNS],
        "rows": rows,
        "total_text": f"共 {len(rows)} 项",
        "empty_text": "还没有登记簿声明时限。",
    }
    return render(request, "kernel/settings/clocks.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def one(request: HttpRequest, code: str, variant: str = "") -> HttpResponse:
    """The limit, what it was before, and the form for the next one."""
    entry, community = find(code, variant), request.community  # type: ignore[attr-defined]
    if entry is None:
        raise Http404
    now = timezone.now()
    current = entry.at(community, now)
    unit = ("个工作日" if entry.declared.calendar == "W" else "天") if entry.in_days else "分钟"
    form = LimitForm(
        request.POST or None,
        in_days=entry.in_days,
        unit=unit,
        initial={"amount": current.days if entry.in_days else current.minutes},
    )

    def save(key: str) -> None:
        given = form.cleaned_data
        before = entry.at(community, given["in_force_at"])
        value = form.value()
        change = Change(
            entry.name,
            value,
            given["in_force_at"],
            given["why"],
            what=f"时限 {title}",
            old=words(before),
            new=words(entry.limit(value)),
        )
        set_parameter(change, community, by=request.user, key=key)

    title = " ".join(part for part in (entry.code, entry.label, entry.case) if part)
    context = {
        "entry": entry,
        "facts": _facts(entry, community, now),
        "past": _past(entry, community, now),
        "journal": journal_of(BOOK, book_id(entry.name, community), {"value": "时限"}),
    }
    if entry.fixed:
        return render(
            request,
            "kernel/settings/promised.html",
            {**context, "title": title, "leave_url": reverse("kernel:settings_clocks")},
        )
    return saving(
        request,
        form,
        save,
        template="kernel/settings/clock.html",
        title=title,
        done=f"{title} 的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings_clocks"),
        context=context,
    )


def address(entry: Entry) -> str:
    parts = [entry.code, entry.variant] if entry.variant else [entry.code]
    return reverse("kernel:settings_clock", args=parts)


def _row(entry: Entry, community: Any, now: datetime) -> dict[str, Any]:
    current, next_one = entry.at(community, now), coming(entry.name, community, now)
    state = ("逐单", "state-new") if entry.fixed else ("原定", "state-done")
    if current != entry.declared:
        state = ("已调整", "state-busy")
    sub = ""
    if next_one:
        state = ("将调整", "state-wait")
        sub = f"{moments.stamp(next_one[0].in_force_at)} 起 {words(entry.limit(next_one[0].value))}"
    return {
        "url": address(entry),
        "cells": [
            {"name": "number", "kind": "number", "text": f"{entry.code} {entry.label}"},
            {"name": "state", "kind": "state", "text": state[0], "css": state[1]},
            {"name": "summary", "kind": "text", "text": _told_shortly(entry)},
            {"name": "case", "kind": "text", "text": entry.case},
            {"name": "registers", "kind": "text", "text": "、".join(entry.registers)},
            {"name": "unit", "kind": "text", "text": words(current), "sub": sub},
        ],
    }


def _told_shortly(entry: Entry) -> str:
    """In a table there is room for one ladder; where the registers differ, the page of the limit says it one by one."""
    ladders = told(entry)
    return "；".join(ladders) if ladders[0].startswith("到时") else f"{len(ladders)} 种登记簿各有规定，点开看"


def _facts(entry: Entry, community: Any, now: datetime) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"label": "现在", "text": words(entry.at(community, now))},
        {"label": "用于", "text": "、".join(entry.registers)},
        {"label": "提醒", "text": "\n".join(told(entry)), "wide": True},
    ]
    if entry.warn:
        early = f"到时前 {entry.warn} 分钟" if entry.fixed else f"开始后 {entry.warn} 分钟"
        found.insert(2, {"label": "预警", "text": f"{early}提醒责任人"})
    return found


def _past(entry: Entry, community: Any, now: datetime) -> list[dict[str, Any]]:
    """The amounts one after the other, the newest first, down to the one that the program brought along."""
    in_force = entry.at(community, now)
    found: list[dict[str, Any]] = []
    current = False
    for row in history(entry.name, community):
        if row.in_force_at > now:
            state = {"word": "未生效", "css": "state-wait"}
        elif not current and entry.limit(row.value) == in_force:
            state, current = {"word": "现行", "css": "state-done"}, True
        else:
            state = {"word": "已过", "css": "state-void"}
        found.append(
            {
                "since": moments.stamp(row.in_force_at),
                "words": words(entry.limit(row.value)),
                "by": str(row.by),
                "why": row.why,
                "company": row.community_id is None,
                "state": state,
            }
        )
    state = {"word": "已过", "css": "state-void"} if current else {"word": "现行", "css": "state-done"}
    found.append({"since": "一开始", "words": words(entry.declared), "by": "", "why": "程序原定", "state": state})
    return found
