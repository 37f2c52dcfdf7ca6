"""The pages of settings that areas declare, one kind of them each (numbers, hours of the day): the list, and the form for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.kernel import moments
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy


class Setting(Protocol):
    """What a kind must know of each: its name, what it is for, what holds at a moment, and how a value is said."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def words(self) -> str: ...
    def at(self, community_id: int, moment: datetime) -> Any: ...
    def said(self, value: Any) -> str: ...


S = TypeVar("S", bound=Setting)


@dataclass(frozen=True)
class Kind(Generic[S]):
    """``title`` of its list, ``word`` for one; ``form(data, setting, now)`` asks for a new one, its ``value()`` is what is kept."""

    title: str
    word: str
    list_url: str
    one_url: str
    form: Callable[[Any, S, Any], Any]
    declared: dict[str, S] = field(default_factory=dict)

    def declare(self, setting: S) -> S:
        self.declared[setting.name] = setting
        return setting

    # a bound method takes no attributes: each page is a plain function
    @property
    def page(self) -> Any:
        @require_GET
        @policy(may=CHANGE)
        def page(request: HttpRequest) -> HttpResponse:
            return self._list(request)

        return page

    @property
    def one(self) -> Any:
        @require_http_methods(["GET", "POST"])
        @policy(may=CHANGE)
        def one(request: HttpRequest, name: str) -> HttpResponse:
            if name not in self.declared:
                raise Http404
            return self._one(request, self.declared[name])

        return one

    def _list(self, request: HttpRequest) -> HttpResponse:
        now, community = timezone.now(), request.community  # type: ignore[attr-defined]
        rows = [self._row(setting, community, now) for setting in self.declared.values()]
        context = {
            "title": self.title,
            "screen": {"title": self.title},
            "columns": [{"label": label} for label in (self.word, "用处", "现在", "将改")],
            "rows": rows,
            "total_text": f"共 {len(rows)} 项",
        }
        return render(request, "kernel/settings/clocks.html", context)

    def _row(self, setting: S, community: Any, now: datetime) -> dict[str, Any]:
        later = coming(setting.name, community, now)
        next_one = f"{moments.short(later[0].in_force_at)} 起 {setting.said(later[0].value)}" if later else ""
        return {
            "url": reverse(self.one_url, args=[setting.name]),
            "cells": [
                {"name": "number", "kind": "number", "text": setting.label},
                {"name": "summary", "kind": "text", "text": setting.words},
                {"name": "now", "kind": "text", "text": setting.said(setting.at(community.pk, now))},
                {"name": "next", "kind": "text", "text": next_one},
            ],
        }

    def _one(self, request: HttpRequest, setting: S) -> HttpResponse:
        community = request.community  # type: ignore[attr-defined]
        form: forms.Form = self.form(request.POST or None, setting, setting.at(community.pk, timezone.now()))

        def save(key: str) -> None:
            given, value = form.cleaned_data, form.value()  # type: ignore[attr-defined]
            old = setting.said(setting.at(community.pk, given["in_force_at"]))
            new = setting.said(value)
            change = Change(setting.name, value, given["in_force_at"], given["why"], setting.label, old, new)
            set_parameter(change, community, by=request.user, key=key)

        journal = journal_of(BOOK, book_id(setting.name, community), {"value": self.word})
        return saving(
            request, form, save, template="kernel/settings/form.html", title=setting.label,
            done=f"{setting.label}的改动已记下，到时生效。", leave_url=reverse(self.list_url),
            context={"journal": journal, "help": setting.words},
        )  # fmt: skip
