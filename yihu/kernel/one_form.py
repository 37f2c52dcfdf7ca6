"""One form that does one thing: shown, checked, done; what was refused stands above what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import key_of


def saving(
    request: HttpRequest,
    form: Any,
    save: Callable[[str], None],
    *,
    template: str,
    title: str,
    done: str,
    leave_url: str | Callable[[], str],
    context: Mapping[str, Any],
    met: Callable[[Conflict], Mapping[str, Any]] | None = None,
) -> HttpResponse:
    """``met``: what the page says besides where somebody else was faster; without it that is a refusal like others.
    ``leave_url`` may be known only when it is saved."""
    key, status, refusal, more = key_of(request), 200, "", dict(context)
    leave = leave_url if callable(leave_url) else lambda: leave_url
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save(key)
            except Refused as refused:
                status = refused.status
                if met is not None and isinstance(refused, Conflict):
                    key, more = uuid.uuid4().hex, {**more, **met(refused)}
                else:
                    refusal = refused.sentence
            else:
                messages.success(request, done, extra_tags=request.path)
                return redirect(leave())
    shown = {
        "title": title,
        "form": form,
        "key": key,
        "refusal": refusal,
        "leave_url": leave(),
        "submit_label": "保存",
        **more,
    }
    return render(request, template, shown, status=status)
