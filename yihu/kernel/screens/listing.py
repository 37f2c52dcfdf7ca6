"""The list of a register: tabs, filters, free text, keyset pages. The page and htmx get the same table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.screens.cells import cell
from yihu.kernel.screens.declare import Screens, Tab
from yihu.kernel.screens.money_cells import is_money

PAGE = 30
# what a template asks of every cell: to find nothing there takes it far longer than to find an empty text
FIGURE = re.compile(r"[-−]?[\d,.]+%?")
BARE = {"text": "", "iso": "", "css": "", "sub": "", "numeric": False}
TABS = (Tab("open", "未结"), Tab("mine", "我的"), Tab("late", "超时"), Tab("closed", "已结"), Tab("all", "全部"))


def filter_form(screen: Screens, data: Mapping[str, Any], community: Any) -> forms.Form:
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
        label, choices = _choices_of(screen, name, community)
        fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", f"全部{label}"), *choices])
    made: forms.Form = type("FilterForm", (forms.Form,), fields)(data)
    made.is_valid()
    return made


def _choices_of(screen: Screens, name: str, community: Any) -> tuple[str, list[tuple[Any, str]]]:
    """Of a column its choices; of a place (``unit__cluster``) the rows of this community."""
    model, *path = screen.model, *name.split("__")
    for part in path[:-1]:
        model = model._meta.get_field(part).related_model
    column = model._meta.get_field(path[-1])
    if name == "state":
        return column.verbose_name, list(screen.procedure.states.items())
    if not column.is_relation:
        return column.verbose_name, list(column.flatchoices)
    rows = column.related_model._default_manager.filter(community=community).order_by("pk") if community else ()
    return column.verbose_name, [(str(row.pk), str(row)) for row in rows]


def tabs_for(screen: Screens, person: Any, community: Any) -> list[Tab]:
    """The register's own tabs that concern this person, then the usual ones; in front the one that he starts with."""
    grants = grants_of(person)
    own = [tab for tab in screen.tabs if not tab.may or grants.may(tab.may, community and community.pk)]
    first = screen.default_tab(person, community)
    return sorted((*own, *TABS), key=lambda tab: tab.name != first)


