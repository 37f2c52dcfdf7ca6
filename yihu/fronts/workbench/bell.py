"""The bell and the messages behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from yihu.kernel.messages import for_person
from yihu.kernel.models import Record
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import when

PAGE = 30


@require_GET
@policy(signed_in=True)
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, with its count; the page asks for it again and again."""
    return render(request, "ui/bell.html")


@require_GET
@policy(signed_in=True)
def messages(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    rows = for_person(request.user)
    after = _position(request.GET.get("after", ""))
    if after:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    found = list(rows.select_related("community").order_by("-at", "-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    seen = _seen(request.user, found)
    now = timezone.now()
    context = {
        "title": "消息",
        "rows": [_row(message, seen.get(message.record_id), now) for message in found],
        "any_unread": any(message.read_at is None for message in found),
        "next_url": f"?after={found[-1].at.isoformat()}_{found[-1].pk}".replace("+", "%2B") if more else "",
    }
    return render(request, "workbench/messages.html", context)


@require_POST
@policy(signed_in=True)
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it, and go to its record if the person sees that."""
    message = get_object_or_404(for_person(request.user), pk=pk)
    _mark(for_person(request.user).filter(pk=pk))
    record = Record.objects.seen_by(request.user).filter(pk=message.record_id).first() if message.record_id else None
    return redirect(record.get_absolute_url() if record else "workbench:messages")


@require_POST
@policy(signed_in=True)
def read_all(request: HttpRequest) -> HttpResponse:
    """All that was on the page when the person said so; what came in since stays unread."""
    upto = _position(request.POST.get("upto", ""))
    if upto is None:
        raise Http404
    _mark(for_person(request.user).filter(at__lte=upto[0]))
    return redirect("workbench:messages")


def _mark(messages: Any) -> None:
    # only the reader's own mark, which nobody else sees: not journaled
    messages.filter(read_at__isnull=True).update(read_at=timezone.now())


def _seen(person: Any, found: list[Any]) -> dict[int, Any]:
    pks = {message.record_id for message in found if message.record_id}
    rows = Record.objects.seen_by(person).filter(pk__in=pks).select_related("unit") if pks else ()
    return {record.pk: record for record in rows}


def _row(message: Any, record: Any, now: datetime) -> dict[str, Any]:
    return {
        "pk": message.pk,
        "sentence": message.sentence,
        "when": when(message.at, now),
        "iso": message.at.isoformat(),
        "place": str((record and record.unit) or message.community.name),
        "about": record.summary if record and record.summary not in message.sentence else "",
        "unread": message.read_at is None,
        "opens": record is not None,
        "position": f"{message.at.isoformat()}_{message.pk}",
    }


def _position(words: str) -> tuple[datetime, int] | None:
    moment, _, number = words.replace(" ", "+").rpartition("_")
    try:
        found = parse_datetime(moment)
    except ValueError:
        return None
    fits = found is not None and timezone.is_aware(found) and number.isascii() and number.isdigit() and len(number) < 19
    return (found, int(number)) if found is not None and fits else None
