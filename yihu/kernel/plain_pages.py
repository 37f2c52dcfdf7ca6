"""Pages of plain registers: a list, a form for one row, what others changed meanwhile. Declared, not written again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.basics.text import clean, clean_line
from yihu.kernel import one_form
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Conflict
from yihu.kernel.forms import in_our_time, tidy
from yihu.kernel.plain import entries, journal_of, key_of, save_row, seen_so_far
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row of a plain register; typed text is tidied, one line stays one line."""

    def _get_validation_exclusions(self) -> set[str]:
        """The community is not asked for, but what must be there once must be there once in it."""
        return super()._get_validation_exclusions() - {"community"}  # type: ignore[misc,no-any-return]

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        for field in self.fields.values():
            if isinstance(field, forms.DateField | forms.DateTimeField):
                field.validators.append(in_our_time)
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if isinstance(value, str) and isinstance(field, forms.CharField) and value:
                cut = clean if isinstance(field.widget, forms.Textarea) else clean_line
                self.cleaned_data[name] = cut(value, field.max_length or 2000)


@dataclass(frozen=True)
class PlainRegister:
    """A list that people keep: its rows, who reads and who writes, and how a row looks.

    The model has ``community`` and ``shown`` (out of use, never deleted). ``cells(row)`` gives the cells after the first;
    ``starters`` is a first list that an empty register offers; ``saved(row)`` runs inside the command of a change.
    """

    model: Any
    name: str
    title: str
    form: type[RowForm]
    read: str
    edit: str
    namespace: str
    heads: tuple[str, ...]
    cells: Callable[[Any], Sequence[str | Mapping[str, Any]]]
    empty: str
    help: str = ""
    word: str = "一条"
    template: str = "kernel/plain_list.html"
    order: tuple[str, ...] = ("position", "pk")
    starters: tuple[Mapping[str, Any], ...] = ()
    saved: Callable[[Any, Any], None] | None = None
    more: Callable[[HttpRequest], Mapping[str, Any]] | None = None

    @property
    def book(self) -> str:
        return str(self.model._meta.label_lower)

    def address(self, page: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{page}_{self.name}", args=args)

    def urls(self) -> list[URLPattern]:
        """The addresses: the list, a new row, one row, and the first list for an empty register."""
        base = f"{self.namespace}/{self.name}/"
        pages = [
            path(base, require_GET(policy(may=self.read)(self._list)), name=f"list_{self.name}"),
            path(f"{base}new/", _get_post(policy(may=self.edit)(self._new)), name=f"new_{self.name}"),
            path(f"{base}<int:pk>/", _get_post(policy(may=self.edit)(self._edit)), name=f"edit_{self.name}"),
        ]
        if self.starters:
            pages.append(
                path(f"{base}start/", require_POST(policy(may=self.edit)(self._start)), name=f"start_{self.name}")
            )
        return pages

    def rows(self, community: Any) -> Any:
        return self.model._default_manager.filter(community=community).order_by(*self.order)

    def write(self, row: Any, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
        """Keep a row, new or changed, under its book."""
        columns = tuple(self.form._meta.fields or ())
        save_row(row, columns, may=self.edit, by=by, key=key, seen=seen, then=self.saved)

    # a bound method takes no attributes: each page is a plain function
    @property
    def _list(self) -> Any:
        def page(request: HttpRequest) -> HttpResponse:
            return self._show(request)

        return page

    @property
    def _new(self) -> Any:
        def page(request: HttpRequest) -> HttpResponse:
            return self._one(request, self.model(community=request.community))  # type: ignore[attr-defined]

        return page

    @property
    def _edit(self) -> Any:
        def page(request: HttpRequest, pk: int) -> HttpResponse:
            return self._one(request, get_object_or_404(self.rows(request.community), pk=pk))  # type: ignore[attr-defined]

        return page

    @property
    def _start(self) -> Any:
        def page(request: HttpRequest) -> HttpResponse:
            self.start(request.community, by=request.user, key=key_of(request))  # type: ignore[attr-defined]
            return redirect(self.address("list"))

        return page

    def start(self, community: Any, *, by: Any, key: str) -> None:
        """The first list, into a register that is empty."""
        if self.rows(community).exists():
            return
        placed = "position" in labels_of(self.model)
        for place, values in enumerate(self.starters):
            row = self.model(community=community, **({"position": place} if placed else {}), **values)
            self.write(row, by=by, key=f"{key}-{place}")

    def _show(self, request: HttpRequest) -> HttpResponse:
        community = request.community  # type: ignore[attr-defined]
        may_edit = grants_of(request.user).may(self.edit, community.pk)
        off = request.GET.get("tab") == "off"
        rows = list(self.rows(community).filter(shown=not off))
        tabs = [{"label": label, "url": url, "current": off == current} for label, url, current in _TABS]
        context = {
            "title": self.title,
            "help": self.help,
            "word": self.word,
            "screen": {"title": self.title},
            "tab": "off" if off else "",
            "tabs": tabs,
            "columns": [{"label": label} for label in self.heads],
            "rows": [self._row(row, may_edit) for row in rows],
            "total_text": f"共 {len(rows)} 条",
            "empty_text": "没有停用的。" if off else self.empty,
            "new_url": self.address("new") if may_edit else "",
            "start_url": self.address("start") if may_edit and self.starters and not rows and not off else "",
            "key": uuid.uuid4().hex,
            **(self.more(request) if self.more else {}),
        }
        return render(request, self.template, context)

    def _row(self, row: Any, may_edit: bool) -> dict[str, Any]:
        plain_cells = [{"kind": "text", "text": one} if isinstance(one, str) else one for one in self.cells(row)]
        named = [{"name": "summary" if place == 0 else f"cell{place}", **one} for place, one in enumerate(plain_cells)]
        first = {"name": "number", "kind": "number", "text": str(row)}
        return {"url": self.address("edit", row.pk) if may_edit else "", "cells": [first, *named]}

    def _one(self, request: HttpRequest, row: Any) -> HttpResponse:
        form = self.form(request.POST or None, instance=row)

        def save(key: str, seen: int | None) -> None:
            self.write(form.instance, by=request.user, key=key, seen=seen)

        said = labels_of(row)
        return saving(
            request, form, save, register=self.book, row_id=row.pk, labels=said, template="kernel/plain_form.html",
            title=f"{self.title}：{row if row.pk else '新的' + self.word}", done="已保存。", leave_url=lambda: self.address("list"),
            journal=journal_of(self.book, row.pk, said) if row.pk else [],
        )  # fmt: skip


_TABS = (("在用", "?", False), ("停用", "?tab=off", True))
_get_post = require_http_methods(["GET", "POST"])


def saving(
    request: HttpRequest,
    form: Any,
    save: Callable[[str, int | None], None],
    *,
    register: str,
    row_id: Any,
    labels: Mapping[str, str],
    template: str,
    title: str,
    done: str,
    leave_url: Callable[[], str],
    **more: Any,
) -> HttpResponse:
    """``one_form.saving`` over one row, with ``save(key, seen)``: what others changed meanwhile is shown.

    ``row_id`` is None for a row that is still to be made; ``more`` goes to the template.
    """
    seen = number_or_none(request.POST.get("version"))

    def version() -> int:
        return seen_so_far(register, row_id) if row_id else 0

    def met(found: Conflict) -> dict[str, Any]:
        told = {"sentence": found.sentence, "entries": entries(found.entries, labels)}
        return {"conflict": told, "version": version()}

    return one_form.saving(
        request, form, lambda key: save(key, seen), template=template, title=title, done=done, leave_url=leave_url, met=met,
        context={"version": version() if seen is None else seen, "conflict": None, **more},
    )  # fmt: skip


def labels_of(row: Any) -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
