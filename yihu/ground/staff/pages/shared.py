"""What the pages about people have in common."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yihu.kernel import moments
from yihu.kernel.errors import Refused
from yihu.kernel.models import JournalEntry


def key_of(request: HttpRequest) -> str:
    """The form's own key, made when it was shown, so that sending it twice does it once."""
    return request.POST.get("key") or uuid.uuid4().hex


def form_page(
    request: HttpRequest, form: Any, title: str, leave_url: str, submit: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """One form on the house's step page."""
    context = {
        "title": title,
        "form": form,
        "key": key_of(request),
        "submit_label": submit,
        "leave_url": leave_url,
        **more,
    }
    return render(request, "staff/form.html", context, status=status)


def refused_page(request: HttpRequest, refused: Refused, leave_url: str) -> HttpResponse:
    return render(
        request, "kernel/refused.html", {"sentence": refused.sentence, "leave_url": leave_url}, status=refused.status
    )


def journal_of(register: str, object_id: Any, labels: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """What happened to one row of a plain register, oldest first, as ui/journal.html shows it."""
    entries = JournalEntry.objects.filter(book__register=register, book__object_id=str(object_id)).order_by("seq")
    words = labels or {}
    return [
        {
            "when": moments.stamp(entry.at),
            "sentence": entry.sentence,
            "erased": entry.erased_at is not None,
            "changes": [
                {"label": words[name], "old": old, "new": new}
                for name, (old, new) in entry.changed.items()
                if name in words
            ],
        }
        for entry in entries
    ]
