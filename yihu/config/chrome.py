"""What stands around every page: where one may go, in which community one works, how many messages wait."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from yihu.ground.staff.community import communities_of, posts_in_words
from yihu.kernel import messages
from yihu.kernel.authority import grants_of
from yihu.kernel.procedure import Procedure
from yihu.kernel.screens import all_screens
from yihu.kernel.screens.places import place, places

# The ten of an entry's order says in which group of the navigation it stands.
GROUPS = (
    (0, "", ""),
    (20, "前台", "reception"),
    (30, "维修与服务", "repairs"),
    (40, "客户关系", "follow"),
    (50, "房屋与业户", "units"),
    (51, "钥匙与门禁", "lock"),
    (54, "档案", "paperclip"),
    (60, "汇总与报表", "chart"),
    (72, "收费", "digest"),
    (75, "出账与催缴", "digest"),
    (77, "账务与支出", "chart"),
    (80, "管理", "admin"),
)
place(10, "今日", "workbench:today", icon="today")
place(25, "知识库", "reception:knowledge", "reception.open", icon="info")
place(50, "房屋", "estate:units", "estate.see", icon="units")
place(70, "报表", "reports:overview", "reports.see", icon="chart")
place(79, "收费报表", "reports:fee_reports", "ledger.see")
place(80, "人员", "staff:people", "staff.see", icon="people")
place(90, "设置", "kernel:settings", "kernel.parameters", "kernel.calendar", "staff.manage", icon="admin")
OF_MONEY = ("收费", "出账与催缴", "账务与支出")
# A navigation longer than a screen keeps its later groups folded: 今日 and the first two groups stay open.
IN_SIGHT, UNFOLDED, WORTH_FOLDING = 20, 3, 3
# The columns that tie a record to one person.
OWN = ("handler", "opened_by")
REGISTER_ICONS = {"reception": "reception", "repairs": "repairs", "matters": "follow", "daysheets": "digest"}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """For ``base.html``. Nothing is asked of the database before a template wants it, and nothing twice."""
    community = getattr(request, "community", None)
    if community is None:
        return {}
    nav = cache(lambda: navigation(request))
    return {
        "community": community,
        "lock_minutes": settings.YIHU_LOCK_MINUTES,
        "communities": cache(lambda: communities_of(request)),
        "posts_text": cache(lambda: posts_in_words(request)),
        "nav": nav,
        "nav_nearest": cache(lambda: nearest(nav(), money=handles_money(request))),
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
    found, money = list(groups.values()), handles_money(request)
    for place_of, group in enumerate(found):
        here_in = any(item["current"] for item in group["items"])
        daily = place_of < UNFOLDED or (money and group["label"] in OF_MONEY)
        group["open"] = here_in or len(rows) <= IN_SIGHT or daily or len(group["items"]) < WORTH_FOLDING
    return found


def nearest(groups: list[dict[str, Any]], *, money: bool) -> list[dict[str, Any]]:
    """The four pages that a thumb reaches first: 今日, and the first of each group; for those who bill and collect, of theirs."""
    first, rest = groups[:1], groups[1:]
    if money:
        rest = sorted(rest, key=lambda group: group["label"] not in OF_MONEY)
    return [group["items"][0] for group in (*first, *rest)][:4]


def handles_money(request: HttpRequest) -> bool:
    grants = grants_of(request.user)
    return any(grants.may(one, request.community.pk) for one in ("ledger.bill", "ledger.collect", "ledger.reverse"))


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def new_contact(request: HttpRequest) -> str:
    """Anyone who may log a contact, from wherever he stands."""
    may = grants_of(request.user).may("reception.open", request.community.pk)
    return address("kernel:new", "reception") if may else ""


def _registers(request: HttpRequest) -> Iterable[tuple[int, str, str, str]]:
    for screen in all_screens():
        if screen.nav and _concerns(screen.procedure, request):
            label, order = screen.nav
            yield order, label, REGISTER_ICONS.get(screen.slug, ""), reverse("kernel:list", args=[screen.slug])


def _places(request: HttpRequest) -> Iterable[tuple[int, str, str, str]]:
    grants = grants_of(request.user)
    for one in places():
        url = address(one.name)
        if url and (not one.may or any(grants.may(capability, request.community.pk) for capability in one.may)):
            yield one.order, one.label, one.icon, url


def _concerns(procedure: Procedure, request: HttpRequest) -> bool:
    """Whether a register belongs to somebody's work: he sees more of it than his own records, or has a part in it.

    What was handed to him all the same stands in 今日; a list that is always empty would only be in the way.
    """
    grants = grants_of(request.user)
    parts = procedure.opened_by.capabilities.union(*(step.who.capabilities for step in procedure.steps))
    return sees_others(procedure.seen_by.condition(request.user, grants)) or any(
        grants.may(part, request.community.pk) for part in parts
    )


def sees_others(condition: Q) -> bool:
    """Whether a register's sight could let through what this person neither has in hand nor opened himself."""
    found = [
        sees_others(child) if isinstance(child, Q) else child != ("pk__in", []) and not child[0].startswith(OWN)
        for child in condition.children
    ]
    return all(found) if condition.connector == Q.AND else any(found)


def address(name: str, *args: str) -> str:
    """An installation may leave a front out; then nothing leads there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
