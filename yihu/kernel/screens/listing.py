"""The list of a register: tabs, filters, free text, keyset pages. The page and htmx get the same table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yihu.kernel import search
from yihu.kernel.screens.cells import cell
from yihu.kernel.screens.declare import Screens

PAGE = 30
TABS = (("open", "未结"), ("mine", "我的"), ("late", "超时"), ("closed", "已结"), ("all", "全部"))


def filter_form(screen: Screens, data: Mapping[str, Any]) -> forms.Form:
    """Free text, and a choice for each declared filter."""
    fields: dict[str, forms.Field] = {
        "q": forms.CharField(
            label="查找",
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs={"type": "search", "placeholder": "编号或内容"}),
        )
    }
    for name in screen.filters:
        column = screen.model._meta.get_field(name)
        choices = screen.procedure.states.items() if name == "state" else column.flatchoices
        fields[name] = forms.ChoiceField(
            label=column.verbose_name, required=False, choices=[("", f"全部{column.verbose_name}"), *choices]
        )
    made: forms.Form = type("FilterForm", (forms.Form,), fields)(data)
    made.is_valid()
    return made


def tab_of(data: Mapping[str, Any]) -> str:
    return tab if (tab := data.get("tab", "open")) in dict(TABS) else "open"


def filtered(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> Any:
    """The rows that this person asked for and may see, newest first."""
    rows = screen.model.objects.seen_by(person).filter(community=community)
    tab = tab_of(data)
    if tab in ("open", "mine", "late"):
        rows = rows.filter(closed_at__isnull=True)
    if tab == "mine":
        rows = rows.filter(handler=person)
    if tab == "late":
        rows = rows.filter(next_due_at__lte=timezone.now())
    if tab == "closed":
        rows = rows.filter(closed_at__isnull=False)
    form = filter_form(screen, data)
    for name in screen.filters:
        if form.cleaned_data.get(name):
            rows = rows.filter(**{name: form.cleaned_data[name]})
    text = form.cleaned_data.get("q", "").strip()
    if text:
        rows = rows.filter(pk__in=search.matching(text, ["record"], [community.pk]).values_list("object_id", flat=True))
    return rows.order_by("-opened_at", "-id")


def page(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The context of ``kernel/_table.html``."""
    now = timezone.now()
    rows = filtered(screen, person, community, data)
    after = _position(data.get("after", ""))
    if after:
        rows = rows.filter(Q(opened_at__lt=after[0]) | Q(opened_at=after[0], id__lt=after[1]))
    found = list(rows.select_related("unit", "handler", *screen.related)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    query = {name: value for name, value in data.items() if name != "after" and value}
    last = f"{found[-1].opened_at.isoformat()}_{found[-1].pk}" if more else ""
    return {
        "columns": [{"label": screen.label(name), "name": name, "numeric": False} for name in screen.columns],
        "rows": [_row(screen, record, now) for record in found],
        "next_url": f"?{urlencode({**query, 'after': last})}" if more else None,
        "first_page": after is None,
        "empty_text": "没有符合条件的记录。" if len(query) else "这里还没有记录。",
        "total_text": f"本页 {len(found)} 条",
    }


def _row(screen: Screens, record: Any, now: datetime) -> dict[str, Any]:
    late = record.closed_at is None and record.next_due_at is not None and record.next_due_at <= now
    return {
        "url": record.get_absolute_url(),
        "late": late,
        "cells": [{"name": name, **cell(screen, record, name, now)} for name in screen.columns],
    }


def _position(words: str) -> tuple[datetime, int] | None:
    moment, _, number = words.rpartition("_")
    found = None
    try:
        found = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        return None
    return (
        (found, int(number)) if found and timezone.is_aware(found) and number.isdigit() and len(number) < 19 else None
    )


def tabs(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in data.items() if name not in ("tab", "after") and value}
    return [
        {"label": label, "url": f"?{urlencode({**kept, 'tab': name})}", "current": name == tab_of(data)}
        for name, label in TABS
    ]
