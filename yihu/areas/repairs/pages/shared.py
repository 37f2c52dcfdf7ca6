"""One form over one row of the lists that the head keeps: shown, checked, saved; what others changed meanwhile is shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import entries, journal_of, key_of, seen_so_far
from yihu.kernel.screens.page import number_or_none


def saving(
    request: HttpRequest,
    form: Any,
    save: Callable[[str, int | None], None],
    *,
    register: str,
    row_id: Any,
    title: str,
    done: str,
    leave_url: str,
    labels: dict[str, str],
    **more: Any,
) -> HttpResponse:
    key, status, conflict, refusal = key_of(request), 200, None, ""
    seen = number_or_none(request.POST.get("version"))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save(key, seen)
            except Conflict as found:
                status, key, seen = found.status, uuid.uuid4().hex, None
                conflict = {"sentence": found.sentence, "entries": entries(found.entries, labels)}
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, done, extra_tags=request.path)
                return redirect(leave_url)
    context = {
        "title": title,
        "form": form,
        "key": key,
        "version": (seen_so_far(register, row_id) if row_id else 0) if seen is None else seen,
        "submit_label": "保存",
        "leave_url": leave_url,
        "conflict": conflict,
        "refusal": refusal,
        "journal": journal_of(register, row_id, labels) if row_id else [],
        **more,
    }
    return render(request, "repairs/keep.html", context, status=status)


def labels(row: Any) -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
