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
from yihu.kernel.screens.places import place, places

# The ten of an entry's order says in which group of the navigation it stands.
GROUPS = (
    (0, "", ""),
    (20, "前台", "reception"),
    (30, "维修与服务", "repairs"),
    (40, "客户关系", "follow"),
    (50, "房屋与业户", "units"),
    (60, "汇总与报表", "chart"),
    (80, "管理", "admin"),
)
place(10, "今日", "workbench:today", icon="today")
place(28, "知识库", "reception:knowledge", "reception.open", icon="info")
place(50, "房屋", "estate:units", "estate.see", icon="units")
place(70, "报表", "reports:overview", "reports.see", icon="chart")
place(80, "人员", "staff:people", "staff.see", icon="people")
place(90, "设置", "kernel:settings", "kernel.parameters", "kernel.calendar", "staff.manage", icon="admin")
REGISTER_ICONS = {"reception": "reception", "repairs": "repairs", "matters": "follow", "daysheets": "digest"}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """For ``base.html``. Nothing is asked of the database before a template wants it, and nothing twice."""
    community = getattr(request, "community", None)
    if community is None:
        return {}
    nav = cache(lambda: navigation(request))
    return {
        "community": community,
        "communities": cache(lambda: communities_of(request)),
        "posts_text": cache(lambda: posts_in_words(request)),
        "nav": nav,
        "nav_nearest": cache(lambda: nearest(nav())),
        "bell_count": cache(lambda: unread(request.user)),
        "new_contact_url": cache(lambda: new_contact(request)),
    }


def unread(person: Any) -> int:
    return int(messages.for_person(person).filter(read_at=None).count())


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The registers and the other pages that this person may open, grouped, in the order of the day's work."""
    rows = sorted([*_places(request), *_registers(request)])
    here = max((url for *_, url in rows if _within(request.path, url)), key=len, default="")
    groups: dict[str, dict[str, Any]] = {}
    for order, label, icon, url in rows:
        _, title, group_icon = max(group for group in GROUPS if group[0] <= order)
        group = groups.setdefault(title, {"label": title, "icon": group_icon, "items": []})
        group["items"].append({"label": label, "icon": icon or group_icon, "url": url, "current": url == here})
    return list(groups.values())


def nearest(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The four pages that a thumb reaches first: 今日, and the first register of each group."""
    return [group["items"][0] for group in groups][:4]


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
            yield order, label, REGISTER_ICONS.get(screen.slug, ""), reverse("kernel:list", args=[screen.slug])


def _places(request: HttpRequest) -> Iterable[tuple[int, str, str, str]]:
    grants = grants_of(request.user)
    for one in places():
        url = address(one.name)
        if url and (not one.may or any(grants.may(capability, request.community.pk) for capability in one.may)):
            yield one.order, one.label, one.icon, url


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
