"""What stands around every page: where one may go, in which community one works, how many messages wait."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from yihu.ground.staff.community import communities_of, posts_in_words
from yihu.kernel import messages
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import all_screens

# Pages that are not registers: order, label, icon, name of the address, capabilities of which one will do (none: everybody
# on staff).
PLACES = (
    (10, "今日", "today", "workbench:today", ""),
    (50, "房屋", "units", "estate:units", "estate.see"),
    (60, "知识库", "info", "reception:knowledge", "reception.open"),
    (70, "报表", "chart", "reports:overview", "reports.see"),
    (80, "人员", "people", "staff:people", "staff.see"),
    (90, "设置", "admin", "kernel:settings", "kernel.parameters kernel.calendar staff.manage"),
)
REGISTER_ICONS = {"reception": "reception", "repairs": "repairs", "matters": "follow", "daysheets": "digest"}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """For ``base.html``. Nothing is asked of the database before a template wants it, and nothing twice."""
    community = getattr(request, "community", None)
    if community is None:
        return {}
    return {
        "community": community,
        "communities": cache(lambda: communities_of(request)),
        "posts_text": cache(lambda: posts_in_words(request)),
        "nav": cache(lambda: navigation(request)),
        "bell_count": cache(lambda: unread(request.user)),
        "new_contact_url": cache(lambda: new_contact(request)),
    }


def unread(person: Any) -> int:
    return int(messages.for_person(person).filter(read_at=None).count())


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The registers and the other pages that this person may open, in the order of the day's work."""
    rows = [*_places(request), *_registers(request)]
    here = max((url for *_, url in rows if _within(request.path, url)), key=len, default="")
    return [{"label": label, "icon": icon, "url": url, "current": url == here} for _, label, icon, url in sorted(rows)]


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def new_contact(request: HttpRequest) -> str:
    """Anyone who may log a contact, from wherever he stands."""
    may = grants_of(request.user).may("reception.open", request.community.pk)
    return address("kernel:new", "reception") if may else ""


def _registers(request: HttpRequest) -> Iterable[tuple[int, str, str, str]]:
    grants = grants_of(request.user)
    for screen in all_screens():
        if screen.nav and sees_something(screen.procedure.seen_by.condition(request.user, grants)):
            label, order = screen.nav
            yield order, label, REGISTER_ICONS.get(screen.slug, "digest"), reverse("kernel:list", args=[screen.slug])


def _places(request: HttpRequest) -> Iterable[tuple[int, str, str, str]]:
    grants = grants_of(request.user)
    for order, label, icon, name, capabilities in PLACES:
        url, asked = address(name), capabilities.split()
        if url and (not asked or any(grants.may(one, request.community.pk) for one in asked)):
            yield order, label, icon, url


def sees_something(condition: Q) -> bool:
    """Whether a register's sight could let anything through: not only the leaves that say "nothing"."""
    return any(
        sees_something(child) if isinstance(child, Q) else child != ("pk__in", []) for child in condition.children
    )


def address(name: str, *args: str) -> str:
    """An installation may leave a front out; then nothing leads there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
