"""Cards that ought to be stopped, and the stock of blank ones."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.cards.models import Card, Issue, Kind
from yihu.areas.cards.rules import to_be_stopped, why
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import tidy
from yihu.kernel.plain import journal_of, key_of, require, writing
from yihu.kernel.policy import policy

MOST, AT_ONCE = 300, 500
STOCK = "cards.stock"


@require_GET
@policy(may="cards.see")
def to_stop(request: HttpRequest) -> HttpResponse:
    """Whose holder has gone, what has run out, what runs out within a month; the oldest first."""
    community, today = request.community, timezone.localdate()  # type: ignore[attr-defined]
    seen = Issue.objects.seen_by(request.user).filter(pk__in=to_be_stopped(community, today).values("pk"))
    rows = to_be_stopped(community, today).filter(pk__in=seen.values("pk")).select_related("unit", "party")
    found = list(rows.order_by("valid_until", "pk")[:MOST])
    may_work = grants_of(request.user).may("cards.work", community.pk)
    lines = [_line(issue, today, may_work) for issue in found]
    context = {
        "title": "应停用的卡",
        "screen": {"title": "应停用的卡"},
        "columns": [{"label": label} for label in ("编号", "卡", "房号", "持卡人", "原因")],
        "rows": sorted(lines, key=lambda line: not line["late"]),
        "total_text": f"共 {len(lines)} 张",
        "empty_text": "没有：在用的卡都有人持有，一个月内也没有到期的。",
    }
    return render(request, "cards/to_stop.html", context)


def _line(issue: Any, today: Any, may_work: bool) -> dict[str, Any]:
    said, reason, now = why(issue, today)
    query = urlencode({"stop_reason": reason, "back": reverse("cards:to_stop")})
    url = issue.get_absolute_url()
    return {
        "url": f"{url}do/stop/?{query}" if may_work and now else url,
        "late": now,
        "cells": [
            {"name": "number", "kind": "number", "text": issue.number},
            {"name": "summary", "kind": "text", "text": issue.what},
            {"name": "unit", "kind": "text", "text": str(issue.unit)},
            {"name": "holder", "kind": "text", "text": str(issue.party)},
            {"name": "why", "kind": "badge", "text": said, "css": "badge-late" if now else "badge-due"},
        ],
    }


class StockForm(forms.Form):
    """Blank cards come in: one number a line, or the first and the last of a run."""

    kind = forms.ChoiceField(label="种类", choices=Kind.choices, initial=Kind.ACCESS, widget=forms.RadioSelect)
    numbers = forms.CharField(
        label="卡号", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"一行一个；连号写成 A0001-A0100。一次最多 {AT_ONCE} 张",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(tidy(data) if data is not None else None)

    def clean_numbers(self) -> list[str]:
        typed = self.cleaned_data["numbers"].replace("，", "\n").replace(",", "\n").replace("、", "\n").split("\n")
        numbers = list(dict.fromkeys(number for line in typed if line.strip() for number in _run(line.strip())))
        if len(numbers) > AT_ONCE:
            raise forms.ValidationError(f"一次最多 {AT_ONCE} 张，请分几次入库。")
        if any(len(number) > 30 for number in numbers):
            raise forms.ValidationError("卡号最长 30 个字，请一行写一个。")
        return numbers


def _run(words: str) -> list[str]:
    """A0001-A0100 is a hundred numbers; anything else is one."""
    first, dash, last = (part.strip() for part in words.replace("—", "-").replace("～", "-").rpartition("-"))
    head = first.rstrip("0123456789")
    begin, end = first[len(head) :], last[len(head) :]
    runs = bool(dash) and len(first) == len(last) and last.startswith(head)
    if not (runs and begin.isdecimal() and end.isdecimal() and int(begin) <= int(end)):
        return [words]
    if int(end) - int(begin) >= AT_ONCE:
        raise forms.ValidationError(f"一次最多 {AT_ONCE} 张，请分几次入库。")
    return [f"{head}{number:0{len(begin)}d}" for number in range(int(begin), int(end) + 1)]


@require_http_methods(["GET", "POST"])
@policy(may="cards.see")
def stock(request: HttpRequest) -> HttpResponse:
    community, by = request.community, request.user  # type: ignore[attr-defined]
    may_add = grants_of(by).may(STOCK, community.pk)
    form, key = StockForm(request.POST if request.method == "POST" else None), key_of(request)
    if request.method == "POST":
        require(by, STOCK, community.pk, "您不能把空白卡入库，请找客服主管。")
        if form.is_valid():
            said = add(community, form.cleaned_data["kind"], form.cleaned_data["numbers"], by=by, key=key)
            messages.success(request, said)
            return redirect("cards:stock")
    blank = Card.objects.filter(community=community, status=Card.Status.BLANK)
    counts = dict(blank.order_by().values_list("kind").annotate(Count("pk")))
    context = {
        "title": "空白卡",
        "form": form if may_add else None,
        "key": key if request.method == "POST" else uuid.uuid4().hex,
        "kinds": [
            {
                "label": label,
                "count": counts.get(kind, 0),
                "numbers": list(blank.filter(kind=kind).order_by("number").values_list("number", flat=True)[:12]),
            }
            for kind, label in Kind.choices
        ],
        "journal": journal_of("cards.card", f"stock/{community.pk}"),
    }
    return render(request, "cards/stock.html", context, status=422 if form.is_bound else 200)


def add(community: Any, kind: str, numbers: list[str], *, by: Any, key: str | None = None) -> str:
    """Blank cards into the stock; a number that is there already stays what it is."""
    body = [kind, numbers]
    with writing("cards.card", f"stock/{community.pk}", by=by, key=key, verb="add", body=body) as opened:
        rows = Card.objects.filter(community=community, kind=kind, number__in=numbers)
        known = set(rows.values_list("number", flat=True))
        if opened is None:
            return "这些空白卡已经入库。"
        commanding, book = opened
        fresh = [number for number in numbers if number not in known]
        Card.objects.bulk_create([Card(community=community, kind=kind, number=number) for number in fresh])
        word = Kind(kind).label
        span = f"{fresh[0]} 至 {fresh[-1]}" if len(fresh) > 1 else "".join(fresh)
        if fresh:
            commanding.note(book, f"{by} 入库{word} {len(fresh)} 张：{span}", step="add")
    left = f"，{len(known)} 个卡号早已登记，没有重复入库" if known else ""
    return f"{word} {len(fresh)} 张已入库{left}。"