def tab_of(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> Tab:
    """The tab that is asked for, or the person's first."""
    known = tabs_for(screen, person, community)
    return next((tab for tab in known if tab.name == data.get("tab")), known[0])


def filtered(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> Any:
    """The rows that this person asked for and may see, newest first."""
    rows = screen.model.objects.seen_by(person).filter(community=community)
    tab = tab_of(screen, person, community, data)
    if tab.name in ("open", "mine", "late") or tab.counted:
        rows = rows.filter(closed_at__isnull=True)
    rows = _of(tab, rows)
    if tab.name == "mine":
        rows = rows.filter(handler=person)
    if tab.name == "late":
        rows = rows.filter(next_due_at__lte=timezone.now())
    if tab.name == "closed":
        rows = rows.filter(closed_at__isnull=False)
    form = filter_form(screen, data, community)
    for name in screen.filters:
        if form.cleaned_data.get(name):
            rows = rows.filter(**{name: form.cleaned_data[name]})
    text = form.cleaned_data.get("q", "").strip()
    if text:
        rows = rows.filter(
            pk__in=search.matching(text, ["record"], [community.pk] if community else []).values_list(
                "object_id", flat=True
            )
        )
    return rows.order_by("-opened_at", "-id")


def _of(tab: Tab, rows: Any) -> Any:
    """What belongs under a register's own tab."""
    rows = rows.filter(**({"state__in": tab.states} if tab.states else {}), **tab.only)
    return rows if tab.due_in is None else rows.filter(next_due_at__lte=timezone.now() + tab.due_in)


def keyset(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> tuple[list[Any], str]:
    """The records of one page, and the place after which the next page begins ("" if there is none)."""
    rows = filtered(screen, person, community, data)
    after = position(data.get("after", ""))
    if after:
        rows = rows.filter(Q(opened_at__lt=after[0]) | Q(opened_at=after[0], id__lt=after[1]))
    found = list(rows.select_related("unit", "handler", *screen.related)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, f"{found[-1].opened_at.isoformat()}_{found[-1].pk}" if more else ""


def page(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The context of ``kernel/_table.html``."""
    now = timezone.now()
    found, last = keyset(screen, person, community, data)
    query = {name: value for name, value in data.items() if name != "after" and value}
    tab = tab_of(screen, person, community, data)
    return {
        "columns": [
            {"label": screen.label(name), "name": name, "numeric": is_money(screen, name)} for name in screen.columns
        ],
        "rows": [_row(screen, record, now, tab) for record in found],
        "next_url": f"?{urlencode({**query, 'after': last})}" if last else None,
        "first_page": position(data.get("after", "")) is None,
        "empty_text": _empty(screen, tab, query),
        "total_text": f"本页 {len(found)} 条",
    }


def _empty(screen: Screens, tab: Tab, query: Mapping[str, Any]) -> str:
    if set(query) - {"tab"}:
        return "没有符合条件的记录。"
    if tab.counted:
        return f"没有{tab.label}的{screen.short}。"
    words = {"open": "没有未结的", "mine": "您手上没有", "late": "没有超时的", "closed": "还没有已结的"}
    return f"{words[tab.name]}{screen.short}。" if tab.name in words else "这里还没有记录。"


def _row(screen: Screens, record: Any, now: datetime, tab: Tab) -> dict[str, Any]:
    late = record.closed_at is None and record.next_due_at is not None and record.next_due_at <= now
    return {
        "url": _step_url(screen, record, tab) if tab.step else record.get_absolute_url(),
        "late": late,
        "cells": [_named(screen, {**BARE, "name": name, **cell(screen, record, name, now)}) for name in screen.columns],
    }


def _named(screen: Screens, cell: dict[str, Any]) -> dict[str, Any]:
    """A bare figure says on a narrow screen, which has no headings, of what it is; sums stand at the right."""
    cell["numeric"] = cell["numeric"] or is_money(screen, cell["name"])
    return {**cell, "label": screen.label(cell["name"])} if FIGURE.fullmatch(str(cell["text"])) else cell


def _step_url(screen: Screens, record: Any, tab: Tab) -> str:
    """Straight to the step that the tab is about, and back to the tab."""
    back = urlencode({"back": f"{reverse('kernel:list', args=[screen.slug])}?tab={tab.name}"})
    return f"{reverse('kernel:step', args=[screen.slug, record.number, tab.step])}?{back}"


def is_position(words: str) -> bool:
    """Whether this says where a page ended."""
    return position(words) is not None


def position(words: str) -> tuple[datetime, int] | None:
    """The moment and the row with which a page ended, as ``after`` names them; None where it names nothing."""
    moment, _, number = words.rpartition("_")
    found = None
    try:
        found = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        return None
    known = (
        found is not None and timezone.is_aware(found) and number.isascii() and number.isdigit() and len(number) < 19
    )
    return (found, int(number)) if known and found is not None else None


def tabs(screen: Screens, person: Any, community: Any, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For ``ui/tabs.html``; a register's own tabs say how many records wait there."""
    kept = {name: value for name, value in data.items() if name not in ("tab", "after") and value}
    current = tab_of(screen, person, community, data)
    return [
        {
            "label": tab.label,
            "url": f"?{urlencode({**kept, 'tab': tab.name})}",
            "current": tab == current,
            "count": _waiting(screen, person, community, tab) if tab.counted else "",
        }
        for tab in tabs_for(screen, person, community)
    ]


def _waiting(screen: Screens, person: Any, community: Any, tab: Tab) -> int:
    rows = screen.model.objects.seen_by(person).filter(community=community, closed_at__isnull=True)
    return int(_of(tab, rows).count())
