"""The page 今日, the board that renews itself on it, and the whole lists behind its counts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.fronts.workbench import gaps as gap_list
from yihu.fronts.workbench.board import board as board_of
from yihu.fronts.workbench.board import rows_of
from yihu.fronts.workbench.groups import LISTS, Look
from yihu.ground.staff.models import Account
from yihu.kernel.policy import policy

PAGE = 50
WEEKDAYS = "一二三四五六日"


def look_of(request: HttpRequest) -> Look:
    return Look(request.user, request.community, timezone.now())


@require_GET
@policy(signed_in=True)
def today(request: HttpRequest) -> HttpResponse:
    """What one sees first in the morning."""
    look = look_of(request)
    return render(request, "workbench/today.html", {"title": "今日", "today": _day(look), **board_of(look)})


@require_GET
@policy(signed_in=True)
def board(request: HttpRequest) -> HttpResponse:
    """The board alone, asked for again and again by the page itself."""
    return render(request, "workbench/_board.html", board_of(look_of(request)))


@require_GET
@policy(signed_in=True)
def group(request: HttpRequest, name: str) -> HttpResponse:
    """All of one group; with ``?person=`` only what that person has on hand."""
    look = look_of(request)
    found = LISTS.get(name)
    if found is None or look.community is None or not found.shown_to(look):
        raise Http404
    person = _person(request, look)
    start = _number(request.GET.get("from", "0"))
    rows = rows_of(look, found, person.pk if person else None, start, PAGE + 1)
    query = f"person={person.pk}&" if person else ""
    context: dict[str, Any] = {
        "title": f"{person.name}：{found.title}" if person else found.title,
        "rows": rows[:PAGE],
        "tone": found.tone,
        "empty": found.empty,
        "next_url": f"?{query}from={start + PAGE}" if len(rows) > PAGE else "",
    }
    return render(request, "workbench/list.html", context)


@require_GET
@policy(signed_in=True)
def gaps(request: HttpRequest) -> HttpResponse:
    """Every record with something missing, for the daily check."""
    look = look_of(request)
    if look.community is None:
        raise Http404
    rows = gap_list.of(look).rows
    return render(request, "workbench/list.html", {"title": "记录缺项", "rows": rows, "empty": "记录都填齐了。"})


def _person(request: HttpRequest, look: Look) -> Any:
    """The one named in the address, for those who look after people."""
    if not request.GET.get("person"):
        return None
    if not look.may("workbench.team"):
        raise Http404
    return get_object_or_404(Account.objects.people(), pk=_number(request.GET["person"]))


def _day(look: Look) -> str:
    local = timezone.localtime(look.now)
    return f"{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]}"


def _number(text: str) -> int:
    """A number out of an address; what is none finds nothing."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Http404
    return int(text)
