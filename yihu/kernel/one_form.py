"""One form that does one thing: shown, checked, done; what was refused stands above what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of


def saving(
    request: HttpRequest,
    form: Any,
    save: Callable[[str], None],
    *,
    template: str,
    title: str,
    done: str,
    leave_url: str,
    context: dict[str, Any],
) -> HttpResponse:
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save(key_of(request))
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, done, extra_tags=request.path)
                return redirect(leave_url)
    shown = {
        "title": title,
        "form": form,
        "key": key_of(request),
        "refusal": refusal,
        "leave_url": leave_url,
        "submit_label": "保存",
        **context,
    }
    return render(request, template, shown, status=status)
