"""发件箱: what goes out and what became of it; one message with its course; stopping and sending anew."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.basics.text import clean_line
from yihu.ground.sending import losing, outbox
from yihu.ground.sending.models import Outgoing, Way
from yihu.ground.sending.outbox import SEE, SEND
from yihu.ground.sending.pages.showing import state_of
from yihu.ground.sending.wording import label_of
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.models import record_seen_by
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import when
from yihu.kernel.screens.page import number_or_none

PAGE = 30
State = Outgoing.State


class FilterForm(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *State.choices])
    way = forms.ChoiceField(label="方式", required=False, choices=[("", "全部方式"), *Way.choices])


class DealForm(forms.Form):
    how = forms.ChoiceField(label="已用别的方式告知的", choices=losing.WAYS, initial="phone", widget=forms.RadioSelect)
    words = forms.CharField(label="说明", required=False, max_length=100, widget=forms.Textarea(attrs={"rows": 2}))


def seen(request: HttpRequest) -> Any:
    """Messages of the communities where the person may look; none about a record that he must not see, and of those to
    staff only his own."""
    grants = grants_of(request.user)
    mine = Q(account__isnull=True) | Q(account=request.user)
    rows = Outgoing.objects.filter(mine, community_id__in=grants.communities_with(SEE))
    return rows.filter(Q(record__isnull=True) | Q(record_seen_by(request.user)))


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    lost = request.GET.get("tab") == "lost"
    rows = seen(request).filter(community=request.community, **chosen)
    waiting = losing.unheard(rows)
    rows = waiting if lost else rows
    before = number_or_none(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("party", "account", "record__unit").order_by("-pk")[: PAGE + 1])
    now, more, found = timezone.now(), len(found) > PAGE, found[:PAGE]
    kept = {**chosen, "tab": "lost"} if lost else chosen
    context = {
        "title": "没送到的消息" if lost else "发件箱",
        "screen": {"title": "发件箱"},
        "filters": form,
        "tab": "lost" if lost else "",
        "tabs": [
            {"label": "全部", "url": "?", "current": not lost},
            {"label": "没送到的", "url": "?tab=lost", "current": lost, "count": waiting.count()},
        ],
        "columns": [{"label": label} for label in ("状态", "用途", "发给", "内容", "方式", "写入")],
        "rows": [_row(row, now) for row in found],
        "next_url": f"?{urlencode({**kept, 'before': found[-1].pk})}" if more else "",
        "total_text": f"本页 {len(found)} 条",
        "empty_text": "没有要补告知的：发不出去的都已另行告知。"
        if lost
        else "没有这样的消息。"
        if chosen
        else "还没有发过消息。在房屋页或单据页点“发消息”，或在消息设置里打开自动通知。",
        "may_set": grants_of(request.user).may("kernel.parameters", request.community.pk),
    }
    template = "kernel/_table.html" if request.htmx and not request.htmx.boosted else "sending/outbox.html"
    return render(request, template, context)


def _row(row: Outgoing, now: Any) -> dict[str, Any]:
    state = state_of(row)
    unit = row.record.unit if row.record else None
    cells = [
        {"name": "state", "kind": "state", "text": state["word"], "css": state["css"]},
        {"name": "number", "kind": "number", "text": label_of(row.code)},
        {"name": "who", "kind": "person", "text": str(row.party or row.account), "sub": str(unit or "")},
        {"name": "summary", "kind": "text", "text": row.text, "sub": row.reason},
        {"name": "way", "kind": "text", "text": row.get_way_display()},
        {"name": "opened_at", "kind": "time", "text": when(row.written_at, now), "iso": row.written_at.isoformat()},
    ]
    return {"url": row.get_absolute_url(), "late": False, "cells": cells}


@require_GET
@policy(may=SEE)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(seen(request).select_related("party", "account", "record", "written_by"), pk=pk)
    now, may = timezone.now(), grants_of(request.user).may(SEND, found.community_id)
    facts = [
        ("发给", str(found.party or found.account)),
        ("方式", f"{found.get_way_display()} {found.mask}".strip()),
        ("用途", label_of(found.code) + ("（紧急）" if found.urgent else "")),
        ("说明", found.reason),
        ("最早发送", when(found.not_before, now) if found.state == State.WAITING else ""),
        ("服务商编号", found.provider_id),
        ("发起人", f"{found.written_by} {when(found.written_at, now)}"),
    ]
    context = {
        "title": f"{label_of(found.code)}：{found.party or found.account}",
        "message": found,
        "state": state_of(found),
        "fields": [{"label": label, "text": text, "wide": len(text) > 30} for label, text in facts if text],
        "journal": [
            {"when": when(one.at, now), "sentence": one.words, "changes": []}
            for one in found.course.order_by("at", "pk")
        ],
        "may_cancel": may and found.state == State.WAITING,
        "may_retry": may and found.state in outbox.AGAIN,
        "may_deal": may and found.lost_at is not None and found.dealt_at is None,
        "form": DealForm(),
        "key": uuid.uuid4().hex,
        "record_url": found.record.get_absolute_url() if found.record else "",
    }
    return render(request, "sending/message.html", context)


@require_POST
@policy(may=SEND)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, outbox.cancel, "已取消，不会发出。")


@require_POST
@policy(may=SEND)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, outbox.retry, "已放回发件箱，马上再发。")


@require_POST
@policy(may=SEND)
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer was told in another way, or need not be told any more."""
    how, words = request.POST.get("how", ""), clean_line(request.POST.get("words", ""), 100)

    def told(message: Outgoing, *, by: Any, key: str) -> None:
        losing.deal(message, how, words, by=by, key=key)

    return _acted(request, pk, told, "已记下，不再列在“没送到的”里。")


def _acted(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    found = get_object_or_404(seen(request).select_related("party"), pk=pk)
    try:
        act(found, by=request.user, key=key_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return redirect(found)
